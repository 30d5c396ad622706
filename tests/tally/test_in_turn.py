"""Most votes and most votes per euro: each rule of theirs, a plain twin, and what plans lacked by counting again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tally.contests import LOT, ORDERS, Contest, all_draws, cast, contests, rules_in_turn
from tests.tally.elections import small
from wijkbudget.tally.in_turn import InTurn, MostVotes, VotesPerEuro
from wijkbudget.tally.instance import Instance, Plan, UnknownPlan
from wijkbudget.tally.outcome import Outcome, Tie, Verdict
from wijkbudget.tally.profile import Profile, approval
from wijkbudget.tally.ties import CheapestFirst, Lexicographic, LotNeeded, TieOrder
from wijkbudget.tally.turns import BadSettings, Misfit

UNHURRIED = settings(deadline=None)


def counted(
    budget: int,
    costs: Mapping[str, int],
    points: Mapping[str, int],
    rule: InTurn | None = None,
    ties: TieOrder | None = None,
    **more: object,
) -> Outcome:
    """The outcome of an election in which plans got these points."""
    instance = replace(Instance(budget, tuple(Plan(*item) for item in costs.items())), **more)  # type: ignore[arg-type]
    return (rule or MostVotes()).count(instance, cast(points), ties or CheapestFirst())


def verdicts(outcome: Outcome) -> dict[str, str]:
    return {plan_id: finding.verdict.value for plan_id, finding in outcome.findings.items()}


def needed(outcome: Outcome) -> dict[str, int | None]:
    return {plan_id: finding.needed for plan_id, finding in outcome.findings.items()}


# What the rules say.


def test_a_plan_that_does_not_fit_is_skipped_and_a_later_one_that_fits_is_funded() -> None:
    outcome = counted(100, {"park": 60, "hall": 50, "bench": 40}, {"park": 9, "hall": 7, "bench": 2})
    assert (outcome.rule, outcome.settings) == ("most-votes", {"misfit": "skip", "percent": 0, "minimum": 0})
    assert outcome.funded == ("park", "bench")
    assert outcome.left == 0
    assert verdicts(outcome) == {"park": "funded", "hall": "does_not_fit", "bench": "funded"}
    assert needed(outcome) == {"park": 8, "hall": 9, "bench": 1}
    assert {plan: (found.lacked, found.spare) for plan, found in outcome.findings.items()} == {
        "park": (None, 1),
        "hall": (2, None),
        "bench": (None, 1),
    }


def test_the_count_can_stop_at_the_first_plan_that_does_not_fit() -> None:
    stop = MostVotes(Misfit.STOP)
    outcome = counted(100, {"park": 60, "hall": 50, "bench": 40}, {"park": 9, "hall": 7, "bench": 2}, stop)
    assert (outcome.funded, outcome.left) == (("park",), 40)
    assert verdicts(outcome) == {"park": "funded", "hall": "does_not_fit", "bench": "after_the_end"}
    assert needed(outcome) == {"park": 8, "hall": 9, "bench": 7}
    assert [(found.left_before, found.left_after) for found in outcome.steps] == [(100, 40), (40, 40), (40, 40)]


@pytest.mark.parametrize(
    ("budget", "funded", "left"),
    [(139, ("a",), 79), (140, ("a", "b"), -20), (160, ("a", "b"), 0), (159, ("a", "b"), -1)],
)
def test_a_stretched_budget_funds_the_first_that_does_not_fit_if_enough_of_it_is_left(
    budget: int, funded: tuple[str, ...], left: int
) -> None:
    rule = MostVotes(Misfit.STRETCH, 80)
    outcome = counted(budget, {"a": 60, "b": 100, "c": 1}, {"a": 3, "b": 2}, rule)
    assert (outcome.funded, outcome.left) == (funded, left)


@pytest.mark.parametrize(
    ("budget", "funded"), [(139, ("a",)), (140, ("a", "b")), (160, ("a", "b")), (161, ("a", "b", "c"))]
)
def test_after_the_first_misfit_a_stretched_count_ends_whether_it_was_funded_or_not(
    budget: int, funded: tuple[str, ...]
) -> None:
    outcome = counted(budget, {"a": 60, "b": 100, "c": 1}, {"a": 3, "b": 2, "c": 1}, MostVotes(Misfit.STRETCH, 80))
    assert outcome.funded == funded


def test_the_minimum_is_reached_by_exactly_so_many_points() -> None:
    outcome = counted(9, {"a": 1, "b": 1, "c": 1}, {"a": 5, "b": 4}, MostVotes(minimum=5))
    assert outcome.funded == ("a",)
    assert verdicts(outcome) == {"a": "funded", "b": "below_minimum", "c": "no_votes"}
    assert needed(outcome) == {"a": 5, "b": 5, "c": 5}
    assert [outcome.findings["b"].rank, outcome.findings["b"].left_before, outcome.findings["b"].lacked] == [
        None,
        None,
        1,
    ]


def test_a_plan_below_the_minimum_is_no_stop() -> None:
    rule = VotesPerEuro(Misfit.STOP, minimum=3)
    assert counted(5, {"a": 6, "b": 5, "c": 1}, {"a": 9, "b": 3, "c": 2}, rule, Lexicographic()).funded == ()
    assert counted(5, {"a": 99, "b": 5, "c": 1}, {"a": 2, "b": 3}, rule).funded == ("b",)


@pytest.mark.parametrize("misfit", [Misfit.SKIP, Misfit.STOP])
def test_a_withdrawn_plan_is_passed_over_and_is_no_stop(misfit: Misfit) -> None:
    outcome = counted(10, {"a": 11, "b": 10}, {"a": 7, "b": 2}, MostVotes(misfit), withdrawn=frozenset("a"))
    assert outcome.funded == ("b",)
    finding = outcome.findings["a"]
    assert (finding.verdict, finding.points, finding.rank, finding.needed) == (Verdict.WITHDRAWN, 7, None, None)


def test_a_withdrawn_plan_without_votes_is_still_called_withdrawn() -> None:
    assert verdicts(counted(10, {"a": 1}, {}, withdrawn=frozenset("a"))) == {"a": "withdrawn"}


def test_a_plan_that_excludes_others_strikes_them_only_when_it_is_funded() -> None:
    groups = (frozenset("ab"), frozenset("bc"))
    outcome = counted(10, {"a": 11, "b": 5, "c": 1}, {"a": 3, "b": 2, "c": 1}, exclusive=groups)
    assert verdicts(outcome) == {"a": "does_not_fit", "b": "funded", "c": "excluded"}
    assert needed(outcome) == {"a": None, "b": 2, "c": 2}
    assert outcome.findings["c"].left_before == outcome.findings["c"].left_after == 5


def test_a_struck_plan_is_no_stop() -> None:
    rule = MostVotes(Misfit.STOP)
    outcome = counted(5, {"a": 3, "b": 4, "c": 2}, {"a": 3, "b": 2, "c": 1}, rule, exclusive=(frozenset("ab"),))
    assert outcome.funded == ("a", "c")


def test_per_euro_the_plan_with_most_points_for_its_cost_goes_first() -> None:
    rule = VotesPerEuro()
    outcome = counted(10, {"a": 10, "b": 3, "c": 6}, {"a": 9, "b": 3, "c": 6}, rule)
    assert outcome.rule == "votes-per-euro"
    assert outcome.funded == ("b", "c")
    assert outcome.ties == (Tie(("b", "c")),)
    assert needed(outcome) == {"a": 11, "b": 1, "c": 1}


def test_scores_per_euro_that_no_float_can_tell_apart_are_told_apart() -> None:
    much = 10**17
    outcome = counted(much, {"a": much, "b": much - 1}, {"a": much - 1, "b": much - 2}, VotesPerEuro())
    assert outcome.funded == ("a",)


def test_without_votes_nothing_is_funded_however_much_money_is_left() -> None:
    profile = Profile.from_ballots([approval("a"), (), (), ()])
    outcome = MostVotes().count(Instance(100, (Plan("a", 1), Plan("b", 1))), profile, CheapestFirst())
    assert (outcome.funded, outcome.left) == (("a",), 99)
    assert (outcome.ballots, outcome.ballots_with_funded) == (4, 1)
    found = outcome.findings["b"]
    assert (found.verdict, found.rank, found.lacked) == (Verdict.NO_VOTES, None, 1)


def test_no_ballots_fund_nothing() -> None:
    outcome = MostVotes().count(Instance(10, (Plan("a", 1), Plan("b", 11))), Profile.from_ballots([]), CheapestFirst())
    assert (outcome.funded, outcome.left, outcome.ballots, outcome.steps) == ((), 10, 0, ())
    assert needed(outcome) == {"a": 1, "b": None}


def test_no_plans_leave_the_budget() -> None:
    outcome = counted(10, {}, {})
    assert (outcome.funded, outcome.left, outcome.findings, outcome.ballots) == ((), 10, {}, 1)


def test_a_plan_dearer_than_the_budget_never_fits_and_takes_nothing_from_the_others() -> None:
    outcome = counted(10, {"a": 11, "b": 10}, {"a": 9, "b": 1})
    assert outcome.funded == ("b",)
    assert needed(outcome)["a"] is None


def test_a_finding_tells_points_and_ballots_apart() -> None:
    profile = Profile.from_groups({(("a", 3),): 2, (("a", 1), ("b", 2)): 1})
    found = MostVotes().count(Instance(9, (Plan("a", 1), Plan("b", 2))), profile, CheapestFirst()).findings
    assert [(f.points, f.ballots, f.cost, f.rank) for f in found.values()] == [(7, 3, 1, 1), (2, 1, 2, 2)]


def test_a_ballot_that_names_a_stranger_is_refused() -> None:
    with pytest.raises(UnknownPlan, match="'x'"):
        counted(2, {"a": 2}, {"a": 1, "x": 3})


def test_settings_that_make_no_sense_are_refused() -> None:
    for rule in (MostVotes, VotesPerEuro):
        with pytest.raises(BadSettings, match="-1"):
            rule(minimum=-1)
        for misfit, percent in [(Misfit.STRETCH, 0), (Misfit.STRETCH, 100), (Misfit.SKIP, 1), (Misfit.STOP, 80)]:
            with pytest.raises(BadSettings, match=str(misfit)):
                rule(misfit, percent)


# Ties and lots.


def test_among_equal_points_the_cheapest_goes_first_and_needs_no_lot() -> None:
    outcome = counted(10, {"a": 9, "b": 8}, {"a": 3, "b": 3})
    assert outcome.funded == ("b",)
    assert (outcome.ties, outcome.lots) == ((Tie(("b", "a")),), ())
    assert needed(outcome) == {"b": 3, "a": 4}


def test_counting_waits_for_a_lot_that_changes_who_is_funded() -> None:
    costs, points = {"b": 2, "a": 2, "c": 2, "d": 5}, {"a": 3, "b": 3, "c": 3, "d": 1}
    with pytest.raises(LotNeeded) as waiting:
        counted(5, costs, points)
    assert waiting.value.groups == (("a", "b", "c"),)
    outcome = counted(5, costs, points, ties=LOT)
    assert LOT.lot is not None
    assert outcome.lots == (tuple(sorted("abc", key=LOT.lot.number)),)
    assert outcome.funded == outcome.lots[0][:2]
    assert outcome.lot == LOT.lot
    assert outcome.tie_order == LOT.name


@pytest.mark.parametrize("budget", [6, 7, 1])
def test_a_tie_of_which_all_or_none_are_funded_needs_no_lot(budget: int) -> None:
    outcome = counted(budget, {"a": 2, "b": 2, "c": 2}, {"a": 3, "b": 3, "c": 3})
    assert not outcome.is_lot_needed
    assert [tie.plans for tie in outcome.ties] == [("a", "b", "c")]


def test_withdrawn_plans_and_plans_without_votes_tie_with_nobody() -> None:
    outcome = counted(2, {"a": 2, "b": 2, "c": 1, "d": 1}, {"a": 3, "b": 3}, withdrawn=frozenset("a"))
    assert (outcome.funded, outcome.ties) == (("b",), ())


def test_among_equals_of_which_one_excludes_the_others_the_order_in_the_middle_matters_too() -> None:
    """Turned round, a b c funds the same two; only with b in front it is funded, alone."""
    costs, points = {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1}
    groups = (frozenset("ab"), frozenset("bc"))
    with pytest.raises(LotNeeded) as waiting:
        counted(3, costs, points, exclusive=groups)
    assert waiting.value.groups == (("a", "b", "c"),)


# What holds for every election.


@dataclass
class Twin:
    """The rules once more, as plainly as they can be said."""

    rule: InTurn
    instance: Instance
    points: Mapping[str, int]
    ties: TieOrder

    def score(self, plan: Plan) -> Fraction:
        return Fraction(self.points[plan.id], plan.cost if isinstance(self.rule, VotesPerEuro) else 1)

    def funded(self) -> list[str]:
        """Again and again the best of those that still can be funded, until there is none or the count ends."""
        left, funded = self.instance.budget, list[str]()
        waiting = [p for p in self.instance.plans if p.id not in self.instance.withdrawn and self.points[p.id] > 0]
        waiting = [plan for plan in waiting if self.points[plan.id] >= self.rule.minimum]
        while waiting := [p for p in waiting if not self.is_struck(p, funded)]:
            best = max(self.score(plan) for plan in waiting)
            plan = min((p for p in waiting if self.score(p) == best), key=lambda p: self.ties.key(p, self.points[p.id]))
            waiting.remove(plan)
            fits = plan.cost <= left
            if fits or (
                self.rule.misfit is Misfit.STRETCH and Fraction(left, plan.cost) >= Fraction(self.rule.percent, 100)
            ):
                funded.append(plan.id)
                left -= plan.cost
            if not fits and self.rule.misfit is not Misfit.SKIP:
                break
        return funded

    def is_struck(self, plan: Plan, funded: list[str]) -> bool:
        return any(plan.id in group and group & set(funded) for group in self.instance.exclusive)


@UNHURRIED
@given(contests(), rules_in_turn(), ORDERS)
def test_the_plain_twin_funds_the_same(contest: Contest, rule: InTurn, ties: TieOrder) -> None:
    outcome = rule.count(contest.instance, contest.profile, ties)
    assert list(outcome.funded) == Twin(rule, contest.instance, contest.points, ties).funded()


@UNHURRIED
@given(contests(), rules_in_turn(), ORDERS)
def test_the_money_adds_up_step_by_step(contest: Contest, rule: InTurn, ties: TieOrder) -> None:
    outcome = rule.count(contest.instance, contest.profile, ties)
    assert outcome.left == outcome.budget - outcome.spent
    assert outcome.left >= 0 or rule.misfit is Misfit.STRETCH
    for earlier, later in pairwise(outcome.steps):
        assert earlier.left_after == later.left_before
    for found in outcome.steps:
        spent = found.cost if found.is_funded else 0
        assert found.left_before is not None
        assert found.left_after == found.left_before - spent


@UNHURRIED
@given(contests(), rules_in_turn(), ORDERS)
def test_every_plan_has_one_finding_and_the_verdict_is_true(contest: Contest, rule: InTurn, ties: TieOrder) -> None:
    outcome = rule.count(contest.instance, contest.profile, ties)
    assert set(outcome.findings) == set(contest.instance.costs)
    assert [found.rank for found in outcome.steps] == list(range(1, len(outcome.steps) + 1))
    for plan_id, found in outcome.findings.items():
        assert found.is_funded == (plan_id in outcome.funded)
        assert found.points == contest.points[plan_id]
        assert (found.verdict is Verdict.WITHDRAWN) == (plan_id in contest.instance.withdrawn)
        if found.verdict is Verdict.NO_VOTES:
            assert not found.points
        if found.verdict is Verdict.BELOW_MINIMUM:
            assert 0 < found.points < rule.minimum
        if found.verdict is Verdict.DOES_NOT_FIT:
            assert (found.left_before or 0) < found.cost
        if found.verdict is Verdict.EXCLUDED:
            assert found.beside in contest.instance.rivals(plan_id) & set(outcome.funded)
        if found.verdict is Verdict.AFTER_THE_END:
            assert rule.misfit is not Misfit.SKIP


def asked(count: Callable[[int], bool], most: int) -> int | None:
    """The least number for which the answer is yes, by asking for each; and yes for each that is more."""
    answers = [count(points) for points in range(most)]
    assert answers == sorted(answers)
    return answers.index(True) if True in answers else None


@UNHURRIED
@given(contests(plans=4), rules_in_turn(), ORDERS)
def test_needed_is_exactly_the_least_number_of_points_that_funds(
    contest: Contest, rule: InTurn, ties: TieOrder
) -> None:
    most = max(contest.points.values(), default=0) * 4 + rule.minimum + 2
    for plan_id, found in rule.count(contest.instance, contest.profile, ties).findings.items():

        def wins(points: int, plan_id: str = plan_id) -> bool:
            return plan_id in Twin(rule, contest.instance, contest.points | {plan_id: points}, ties).funded()

        least = asked(wins, most)
        assert found.needed == least
        if found.is_funded:
            assert least is not None
            assert (found.lacked, found.spare) == (None, found.points - least)
        elif least is not None:
            assert (found.lacked, found.spare) == (least - found.points, None)
            assert least > found.points


@UNHURRIED
@given(contests(plans=4), rules_in_turn(), ORDERS)
def test_counting_again_with_what_was_needed_funds_and_with_a_point_less_does_not(
    contest: Contest, rule: InTurn, ties: TieOrder
) -> None:
    for plan_id, found in rule.count(contest.instance, contest.profile, ties).findings.items():
        for points, is_enough in [(found.needed, True), (None if found.needed is None else found.needed - 1, False)]:
            if points is not None:
                again = rule.count(contest.instance, cast(contest.points | {plan_id: points}), ties)
                assert (plan_id in again.funded) is is_enough


@UNHURRIED
@given(contests(plans=4, exclusive=False), rules_in_turn())
def test_before_a_lot_is_drawn_needed_is_enough_however_it_falls_and_a_point_less_is_not(
    contest: Contest, rule: InTurn
) -> None:
    try:
        outcome = rule.count(contest.instance, contest.profile, CheapestFirst())
    except LotNeeded:
        assume(False)
    for plan_id, found in outcome.findings.items():
        if found.needed is not None:
            assert found.spare is None or found.spare >= 0

            def wins(points: int, plan_id: str = plan_id) -> list[bool]:
                given = contest.points | {plan_id: points}
                return [plan_id in Twin(rule, contest.instance, given, t).funded() for t in all_draws(contest.instance)]

            assert all(wins(found.needed))
            assert not all(wins(found.needed - 1))


@UNHURRIED
@given(contests(plans=4), rules_in_turn())
def test_a_lot_is_asked_for_exactly_if_two_ways_in_which_it_falls_fund_different_plans(
    contest: Contest, rule: InTurn
) -> None:
    outcomes = [rule.count(contest.instance, contest.profile, draw) for draw in all_draws(contest.instance)]
    is_needed = len({frozenset(outcome.funded) for outcome in outcomes}) > 1
    assert {outcome.is_lot_needed for outcome in outcomes} == {is_needed}
    if is_needed:
        with pytest.raises(LotNeeded):
            rule.count(contest.instance, contest.profile, CheapestFirst())
    else:
        rule.count(contest.instance, contest.profile, CheapestFirst())


@UNHURRIED
@given(contests(plans=5, exclusive=False), rules_in_turn())
def test_where_no_plan_excludes_another_the_lot_names_just_the_groups_of_which_a_part_is_funded(
    contest: Contest, rule: InTurn
) -> None:
    outcome = rule.count(contest.instance, contest.profile, LOT)
    present = [plan for plan in contest.instance.plans if plan.id not in contest.instance.withdrawn]
    groups = LOT.left_to_lot(present, contest.points)
    split = {group for group in groups if group & set(outcome.funded) and not group <= set(outcome.funded)}
    assert {frozenset(group) for group in outcome.lots} == split


@UNHURRIED
@given(contests(), rules_in_turn(), ORDERS, st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_plans_is_irrelevant(
    contest: Contest, rule: InTurn, ties: TieOrder, random: Random
) -> None:
    plans, ballots = list(contest.instance.plans), list(contest.ballots)
    random.shuffle(plans)
    random.shuffle(ballots)
    shuffled = rule.count(replace(contest.instance, plans=tuple(plans)), Profile.from_ballots(ballots), ties)
    assert shuffled == rule.count(contest.instance, contest.profile, ties)


@UNHURRIED
@given(contests(), rules_in_turn(), ORDERS, st.integers(1, 1000), st.integers(1, 1000))
def test_another_currency_or_more_of_the_same_ballots_fund_the_same(
    contest: Contest, rule: InTurn, ties: TieOrder, money: int, times: int
) -> None:
    plans = tuple(Plan(plan.id, plan.cost * money) for plan in contest.instance.plans)
    instance = replace(contest.instance, budget=contest.instance.budget * money, plans=plans)
    more = replace(rule, minimum=rule.minimum * times)
    scaled = more.count(instance, cast({plan: points * times for plan, points in contest.points.items()}), ties)
    outcome = rule.count(contest.instance, contest.profile, ties)
    assert (scaled.funded, scaled.left, scaled.lots) == (outcome.funded, outcome.left * money, outcome.lots)
    assert verdicts(scaled) == verdicts(outcome)


@UNHURRIED
@given(contests(), rules_in_turn(), ORDERS)
def test_a_funded_plan_with_more_points_stays_funded(contest: Contest, rule: InTurn, ties: TieOrder) -> None:
    for plan_id in rule.count(contest.instance, contest.profile, ties).funded:
        for more in (1, 2, 50):
            points = contest.points | {plan_id: contest.points[plan_id] + more}
            assert plan_id in rule.count(contest.instance, cast(points), ties).funded


def test_thousands_of_plans_are_counted_at_once() -> None:
    costs = {f"{number:05}": 1 + number % 97 for number in range(1_000)}
    outcome = counted(5_000, costs, {plan_id: int(plan_id) % 7 for plan_id in costs}, ties=LOT)
    assert outcome.left < 97
    assert sum(found.verdict is Verdict.NO_VOTES for found in outcome.findings.values()) == 143


def test_a_rival_is_named_only_by_a_plan_that_was_excluded() -> None:
    instance, profile = small(9, {"a": 3, "b": 3, "c": 3, "d": 3}, {"a": 3, "b": 2, "c": 1})
    rivals = replace(instance, exclusive=(frozenset("abcd"),), withdrawn=frozenset("d"))
    findings = MostVotes(minimum=2).count(rivals, profile, CheapestFirst()).findings
    assert {plan: (found.verdict, found.beside) for plan, found in findings.items()} == {
        "a": (Verdict.FUNDED, None),
        "b": (Verdict.EXCLUDED, "a"),
        "c": (Verdict.BELOW_MINIMUM, None),
        "d": (Verdict.WITHDRAWN, None),
    }


def test_an_excluded_plan_names_its_own_rival_and_not_the_first_winner() -> None:
    instance, profile = small(9, {"a": 3, "b": 3, "c": 3}, {"a": 3, "b": 2, "c": 1})
    outcome = MostVotes().count(replace(instance, exclusive=(frozenset("bc"),)), profile, CheapestFirst())
    assert outcome.findings["c"].beside == "b"
