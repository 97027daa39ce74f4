"""A case study's texts and parts become one record, with co-authors, clashes, files, consents and checked links"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from forum.kernel.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXTS = ("title", "summary", "problem", "actions", "results", "advice", "rest", "practice_status", "outcome", "started")
SCHEMES = {"element": "elements", "care-model": "care_models"}


def upgrade() -> None:
    with op.batch_alter_table("case_studies") as table:
        table.add_column(sa.Column("record", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("stamps", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("withheld", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("depth", sa.String(), nullable=False, server_default="quick"))
        table.add_column(sa.Column("links_checked_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("visibility", sa.String(), nullable=False, server_default="everyone"))
    _carry_over(op.get_bind())
    with op.batch_alter_table("case_studies") as table:
        for name in ("problem", "actions", "results", "advice", "rest", "started", "version"):
            table.drop_column(name)
        for name, type_ in (("record", sa.JSON()), ("stamps", sa.JSON()), ("withheld", sa.JSON()), ("depth", sa.String())):
            table.alter_column(name, existing_type=type_, server_default=None)
        table.alter_column("visibility", existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("threads") as table:
        table.add_column(sa.Column("members_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("threads") as table:
        table.alter_column("members_only", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("sector", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("bounced_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("accounts") as table:
        table.alter_column("sector", existing_type=sa.String(), server_default=None)
    _people()
    _files()


def _carry_over(connection: Any) -> None:
    """What stood in columns, tags and partnerships goes into each record; a draft's old shape becomes the new one."""
    rows = connection.execute(sa.text(f"SELECT id, working, {', '.join(TEXTS)} FROM case_studies")).mappings().all()
    for row in rows:
        record = {name: row[name] for name in TEXTS if row[name]} | _lists(connection, row["id"])
        working = json.loads(row["working"]) if isinstance(row["working"], str) else row["working"]
        if working is not None:
            texts = working.pop("texts", {})
            working = {name: value for name, value in {**texts, **working}.items() if value}
        connection.execute(
            sa.text("UPDATE case_studies SET record = :record, working = :working WHERE id = :id"),
            {"id": row["id"], "record": json.dumps(record), "working": json.dumps(working) if working is not None else None},
        )


def _lists(connection: Any, id_: int) -> dict[str, list[str]]:
    tags = connection.execute(
        sa.text(
            "SELECT terms.scheme, terms.slug FROM taggings JOIN terms ON terms.id = taggings.term_id "
            "WHERE taggings.kind = 'case-study' AND taggings.ref_id = :id ORDER BY taggings.position"
        ),
        {"id": id_},
    ).all()
    places = connection.execute(
        sa.text(
            "SELECT organisations.name FROM partnerships JOIN organisations ON organisations.id = partnerships.organisation_id "
            "WHERE partnerships.kind = 'case-study' AND partnerships.ref_id = :id ORDER BY partnerships.position"
        ),
        {"id": id_},
    ).all()
    found: dict[str, list[str]] = {"organisations": [name for (name,) in places]} if places else {}
    for scheme, slug in tags:
        if scheme in SCHEMES:
            found.setdefault(SCHEMES[scheme], []).append(slug)
    return found


def _people() -> None:
    op.create_table(
        "authorships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("lived", sa.Boolean(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_authorships_case_study_id_case_studies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorships")),
        sa.UniqueConstraint("case_study_id", "email", name=op.f("uq_authorships_case_study_id_email")),
    )
    op.create_index("ix_authorships_member_id_case_study_id", "authorships", ["member_id", "case_study_id"])
    op.create_table(
        "clashes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_clashes_case_study_id_case_studies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clashes")),
        sa.UniqueConstraint("case_study_id", "name", "page", name=op.f("uq_clashes_case_study_id_name_page")),
    )


def _files() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_consents_case_study_id_case_studies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_case_study_id", "consents", ["case_study_id"])
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_attachments_case_study_id_case_studies")),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], name=op.f("fk_attachments_consent_id_consents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index("ix_attachments_case_study_id_id", "attachments", ["case_study_id", "id"])
    op.create_index("ix_attachments_member_id", "attachments", ["member_id"])
    op.create_table(
        "link_checks",
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_link_checks")),
    )
    op.create_index("ix_link_checks_checked_at", "link_checks", ["checked_at"])


def downgrade() -> None:
    raise RuntimeError("Full reports do not fit the older tables: go back with the backup that was made before.")
