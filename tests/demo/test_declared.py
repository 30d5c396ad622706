"""What files declare, in our words."""

import pytest

from tests.tally.elections import FILE
from wijkbudget.demo.declared import CannotRehearse, declared_form, declared_rule, official_winners
from wijkbudget.rounds.forms import BallotForm, Form
from wijkbudget.tally.counting import rule_of
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.pabulib import Election, read_election
from wijkbudget.tally.rule import Rule
from wijkbudget.tally.turns import Misfit


def declaring(*lines: str, file: str = FILE) -> Election:
    """The file with these lines in its META."""
    return read_election(file.replace("PROJECTS\n", "".join(f"{line}\n" for line in lines) + "PROJECTS\n").encode())


def of_type(vote_type: str, *votes: str, meta: tuple[str, ...] = ()) -> Election:
    """The file with these votes, each `plans;points`."""
    head, _ = FILE.replace("approval", vote_type).replace("num_votes;4", f"num_votes;{len(votes)}").split("VOTES")
    lines = "".join(f"{number};{vote}\n" for number, vote in enumerate(votes))
    return declaring(*meta, file=f"{head}VOTES\nvoter_id;vote;points\n{lines}")


def test_a_basket_is_a_basket_only_if_every_ballot_fits() -> None:
    assert declared_form(declaring()) == BallotForm(Form.APPROVAL, 2)
    assert declared_form(declaring("max_sum_cost;110", file=FILE.replace("budget;100", "budget;110"))) == (
        BallotForm(Form.BASKET)
    )
    assert declared_form(declaring("max_sum_cost;110")) == BallotForm(Form.APPROVAL, 2)


def test_one_plan_each_is_the_form_of_one_plan() -> None:
    assert declared_form(of_type("choose-1", "12;", "3;", ";")) == BallotForm(Form.ONE)


@pytest.mark.parametrize(
    ("meta", "total", "most"),
    [
        ((), 5, 4),
        (("max_sum_points;9",), 9, 4),
        (("max_sum_points;9", "max_points;6"), 9, 6),
        (("max_points;6",), 5, 5),
    ],
)
def test_points_are_limited_as_the_file_says_or_by_what_was_given(meta: tuple[str, ...], total: int, most: int) -> None:
    form = declared_form(of_type("cumulative", "12,3;1,4", "7;3", meta=meta))
    assert form == BallotForm(Form.POINTS, total_points=total, most_points=most)


def test_only_blank_ballots_divide_one_point() -> None:
    assert declared_form(of_type("cumulative", ";")) == BallotForm(Form.POINTS, total_points=1, most_points=1)


def test_orders_that_are_all_as_long_are_a_ranking() -> None:
    assert declared_form(of_type("ordinal", "12,3;", "3,7;", ";")) == BallotForm(Form.RANKING, 2)


def test_a_shorter_order_has_the_points_of_the_file_and_not_of_our_ranking() -> None:
    form = declared_form(of_type("ordinal", "12,3,7;", "3;"))
    assert form == BallotForm(Form.POINTS, total_points=6, most_points=3)


def test_a_limit_that_is_no_amount_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    election = declaring()
    monkeypatch.setitem(election.meta, "max_sum_cost", "much")
    with pytest.raises(CannotRehearse, match="max_sum_cost 'much' is no amount"):
        declared_form(election)


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (["rule;greedy"], MostVotes()),
        (["rule;greedy-threshold", "min_project_score_threshold;30"], MostVotes(minimum=30)),
        (["rule;greedy-no-skip"], MostVotes(Misfit.STOP)),
        (["rule;greedy-no-skip", "min_project_score_threshold;50"], MostVotes(Misfit.STOP, minimum=50)),
        (["rule;greedy-custom", "unit;Poznań"], MostVotes(Misfit.STRETCH, 80)),
        (["rule;greedy-custom", "unit;Łódź"], None),
        (["rule;greedy-exclusive"], None),
        (["rule;unknown"], None),
        ([], None),
    ],
)
def test_a_rule_is_ours_or_none(lines: list[str], rule: Rule | None) -> None:
    assert declared_rule(declaring(*lines)) == rule


@pytest.mark.parametrize("name", ["equalshares/add1", "equalshares/add1-comparison"])
def test_equal_shares_adds_one_until_it_would_overspend(name: str) -> None:
    settings = {"utility": "cost", "completion": "add-one", "stop": "overspend"}
    assert declared_rule(declaring(f"rule;{name}")) == rule_of("equal-shares", settings)


def test_the_official_winners_are_those_that_are_marked() -> None:
    assert official_winners(declaring()) == frozenset({"12", "7"})
    assert official_winners(declaring(file=FILE.replace("name;selected", "name;chosen"))) is None


def test_in_poznan_a_mark_of_its_own_is_for_the_plan_that_was_stretched_to() -> None:
    marked = FILE.replace("Buurthuis;0", "Buurthuis;2")
    assert official_winners(declaring(file=marked)) == frozenset({"12", "7"})
    assert official_winners(declaring("rule;greedy-custom", "unit;Poznań", file=marked)) == frozenset({"12", "7", "3"})
