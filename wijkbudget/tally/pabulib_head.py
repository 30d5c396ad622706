"""What the head of a `.pb` file says: money, plans, and the limits within which ballots must stay."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from .instance import Instance, Plan
from .pabulib_text import Head, PabulibError, Record, unique

Meta = Mapping[str, Record]

NEEDED = ("num_projects", "num_votes", "budget", "vote_type")
AMOUNT = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")

NOT_OURS = re.compile(r"budget_per_.+|(min|max)_(length|points|sum_points|sum_cost)_.+|scoring_fn")
"""What META may say about ballots or money that this reader leaves alone; it tells so."""


class VoteType(StrEnum):
    """What a ballot is: plans (any number, or one), plans with points, or plans in order, the best first."""

    APPROVAL = "approval"
    ONE = "choose-1"
    CUMULATIVE = "cumulative"
    ORDINAL = "ordinal"


class Measure(StrEnum):
    """What limits are about: how many plans a ballot names, the points of each and together, their cost together."""

    LENGTH = "length"
    POINTS = "points"
    SUM_POINTS = "sum_points"
    SUM_COST = "sum_cost"


class Remark(NamedTuple):
    """Something in this line of the file was passed over, and why."""

    line: int
    reason: str


class Objections:
    """Refuses what is wrong, or, if the reader is lenient, lists it."""

    def __init__(self, *, is_lenient: bool) -> None:
        self.is_lenient = is_lenient
        self.listed: list[Remark] = []

    def __call__(self, line: int, reason: str) -> None:
        """Raises PabulibError, or lists it."""
        if not self.is_lenient:
            raise PabulibError(line, reason)
        self.note(line, reason)

    def note(self, line: int, reason: str) -> None:
        """Lists what is no reason to refuse."""
        self.listed.append(Remark(line, reason))


@dataclass(frozen=True)
class Limit:
    """The most (or least) of a measure that a ballot may have, unless it is blank; costs in the minor unit."""

    key: str
    measure: Measure
    is_most: bool
    bound: int
    decimals: int = 0

    def allows(self, value: int) -> bool:
        """Whether it stays within."""
        return value <= self.bound if self.is_most else value >= self.bound

    def objection(self, value: int) -> str:
        """Why this value does not."""
        has, bound = written(value, self.decimals), written(self.bound, self.decimals)
        return f"{self.measure} {has} is {'over' if self.is_most else 'under'} {self.key} {bound}"


@dataclass(frozen=True)
class Form:
    """What a ballot must be: by its vote type, about these plans (cost by id), within these limits."""

    vote_type: VoteType
    costs: Mapping[str, int]
    limits: tuple[Limit, ...]


def written(minor: int, decimals: int) -> str:
    """The amount in the file's own unit, exact: 32223955 at two decimals is '322239.55'."""
    whole, part = divmod(abs(minor), 10**decimals)
    return f"{'-' * (minor < 0)}{whole}" + (f".{part:0{decimals}d}" if decimals else "")


def read_meta(head: Head, objections: Objections) -> Meta:
    """What META says by key, with the keys without which nothing can be counted; lists what it says in vain."""
    meta = unique(head.meta, "key")
    for key in NEEDED:
        if key not in meta:
            raise PabulibError(head.meta[-1].line if head.meta else 1, f"META does not name {key}")
    for key, record in meta.items():
        if NOT_OURS.fullmatch(key):
            objections.note(record.line, f"{key} is not looked at")
    return meta


def read_instance(meta: Meta, projects: Mapping[str, Record]) -> tuple[Instance, int]:
    """The money and the plans in the minor unit, and how many decimals of the file's unit that is.

    The minor unit is the whole unit if every amount is whole, else the hundredth, or a smaller one that the file needs.
    """
    budget, costs = read_amount(meta["budget"], "value"), read_costs(projects)
    decimals = decimals_needed([budget, *costs.values()])
    unit = 10**decimals
    plans = tuple(Plan(plan_id, int(cost * unit)) for plan_id, cost in costs.items())
    return Instance(int(budget * unit), plans, unit), decimals


def read_form(meta: Meta, costs: Mapping[str, int], decimals: int) -> Form:
    """What its ballots must be."""
    vote_type = read_vote_type(meta)
    return Form(vote_type, costs, read_limits(meta, vote_type, decimals))


def read_vote_type(meta: Meta) -> VoteType:
    """The vote type; refuses one for which there is no count, and points for plans that a ballot does not name."""
    kind = meta["vote_type"]
    if kind.value("value") not in list(VoteType):
        raise PabulibError(kind.line, f"vote type {kind.value('value')!r} is not counted; {', '.join(VoteType)} are")
    if "default_score" in meta and meta["default_score"].value("value") not in ("", "0"):
        raise PabulibError(meta["default_score"].line, "points for plans that a ballot does not name are not counted")
    return VoteType(kind.value("value"))


def read_amount(record: Record, column: str) -> Fraction:
    """The exact amount that stands there, not below zero."""
    text = record.value(column)
    if not AMOUNT.fullmatch(text):
        raise PabulibError(record.line, f"{column} {text!r} is not an amount")
    if Fraction(text) < 0:
        raise PabulibError(record.line, f"{column} {text} is below zero")
    return Fraction(text)


def read_costs(projects: Mapping[str, Record]) -> dict[str, Fraction]:
    """The cost of every plan, above zero, in file order."""
    costs = {plan_id: read_amount(record, "cost") for plan_id, record in projects.items()}
    for plan_id, cost in costs.items():
        if not cost:
            raise PabulibError(projects[plan_id].line, f"plan {plan_id!r} costs nothing")
    return costs


def decimals_needed(amounts: Iterable[Fraction]) -> int:
    """How many decimals write all these amounts: none, or two or more."""
    most = max(next(n for n in range(19) if 10**n % amount.denominator == 0) for amount in amounts)
    return max(2, most) if most else 0


def read_limits(meta: Meta, vote_type: VoteType, decimals: int) -> tuple[Limit, ...]:
    """The limits that META declares; one plan each has its own."""
    limits = [
        read_limit(meta[key], key, measure, decimals)
        for measure in Measure
        for key in (f"min_{measure}", f"max_{measure}")
        if key in meta and meta[key].value("value")
    ]
    if vote_type is VoteType.ONE:
        limits.append(Limit("choose-1:", Measure.LENGTH, is_most=True, bound=1))
    return tuple(limits)


def read_limit(record: Record, key: str, measure: Measure, decimals: int) -> Limit:
    """One limit: a whole number or, for cost, an amount, to the inside of which a finer one is rounded."""
    is_most = key.startswith("max")
    if measure is Measure.SUM_COST:
        minor = read_amount(record, "value") * 10**decimals
        return Limit(key, measure, is_most, floor(minor) if is_most else ceil(minor), decimals)
    text = record.value("value")
    if not WHOLE_NUMBER.fullmatch(text):
        raise PabulibError(record.line, f"{key} {text!r} is not a whole number")
    return Limit(key, measure, is_most, int(text))


def require_count(record: Record, found: int, objections: Objections) -> None:
    """Objects to a file that does not hold as many as META says."""
    if record.value("value") != str(found):
        reason = f"{record.value('key')} is {record.value('value')!r}, but the file has {found}"
        objections(record.line, reason)


def is_told(projects: Sequence[Record]) -> bool:
    """Whether the file says which plans were funded."""
    return bool(projects) and "selected" in projects[0].columns


def marked(projects: Sequence[Record], mark: str) -> tuple[str, ...]:
    """The plans with this mark in the column `selected`."""
    return tuple(record.value("project_id") for record in projects if record.value("selected") == mark)
