"""The journal: who did what and when, only added to."""

import sqlalchemy as sa
from alembic import op

from wijkbudget.database import UtcDateTime

revision = "0003"
down_revision = "0002"

GUARDS = {
    "sqlite": (
        """
        CREATE TRIGGER journal_entry_update BEFORE UPDATE ON journal_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END
        """,
        """
        CREATE TRIGGER journal_entry_delete BEFORE DELETE ON journal_entry
        BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END
        """,
        """
        CREATE TRIGGER journal_entry_replace BEFORE INSERT ON journal_entry
        WHEN EXISTS (
            SELECT 1 FROM journal_entry
            WHERE number = NEW.number OR previous = NEW.previous OR hash = NEW.hash
        )
        BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END
        """,
    ),
    "postgresql": (
        """
        CREATE OR REPLACE FUNCTION refuse_change_of_journal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the journal is only added to' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        """
        CREATE TRIGGER journal_entry_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_journal()
        """,
    ),
}


def upgrade() -> None:
    """Make the journal, and let the database refuse to change or remove an entry."""
    op.create_table(
        "journal_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_journal_entry_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_journal_entry_round_id_round")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_entry_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_journal_entry_previous")),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Remove the journal with what it holds, and the rounds of canaries, which were kept for it alone."""
    op.drop_table("journal_entry")
    op.execute("DELETE FROM round WHERE slug LIKE 'retired-canary-%'")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_journal()")
