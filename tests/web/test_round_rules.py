"""The rules of a round are told in words, with the numbers that go with them."""

import pytest

from tests.builders import Builder
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import Counting, SeedSource
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.web.round_rules import SEEDS, rules_in_words

pytestmark = pytest.mark.usefixtures("dutch")


@pytest.mark.parametrize(
    ("form", "name", "ballot"),
    [
        (BallotForm(Form.BASKET), "Kies plannen die samen binnen het budget passen", "samen in het budget passen."),
        (BallotForm(Form.APPROVAL, 3, 2), "Kies een aantal plannen", "minimaal 2 plannen. Stemmers kiezen maximaal 3"),
        (
            BallotForm(Form.POINTS, total_points=5, most_points=3),
            "Verdeel punten over plannen",
            "5 punten over de plannen: maximaal 3 per plan.",
        ),
    ],
)
def test_a_round_is_told_in_words(build: Builder, form: BallotForm, name: str, ballot: str) -> None:
    words = rules_in_words(build.round(ballot_form=form, counting=Counting(EqualShares(), SeedSource.DRAW)))

    assert (words.form, words.rule) == (name, "Gelijke delen")
    assert ballot in words.ballot
    assert "even groot deel van het budget" in words.steps
    assert "loot in het openbaar" in words.seed


@pytest.mark.parametrize(("form", "most"), [(Form.ONE, "meeste stemmen"), (Form.RANKING, "meeste punten")])
def test_equals_are_told_in_votes_or_in_points(build: Builder, form: Form, most: str) -> None:
    limit = 3 if form is Form.RANKING else None
    assert most in rules_in_words(build.round(ballot_form=BallotForm(form, limit))).ties


def test_every_source_of_the_lot_is_told() -> None:
    assert set(SEEDS) == set(SeedSource)
