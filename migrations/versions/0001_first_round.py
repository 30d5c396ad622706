"""Everything that one complete round needs."""

import sqlalchemy as sa
from alembic import op

from wijkbudget.database import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "district",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("name", name=op.f("uq_district_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_district_slug")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("posted_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index(op.f("ix_letter_sent_at"), "letter", ["sent_at"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=6), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "appointment",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("appointed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("role IN ('moderator', 'official', 'administrator')", name=op.f("ck_appointment_role")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_appointment")),
    )
    op.create_table(
        "neighbourhood",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("inhabitants", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("inhabitants >= 0", name=op.f("ck_neighbourhood_inhabitants")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_neighbourhood_district_id_district")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbourhood")),
        sa.UniqueConstraint("code", name=op.f("uq_neighbourhood_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_neighbourhood_slug")),
    )
    op.create_index(op.f("ix_neighbourhood_district_id"), "neighbourhood", ["district_id"], unique=False)
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "wijkbudget",
                "openbare-ruimte",
                "energiechallenge",
                "wijkagenda",
                name="kind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("area_name", sa.String(length=80), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("like_threshold", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitting_from", UtcDateTime(), nullable=False),
        sa.Column("reviewing_from", UtcDateTime(), nullable=False),
        sa.Column("voting_from", UtcDateTime(), nullable=False),
        sa.Column("counting_from", UtcDateTime(), nullable=False),
        sa.Column("result_from", UtcDateTime(), nullable=False),
        sa.Column("form", sa.Enum("basket", "approval", name="form", native_enum=False, length=20), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=True),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=False),
        sa.CheckConstraint("(form = 'approval') = (max_choices IS NOT NULL)", name=op.f("ck_round_max_choices")),
        sa.CheckConstraint("budget > 0", name=op.f("ck_round_budget")),
        sa.CheckConstraint("eligible > 0", name=op.f("ck_round_eligible")),
        sa.CheckConstraint("like_threshold >= 0", name=op.f("ck_round_like_threshold")),
        sa.CheckConstraint(
            "submitting_from < reviewing_from AND reviewing_from < voting_from"
            " AND voting_from < counting_from AND counting_from < result_from",
            name=op.f("ck_round_schedule"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_round_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("slug", name=op.f("uq_round_slug")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "area",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_area_neighbourhood_id_neighbourhood")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_area_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "neighbourhood_id", name=op.f("pk_area")),
    )
    op.create_index(op.f("ix_area_neighbourhood_id"), "area", ["neighbourhood_id"], unique=False)
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
        "entitlement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_entitlement_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement")),
    )
    op.create_index(op.f("ix_entitlement_round_id"), "entitlement", ["round_id"], unique=False)
    op.create_table(
        "finished_task",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_finished_task_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "task", name=op.f("pk_finished_task")),
    )
    op.create_table(
        "opened_ballot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("tracker", sa.String(length=16), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_opened_ballot_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "tracker", name=op.f("pk_opened_ballot")),
    )
    op.create_table(
        "opening",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("envelopes", sa.Integer(), nullable=False),
        sa.Column("merkle_root", sa.String(length=64), nullable=False),
        sa.Column("rejected", sa.JSON(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_opening_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_opening")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("estimated_cost", sa.BigInteger(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("like_count", sa.Integer(), nullable=False),
        sa.Column("shuffle_key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("estimated_cost > 0", name=op.f("ck_plan_estimated_cost")),
        sa.CheckConstraint("like_count >= 0", name=op.f("ck_plan_like_count")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_plan_author_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_plan_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_author_id"), "plan", ["author_id"], unique=False)
    op.create_index("ix_plan_round_shuffle", "plan", ["round_id", "shuffle_key"], unique=False)
    op.create_index(
        "uq_plan_title",
        "plan",
        ["round_id", "author_id", "title"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "postcode",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_postcode_neighbourhood_id_neighbourhood")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_postcode")),
    )
    op.create_index(op.f("ix_postcode_neighbourhood_id"), "postcode", ["neighbourhood_id"], unique=False)
    op.create_table(
        "result",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("voted", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name=op.f("ck_result_publication")),
        sa.CheckConstraint("voted >= 0 AND voted <= eligible AND eligible > 0", name=op.f("ck_result_turnout")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_result_published_by_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_result_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_result")),
    )
    op.create_table(
        "scope",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_scope_district_id_district")),
        sa.ForeignKeyConstraint(
            ["person_id", "role"],
            ["appointment.person_id", "appointment.role"],
            name=op.f("fk_scope_person_id_appointment"),
        ),
        sa.PrimaryKeyConstraint("person_id", "role", "district_id", name=op.f("pk_scope")),
    )
    op.create_table(
        "urn",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_urn_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_urn")),
    )
    op.create_table(
        "decision",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "question",
            sa.Enum("placement", "feasibility", name="question", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("is_yes", sa.Boolean(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("(question = 'feasibility' AND is_yes) = (cost IS NOT NULL)", name=op.f("ck_decision_cost")),
        sa.CheckConstraint(
            "question <> 'placement' OR is_yes OR criterion IS NOT NULL", name=op.f("ck_decision_criterion")
        ),
        sa.CheckConstraint("cost > 0", name=op.f("ck_decision_cost_above_zero")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_decided_by_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_decision_plan_id_plan")),
        sa.PrimaryKeyConstraint("plan_id", "question", name=op.f("pk_decision")),
    )
    op.create_table(
        "envelope",
        sa.Column("entitlement_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("retry_mark", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["entitlement_id"], ["entitlement.id"], name=op.f("fk_envelope_entitlement_id_entitlement")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_envelope_round_id_round")),
        sa.PrimaryKeyConstraint("entitlement_id", name=op.f("pk_envelope")),
    )
    op.create_index(op.f("ix_envelope_round_id"), "envelope", ["round_id"], unique=False)
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("alt", sa.String(length=250), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_photo_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("name", name=op.f("uq_photo_name")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_photo_plan_id")),
    )
    op.create_table(
        "plan_like",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("liked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_like_person_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_like_plan_id_plan")),
        sa.PrimaryKeyConstraint("plan_id", "person_id", name=op.f("pk_plan_like")),
    )
    op.create_index(op.f("ix_plan_like_person_id"), "plan_like", ["person_id"], unique=False)
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
    op.create_table(
        "rendition",
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("webp", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_rendition_photo_id_photo")),
        sa.PrimaryKeyConstraint("photo_id", "width", name=op.f("pk_rendition")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("rendition")
    op.drop_index(op.f("ix_voting_code_entitlement_id"), table_name="voting_code")
    op.drop_index(op.f("ix_voting_code_batch_id"), table_name="voting_code")
    op.drop_table("voting_code")
    op.drop_index(op.f("ix_plan_like_person_id"), table_name="plan_like")
    op.drop_table("plan_like")
    op.drop_table("photo")
    op.drop_index(op.f("ix_envelope_round_id"), table_name="envelope")
    op.drop_table("envelope")
    op.drop_table("decision")
    op.drop_table("urn")
    op.drop_table("scope")
    op.drop_table("result")
    op.drop_index(op.f("ix_postcode_neighbourhood_id"), table_name="postcode")
    op.drop_table("postcode")
    op.drop_index(
        "uq_plan_title",
        table_name="plan",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index("ix_plan_round_shuffle", table_name="plan")
    op.drop_index(op.f("ix_plan_author_id"), table_name="plan")
    op.drop_table("plan")
    op.drop_table("opening")
    op.drop_table("opened_ballot")
    op.drop_table("finished_task")
    op.drop_index(op.f("ix_entitlement_round_id"), table_name="entitlement")
    op.drop_table("entitlement")
    op.drop_index(op.f("ix_code_batch_round_id"), table_name="code_batch")
    op.drop_table("code_batch")
    op.drop_index(op.f("ix_area_neighbourhood_id"), table_name="area")
    op.drop_table("area")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_table("round")
    op.drop_index(op.f("ix_neighbourhood_district_id"), table_name="neighbourhood")
    op.drop_table("neighbourhood")
    op.drop_table("appointment")
    op.drop_table("person")
    op.drop_index(op.f("ix_letter_sent_at"), table_name="letter")
    op.drop_table("letter")
    op.drop_table("district")
