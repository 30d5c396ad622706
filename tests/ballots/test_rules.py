"""What a valid ballot is, and what freezing keeps of a round."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkbudget.ballots.forms import NotOnMenu, PlanTwice, TooManyChoices
from wijkbudget.ballots.rules import (
    Ballot,
    BlankOrChoices,
    FrozenRules,
    MenuItem,
    canonical,
    chosen,
    counting_document,
    ranked,
    stated_choices,
    valid_ballot,
)
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.rounds.rules import SeedSource
from wijkbudget.rounds.voting import VotingTerms
from wijkbudget.tally.in_turn import MostVotes, VotesPerEuro
from wijkbudget.tally.rule import Rule
from wijkbudget.tally.turns import Misfit

MENU = (MenuItem(3, "Speeltuin “De Hoek”", 1_000_000), MenuItem(5, "Bankje", 2_500_000), MenuItem(8, "Boom", 500_001))
RULES = FrozenRules(
    round_id=7,
    title="Wijkbudget Bezuidenhout 2026",
    kind="wijkbudget",
    area="Bezuidenhout",
    budget=4_000_000,
    schedule={"voting": "2026-11-01T10:00:00+00:00", "counting": "2026-12-01T10:00:00+00:00"},
    ballot_form=BallotForm(Form.BASKET),
    like_threshold=25,
    criteria=("Het plan is goed voor de wijk",),
    eligible=1000,
    reference_date="2026-09-01",
    menu=MENU,
)
FORMS = [
    BallotForm(Form.BASKET),
    BallotForm(Form.APPROVAL, 2),
    BallotForm(Form.ONE),
    BallotForm(Form.POINTS, total_points=10, most_points=6),
    BallotForm(Form.RANKING, 3),
]


def test_a_ballot_holds_the_plans_ascending_in_whatever_order_they_came() -> None:
    assert valid_ballot(chosen([5, 3]), RULES) == Ballot(((3, 1), (5, 1)))


@pytest.mark.parametrize("form", FORMS)
def test_a_ballot_without_plans_is_blank_and_valid_in_every_form(form: BallotForm) -> None:
    assert valid_ballot([], replace(RULES, ballot_form=form)).points == ()


@pytest.mark.parametrize(("choices", "is_blank"), [([], False), ([3], True)])
def test_a_ballot_that_leaves_in_doubt_what_the_voter_wants_is_refused(choices: list[int], is_blank: bool) -> None:
    with pytest.raises(BlankOrChoices):
        stated_choices(choices, is_blank=is_blank)
    assert stated_choices(choices, is_blank=not is_blank) == choices


def test_chosen_plans_get_a_point_each() -> None:
    assert chosen([8, 3]) == ((8, 1), (3, 1))


def test_a_ranking_counts_down_from_the_number_of_plans_that_it_may_name() -> None:
    form = BallotForm(Form.RANKING, 4)
    assert ranked([8, 3], form) == ((8, 4), (3, 3))
    assert valid_ballot(ranked([8, 3], form), replace(RULES, ballot_form=form)) == Ballot(((3, 3), (8, 4)))


def test_more_plans_in_an_order_than_it_may_name_are_too_many() -> None:
    form = BallotForm(Form.RANKING, 2)
    with pytest.raises(TooManyChoices) as refused:
        valid_ballot(ranked([8, 3, 5], form), replace(RULES, ballot_form=form))
    assert refused.value.details == {"most": 2, "chosen": 3}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("points", [[(4, 1)], [(3, 1), (4, 1)], [(0, 1)], [(-3, 1)], [(2**70, 1)]])
def test_a_plan_of_another_round_is_refused(points: list[tuple[int, int]], form: BallotForm) -> None:
    with pytest.raises(NotOnMenu):
        valid_ballot(points, replace(RULES, ballot_form=form))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("points", [[(8, 1), (8, 1)], [(8, 2), (8, 1)]])
def test_a_plan_twice_is_refused(points: list[tuple[int, int]], form: BallotForm) -> None:
    with pytest.raises(PlanTwice):
        valid_ballot(points, replace(RULES, ballot_form=form))


def test_canonical_json_is_one_text_whatever_the_order_of_the_keys() -> None:
    assert canonical({"b": [1, 2], "a": "é"}) == canonical({"a": "é", "b": [1, 2]}) == '{"a":"é","b":[1,2]}'


RULES_OF_ALL_FORMS = [replace(RULES, ballot_form=form) for form in FORMS]
OTHERS = [replace(RULES, menu=()), replace(RULES, seed_source=SeedSource.DRAW)]


@pytest.mark.parametrize("rules", [*RULES_OF_ALL_FORMS, *OTHERS])
def test_frozen_rules_come_back_as_they_were_written(rules: FrozenRules) -> None:
    assert FrozenRules.parse(rules.document()) == rules
    assert FrozenRules.parse(rules.document()).hash == rules.hash


titles = st.text(st.characters(codec="utf-8"), max_size=40)


@given(titles, st.lists(st.tuples(st.integers(1), titles, st.integers(1)), max_size=4), st.integers(1))
def test_any_title_and_menu_come_back(title: str, menu: list[tuple[int, str, int]], budget: int) -> None:
    rules = replace(RULES, title=title, budget=budget, menu=tuple(MenuItem(*item) for item in menu))
    assert FrozenRules.parse(rules.document()) == rules


OTHER: dict[str, Any] = {
    "round_id": 8,
    "title": "Wijkbudget Bezuidenhout 2027",
    "kind": "wijkagenda",
    "area": "Mariahoeve",
    "budget": 4_000_001,
    "schedule": RULES.schedule | {"counting": "2026-12-01T10:00:01+00:00"},
    "ballot_form": BallotForm(Form.APPROVAL, 1),
    "like_threshold": 24,
    "criteria": ("Het plan is goed voor de stad",),
    "eligible": 999,
    "reference_date": "2026-09-02",
    "menu": (replace(MENU[0], cost=1_000_001), *MENU[1:]),
    "counting": counting_document(VotesPerEuro()),
    "seed_source": SeedSource.DRAW,
    "compares": True,
    "voting": VotingTerms(is_final=True),
    "ties": "by age",
}


def test_every_field_of_the_rules_is_changed_below() -> None:
    assert set(OTHER) == set(json.loads(RULES.document()))


@pytest.mark.parametrize("field", OTHER)
def test_the_hash_changes_with_every_field(field: str) -> None:
    assert replace(RULES, **{field: OTHER[field]}).hash != RULES.hash


SETTINGS = {"max_choices": 3, "min_choices": 1, "total_points": 9, "most_points": 4}


def test_every_setting_of_a_form_is_frozen() -> None:
    assert json.loads(RULES.document())["ballot_form"].keys() == {"form", *SETTINGS}


@pytest.mark.parametrize("rule", [MostVotes(Misfit.STRETCH, 80, 5), VotesPerEuro(Misfit.STOP)])
def test_the_frozen_rule_comes_back_with_its_settings(rule: Rule) -> None:
    rules = replace(RULES, counting=counting_document(rule))
    assert FrozenRules.parse(rules.document()).rule == rule


def test_the_source_of_the_seed_comes_back_as_what_it_is() -> None:
    for source in SeedSource:
        assert FrozenRules.parse(replace(RULES, seed_source=source).document()).seed_source is source


def test_asking_for_the_costs_and_the_rule_leaves_the_document_as_it_was() -> None:
    fresh = replace(RULES)
    before = fresh.document()
    assert fresh.costs[3] == 1_000_000
    assert fresh.rule == MostVotes()
    assert fresh.document() == before
