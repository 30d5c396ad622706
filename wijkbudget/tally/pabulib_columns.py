"""The votes of a `.pb` file, column by column, fast: only as long as nothing is unusual, and never a guess.

What is equal is parsed once, and what is left of it all at once. Whatever is not plain to see raises NotPlain; then the
careful reader takes over, which gives the same profile or tells what is wrong.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, count, repeat

import numpy as np

from .pabulib_head import WHOLE_NUMBER, Form, Measure, VoteType
from .pabulib_text import SECTIONS, Section
from .pabulib_votes import BLANK_VOTES, Votes
from .profile import Profile, Whole, whole

READ = ("voter_id", "vote", "points")
"""The columns that matter, of which the last need not be there."""

MOST = 2**62
"""Sums of costs stay below it, so that no sum of 64 bits runs over."""

AT_ONCE = 250_000
"""How many characters are split into fields at once, so that few that are not wanted stay in memory."""


class NotPlain(Exception):
    """Something in these votes needs care."""


def read_in_columns(section: Section, form: Form) -> Votes:
    """The votes, if every line has all fields and no quotes, and every ballot is right; raises NotPlain if not."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    voters: set[str] = set()
    parts = [whole([])]
    for fields in fields_of(section):
        names, votes, points = (fields[section.columns.get(name, len(fields)) :: len(section.columns)] for name in READ)
        voters.update(map(str.strip, names))
        ballots = map(";".join, zip(votes, points, strict=True)) if "points" in section.columns else votes
        parts.append(whole(map(numbers.__getitem__, ballots)))
    rows = np.concatenate(parts)
    if len(voters) != len(rows) or not voters.isdisjoint(["", *SECTIONS]):
        raise NotPlain("a voter twice or without a name")
    return Votes(read_distinct(list(numbers), np.bincount(rows, minlength=len(numbers)), form), rows)


def fields_of(section: Section) -> Iterator[list[str]]:
    """The fields of many lines in a row, each with a field for every column, spaces and all."""
    if '"' in section.text:
        raise NotPlain("quotes")
    for text in parts_of(section.text):
        lines = list(filter(None, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
        if not {len(section.columns) - 1}.issuperset(map(str.count, lines, repeat(";"))):
            raise NotPlain("a line with more or fewer fields")
        if max(map(len, lines), default=0) > csv.field_size_limit():
            raise NotPlain("a line beyond all measure")
        if lines:
            yield ";".join(lines).split(";")


def parts_of(text: str) -> Iterator[str]:
    """The text in parts of whole lines."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + AT_ONCE) + 1 or len(text)
        yield text[start:end]
        start = end


def read_distinct(ballots: Sequence[str], times: Whole, form: Form) -> Profile:
    """The profile of different texts 'vote' or 'vote;points', each so many times; some may turn out to be alike."""
    pairs = [ballot.partition(";") for ballot in ballots]
    votes = ["" if vote in BLANK_VOTES else vote for vote, _, _ in pairs]
    lengths = whole(map(length, votes))
    known = sorted(form.costs)
    columns = looked_up({plan_id: place for place, plan_id in enumerate(known)}, votes)
    points = read_points([points for _, _, points in pairs], lengths, form.vote_type)
    rows = np.repeat(np.arange(len(ballots)), lengths)
    rows, columns, points = each_once(rows * len(known) + columns, points, len(known))
    starts = np.searchsorted(rows, np.arange(len(ballots) + 1))
    require_limits(starts, points, whole_costs(form, known)[columns], form)
    is_named = np.bincount(columns, minlength=len(known)) > 0
    ids = tuple(compress(known, is_named.tolist()))
    return Profile(ids, times, starts, (np.cumsum(is_named) - 1)[columns], points)


def length(text: str) -> int:
    """How many texts with commas between them this is."""
    return text.count(",") + 1 if text else 0


def looked_up(numbers: Mapping[str, int], texts: Iterable[str]) -> Whole:
    """The numbers of all texts, with commas between them, in a row: nothing is known by a name with spaces."""
    try:
        return whole(map(numbers.__getitem__, chain.from_iterable(text.split(",") for text in texts if text)))
    except KeyError as error:
        raise NotPlain("an unknown plan") from error


def read_points(texts: Sequence[str], lengths: Whole, vote_type: VoteType) -> Whole:
    """The points of every plan on every ballot in order: those by the form, or those stated."""
    if vote_type is VoteType.CUMULATIVE:
        return stated(texts, lengths)
    if vote_type is not VoteType.ORDINAL:
        if any(texts):
            raise NotPlain("points where the form has none")
        return np.ones(lengths.sum(), dtype=np.int64)
    descending: Whole = np.repeat(np.cumsum(lengths), lengths) - np.arange(lengths.sum())
    if any(texts) and not np.array_equal(stated(texts, lengths), descending):
        raise NotPlain("points that are not those of the order")
    return descending


def stated(texts: Sequence[str], lengths: Whole) -> Whole:
    """The points that the ballots state, as many as they name plans."""
    if not np.array_equal(whole(map(length, texts)), lengths):
        raise NotPlain("more or fewer points than plans")
    distinct = set(chain.from_iterable(text.split(",") for text in texts if text))
    if not all(map(WHOLE_NUMBER.fullmatch, distinct)):
        raise NotPlain("points that are no number")
    return looked_up({point: int(point) for point in distinct}, texts)


def each_once(places: Whole, points: Whole, width: int) -> tuple[Whole, Whole, Whole]:
    """Rows, columns and points of what got points, in the order of its place in a table of so many columns."""
    if not (np.diff(places) > 0).all():
        order = np.argsort(places)
        places, points = places[order], points[order]
        if (np.diff(places) == 0).any():
            raise NotPlain("a plan twice on a ballot")
    places, points = places[points > 0], points[points > 0]
    rows, columns = np.divmod(places, max(width, 1))
    return rows, columns, points


def whole_costs(form: Form, plan_ids: Iterable[str]) -> Whole:
    """The costs of these plans, if their sum is not beyond all measure."""
    if sum(form.costs.values()) >= MOST:
        raise NotPlain("costs beyond all measure")
    return whole(form.costs[plan_id] for plan_id in plan_ids)


def require_limits(starts: Whole, points: Whole, costs: Whole, form: Form) -> None:
    """Every ballot that is not blank, from each start up to the next, within the limits."""
    lengths = np.diff(starts)
    measures = {
        Measure.LENGTH: lengths[lengths > 0],
        Measure.POINTS: points,
        Measure.SUM_POINTS: sums(points, starts)[lengths > 0],
        Measure.SUM_COST: sums(costs, starts)[lengths > 0],
    }
    for limit in form.limits if len(points) else ():
        values = measures[limit.measure]
        if not limit.allows(int(values.max() if limit.is_most else values.min())):
            raise NotPlain("a ballot beyond the limits")


def sums(values: Whole, starts: Whole) -> Whole:
    """The sum of the values from each start up to the next."""
    before: Whole = np.concatenate([[0], np.cumsum(values)])
    return np.diff(before[starts])
