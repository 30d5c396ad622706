"""Reads elections in Pabulib's `.pb` format: every amount exact, every refusal with its line."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .instance import Ballot, Instance, Plan, PlanTwice, Profile, TallyError, approval

SECTIONS = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
COUNTED_VOTE_TYPES = ("approval", "choose-1")
FUNDED = "1"
AMOUNT = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")


class PabulibError(TallyError):
    """The file cannot be counted: `line` is where (from 1), `reason` why."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}")


class Record(NamedTuple):
    """One line of a section, `line` of the file where it ends, read by the names of the section's columns."""

    line: int
    columns: Mapping[str, int]
    fields: Sequence[str]

    def value(self, column: str) -> str:
        """What stands in this column, without spaces around it; empty if the line or the section leaves it out."""
        index = self.columns.get(column, len(self.fields))
        return self.fields[index].strip() if index < len(self.fields) else ""


@dataclass(frozen=True)
class Election:
    """An election as its file tells it; amounts are whole numbers of 10**-decimals of the file's unit.

    `ballots` are in file order; `selected` are the plans officially funded, or None if the file does not say.
    """

    instance: Instance
    decimals: int
    names: Mapping[str, str]
    ballots: tuple[Ballot, ...]
    selected: tuple[str, ...] | None
    meta: Mapping[str, str]

    @property
    def profile(self) -> Profile:
        """The ballots, identical ones grouped."""
        return Profile.from_ballots(self.ballots)

    def amount(self, minor: int) -> str:
        """The amount in the file's own unit, exact: 32223955 at two decimals is '322239.55'."""
        whole, part = divmod(minor, 10**self.decimals)
        return f"{whole}.{part:0{self.decimals}d}" if self.decimals else str(whole)


def read_election(content: bytes) -> Election:
    """Reads a whole file, with any line end, quoting or byte order mark; raises PabulibError.

    The minor unit is the whole unit if every amount is whole, else the hundredth, or a smaller one that the file needs.
    """
    sections = read_sections(decode(content))
    meta = read_meta(sections["META"])
    require_counted(meta)
    require_count(meta, "num_projects", sections["PROJECTS"])
    require_count(meta, "num_votes", sections["VOTES"])
    budget = read_amount(meta["budget"], "value")
    costs = read_costs(sections["PROJECTS"])
    decimals = decimals_needed([budget, *costs.values()])
    plans = tuple(Plan(plan_id, scaled(cost, decimals)) for plan_id, cost in costs.items())
    only_one = meta["vote_type"].value("value") == "choose-1"
    return Election(
        instance=Instance(scaled(budget, decimals), plans),
        decimals=decimals,
        names={record.value("project_id"): record.value("name") for record in sections["PROJECTS"]},
        ballots=tuple(read_ballots(sections["VOTES"], costs.keys(), only_one=only_one)),
        selected=read_selected(sections["PROJECTS"]),
        meta={key: record.value("value") for key, record in meta.items()},
    )


def decode(content: bytes) -> str:
    """The text, without byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_so_far = content[: error.start] + b"?"
        raise PabulibError(len(line_so_far.splitlines()), "the text is not UTF-8") from error


def read_sections(text: str) -> dict[str, list[Record]]:
    """The records of the three sections."""
    sections: dict[str, list[Record]] = {}
    columns: dict[str, int] = {}
    name, line = "", 0
    for line, fields in read_lines(text):
        if fields[0].strip() in SECTIONS and not any(fields[1:]):
            name, columns = fields[0].strip(), {}
            if name in sections:
                raise PabulibError(line, f"section {name} begins a second time")
            sections[name] = []
        elif not name:
            raise PabulibError(line, "the file does not begin with META")
        elif not columns:
            columns = read_header(line, name, fields)
        else:
            sections[name].append(read_record(line, columns, fields))
    for name in SECTIONS:
        if name not in sections:
            raise PabulibError(max(line, 1), f"the file ends without a section {name}")
    return sections


def read_lines(text: str) -> Iterable[tuple[int, list[str]]]:
    """Every line that is not empty, with its number, split at semicolons outside quotes."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    try:
        for fields in reader:
            if fields and (len(fields) > 1 or fields[0].strip()):
                yield reader.line_num, fields
    except csv.Error as error:
        raise PabulibError(max(reader.line_num, 1), f"the line cannot be split into fields: {error}") from error


def read_header(line: int, section: str, fields: Sequence[str]) -> dict[str, int]:
    """Where a section's columns stand, those that must be there among them."""
    header = [field.strip() for field in fields]
    for column in SECTIONS[section]:
        if header.count(column) != 1:
            raise PabulibError(line, f"section {section} needs one column {column!r}, and has {header.count(column)}")
    return {column: index for index, column in enumerate(header)}


