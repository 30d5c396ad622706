"""Votes of a crowd: each voter likes some plans more than others and fills in what is allowed."""

from collections.abc import Iterator, Mapping
from random import Random

from ..ballots.forms import Points
from ..ballots.rules import FrozenRules, chosen, ranked
from ..rounds.forms import Form

HOW_MANY = (1, 2, 2, 3, 3, 3, 4, 5)
BLANK = 0.02


def crowd(rules: FrozenRules, popularity: Mapping[int, int], *, voters: int, seed: str) -> Iterator[Points]:
    """Valid points for plans of so many voters; `popularity` says by plan id how much it is liked.

    Repeatable by its seed.
    """
    random = Random(seed)
    for _ in range(voters):
        wanted = _wanted(random, popularity)
        yield () if random.random() < BLANK else _filled_in(rules, wanted, random)


def _wanted(random: Random, popularity: Mapping[int, int]) -> list[int]:
    """All plans, the popular ones more often in front (a weighted shuffle by Efraimidis and Spirakis)."""
    drawn = {plan: random.random() ** (1 / max(likes, 1)) for plan, likes in popularity.items()}
    return sorted(drawn, key=lambda plan: drawn[plan], reverse=True)


def _filled_in(rules: FrozenRules, wanted: list[int], random: Random) -> Points:
    form, number = rules.ballot_form, random.choice(HOW_MANY)
    match form.form:
        case Form.BASKET:
            return chosen(_fitting(rules, wanted, number))
        case Form.POINTS:
            return _divided(wanted[:number], form.total_points or 0, form.most_points or 0)
        case Form.RANKING:
            return ranked(wanted[: min(number, form.max_choices or 0)], form)
    most = form.max_choices or 1  # one plan is a choice of at most one
    return chosen(wanted[: max(form.min_choices or 1, min(number, most))])


def _fitting(rules: FrozenRules, wanted: list[int], number: int) -> list[int]:
    """The first plans that fit the budget together, at most `number`."""
    fitting: list[int] = []
    left = rules.budget
    for plan in wanted:
        if len(fitting) < number and rules.costs[plan] <= left:
            fitting.append(plan)
            left -= rules.costs[plan]
    return fitting


def _divided(plans: list[int], total: int, most: int) -> Points:
    """Half of what is left, rounded up, for each plan in turn, and never more than a plan may get."""
    points: list[tuple[int, int]] = []
    for plan in plans:
        given = min(most, -(-total // 2))
        points += [(plan, given)] if given else []
        total -= given
    return tuple(points)
