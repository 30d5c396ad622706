"""A `.pb` file as text: its three sections, line by line, split into named fields."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .instance import TallyError

SECTIONS = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
"""The sections in the order in which they must stand, each with the columns that it must have."""

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


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
class Section:
    """The text of a whole section below its header, which stands in this `line` of the file."""

    line: int
    columns: Mapping[str, int]
    text: str

    def records(self) -> Iterator[Record]:
        """Its records in order, read with care for quotes; raises PabulibError."""
        for line, fields in Rows(self.text, self.line):
            if is_marker(fields):
                raise PabulibError(line, f"section {fields[0].strip()} begins after VOTES")
            yield read_record(line, self.columns, fields)


class Head(NamedTuple):
    """The records of the first two sections, and the last one unread: that is nearly the whole file."""

    meta: Sequence[Record]
    projects: Sequence[Record]
    votes: Section


class Rows:
    """The lines of a text, split at semicolons outside quotes; empty ones are passed over.

    A line may end in any way, and hold line ends within quotes. `line` is the number of the last one read, `rest` the
    text behind it.
    """

    def __init__(self, text: str, line: int = 0) -> None:
        self._text = text
        self._line = line
        self._end = 0
        self._reader = csv.reader(self._lines(), delimiter=";", strict=True)

    def _lines(self) -> Iterator[str]:
        for match in LINE.finditer(self._text):
            self._end = match.end()
            yield match.group()

    @property
    def line(self) -> int:
        """The number in the file of the last line read, from 1."""
        return self._line + self._reader.line_num

    @property
    def rest(self) -> str:
        """The text behind the last line read."""
        return self._text[self._end :]

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """The number of each line, and its fields; raises PabulibError."""
        try:
            for fields in self._reader:
                if len(fields) > 1 or "".join(fields).strip():
                    yield self.line, fields
        except csv.Error as error:
            raise PabulibError(max(self.line, 1), f"the line cannot be split into fields: {error}") from error


def decode(content: bytes) -> str:
    """The text, without byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_so_far = content[: error.start] + b"?"
        raise PabulibError(len(line_so_far.splitlines()), "the text is not UTF-8") from error


def read_head(text: str) -> Head:
    """The sections of a whole file, read up to the votes; raises PabulibError."""
    rows = Rows(text)
    found: dict[str, list[Record]] = {}
    columns: Mapping[str, int] = {}
    for line, fields in rows:
        if is_marker(fields):
            name = require_next(line, fields[0].strip(), len(found))
            columns = read_header(rows, name)
            if name == "VOTES":
                return Head(found["META"], found["PROJECTS"], Section(rows.line, columns, rows.rest))
            found[name] = []
        elif not found:
            raise PabulibError(line, "the file does not begin with META")
        else:
            found[name].append(read_record(line, columns, fields))
    raise PabulibError(max(rows.line, 1), f"the file ends without a section {list(SECTIONS)[len(found)]}")


def is_marker(fields: Sequence[str]) -> bool:
    """Whether a section begins here."""
    return fields[0].strip() in SECTIONS and not any(fields[1:])


def require_next(line: int, name: str, done: int) -> str:
    """The name of the section that begins, if it is its turn after so many others."""
    expected = list(SECTIONS)[done]
    if name != expected:
        raise PabulibError(line, f"section {name} begins where {expected} is to begin")
    return name


def read_header(rows: Rows, section: str) -> dict[str, int]:
    """Where a section's columns stand, those that must be there among them, and none of them twice."""
    line, fields = next(iter(rows), (rows.line, []))
    header = [field.strip() for field in fields]
    for column in [*SECTIONS[section], *header]:
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