def read_record(line: int, columns: Mapping[str, int], fields: Sequence[str]) -> Record:
    """A line of no more fields than there are columns."""
    if len(fields) > len(columns):
        raise PabulibError(line, f"{len(fields)} fields for {len(columns)} columns: is a semicolon unquoted?")
    return Record(line, columns, fields)


def unique(records: Iterable[Record], column: str) -> dict[str, Record]:
    """The records by what stands in this column, each once and none empty."""
    found: dict[str, Record] = {}
    for record in records:
        key = record.value(column)
        if not key:
            raise PabulibError(record.line, f"{column} is empty")
        if key in found:
            raise PabulibError(record.line, f"{column} {key!r} stands in line {found[key].line} too")
        found[key] = record
    return found


def read_meta(records: Sequence[Record]) -> dict[str, Record]:
    """What META says by key, with the keys without which nothing can be counted."""
    meta = unique(records, "key")
    for key in ("num_projects", "num_votes", "budget", "vote_type"):
        if key not in meta:
            raise PabulibError(records[-1].line if records else 1, f"META does not name {key}")
    return meta


def require_counted(meta: Mapping[str, Record]) -> None:
    """Refuses a vote type for which there is no count."""
    kind = meta["vote_type"]
    if kind.value("value") not in COUNTED_VOTE_TYPES:
        known = " and ".join(COUNTED_VOTE_TYPES)
        raise PabulibError(kind.line, f"vote type {kind.value('value')!r} is not yet counted; {known} are")


def require_count(meta: Mapping[str, Record], key: str, records: Sequence[Record]) -> None:
    """Refuses a file that does not hold as many records as META says."""
    if meta[key].value("value") != str(len(records)):
        raise PabulibError(meta[key].line, f"{key} is {meta[key].value('value')!r}, but the file has {len(records)}")


def read_amount(record: Record, column: str) -> Decimal:
    """The exact amount that stands there, not below zero."""
    text = record.value(column)
    if not AMOUNT.fullmatch(text):
        raise PabulibError(record.line, f"{column} {text!r} is not an amount")
    if Decimal(text) < 0:
        raise PabulibError(record.line, f"{column} {text} is below zero")
    return Decimal(text)


def read_costs(records: Sequence[Record]) -> dict[str, Decimal]:
    """The cost of every plan, above zero, in file order."""
    costs = {plan_id: read_amount(record, "cost") for plan_id, record in unique(records, "project_id").items()}
    for record in records:
        if not costs[record.value("project_id")]:
            raise PabulibError(record.line, f"plan {record.value('project_id')!r} costs nothing")
    return costs


def decimals_needed(amounts: Iterable[Decimal]) -> int:
    """How many decimals write all these amounts: none, or two or more."""
    most = max(len(f"{amount:f}".partition(".")[2].rstrip("0")) for amount in amounts)
    return max(2, most) if most else 0


def scaled(amount: Decimal, decimals: int) -> int:
    """The amount as a whole number of 10**-decimals; digits are moved, nothing is rounded."""
    whole, _, fraction = f"{amount:f}".partition(".")
    return int(whole + fraction[:decimals].ljust(decimals, "0"))


def read_ballots(records: Iterable[Record], plan_ids: Iterable[str], *, only_one: bool) -> Iterable[Ballot]:
    """The ballots in file order, each voter once."""
    known = frozenset(plan_ids)
    parsed: dict[str, Ballot] = {}
    for record in unique(records, "voter_id").values():
        vote = record.value("vote")
        if vote not in parsed:
            parsed[vote] = read_ballot(record.line, vote, known)
        if only_one and len(parsed[vote]) > 1:
            raise PabulibError(record.line, f"the ballot names {len(parsed[vote])} plans where one may be chosen")
        yield parsed[vote]


def read_ballot(line: int, vote: str, known: frozenset[str]) -> Ballot:
    """A ballot from its comma-separated plan ids; without any it is blank."""
    chosen = [plan_id.strip() for plan_id in vote.split(",")] if vote else []
    for plan_id in chosen:
        if plan_id not in known:
            raise PabulibError(line, f"the ballot names an unknown plan {plan_id!r}")
    try:
        return approval(chosen)
    except PlanTwice as error:
        raise PabulibError(line, str(error)) from error


def read_selected(records: Sequence[Record]) -> tuple[str, ...] | None:
    """The plans the file marks as funded by the rule; other marks (funded otherwise) are not a result of counting."""
    if not records or "selected" not in records[0].columns:
        return None
    return tuple(record.value("project_id") for record in records if record.value("selected") == FUNDED)
