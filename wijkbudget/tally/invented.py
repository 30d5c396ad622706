"""Invented voters and plans, the same for the same seed: to try counting rules before anybody votes.

Only `Random.random` is used, which Python promises to keep: a seed gives the same ballots on every machine and version.
"""

from collections.abc import Callable, Iterable
from itertools import accumulate
from random import Random

from .instance import Instance, Plan
from .profile import Ballot, Profile

AREAS = (45, 30, 15, 10)
"""Where voters live, in percent: one large part of the neighbourhood and three smaller ones."""

FOR_EVERYBODY = 0.3
"""The share of plans that are of use in every part; the others lie in one part."""

FROM_AFAR = 0.12
"""How much of its appeal a plan in another part of the neighbourhood keeps."""

WHOLE = 100
INVENTED_PLANS = 8
CHEAPEST, DEAREST = 6, 45  # percent of the budget

Wishes = tuple[str, ...]
"""The plans that a voter likes, the most liked first."""

FillIn = Callable[[Wishes], Ballot]


def invented_profile(instance: Instance, *, voters: int, seed: int, fill_in: FillIn) -> Profile:
    """The ballots of so many voters with wishes of their own, each filled in by `fill_in`.

    Support is uneven, and clustered: most plans are liked by those who live near them, and not everywhere live as many.
    """
    random = Random(seed)
    appeals = [_appeal(random) for _ in instance.plans]
    return Profile.from_ballots(fill_in(_wishes(instance, appeals, random)) for _ in range(voters))


def invented_plans(budget: int, *, unit: int, seed: int) -> tuple[Plan, ...]:
    """Plans of all sizes, called 1, 2, …, each of a whole number of units where the budget is large enough for that."""
    random = Random(seed)
    shares = [CHEAPEST + (DEAREST - CHEAPEST) * random.random() ** 2 for _ in range(INVENTED_PLANS)]
    costs = [int(budget * share) // WHOLE for share in shares]
    step = next((step for step in (unit * WHOLE, unit) if min(costs) >= step), 1)
    return tuple(Plan(str(number), max(1, cost // step * step)) for number, cost in enumerate(costs, start=1))


def affordable(wishes: Wishes, instance: Instance, *, least: int = 0, most: int | None = None) -> Ballot:
    """The most liked plans that together fit the budget; blank if those are fewer than `least`."""
    chosen: list[str] = []
    left = instance.budget
    for plan_id in wishes:
        if instance.costs[plan_id] <= left and len(chosen) != most:
            chosen.append(plan_id)
            left -= instance.costs[plan_id]
    return _one_each(chosen, least)


def most_liked(wishes: Wishes, *, least: int = 0, most: int) -> Ballot:
    """So many of the most liked plans; blank if there are fewer than `least`."""
    return _one_each(wishes[:most], least)


def divided(wishes: Wishes, *, total: int, most: int) -> Ballot:
    """All points, as far as they go: half of what is left to the next plan each time, at most `most`."""
    points: dict[str, int] = {}
    for plan_id in wishes:
        left = total - sum(points.values())
        if left:
            points[plan_id] = min(most, (left + 1) // 2)
    return tuple(points.items())


def in_order(wishes: Wishes, *, most: int) -> Ballot:
    """The most liked plans in order: the first gets `most` points, each next one a point less."""
    return tuple((plan_id, most - place) for place, plan_id in enumerate(wishes[:most]))


def _one_each(chosen: Iterable[str], least: int) -> Ballot:
    ballot = tuple((plan_id, 1) for plan_id in chosen)
    return ballot if len(ballot) >= least else ()


def _appeal(random: Random) -> tuple[float, ...]:
    """How likely somebody likes a plan, for each area: it lies in one of them, or is for everybody."""
    likely = 0.15 + 0.6 * random.random() ** 2
    is_for_everybody, home = random.random() < FOR_EVERYBODY, int(random.random() * len(AREAS))
    return tuple(likely * (1 if is_for_everybody or area == home else FROM_AFAR) for area in range(len(AREAS)))


def _wishes(instance: Instance, appeals: list[tuple[float, ...]], random: Random) -> Wishes:
    """What one voter likes: the further below the chance the draw stays, the more."""
    area = _area(random.random() * WHOLE)
    draws = sorted(
        (random.random() / appeal[area], plan.id) for plan, appeal in zip(instance.plans, appeals, strict=True)
    )
    return tuple(plan_id for draw, plan_id in draws if draw < 1)


def _area(point: float) -> int:
    return next(area for area, end in enumerate(accumulate(AREAS)) if point < end)
