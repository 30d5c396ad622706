"""Rights to vote, voting codes, the urn and its envelopes. No row tells when somebody voted, nor what."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Table

_LIVE, _BLOCKED = text("blocked_at IS NULL"), text("blocked_at IS NOT NULL")


class Urn(Table):
    """The sealed urn of a round, made when its rules are frozen: those rules and the key that ballots are sealed with.

    `share_box_key` is what officials' typed shares are sealed with, None where the server keeps the private key.
    """

    __tablename__ = "urn"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    rules: Mapped[str] = mapped_column(Text)
    rules_hash: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    share_box_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    frozen_at: Mapped[datetime]
    key_destroyed_at: Mapped[datetime | None]


class KeyHolder(Table):
    """An official who keeps one of the three shares of a round's key; `lost_by` is who reported it lost.

    Until its holder proved that it is on paper, the share lies here sealed for `public_key`, whose other half only the
    official's browser has. `share_hash` tells whether a typed share is this one.
    """

    __tablename__ = "key_holder"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        UniqueConstraint("round_id", "lost_by"),
        CheckConstraint("number BETWEEN 1 AND 3", name="number"),
        CheckConstraint(
            "confirmed_at IS NULL OR shown_at IS NOT NULL AND sealed_share IS NULL", name="confirmed_when_shown"
        ),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    stepped_in_at: Mapped[datetime]
    sealed_share: Mapped[bytes | None] = mapped_column(LargeBinary)
    share_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    shown_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    lost_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class TypedShare(Table):
    """A share that an official typed in to open the urn, sealed so that the scheduler alone reads it; gone after that.

    The keys see to it that two shares come from two people.
    """

    __tablename__ = "typed_share"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        ForeignKeyConstraint(["round_id", "number"], ["key_holder.round_id", "key_holder.number"]),
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    typed_at: Mapped[datetime]


class CodeBatch(Table):
    """Codes for the printer: one official asks, another releases, and the list is made and handed out once.

    The serials run from `first_serial`; `made` of the codes exist so far. None of them is good until the whole list was
    handed out (`finished_at`), nor after it was discarded. `pepper_check` tells with which pepper they were made;
    NULL in lists that are older than this column.
    """

    __tablename__ = "code_batch"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("made BETWEEN 0 AND size", name="made"),
        CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="release"),
        CheckConstraint("asked_by <> released_by", name="two_people"),
        CheckConstraint("(begun_at IS NULL) = (begun_by IS NULL)", name="beginning"),
        CheckConstraint("begun_at IS NULL OR released_at IS NOT NULL", name="begun_when_released"),
        CheckConstraint("finished_at IS NULL OR begun_at IS NOT NULL AND made = size", name="finished_when_made"),
        CheckConstraint("(discarded_at IS NULL) = (discarded_by IS NULL)", name="discarding"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    size: Mapped[int]
    first_serial: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime | None]
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    pepper_check: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    discarded_at: Mapped[datetime | None]
    discarded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Entitlement(Table):
    """One right to vote in one round, of a letter, or of a person with an account; `is_used` once a ballot was cast."""

    __tablename__ = "entitlement"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_used: Mapped[bool] = mapped_column(default=False)


class VotingCode(Table):
    """What is kept of a code: its keyed hash, and the serial (briefnummer) that is printed on the letter.

    A code that `replaces` another one belongs to its list too; an entitlement has one code that is not blocked.
    """

    __tablename__ = "voting_code"
    __table_args__ = (
        UniqueConstraint("round_id", "code_mac"),
        UniqueConstraint("round_id", "serial"),
        Index("uq_voting_code_live", "entitlement_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_voting_code_blocked", "round_id", "blocked_at", sqlite_where=_BLOCKED, postgresql_where=_BLOCKED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("code_batch.id"), index=True)
    replaces: Mapped[int | None] = mapped_column(ForeignKey("voting_code.id"), unique=True)
    serial: Mapped[int]
    code_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    blocked_at: Mapped[datetime | None]


class FailedGuess(Table):
    """A code was tried that is none; `network` is a keyed hash of where from, of the day alone."""

    __tablename__ = "failed_guess"

    id: Mapped[int] = mapped_column(primary_key=True)
    network: Mapped[bytes] = mapped_column(LargeBinary(16))
    failed_at: Mapped[datetime] = mapped_column(index=True)


class Envelope(Table):
    """One sealed ballot for one right to vote; the primary key is the promise of one person, one vote."""

    __tablename__ = "envelope"

    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    retry_mark: Mapped[bytes] = mapped_column(LargeBinary(32))


class Opening(Table):
    """What came out of the urn: how many envelopes, their Merkle root, and how many were rejected by which reason."""

    __tablename__ = "opening"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    envelopes: Mapped[int]
    merkle_root: Mapped[str] = mapped_column(String(64))
    rejected: Mapped[dict[str, int]] = mapped_column(JSON)
    opened_at: Mapped[datetime]


class UrnEntry(Table):
    """SHA-256 of an envelope that was opened: what is published of it, and where a receipt is found again.

    `times` is more than one where somebody copied an envelope; the copies were rejected.
    """

    __tablename__ = "urn_entry"
    __table_args__ = (CheckConstraint("times > 0", name="times"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    times: Mapped[int] = mapped_column(default=1)


class OpenedBallot(Table):
    """A counted ballot, written in the order of the trackers, with nothing that leads back to a voter.

    `points` holds [plan id, points] pairs, ascending by plan id.
    """

    __tablename__ = "opened_ballot"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    tracker: Mapped[str] = mapped_column(String(16), primary_key=True)
    points: Mapped[list[list[int]]] = mapped_column(JSON)
