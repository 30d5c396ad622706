"""Rights to vote, voting codes, the urn and its envelopes. No row tells when somebody voted, nor what."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Table


class Urn(Table):
    """The sealed urn of a round, made when voting opens: its frozen rules and the key that ballots are sealed with."""

    __tablename__ = "urn"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    rules: Mapped[str] = mapped_column(Text)
    rules_hash: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    frozen_at: Mapped[datetime]


class CodeBatch(Table):
    """A list of codes that was handed out once; only keyed hashes of them exist afterwards."""

    __tablename__ = "code_batch"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    size: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Entitlement(Table):
    """One right to vote in one round."""

    __tablename__ = "entitlement"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)


class VotingCode(Table):
    """What is kept of a code: its keyed hash, and the serial (briefnummer) that is printed on the letter."""

    __tablename__ = "voting_code"
    __table_args__ = (UniqueConstraint("round_id", "code_mac"), UniqueConstraint("round_id", "serial"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("code_batch.id"), index=True)
    serial: Mapped[int]
    code_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    blocked_at: Mapped[datetime | None]


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


class OpenedBallot(Table):
    """A counted ballot, written in the order of the trackers, with nothing that leads back to a voter.

    `points` holds [plan id, points] pairs, ascending by plan id.
    """

    __tablename__ = "opened_ballot"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    tracker: Mapped[str] = mapped_column(String(16), primary_key=True)
    points: Mapped[list[list[int]]] = mapped_column(JSON)
