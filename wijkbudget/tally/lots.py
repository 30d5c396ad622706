"""Whether a lot decided who is funded: only then it needs to be drawn."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, permutations, product

from .instance import Instance
from .outcome import Tie
from .rule import Totals
from .ties import LotNeeded, Rank, TieOrder

MOST_ORDERS = 120
"""How many orders of a lot are tried. Where there are more and all of these fund the same, the lot is drawn."""

Group = tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """What a count by one total order came to: who is funded, and the ties that were met."""

    funded: frozenset[str]
    ties: tuple[Tie, ...]


Count = Callable[[Rank], Trial]


def deciding_lots(
    instance: Instance, totals: Totals, ties: TieOrder, count: Count, *, interchangeable: bool
) -> tuple[Group, ...]:
    """The groups of plans, in the order of the lot, among which it chose and by which others might be funded.

    `interchangeable` says that by this rule plans with equal costs and points are alike in all but their names: another
    lot is then nothing but other names, and it matters exactly for the groups of which a part is funded. Otherwise
    other orders are tried. Raises LotNeeded if there are such groups and no lot.
    """
    rank = ties.rank(instance.plans, totals.points)
    present = [plan for plan in instance.plans if plan.id not in instance.withdrawn]
    groups = [tuple(sorted(group, key=rank.__getitem__)) for group in ties.left_to_lot(present, totals.points)]
    if not groups:
        return ()
    first = count(rank)
    lots = _split(groups, first.funded) if interchangeable else _deciding(rank, groups, count, first)
    if lots and ties.lot is None:
        raise LotNeeded(lots)
    return lots


def _split(groups: Iterable[Group], funded: frozenset[str]) -> tuple[Group, ...]:
    """The groups of which some plans are funded and some are not."""
    return tuple(group for group in groups if not funded.isdisjoint(group) and not funded.issuperset(group))


def _deciding(rank: Rank, groups: list[Group], count: Count, first: Trial) -> tuple[Group, ...]:
    """One group at a time; if none decides alone, all that are met together, and those that are met only then."""
    met = _met(groups, [first])
    alone = tuple(group for group in met if any(t.funded != first.funded for t in _tries(rank, [group], count)))
    if alone:
        return alone
    while True:
        trials = list(_tries(rank, met, count))
        if len(trials) > MOST_ORDERS or any(trial.funded != first.funded for trial in trials):
            return tuple(met)
        if (wider := _met(groups, [first, *trials])) == met:
            return ()
        met = wider


def _met(groups: list[Group], trials: Iterable[Trial]) -> list[Group]:
    """The groups of which two plans stood equal in one of these counts."""
    ties = [set(tie.plans) for trial in trials for tie in trial.ties]
    return [group for group in groups if any(len(tie.intersection(group)) > 1 for tie in ties)]


def _tries(rank: Rank, groups: list[Group], count: Count) -> Iterator[Trial]:
    """Counts by other orders of these groups, turned round first: one more than MOST_ORDERS if there are so many."""
    # `product` takes in all that it is given first, and twenty plans have more orders than there is time
    turned = [list(islice(permutations(reversed(group)), MOST_ORDERS + 1)) for group in groups]
    for orders in islice(product(*turned), MOST_ORDERS + 1):
        yield count(_reordered(rank, orders))


def _reordered(rank: Rank, orders: Iterable[Group]) -> Rank:
    """The same total order, in which the plans of each group share out their places in this order."""
    places = dict(rank)
    for order in orders:
        places |= zip(order, sorted(rank[plan_id] for plan_id in order), strict=True)
    return places
