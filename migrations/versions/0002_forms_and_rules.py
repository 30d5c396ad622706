"""All ballot forms and counting rules: a round's choice of them, points on opened ballots, and the public draw."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from wijkbudget.database import UtcDateTime

revision = "0002"
down_revision = "0001"

OLD = {"max_choices": "(form = 'approval') = (max_choices IS NOT NULL)"}
NEW = {
    "needs_maximum": "form NOT IN ('approval', 'ranking') OR max_choices IS NOT NULL",
    "max_choices": "form IN ('basket', 'approval', 'ranking') OR max_choices IS NULL",
    "min_choices": "form IN ('basket', 'approval') OR min_choices IS NULL",
    "maximum_above_zero": "max_choices >= 1",
    "minimum_above_zero": "min_choices >= 1",
    "minimum_over_maximum": "min_choices <= max_choices",
    "total_points": "(form = 'points') = (total_points IS NOT NULL)",
    "most_points": "(form = 'points') = (most_points IS NOT NULL)",
    "points": "1 <= most_points AND most_points <= total_points",
}
FILLED: dict[str, tuple[sa.types.TypeEngine[Any], str | sa.TextClause]] = {
    "rule": (sa.String(length=20), "most-votes"),
    "rule_settings": (sa.JSON(), '{"misfit": "skip", "percent": 0, "minimum": 0}'),
    "seed_source": (sa.Enum("urn", "draw", name="seedsource", native_enum=False, length=20), "urn"),
    "compares": (sa.Boolean(), sa.text("false")),
}
"""What every round gets that was made before it could be chosen."""

POINTS = {
    "sqlite": "(SELECT json_group_array(json_array(value, 1)) FROM json_each(points))",
    "postgresql": "(SELECT coalesce(json_agg(json_build_array(value, 1)), '[]') FROM json_array_elements(points))",
}
CHOICES = {
    "sqlite": "(SELECT json_group_array(json_extract(value, '$[0]')) FROM json_each(points))",
    "postgresql": "(SELECT coalesce(json_agg(value -> 0), '[]') FROM json_array_elements(points))",
}


class OpenedTooEarly(RuntimeError):
    """An urn holds ballots of a kind that was never released, and cannot be carried over."""


def upgrade() -> None:
    """A round chooses its form and rule; what it was before stays: most votes, and the lot by the urn.

    Raises OpenedTooEarly where a round was opened for voting before this.
    """
    _require_no_older_urn()
    with op.batch_alter_table("round") as batch:
        for name in ("min_choices", "total_points", "most_points"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
        for name, (kind, value) in FILLED.items():
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        _replace_checks(batch, OLD, NEW)
    with op.batch_alter_table("round") as batch:
        for name, (kind, _) in FILLED.items():
            batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
    op.alter_column("opened_ballot", "choices", new_column_name="points")
    op.execute(f"UPDATE opened_ballot SET points = {POINTS[op.get_bind().dialect.name]}")  # noqa: S608
    with op.batch_alter_table("result") as batch:
        batch.add_column(sa.Column("compared", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("result") as batch:
        batch.alter_column("compared", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    _make_draws()


def _require_no_older_urn() -> None:
    # Its frozen rules, its envelopes and its result speak of choices; nothing that was released ever wrote them.
    for [rules] in op.get_bind().execute(sa.text("SELECT rules FROM urn")):
        if "seed_source" not in json.loads(rules):
            raise OpenedTooEarly("a round was opened for voting by a version before the first release: begin anew")


def _make_draws() -> None:
    op.create_table(
        "draw",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("needed_at", UtcDateTime(), nullable=False),
        sa.Column("seed", sa.String(length=200), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(seed IS NULL) = (entered_by IS NULL) AND (seed IS NULL) = (entered_at IS NULL)"
            " AND (seed IS NULL) = (proof IS NULL)",
            name=op.f("ck_draw_entry"),
        ),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_draw_confirmation")),
        sa.CheckConstraint("confirmed_by IS NULL OR entered_by IS NOT NULL", name=op.f("ck_draw_confirms_an_entry")),
        sa.CheckConstraint("entered_by <> confirmed_by", name=op.f("ck_draw_two_people")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_draw_confirmed_by_person")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_draw_entered_by_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_draw_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_draw")),
    )


def downgrade() -> None:
    """Back to baskets and approval counted by most votes: the other forms become approval of as many plans."""
    op.drop_table("draw")
    with op.batch_alter_table("result") as batch:
        batch.drop_column("compared")
    op.execute(f"UPDATE opened_ballot SET points = {CHOICES[op.get_bind().dialect.name]}")  # noqa: S608
    op.alter_column("opened_ballot", "points", new_column_name="choices")
    with op.batch_alter_table("round") as batch:
        _replace_checks(batch, NEW, {})
    op.execute("UPDATE round SET max_choices = NULL WHERE form = 'basket'")
    most = "coalesce(max_choices, total_points, 1)"
    op.execute(f"UPDATE round SET form = 'approval', max_choices = {most} WHERE form <> 'basket'")  # noqa: S608
    with op.batch_alter_table("round") as batch:
        _replace_checks(batch, {}, OLD)
        for name in ("min_choices", "total_points", "most_points", *FILLED):
            batch.drop_column(name)


def _replace_checks(batch: BatchOperations, old: dict[str, str], new: dict[str, str]) -> None:
    for name in old:
        batch.drop_constraint(op.f(f"ck_round_{name}"), type_="check")
    for name, text in new.items():
        batch.create_check_constraint(op.f(f"ck_round_{name}"), sa.text(text))
