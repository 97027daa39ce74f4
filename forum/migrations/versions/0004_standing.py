"""Measures, updates and adoptions; and how each case study stands today"""

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from forum.kernel.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DEFAULTED = {
    **dict.fromkeys(("measures_shown", "data_months", "lasting_months", "prompted", "tried", "adopted"), sa.Integer()),
    **dict.fromkeys(("travel", "evidence"), sa.JSON()),
    "freshness": sa.String(),
}


def upgrade() -> None:
    op.create_table(
        "measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("table_html", sa.Text(), nullable=False),
        sa.Column("wide", sa.Text(), nullable=False),
        sa.Column("narrow", sa.Text(), nullable=False),
        sa.Column("chart_version", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("effect", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
    )
    with op.batch_alter_table("measures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measures_chart_version"), ["chart_version"], unique=False)
        batch_op.create_index("ix_measures_kind_ref_id_position", ["kind", "ref_id", "position"], unique=False)

    op.create_table(
        "adoptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("verification", sa.String(), nullable=False),
        sa.Column("verified_by", sa.Integer(), nullable=True),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("justification", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_adoptions_case_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoptions")),
    )
    with op.batch_alter_table("adoptions", schema=None) as batch_op:
        batch_op.create_index("ix_adoptions_case_study_id_status", ["case_study_id", "status"], unique=False)
        batch_op.create_index("ix_adoptions_member_id_status", ["member_id", "status"], unique=False)
        batch_op.create_index("ix_adoptions_status", ["status"], unique=False)

    op.create_table(
        "travels",
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("charts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_travels_case_study_id")),
        sa.PrimaryKeyConstraint("case_study_id", name=op.f("pk_travels")),
    )
    op.create_table(
        "updates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("happened", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("practice_status", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("render_version", sa.Integer(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_updates_case_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
    )
    with op.batch_alter_table("updates", schema=None) as batch_op:
        batch_op.create_index("ix_updates_case_study_id_happened", ["case_study_id", "happened"], unique=False)

    with op.batch_alter_table("case_studies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("measures_shown", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("data_months", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("lasting_months", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("confirmed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("review_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("freshness", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("prompted", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("tried", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("adopted", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("travel", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("evidence_level", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("evidence_suggested", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("evidence_looked", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("evidence", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.create_index(batch_op.f("ix_case_studies_review_by"), ["review_by"], unique=False)

    with op.batch_alter_table("case_studies", schema=None) as batch_op:
        for name, type_ in DEFAULTED.items():
            batch_op.alter_column(name, existing_type=type_, server_default=None)
    _ask_from_now_on(op.get_bind())


def _ask_from_now_on(connection: Any) -> None:
    """What was published already counts as confirmed until the next of its dates; nobody is asked for those that have passed."""
    today = datetime.now(UTC).date()
    rows = connection.execute(sa.text("SELECT id, published_at FROM case_studies WHERE status = 'published'")).all()
    for id_, published in rows:
        start = date.fromisoformat(str(published)[:10])
        dates = {m: _later(start, m) for m in (6, 12, 24, 36, *range(48, 600, 12))}
        passed = max((m for m, day in dates.items() if day <= today), default=0)
        due = next(day for day in dates.values() if day > today)
        connection.execute(
            sa.text("UPDATE case_studies SET review_by = :due, prompted = :passed, freshness = 'confirmed' WHERE id = :id"),
            {"due": due.isoformat(), "passed": passed, "id": id_},
        )


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def downgrade() -> None:
    with op.batch_alter_table("case_studies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_studies_review_by"))
        batch_op.drop_column("evidence")
        batch_op.drop_column("evidence_looked")
        batch_op.drop_column("evidence_suggested")
        batch_op.drop_column("evidence_level")
        batch_op.drop_column("travel")
        batch_op.drop_column("adopted")
        batch_op.drop_column("tried")
        batch_op.drop_column("prompted")
        batch_op.drop_column("freshness")
        batch_op.drop_column("review_by")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("lasting_months")
        batch_op.drop_column("data_months")
        batch_op.drop_column("measures_shown")

    with op.batch_alter_table("updates", schema=None) as batch_op:
        batch_op.drop_index("ix_updates_case_study_id_happened")

    op.drop_table("updates")
    op.drop_table("travels")
    with op.batch_alter_table("adoptions", schema=None) as batch_op:
        batch_op.drop_index("ix_adoptions_status")
        batch_op.drop_index("ix_adoptions_member_id_status")
        batch_op.drop_index("ix_adoptions_case_study_id_status")

    op.drop_table("adoptions")
    with op.batch_alter_table("measures", schema=None) as batch_op:
        batch_op.drop_index("ix_measures_kind_ref_id_position")
        batch_op.drop_index(batch_op.f("ix_measures_chart_version"))

    op.drop_table("measures")
