import pytest

from wijkbudget.ballots.forms import Points
from wijkbudget.ballots.rules import FrozenRules, MenuItem, valid_ballot
from wijkbudget.demo.votes import crowd
from wijkbudget.rounds.forms import BallotForm, Form

BASKET = BallotForm(Form.BASKET)
FORMS = [
    BASKET,
    BallotForm(Form.APPROVAL, 2),
    BallotForm(Form.APPROVAL, 3, 2),
    BallotForm(Form.ONE),
    BallotForm(Form.POINTS, total_points=10, most_points=4),
    BallotForm(Form.POINTS, total_points=1, most_points=1),
    BallotForm(Form.RANKING, 3),
]
POPULARITY = {1: 40, 2: 20, 3: 5, 4: 0}


def rules(form: BallotForm) -> FrozenRules:
    return FrozenRules(
        round_id=1, title="Proef", kind="wijkbudget", area="Proef", budget=100, schedule={}, ballot_form=form,
        like_threshold=0, criteria=("Goed",), eligible=500, reference_date="2026-09-01",
        menu=tuple(MenuItem(plan, f"Plan {plan}", 40) for plan in POPULARITY),
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_ballot_of_the_crowd_is_valid_in_every_form(form: BallotForm) -> None:
    ballots = list(crowd(rules(form), POPULARITY, voters=300, seed="proef"))
    assert len(ballots) == 300
    for ballot in ballots:
        valid_ballot(ballot, rules(form))


def test_points_go_to_the_plans_that_are_wanted_most() -> None:
    form = BallotForm(Form.POINTS, total_points=10, most_points=4)
    ballots = [ballot for ballot in crowd(rules(form), POPULARITY, voters=50, seed="proef") if ballot]
    assert {ballot[0][1] for ballot in ballots} == {4}
    assert max(sum(points for _, points in ballot) for ballot in ballots) == 10


def test_what_is_liked_more_gets_more_votes_and_some_vote_blank() -> None:
    ballots = list(crowd(rules(BASKET), POPULARITY, voters=600, seed="proef"))
    votes = [sum((plan, 1) in ballot for ballot in ballots) for plan in POPULARITY]
    assert votes == sorted(votes, reverse=True)
    assert 0 < sum(not ballot for ballot in ballots) < 60


def test_the_same_seed_makes_the_same_crowd() -> None:
    def drawn(seed: str) -> list[Points]:
        return list(crowd(rules(BASKET), POPULARITY, voters=20, seed=seed))

    assert drawn("a") == drawn("a") != drawn("b")
