"""Elections for the tests of counting in turn: with points, withdrawn plans, and plans that exclude each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import ClassVar

from hypothesis import strategies as st

from wijkbudget.tally.in_turn import InTurn, MostVotes, VotesPerEuro
from wijkbudget.tally.instance import Instance, Plan
from wijkbudget.tally.profile import Ballot, Profile
from wijkbudget.tally.ties import Cheapest, CheapestFirst, Dearest, Key, Lexicographic, Lot
from wijkbudget.tally.turns import Misfit

LOT = CheapestFirst(Lot("seed", "round"))
ORDERS = st.sampled_from([LOT, CheapestFirst(Lot("other", "round")), Lexicographic(), Cheapest(), Dearest()])


@dataclass(frozen=True)
class Contest:
    """An election with its ballots as they were cast."""

    instance: Instance
    ballots: tuple[Ballot, ...]

    @property
    def profile(self) -> Profile:
        """The ballots, grouped."""
        return Profile.from_ballots(self.ballots)

    @property
    def points(self) -> dict[str, int]:
        """The points of every plan, added up one by one."""
        totals = {plan.id: 0 for plan in self.instance.plans}
        for ballot in self.ballots:
            for plan_id, points in ballot:
                totals[plan_id] += points
        return totals


@dataclass(frozen=True)
class Drawn(CheapestFirst):
    """The default chain, in which the lot put all plans in this order."""

    order: tuple[str, ...] = ()
    name: ClassVar[str] = "drawn"

    def key(self, plan: Plan, points: int) -> Key:
        """The lower the cost, then the more points, then the earlier in the order."""
        return plan.cost, -points, f"{self.order.index(plan.id):03}"


def all_draws(instance: Instance) -> Iterator[Drawn]:
    """Every way in which a lot can fall."""
    return (Drawn(Lot("seed", "round"), order) for order in permutations(plan.id for plan in instance.plans))


def cast(points: Mapping[str, int]) -> Profile:
    """One ballot that gives every plan all of its points."""
    return Profile.from_ballots([tuple((plan_id, given) for plan_id, given in points.items() if given)])


@st.composite
def contests(
    draw: st.DrawFn, *, plans: int = 5, points: int = 3, exclusive: bool = True, withdrawn: bool = True
) -> Contest:
    """Up to so many plans whose costs and points are so small that they are often equal."""
    ids = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=plans))
    costs = tuple(Plan(plan_id, draw(st.integers(1, 4))) for plan_id in ids)
    named = st.sets(st.sampled_from(ids)) if ids else st.just(set[str]())
    groups = draw(st.lists(named.map(frozenset), max_size=2)) if exclusive else []
    out = draw(st.one_of(st.just(set[str]()), named)) if withdrawn else set[str]()
    instance = Instance(
        draw(st.integers(0, 10)), costs, withdrawn=frozenset(out), exclusive=tuple(g for g in groups if len(g) > 1)
    )
    ballot = st.dictionaries(st.sampled_from(ids), st.integers(1, points)) if ids else st.just(dict[str, int]())
    return Contest(instance, tuple(draw(st.lists(ballot.map(as_ballot), max_size=6))))


def as_ballot(points: Mapping[str, int]) -> Ballot:
    """The ballot that gives these points."""
    return tuple(points.items())


@st.composite
def rules_in_turn(draw: st.DrawFn) -> InTurn:
    """Both rules with all their settings."""
    kind = draw(st.sampled_from([MostVotes, VotesPerEuro]))
    misfit = draw(st.sampled_from(Misfit))
    percent = draw(st.sampled_from([1, 50, 75, 80, 99])) if misfit is Misfit.STRETCH else 0
    return kind(misfit, percent, draw(st.sampled_from([0, 0, 1, 2, 4])))
