from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tally import telling
from tests.tally.contests import LOT, Contest, contests
from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.counting import RULES, rule_of
from wijkbudget.tally.in_turn import InTurn, MostVotes
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.margins import Again, least_found, with_margins
from wijkbudget.tally.outcome import Outcome, Verdict
from wijkbudget.tally.profile import Ballot, Profile, approval
from wijkbudget.tally.rule import NotForTheseBallots, Rule
from wijkbudget.tally.ties import CheapestFirst, LotNeeded, TieOrder

OTHERS = [name for name, kind in RULES.items() if not issubclass(kind, InTurn)]


@dataclass(frozen=True)
class Half(Rule):
    """Funds each plan that more than half of the ballots name, and asks for a lot where it is exactly half."""

    name: ClassVar[str] = "half"

    def count(self, instance: Instance, profile: Profile, ties: TieOrder) -> Outcome:
        """As most votes, but without a plan that fewer name, and without telling what was needed."""
        named = profile.ballots_by_plan()
        if 2 * named.get("tied", -1) == profile.ballots:
            raise LotNeeded((("tied", "other"),))
        outcome = MostVotes().count(instance, profile, ties)
        funded = tuple(plan for plan in outcome.funded if 2 * named[plan] > profile.ballots)
        findings = {
            plan: replace(found, needed=None, verdict=found.verdict if plan in funded else Verdict.NOT_AFFORDABLE)
            for plan, found in outcome.findings.items()
            if plan not in instance.withdrawn
        }
        return replace(outcome, funded=funded, findings=outcome.findings | findings)


def margins(ballots: list[Ballot], costs: dict[str, int], withdrawn: str = "") -> dict[str, int | None]:
    """What `more_voters` comes to by the rule of halves."""
    plans = tuple(Plan(*plan) for plan in costs.items())
    instance, profile = Instance(9, plans, withdrawn=frozenset(withdrawn.split())), Profile.from_ballots(ballots)
    outcome = with_margins(Half().count(instance, profile, LOT), Half(), instance, profile, LOT)
    return {plan: found.more_voters for plan, found in outcome.findings.items()}


def test_as_many_more_voters_are_found_as_there_must_be() -> None:
    """Of nine ballots, three name b: with four more that is 7 of 13, with three more only 6 of 12."""
    ballots = [approval("a")] * 6 + [approval("b")] * 3
    assert margins(ballots, {"a": 1, "b": 1}) == {"a": None, "b": 4}


def test_more_voters_give_as_many_points_as_any_ballot_gave() -> None:
    seen = []

    @dataclass(frozen=True)
    class Spy(Half):
        def count(self, instance: Instance, profile: Profile, ties: TieOrder) -> Outcome:
            seen.append((profile.ballots, profile.points_by_plan().get("b", 0)))
            return super().count(instance, profile, ties)

    instance = Instance(9, (Plan("a", 1), Plan("b", 1)))
    profile = Profile.from_ballots([(("a", 5),), (("a", 2), ("b", 1)), (("a", 2),)])
    with_margins(Half().count(instance, profile, LOT), Spy(), instance, profile, LOT)
    assert {points - 1 == 5 * (ballots - 3) for ballots, points in seen} == {True}


def test_nothing_is_searched_beyond_as_many_voters_again() -> None:
    assert margins([approval("a")] * 3, {"a": 1, "b": 1})["b"] is None
    assert margins([approval("a")] * 2 + [approval("b")], {"a": 1, "b": 1})["b"] == 2
    assert margins([approval("a")], {"a": 1, "b": 1})["b"] is None
    assert margins([], {"b": 1}) == {"b": 1}


def test_for_withdrawn_plans_and_for_plans_dearer_than_the_budget_nothing_is_searched() -> None:
    ballots = [approval("a")] * 2 + [approval("bc")]
    assert margins(ballots, {"a": 1, "b": 10, "c": 1}, "c") == {"a": None, "b": None, "c": None}
    assert margins(ballots, {"a": 1, "b": 9, "c": 1}) == {"a": None, "b": 2, "c": 2}


def test_a_count_that_waits_for_a_lot_does_not_fund() -> None:
    """Named by 3 of 7: with one more it is exactly half."""
    ballots = [approval(["other"])] * 4 + [approval(["tied"])] * 3
    assert margins(ballots, {"other": 1, "tied": 1}) == {"other": None, "tied": 2}


