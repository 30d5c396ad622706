"""The ballot box: lists of codes by two people, accounts that vote, holders of keys, packages and checks."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from wijkbudget.database import UtcDateTime

revision = "0004"
down_revision = "0003"

FILLED: dict[str, tuple[sa.types.TypeEngine[Any], str | sa.TextClause]] = {
    "franchise": (sa.Enum("letter", "account", name="franchise", native_enum=False, length=20), "letter"),
    "youngest": (sa.Integer(), sa.text("12")),
    "is_final": (sa.Boolean(), sa.text("false")),
    "key_keeping": (sa.Enum("server", "officials", name="keykeeping", native_enum=False, length=20), "server"),
    "publish_ballots_from": (sa.Integer(), sa.text("50")),
    "is_canary": (sa.Boolean(), sa.text("false")),
}
"""What every round gets that was made before it could be chosen."""
CHECKS = {"youngest": "youngest BETWEEN 1 AND 120", "publish_ballots_from": "publish_ballots_from >= 10"}
PEOPLE = ("asked", "released", "begun", "discarded")
RETIRED = "retired-canary-"
"""What the address of a canary begins with that an older version knows as a round."""
NEVER = {
    f"{phase}_from": datetime(9999, month, 1, tzinfo=UTC)
    for month, phase in enumerate(("submitting", "reviewing", "voting", "counting", "result"), 1)
}
LIVE, BLOCKED = sa.text("blocked_at IS NULL"), sa.text("blocked_at IS NOT NULL")


class OpenedTooEarly(RuntimeError):
    """Codes or an urn are of a kind that was never released, and cannot be carried over."""


def upgrade() -> None:
    """Rounds vote by letter, as before; their keys stay with the server.

    Raises OpenedTooEarly where codes were made or a round was opened for voting before this.
    """
    _require_nothing_older()
    _extend_rounds()
    op.drop_table("voting_code")
    op.drop_table("code_batch")
    _make_code_batches()
    _make_voting_codes()
    _make_new_tables()


def _require_nothing_older() -> None:
    connection = op.get_bind()
    urns = connection.execute(sa.text("SELECT rules FROM urn")).scalars()
    codes = connection.execute(sa.text("SELECT count(*) FROM code_batch")).scalar_one()
    if codes or any("voting" not in json.loads(rules) for rules in urns):
        raise OpenedTooEarly("codes were made, or voting was opened, by a version before the first release: begin anew")


def _extend_rounds() -> None:
    with op.batch_alter_table("round") as batch:
        for name, (kind, value) in FILLED.items():
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        batch.add_column(sa.Column("frozen_at", UtcDateTime(), nullable=True))
        for name, text in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_round_{name}"), sa.text(text))
    with op.batch_alter_table("round") as batch:
        _forget_defaults(batch, *FILLED)
    op.execute(f"UPDATE round SET is_canary = true WHERE slug LIKE '{RETIRED}%'")  # noqa: S608
    op.execute("UPDATE round SET frozen_at = (SELECT frozen_at FROM urn WHERE urn.round_id = round.id)")
    with op.batch_alter_table("entitlement") as batch:
        batch.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("is_used", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        batch.create_unique_constraint(op.f("uq_entitlement_round_id_person_id"), ["round_id", "person_id"])
        batch.create_foreign_key(op.f("fk_entitlement_person_id_person"), "person", ["person_id"], ["id"])
    with op.batch_alter_table("entitlement") as batch:
        _forget_defaults(batch, "is_used")
    op.execute("UPDATE entitlement SET is_used = true WHERE id IN (SELECT entitlement_id FROM envelope)")
    with op.batch_alter_table("urn") as batch:
        batch.add_column(sa.Column("share_box_key", sa.LargeBinary(length=32), nullable=True))
        batch.add_column(sa.Column("key_destroyed_at", UtcDateTime(), nullable=True))


def _forget_defaults(batch: BatchOperations, *names: str) -> None:
    for name in names:
        batch.alter_column(name, server_default=None)


def _make_code_batches() -> None:
    facts = [
        column
        for deed in PEOPLE
        for column in (
            sa.Column(f"{deed}_at", UtcDateTime(), nullable=deed != "asked"),
            sa.Column(f"{deed}_by", sa.Integer(), nullable=deed != "asked"),
            sa.ForeignKeyConstraint([f"{deed}_by"], ["person.id"], name=op.f(f"fk_code_batch_{deed}_by_person")),
        )
    ]
    op.create_table(
        "code_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("first_serial", sa.Integer(), nullable=False),
        *facts,
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_code_batch_size")),
        sa.CheckConstraint("made BETWEEN 0 AND size", name=op.f("ck_code_batch_made")),
        sa.CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name=op.f("ck_code_batch_release")),
        sa.CheckConstraint("asked_by <> released_by", name=op.f("ck_code_batch_two_people")),
        sa.CheckConstraint("(begun_at IS NULL) = (begun_by IS NULL)", name=op.f("ck_code_batch_beginning")),
        sa.CheckConstraint(
            "begun_at IS NULL OR released_at IS NOT NULL", name=op.f("ck_code_batch_begun_when_released")
        ),
        sa.CheckConstraint(
            "finished_at IS NULL OR begun_at IS NOT NULL AND made = size", name=op.f("ck_code_batch_finished_when_made")
        ),
        sa.CheckConstraint("(discarded_at IS NULL) = (discarded_by IS NULL)", name=op.f("ck_code_batch_discarding")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_code_batch_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_batch")),
    )
    op.create_index(op.f("ix_code_batch_round_id"), "code_batch", ["round_id"], unique=False)


def _make_voting_codes() -> None:
    op.create_table(
        "voting_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entitlement_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("blocked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["code_batch.id"], name=op.f("fk_voting_code_batch_id_code_batch")),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["entitlement.id"], name=op.f("fk_voting_code_entitlement_id_entitlement")
        ),
        sa.ForeignKeyConstraint(["replaces"], ["voting_code.id"], name=op.f("fk_voting_code_replaces_voting_code")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_voting_code_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_code")),
        sa.UniqueConstraint("replaces", name=op.f("uq_voting_code_replaces")),
        sa.UniqueConstraint("round_id", "code_mac", name=op.f("uq_voting_code_round_id_code_mac")),
        sa.UniqueConstraint("round_id", "serial", name=op.f("uq_voting_code_round_id_serial")),
    )
    op.create_index(op.f("ix_voting_code_batch_id"), "voting_code", ["batch_id"], unique=False)
    op.create_index(op.f("ix_voting_code_entitlement_id"), "voting_code", ["entitlement_id"], unique=False)
    op.create_index(
        "uq_voting_code_live", "voting_code", ["entitlement_id"], unique=True,
        sqlite_where=LIVE, postgresql_where=LIVE,
    )  # fmt: skip
    op.create_index(
        "ix_voting_code_blocked", "voting_code", ["round_id", "blocked_at"], unique=False,
        sqlite_where=BLOCKED, postgresql_where=BLOCKED,
    )  # fmt: skip


def _make_new_tables() -> None:
    op.create_table(
        "failed_guess",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.LargeBinary(length=16), nullable=False),
        sa.Column("failed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_guess")),
    )
    op.create_index(op.f("ix_failed_guess_failed_at"), "failed_guess", ["failed_at"], unique=False)

    op.create_table(
        "health_check",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("failing_since", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(problem IS NULL) = (failing_since IS NULL)", name=op.f("ck_health_check_failure")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_health_check")),
    )
    op.create_table(
        "key_holder",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("stepped_in_at", UtcDateTime(), nullable=False),
        sa.Column("sealed_share", sa.LargeBinary(), nullable=True),
        sa.Column("share_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("shown_at", UtcDateTime(), nullable=True),
        sa.Column("lost_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("number BETWEEN 1 AND 3", name=op.f("ck_key_holder_number")),
        sa.CheckConstraint("shown_at IS NULL OR sealed_share IS NULL", name=op.f("ck_key_holder_shown_once")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_key_holder_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_key_holder_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_key_holder")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_key_holder_round_id_person_id")),
    )
    op.create_table(
        "publication",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("package", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_publication_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_publication")),
    )
    op.create_table(
        "urn_entry",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_urn_entry_times")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_urn_entry_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "digest", name=op.f("pk_urn_entry")),
    )
    op.create_table(
        "typed_share",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("typed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_typed_share_person_id_person")),
        sa.ForeignKeyConstraint(
            ["round_id", "number"],
            ["key_holder.round_id", "key_holder.number"],
            name=op.f("fk_typed_share_round_id_key_holder"),
        ),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_typed_share")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_typed_share_round_id_person_id")),
    )


def downgrade() -> None:
    """Back to lists by one official and keys on the server; who kept a share, the packages, and what the canary cast
    are forgotten.

    Raises OpenedTooEarly where codes exist: an older version cannot tell which of them are good.
    """
    if op.get_bind().execute(sa.text("SELECT count(*) FROM code_batch")).scalar_one():
        raise OpenedTooEarly("codes were made; an older version would take those of a broken-off list for good")
    _retire_canaries()
    for table in ("typed_share", "key_holder", "publication", "urn_entry", "health_check", "failed_guess"):
        op.drop_table(table)
    op.drop_table("voting_code")
    op.drop_table("code_batch")
    _make_old_codes()
    with op.batch_alter_table("urn") as batch:
        batch.drop_column("share_box_key")
        batch.drop_column("key_destroyed_at")
    with op.batch_alter_table("entitlement") as batch:
        batch.drop_constraint(op.f("uq_entitlement_round_id_person_id"), type_="unique")
        batch.drop_constraint(op.f("fk_entitlement_person_id_person"), type_="foreignkey")
        batch.drop_column("person_id")
        batch.drop_column("is_used")
    with op.batch_alter_table("round") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_round_{name}"), type_="check")
        for name in (*FILLED, "frozen_at"):
            batch.drop_column(name)


def _retire_canaries() -> None:
    """Take away all of a canary but its round, which the journal names for ever: it is announced, and never begins."""
    for table in ("envelope", "entitlement", "urn"):
        op.execute(f"DELETE FROM {table} WHERE round_id IN (SELECT id FROM round WHERE is_canary)")  # noqa: S608
    moments = [sa.column(name, UtcDateTime()) for name in NEVER]
    round_ = sa.table("round", sa.column("id", sa.Integer()), sa.column("slug"), sa.column("is_canary"), *moments)
    slug = sa.literal(RETIRED) + sa.cast(round_.c.id, sa.String())
    op.execute(sa.update(round_).where(round_.c.is_canary).values(slug=slug, **NEVER))


def _make_old_codes() -> None:
    op.create_table(
        "code_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_code_batch_size")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_code_batch_made_by_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_code_batch_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_batch")),
    )
    op.create_index(op.f("ix_code_batch_round_id"), "code_batch", ["round_id"], unique=False)
    op.create_table(
        "voting_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entitlement_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("blocked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["code_batch.id"], name=op.f("fk_voting_code_batch_id_code_batch")),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["entitlement.id"], name=op.f("fk_voting_code_entitlement_id_entitlement")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_voting_code_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_code")),
        sa.UniqueConstraint("round_id", "code_mac", name=op.f("uq_voting_code_round_id_code_mac")),
        sa.UniqueConstraint("round_id", "serial", name=op.f("uq_voting_code_round_id_serial")),
    )
    op.create_index(op.f("ix_voting_code_batch_id"), "voting_code", ["batch_id"], unique=False)
    op.create_index(op.f("ix_voting_code_entitlement_id"), "voting_code", ["entitlement_id"], unique=False)
