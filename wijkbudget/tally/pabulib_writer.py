"""Writes an election as a `.pb` file that pabulib-checker passes: whoever counts it again gets the same result.

Nothing in it is about a person. Ballots stand in the order of their content, so that neither their order nor their
numbers tell who cast which. Rankings are written as points, since readers differ in the points they give to a place.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, repeat

from .instance import Instance, Plan, TallyError
from .pabulib_head import Measure, VoteType, written
from .pabulib_text import SECTIONS
from .pabulib_votes import BLANK_VOTES, ballots_by_row
from .profile import Ballot, Profile

TOLD = ("description", "country", "unit", "instance", "date_begin", "date_end")
"""What META must be given; what else it must say is known."""

META_ORDER = (
    *("description", "country", "unit", "district", "subunit", "instance", "num_projects", "num_votes", "budget"),
    *("vote_type", "rule", "date_begin", "date_end", "min_length", "max_length", "min_sum_cost", "max_sum_cost"),
    *("min_points", "max_points", "min_sum_points", "max_sum_points", "min_project_score_threshold", "edition"),
    *("language", "currency", "fully_funded", "experimental", "comment", "acknowledgments"),
)
"""The keys of the published format that are written, in its order; others are left out."""

PLAN_ID = re.compile(r'(?!(?:meta|projects|votes|none)$)[^\s,;"]+', re.IGNORECASE)
COMMENT = re.compile(r"#[0-9]+: ")
FUNDED, STRETCHED, NOT_FUNDED = "1", "2", "0"

POINTS = (VoteType.CUMULATIVE, VoteType.ORDINAL)
"""The vote types that are written with their points."""

Ballots = Mapping[Ballot, int]
"""How often each ballot was cast."""

Table = tuple[Sequence[str], Iterable[Sequence[str]]]
"""The names of the columns, and the rows."""


class NotWritable(TallyError):
    """The published format cannot hold this election; the message says why."""


def write_election(
    *,
    meta: Mapping[str, str],
    instance: Instance,
    names: Mapping[str, str],
    profile: Profile,
    vote_type: VoteType,
    selected: Collection[str] | None,
    stretched: Collection[str] = (),
) -> str:
    """The text of the file; raises NotWritable.

    `meta` holds, by the keys of the format, what must be told, and limits, rule and comments ('#1: …'). Withdrawn plans
    are left out, of ballots too, and a comment says so. `stretched` are those funded beyond what was left.
    """
    plans = [plan for plan in instance.plans if plan.id not in instance.withdrawn]
    require_writable(meta, plans)
    ballots = without(profile, instance.withdrawn)
    head = head_of(meta, instance, plans, ballots, vote_type)
    marks = None if selected is None else dict.fromkeys(selected, FUNDED) | dict.fromkeys(stretched, STRETCHED)
    return (
        section("META", SECTIONS["META"], ((key, head[key]) for key in META_ORDER if head.get(key)))
        + section("PROJECTS", *projects(instance, plans, names, profile, marks, is_points=vote_type in POINTS))
        + section("VOTES", *votes(ballots, plans, is_points=vote_type in POINTS))
    )


def without(profile: Profile, withdrawn: Collection[str]) -> Counter[Ballot]:
    """The ballots, with what they say about withdrawn plans left out."""
    ballots: Counter[Ballot] = Counter()
    for ballot, times in zip(ballots_by_row(profile), profile.times.tolist(), strict=True):
        ballots[tuple(entry for entry in ballot if entry[0] not in withdrawn)] += times
    return ballots


def written_type(vote_type: VoteType, ballots: Ballots) -> VoteType:
    """The vote type in the file: by it, other readers give the same points, and take blank ballots for votes."""
    if vote_type in POINTS:
        return VoteType.CUMULATIVE
    if any(points > 1 for ballot in ballots for _, points in ballot):
        raise NotWritable(f"a ballot of vote type {vote_type} gives a plan more than one point")
    return VoteType.APPROVAL if () in ballots else vote_type


def require_writable(meta: Mapping[str, str], plans: Sequence[Plan]) -> None:
    """Refuses what would not be read back, or not pass the checker."""
    for key in TOLD:
        if not meta.get(key, "").strip():
            raise NotWritable(f"META must be told: {key}")
    if meta.get("comment") and not meta["comment"].startswith("#1: "):
        raise NotWritable("comments must be numbered '#1: …'")
    if not plans:
        raise NotWritable("there are no plans")
    for plan in plans:
        if not PLAN_ID.fullmatch(plan.id):
            raise NotWritable(f"plan id {plan.id!r} cannot stand on a ballot")


def head_of(
    meta: Mapping[str, str], instance: Instance, plans: Sequence[Plan], ballots: Counter[Ballot], vote_type: VoteType
) -> dict[str, str]:
    """What META says: what was told, as far as it still holds, and what the rest of the file comes to."""
    told = {key: " ".join(text.split()) for key, text in meta.items()}
    # pabulib-checker reckons in whole units, and wants to be told if by that reckoning all plans can be funded.
    costs = sum(plan.cost // instance.unit for plan in plans)
    return {
        **told,
        **limits(told, plans, ballots, vote_type),
        "num_projects": str(len(plans)),
        "num_votes": str(ballots.total()),
        "budget": amount(instance, instance.budget),
        "vote_type": written_type(vote_type, ballots),
        "rule": told.get("rule") or "unknown",
        "fully_funded": "1" if costs <= instance.budget // instance.unit else "",
        "comment": with_remarks(told.get("comment", ""), instance),
    }


def limits(meta: Mapping[str, str], plans: Sequence[Plan], ballots: Ballots, vote_type: VoteType) -> dict[str, str]:
    """The limits that change: no more plans than there are, no least where a ballot is blank, a sum for points."""
    leasts = (f"min_{measure}" for measure in Measure)
    changed = dict.fromkeys(leasts, "") if () in ballots else {}
    if most := "1" if vote_type is VoteType.ONE else meta.get("max_length"):
        changed["max_length"] = str(min(int(most), len(plans)))
    if vote_type in POINTS and not meta.get("max_sum_points"):
        changed["max_sum_points"] = str(max(sum(points for _, points in ballot) for ballot in [*ballots, ()]))
    return changed


def with_remarks(comment: str, instance: Instance) -> str:
    """The comment, and in it what a recount must know that has no place of its own."""
    remarks = [f"at most one of these plans can be funded: {', '.join(sorted(group))}." for group in instance.exclusive]
    if instance.withdrawn:
        remarks.append(f"withdrawn, and left out with the votes for them: {', '.join(sorted(instance.withdrawn))}.")
    first = len(COMMENT.findall(comment)) + 1
    return " ".join(chain([comment] if comment else [], (f"#{n}: {text}" for n, text in enumerate(remarks, first))))


def projects(
    instance: Instance,
    plans: Sequence[Plan],
    names: Mapping[str, str],
    profile: Profile,
    marks: Mapping[str, str] | None,
    *,
    is_points: bool,
) -> Table:
    """The plans, with what they got and whether they were funded; one without a name is called by its id."""
    got = profile.points_by_plan()
    columns = [
        "project_id",
        "cost",
        "score" if is_points else "votes",
        "name",
        *([] if marks is None else ["selected"]),
    ]
    rows = (
        [plan.id, amount(instance, plan.cost), str(got.get(plan.id, 0)), " ".join(names[plan.id].split()) or plan.id]
        + ([] if marks is None else [marks.get(plan.id, NOT_FUNDED)])
        for plan in plans
    )
    return columns, rows


def votes(ballots: Ballots, plans: Sequence[Plan], *, is_points: bool) -> Table:
    """The votes: voters are numbered in the order of what they voted."""
    # By pabulib-checker every vote must say something. No points for some plan is what it takes for an empty vote
    # with points, and a comma between no plans for one without; pabutools reads both as a voter who supports nothing.
    blank = (plans[0].id, "0") if is_points else (BLANK_VOTES[-1],)
    texts = sorted((in_text(ballot, is_points) if ballot else blank, times) for ballot, times in ballots.items())
    each = chain.from_iterable(repeat(text, times) for text, times in texts)
    columns = ["voter_id", "vote", "points"] if is_points else ["voter_id", "vote"]
    return columns, ([str(number), *text] for number, text in enumerate(each, start=1))


def in_text(ballot: Ballot, is_points: bool) -> tuple[str, ...]:
    """The vote, and the points if they are to be told: the most first."""
    ordered = sorted(ballot, key=lambda entry: -entry[1])
    vote = ",".join(plan_id for plan_id, _ in ordered)
    return (vote, ",".join(str(points) for _, points in ordered)) if is_points else (vote,)


def amount(instance: Instance, minor: int) -> str:
    """The amount in units of the currency."""
    return written(minor, len(str(instance.unit)) - 1)


def section(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A section in the format's own notation, with its name and the names of its columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerows([[name], columns])
    writer.writerows(rows)
    return text.getvalue()
