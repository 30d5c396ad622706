"""Reads elections in Pabulib's `.pb` format: every amount exact, every refusal with its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .instance import Instance
from .pabulib_columns import NotPlain, read_in_columns
from .pabulib_head import (
    Form,
    Objections,
    Remark,
    VoteType,
    is_told,
    marked,
    read_form,
    read_instance,
    read_meta,
    require_count,
    written,
)
from .pabulib_text import Section, decode, read_head, unique
from .pabulib_votes import Votes, read_carefully
from .profile import Ballot, Profile

FUNDED = "1"
STRETCHED = "2"


@dataclass(frozen=True, eq=False)
class Election:
    """An election as its file tells it; amounts are whole numbers of 10**-decimals of the file's unit.

    `selected` are the plans officially funded, or None if the file does not say; `stretched` those that it marks as
    funded beyond what was left. `passed_over` tells, by line, what was not taken as it stands.
    """

    instance: Instance
    decimals: int
    names: Mapping[str, str]
    votes: Votes
    selected: tuple[str, ...] | None
    stretched: tuple[str, ...]
    meta: Mapping[str, str]
    vote_type: VoteType
    passed_over: tuple[Remark, ...]

    @property
    def profile(self) -> Profile:
        """The ballots, identical ones grouped."""
        return self.votes.profile

    @cached_property
    def ballots(self) -> tuple[Ballot, ...]:
        """The ballots one by one, in file order."""
        return self.votes.ballots()

    def amount(self, minor: int) -> str:
        """The amount in the file's own unit, exact: 32223955 at two decimals is '322239.55'."""
        return written(minor, self.decimals)


def read_election(content: bytes, *, is_lenient: bool = False) -> Election:
    """Reads a whole file, with any line end, quoting or byte order mark; raises PabulibError.

    A lenient reader lists and passes over: a plan twice on a ballot (counted once, points added up), an unknown plan, a
    ballot beyond the limits (counted as it stands), a number of plans or ballots other than META says.
    """
    head, objections = read_head(decode(content)), Objections(is_lenient=is_lenient)
    meta, projects = read_meta(head, objections), unique(head.projects, "project_id")
    require_count(meta["num_projects"], len(projects), objections)
    instance, decimals = read_instance(meta, projects)
    form = read_form(meta, instance.costs, decimals)
    votes = read_votes(head.votes, form, objections)
    require_count(meta["num_votes"], len(votes.rows), objections)
    return Election(
        instance=instance,
        decimals=decimals,
        names={plan_id: record.value("name") for plan_id, record in projects.items()},
        votes=votes,
        selected=marked(head.projects, FUNDED) if is_told(head.projects) else None,
        stretched=marked(head.projects, STRETCHED),
        meta={key: record.value("value") for key, record in meta.items()},
        vote_type=form.vote_type,
        passed_over=tuple(objections.listed),
    )


def read_votes(section: Section, form: Form, objections: Objections) -> Votes:
    """The votes: fast if there is nothing unusual about them, else with care."""
    try:
        return read_in_columns(section, form)
    except NotPlain:
        return read_carefully(section, form, objections)
