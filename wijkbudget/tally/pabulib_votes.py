"""The votes of a `.pb` file, ballot by ballot, with care: where one is wrong, it tells the line and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .pabulib_head import WHOLE_NUMBER, Form, Measure, Objections, VoteType
from .pabulib_text import PabulibError, Record, Section, unique
from .profile import Ballot, Profile, Whole

BLANK_VOTES = ("", ",")
"""Neither names a plan. The second is how a blank ballot is written so that pabulib-checker takes it for a vote."""


@dataclass(frozen=True)
class Votes:
    """The profile, and the row in it of every ballot in file order."""

    profile: Profile
    rows: Whole

    def ballots(self) -> tuple[Ballot, ...]:
        """The ballots in file order, each with its plans in string order."""
        distinct = ballots_by_row(self.profile)
        return tuple(distinct[row] for row in self.rows.tolist())


def ballots_by_row(profile: Profile) -> list[Ballot]:
    """The ballot that each row of the profile stands for, with its plans in string order."""
    ids = map(profile.ids.__getitem__, profile.columns.tolist())
    entries = list(zip(ids, profile.points.tolist(), strict=True))
    return [tuple(sorted(entries[start:end])) for start, end in pairwise(profile.starts.tolist())]


def read_carefully(section: Section, form: Form, objections: Objections) -> Votes:
    """The votes, each voter once; raises PabulibError, or lists what can be passed over."""
    ballots = list(read_ballots(section, form, objections))
    times = Counter(ballots)
    place = {ballot: row for row, ballot in enumerate(times)}
    rows = np.fromiter((place[ballot] for ballot in ballots), np.int64, len(ballots))
    return Votes(Profile.from_groups(times), rows)


def read_ballots(section: Section, form: Form, objections: Objections) -> Iterator[Ballot]:
    """The ballots in file order."""
    for record in unique(section.records(), "voter_id").values():
        ballot = read_ballot(record, form, objections)
        check_limits(record.line, ballot, form, objections)
        yield ballot


def read_ballot(record: Record, form: Form, objections: Objections) -> Ballot:
    """A ballot: plans that got a point or more. A plan that stands there twice gets its points added up."""
    vote = record.value("vote")
    chosen = [] if vote in BLANK_VOTES else [plan_id.strip() for plan_id in vote.split(",")]
    ballot: dict[str, int] = {}
    for plan_id, points in zip(chosen, points_of(record, len(chosen), form.vote_type), strict=True):
        if plan_id not in form.costs:
            objections(record.line, f"the ballot names an unknown plan {plan_id!r}")
        elif plan_id not in ballot:
            ballot[plan_id] = points
        else:
            objections(record.line, f"plan {plan_id!r} stands on the ballot twice")
            ballot[plan_id] += points if form.vote_type in (VoteType.CUMULATIVE, VoteType.ORDINAL) else 0
    return tuple(sorted((plan_id, points) for plan_id, points in ballot.items() if points))


def points_of(record: Record, length: int, vote_type: VoteType) -> Sequence[int]:
    """The points of each of so many plans in the order of the vote."""
    given = read_points(record)
    by_form = range(length, 0, -1) if vote_type is VoteType.ORDINAL else [1] * length
    if vote_type is VoteType.CUMULATIVE:
        if len(given) != length:
            raise PabulibError(record.line, f"the ballot names {length} plans and gives points {len(given)} times")
        return given
    is_ranked = vote_type is VoteType.ORDINAL and given == list(by_form)
    if given and not is_ranked:
        reason = f"points {record.value('points')!r} are not those of vote type {vote_type}"
        raise PabulibError(record.line, reason)
    return by_form


def read_points(record: Record) -> list[int]:
    """The points that the ballot states."""
    text = record.value("points")
    points = [point.strip() for point in text.split(",")] if text else []
    for point in points:
        if not WHOLE_NUMBER.fullmatch(point):
            raise PabulibError(record.line, f"{point!r} is not a whole number of points")
    return [int(point) for point in points]


def check_limits(line: int, ballot: Ballot, form: Form, objections: Objections) -> None:
    """Objects to a ballot beyond the limits; a blank one is within all."""
    points = [points for _, points in ballot]
    measures = {
        Measure.LENGTH: [len(ballot)],
        Measure.POINTS: points,
        Measure.SUM_POINTS: [sum(points)],
        Measure.SUM_COST: [sum(form.costs[plan_id] for plan_id, _ in ballot)],
    }
    for limit in form.limits if ballot else ():
        for value in measures[limit.measure]:
            if not limit.allows(value):
                objections(line, limit.objection(value))
