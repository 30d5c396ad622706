"""A share of a key is on paper from the moment its holder proved that, and not when it was shown."""

import sqlalchemy as sa
from alembic import op

from wijkbudget.database import UtcDateTime

revision = "0006"
down_revision = "0005"

SHOWN_ONCE = "shown_at IS NULL OR sealed_share IS NULL"
CONFIRMED_WHEN_SHOWN = "confirmed_at IS NULL OR shown_at IS NOT NULL AND sealed_share IS NULL"


def upgrade() -> None:
    """Shares that were shown before this count as on paper."""
    with op.batch_alter_table("key_holder") as batch:
        batch.drop_constraint(op.f("ck_key_holder_shown_once"), type_="check")
        batch.add_column(sa.Column("confirmed_at", UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("lost_by", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_key_holder_lost_by_person"), "person", ["lost_by"], ["id"])
        batch.create_unique_constraint(op.f("uq_key_holder_round_id_lost_by"), ["round_id", "lost_by"])
    op.execute("UPDATE key_holder SET confirmed_at = shown_at")
    with op.batch_alter_table("key_holder") as batch:
        batch.create_check_constraint(op.f("ck_key_holder_confirmed_when_shown"), sa.text(CONFIRMED_WHEN_SHOWN))


def downgrade() -> None:
    """A share that was shown and not confirmed is shown once more: it opens no urn before it is on paper."""
    with op.batch_alter_table("key_holder") as batch:
        batch.drop_constraint(op.f("ck_key_holder_confirmed_when_shown"), type_="check")
        batch.drop_constraint(op.f("uq_key_holder_round_id_lost_by"), type_="unique")
        batch.drop_constraint(op.f("fk_key_holder_lost_by_person"), type_="foreignkey")
        batch.drop_column("lost_by")
    op.execute("UPDATE key_holder SET shown_at = confirmed_at")
    with op.batch_alter_table("key_holder") as batch:
        batch.drop_column("confirmed_at")
        batch.create_check_constraint(op.f("ck_key_holder_shown_once"), sa.text(SHOWN_ONCE))
