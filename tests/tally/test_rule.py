from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tally.contests import LOT, Contest, contests
from tests.tally.elections import small
from wijkbudget.tally.best_value import BestValue
from wijkbudget.tally.completion import Completion
from wijkbudget.tally.equal_shares import EqualShares
from wijkbudget.tally.in_turn import MostVotes
from wijkbudget.tally.instance import UnknownPlan
from wijkbudget.tally.phragmen import Phragmen
from wijkbudget.tally.profile import Profile
from wijkbudget.tally.rule import Rule, Totals
from wijkbudget.tally.ties import CheapestFirst, LotNeeded
from wijkbudget.tally.turns import Misfit


def test_the_settings_of_a_rule_are_plain_values() -> None:
    settings = MostVotes(Misfit.STRETCH, 80, 3).settings
    assert settings == {"misfit": "stretch", "percent": 80, "minimum": 3}
    assert {type(value) for value in settings.values()} == {str, int}


def test_a_rule_takes_any_ballots_unless_it_says_otherwise() -> None:
    assert MostVotes().takes(is_approval=True)
    assert MostVotes().takes(is_approval=False)


def test_totals_hold_every_plan_zeros_included() -> None:
    instance, profile = small(10, {"a": 1, "b": 2}, {"a": 3, "": 1})
    assert Totals.of(instance, profile) == Totals({"a": 3, "b": 0}, {"a": 3, "b": 0})
    assert Totals.of(instance, profile.with_more((("b", 4),), 2)) == Totals({"a": 3, "b": 8}, {"a": 3, "b": 2})


def test_totals_of_ballots_that_name_a_stranger_are_refused() -> None:
    with pytest.raises(UnknownPlan, match="'x'"):
        Totals.of(*small(10, {"a": 1}, {"a x": 1}))


RULES = [
    EqualShares(),
    EqualShares(completion=Completion.MOST_VOTES),
    Phragmen(Misfit.SKIP),
    Phragmen(),
    BestValue(),
    MostVotes(),
]


@settings(max_examples=200, deadline=None)
@given(contests(points=1, plans=4, exclusive=False), st.sampled_from(RULES))
def test_who_is_funded_is_told_alone_as_by_the_whole_count(contest: Contest, rule: Rule) -> None:
    assert told(rule.funded, contest) == told(lambda *given: rule.count(*given).funded, contest)


def told(ask: Callable[..., Iterable[str]], contest: Contest) -> frozenset[str] | None:
    """Who is funded; None if it waits for a lot."""
    try:
        return frozenset(ask(contest.instance, contest.profile, CheapestFirst()))
    except LotNeeded:
        return None


def test_no_lot_is_asked_for_where_only_one_of_two_equal_plans_can_be_bought() -> None:
    """Supporters of b have bought c before; those of a have all their money."""
    ballots = [(("a", 1),)] * 2 + [(("b", 1), ("c", 1))] * 2 + [(("c", 1),)]
    instance, profile = small(10, {"a": 4, "b": 4, "c": 3}, {})[0], Profile.from_ballots(ballots)
    for rule in (EqualShares(), Phragmen(Misfit.SKIP)):
        assert rule.funded(instance, profile, CheapestFirst()) == frozenset(
            rule.count(instance, profile, CheapestFirst()).funded
        )


@pytest.mark.parametrize("rule", RULES)
def test_of_two_plans_alike_that_do_not_both_fit_a_lot_must_choose(rule: Rule) -> None:
    instance, profile = small(10, {"a": 6, "b": 6}, {"a b": 2})
    for ask in (rule.count, rule.funded):
        with pytest.raises(LotNeeded) as needed:
            ask(instance, profile, CheapestFirst())
        assert [frozenset(group) for group in needed.value.groups] == [frozenset("ab")]
    drawn = rule.count(instance, profile, CheapestFirst(LOT.lot))
    assert [frozenset(group) for group in drawn.lots] == [frozenset("ab")]
    assert drawn.lots[0][0] in drawn.funded
    assert drawn.lot == LOT.lot


@pytest.mark.parametrize("rule", RULES)
def test_every_finding_tells_what_its_plan_cost_and_got(rule: Rule) -> None:
    instance, profile = small(10, {"a": 6, "b": 5, "c": 4, "d": 1}, {"a": 3, "b c": 2, "c": 1})
    outcome = rule.count(instance, profile, CheapestFirst())
    assert {found.plan: (found.cost, found.points, found.ballots) for found in outcome.findings.values()} == {
        "a": (6, 3, 3),
        "b": (5, 2, 2),
        "c": (4, 3, 3),
        "d": (1, 0, 0),
    }


def test_who_is_funded_alone_ends_where_the_count_ends() -> None:
    instance, profile = small(5, {"a": 3, "b": 4, "c": 2}, {"a": 4, "b": 4, "c": 1})
    assert Phragmen().funded(instance, profile, CheapestFirst()) == {"a"}
    assert Phragmen(Misfit.SKIP).funded(instance, profile, CheapestFirst()) == {"a", "c"}