def test_rules_that_tell_themselves_what_was_needed_are_left_alone() -> None:
    instance, profile = Instance(5, (Plan("a", 5), Plan("b", 5))), Profile.from_ballots([approval("a")])
    for rule in (MostVotes(), BestValue()):
        outcome = rule.count(instance, profile, LOT)
        assert with_margins(outcome, rule, instance, profile, LOT) == outcome


def test_progress_is_told_from_nought_to_one() -> None:
    heard: list[float] = []
    instance = Instance(9, tuple(Plan(plan_id, 1) for plan_id in "abcd"))
    profile = Profile.from_ballots([approval("a")])
    with_margins(Half().count(instance, profile, LOT), Half(), instance, profile, LOT, heard.append)
    assert heard == [0, 1 / 3, 2 / 3, 1]


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_a_threshold_is_found_from_any_guess(threshold: int, guess: int, most: int) -> None:
    asked: list[int] = []

    def is_enough(number: int) -> bool:
        asked.append(number)
        return number >= threshold

    assert least_found(is_enough, guess, most) == (threshold if threshold <= most else None)
    assert set(asked) <= set(range(1, most + 1))
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    ("endowment", "price", "held", "guess"),
    [
        (Fraction(5, 2), Fraction(1), Fraction(4), 3),
        (None, Fraction(2), Fraction(4), 3),
        (None, None, Fraction(4), 1),
        (Fraction(5, 2), Fraction(1), None, 1),
        (Fraction(5, 2), Fraction(1), Fraction(10), 1),
    ],
)
def test_the_first_guess_is_how_many_purses_hold_what_was_short(
    endowment: Fraction | None, price: Fraction | None, held: Fraction | None, guess: int
) -> None:
    short = telling.found("b", Verdict.NOT_AFFORDABLE, cost=10, held=held)
    bought = [telling.found("a", price=price), telling.found("c", price=price and price / 2)]
    outcome = telling.told(*bought, short, endowment=endowment)
    instance, profile = Instance(9, (Plan("a", 1),)), Profile.from_ballots([])
    assert Again(outcome, Half(), instance, profile, LOT).guess(short) == guess


def test_a_near_guess_takes_few_trials() -> None:
    asked: list[int] = []

    def over(threshold: int) -> Callable[[int], bool]:
        def is_enough(number: int) -> bool:
            asked.append(number)
            return number >= threshold

        return is_enough

    assert least_found(over(5), 5, 10**6) == 5
    assert asked == [5, 4]
    for threshold in (50_000, 51_000, 70_000, 1_000):
        asked.clear()
        assert least_found(over(threshold), 50_000, 10**6) == threshold
        assert len(asked) <= 20


@given(st.sets(st.integers(1, 40)), st.integers(1, 40), st.integers(1, 40))
def test_whatever_the_answers_are_the_number_found_is_enough_and_one_less_is_not(
    enough: set[int], guess: int, most: int
) -> None:
    found = least_found(enough.__contains__, guess, most)
    if found is not None:
        assert found in enough
        assert found - 1 not in enough
        assert found <= most


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=40, deadline=None)
@given(contests(points=1, plans=4, exclusive=False))
def test_by_counting_again_so_many_more_voters_fund_and_one_less_does_not(name: str, contest: Contest) -> None:
    rule = rule_of(name, {})
    try:
        outcome = rule.count(contest.instance, contest.profile, LOT)
    except NotForTheseBallots:
        assume(False)
    told = with_margins(outcome, rule, contest.instance, contest.profile, LOT)
    assert replace(told, findings=outcome.findings) == outcome
    for plan_id, found in told.findings.items():
        if found.more_voters is not None:
            assert not found.is_funded
            for more, is_enough in [(found.more_voters, True), (found.more_voters - 1, False)]:
                again = Profile.from_ballots(contest.ballots + (((plan_id, 1),),) * more)
                assert (plan_id in rule.count(contest.instance, again, LOT).funded) is is_enough


def test_an_undrawn_lot_in_a_trial_is_no_reason_to_stop() -> None:
    instance = Instance(2, (Plan("a", 2), Plan("b", 2)))
    profile = Profile.from_ballots([approval("a")] * 3 + [approval("b")])
    for name in OTHERS:
        rule = rule_of(name, {})
        outcome = with_margins(rule.count(instance, profile, CheapestFirst()), rule, instance, profile, CheapestFirst())
        found = outcome.findings["b"]
        assert (found.lacked or found.more_voters) in (3, None), name
