"""All ballots cast, as points in a sparse table: one row for identical ballots, one column for each plan named."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .instance import PlanTwice, TallyError

Ballot = tuple[tuple[str, int], ...]
"""A ballot as (plan id, points) pairs, each plan once and each with a point or more; a blank ballot is `()`."""

Whole = NDArray[np.int64]
MOST = int(np.iinfo(np.int64).max)


class MalformedBallot(TallyError):
    """A ballot gives a plan no points, or was handed in fewer than once."""


class TooManyPoints(TallyError):
    """A plan could get more points than can be added up without loss."""


@dataclass(frozen=True)
class Supporters:
    """Who gave one plan points: the `rows` of the profile, ascending, and the points each ballot in them gave it."""

    rows: Whole
    points: Whole


@dataclass(frozen=True, eq=False)
class Profile:
    """Row r stands for `times[r]` identical ballots; it gives `points[e]` to plan `ids[columns[e]]`.

    e runs from `starts[r]` up to `starts[r + 1]`. A blank ballot is an empty row. `ids` are ascending, each named on a
    ballot; the order of rows and of entries in a row means nothing.
    """

    ids: tuple[str, ...]
    times: Whole
    starts: Whole
    columns: Whole
    points: Whole

    def __post_init__(self) -> None:
        if self.most_points * self.ballots > MOST:
            raise TooManyPoints(f"{self.ballots} ballots that give a plan up to {self.most_points} points")

    @classmethod
    def from_ballots(cls, ballots: Iterable[Ballot]) -> "Profile":
        """Groups ballots; their order leaves no trace. Raises PlanTwice, MalformedBallot."""
        return cls.from_groups(Counter(tuple(sorted(ballot)) for ballot in ballots))

    @classmethod
    def from_groups(cls, groups: Mapping[Ballot, int]) -> "Profile":
        """A profile of ballots with how often each was cast. Raises PlanTwice, MalformedBallot."""
        for ballot, times in groups.items():
            require_ballot(ballot, times)
        ids = tuple(sorted({plan_id for ballot in groups for plan_id, _ in ballot}))
        column = {plan_id: number for number, plan_id in enumerate(ids)}
        entries = [(column[plan_id], points) for ballot in groups for plan_id, points in ballot]
        return cls(
            ids=ids,
            times=whole(groups.values()),
            starts=whole([0, *np.cumsum([len(ballot) for ballot in groups])]),
            columns=whole(column for column, _ in entries),
            points=whole(points for _, points in entries),
        )

    @cached_property
    def ballots(self) -> int:
        """How many ballots were cast, blank ones included."""
        return int(self.times.sum())

    @cached_property
    def blank(self) -> int:
        """How many of them were blank."""
        return int(self.times[np.diff(self.starts) == 0].sum())

    @cached_property
    def most_points(self) -> int:
        """The most points that a ballot gives a plan; 1 if all are blank."""
        return int(self.points.max(initial=1))

    @cached_property
    def rows(self) -> Whole:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.times)), np.diff(self.starts))

    def points_by_plan(self) -> dict[str, int]:
        """The points of every plan that was named at all."""
        return {plan: int((by.points * self.times[by.rows]).sum()) for plan, by in self.supporters.items()}

    def ballots_by_plan(self) -> dict[str, int]:
        """How many ballots named every plan that was named at all."""
        return {plan: int(self.times[by.rows].sum()) for plan, by in self.supporters.items()}

    def naming_any(self, plan_ids: Iterable[str]) -> int:
        """How many ballots name at least one of these plans."""
        wanted = set(plan_ids)
        named = np.zeros(len(self.times), dtype=bool)
        for plan_id in wanted & self.supporters.keys():
            named[self.supporters[plan_id].rows] = True
        return int(self.times[named].sum())

    @cached_property
    def supporters(self) -> dict[str, Supporters]:
        """The supporters of every plan that was named at all, in the order of `ids`."""
        order = np.argsort(self.columns, kind="stable")
        rows, points = self.rows[order], self.points[order]
        ends = np.searchsorted(self.columns[order], np.arange(len(self.ids) + 1))
        return {
            plan_id: Supporters(rows[start:end], points[start:end])
            for plan_id, (start, end) in zip(self.ids, pairwise(ends.tolist()), strict=True)
        }

    def with_more(self, ballot: Ballot, times: int) -> "Profile":
        """The profile once this ballot was cast so many times more. Raises PlanTwice, MalformedBallot."""
        require_ballot(ballot, times)
        ids = sorted({*self.ids, *(plan_id for plan_id, _ in ballot)})
        column = {plan_id: number for number, plan_id in enumerate(ids)}
        moved = whole(column[plan_id] for plan_id in self.ids)
        more = Profile(
            ids=tuple(ids),
            times=np.append(self.times, times),
            starts=np.append(self.starts, self.starts[-1] + len(ballot)),
            columns=np.append(moved[self.columns], whole(column[plan_id] for plan_id, _ in ballot)),
            points=np.append(self.points, whole(points for _, points in ballot)),
        )
        # Known without sorting all entries again: counting again and again asks for little else.
        supporters = self.supporters | {entry[0]: self._supporters_with(entry) for entry in ballot}
        vars(more)["supporters"] = {plan_id: supporters[plan_id] for plan_id in ids}
        return more

    def _supporters_with(self, entry: tuple[str, int]) -> Supporters:
        """The supporters of a plan once the row after the last gives it points."""
        plan_id, points = entry
        old = self.supporters.get(plan_id, Supporters(whole([]), whole([])))
        return Supporters(np.append(old.rows, len(self.times)), np.append(old.points, points))

    @property
    def is_approval(self) -> bool:
        """Whether every ballot gives a point, or none, to each plan."""
        return bool((self.points == 1).all())


def whole(numbers: Iterable[int]) -> Whole:
    """Whole numbers in a row."""
    return np.fromiter(numbers, dtype=np.int64)


def require_ballot(ballot: Ballot, times: int) -> None:
    """Raise PlanTwice or MalformedBallot unless this is a ballot that was cast so many times."""
    for plan_id, count in Counter(plan_id for plan_id, _ in ballot).items():
        if count > 1:
            raise PlanTwice(f"plan {plan_id!r} stands on the ballot twice")
    if times < 1 or any(points < 1 for _, points in ballot):
        raise MalformedBallot(f"{ballot!r}, {times} times, is no ballot")


def approval(plan_ids: Iterable[str]) -> Ballot:
    """The ballot that gives each of these plans one point; raises PlanTwice."""
    ballot = tuple((plan_id, 1) for plan_id in sorted(plan_ids))
    require_ballot(ballot, 1)
    return ballot
