"""Best value by trying every set; and a knapsack by a table of all capacities."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.rule import Utility
from wijkbudget.tally.ties import TieOrder


def best_of_all(
    utility: Utility, instance: Instance, points: Mapping[str, int], ties: TieOrder
) -> tuple[int, frozenset[str], list[frozenset[str]]]:
    """The greatest value within the budget, the set that the tie order chooses, and all sets that are worth it."""
    plans = [plan for plan in instance.plans if points[plan.id] and plan.id not in instance.withdrawn]
    sets = [chosen for size in range(len(plans) + 1) for chosen in combinations(plans, size)]
    affordable = [chosen for chosen in sets if sum(plan.cost for plan in chosen) <= instance.budget]

    def value(chosen: Sequence[Plan]) -> int:
        return sum(points[plan.id] * (plan.cost if utility is Utility.COST else 1) for plan in chosen)

    most = max(map(value, affordable))
    best = [frozenset(plan.id for plan in chosen) for chosen in affordable if value(chosen) == most]
    order = sorted(ties.rank(plans, points).items(), key=lambda item: item[1])
    remaining = best
    for plan_id, _ in order:
        remaining = [chosen for chosen in remaining if plan_id in chosen] or remaining
    (winners,) = remaining
    return most, winners, best


def best_by_table(weights: Sequence[int], values: Sequence[int], capacity: int) -> tuple[int, frozenset[int]]:
    """The greatest value and the set, by whole numbers so long that the tie order fits behind the value."""
    size = len(weights)
    table = [0] * (capacity + 1)
    for place, (weight, value) in enumerate(zip(weights, values, strict=True)):
        worth = (value << size) + (1 << (size - 1 - place))
        table = [max(best, table[room - weight] + worth) if room >= weight else best for room, best in enumerate(table)]
    best = table[capacity]
    return best >> size, frozenset(place for place in range(size) if best >> (size - 1 - place) & 1)
