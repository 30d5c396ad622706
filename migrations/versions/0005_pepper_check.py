"""What tells whether a list of codes was made with the pepper of today; lists from before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Give each list a place for it."""
    op.add_column("code_batch", sa.Column("pepper_check", sa.LargeBinary(32), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("code_batch", "pepper_check")
