"""Saved searches, questions that came from one, counts of words, and past searches of members"""

import sqlalchemy as sa
from alembic import op

from forum.kernel.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_searches",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "digest", name=op.f("pk_past_searches")),
    )
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.Column("site_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("member_id", "digest", name=op.f("uq_saved_searches_member_id_digest")),
    )
    op.create_index("ix_saved_searches_due_at", "saved_searches", ["due_at"], unique=False)
    op.create_table(
        "search_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("found_none", sa.Integer(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_words")),
        sa.UniqueConstraint("week", "words", name=op.f("uq_search_words_week_words")),
    )
    op.create_table(
        "search_requests",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("found_none", sa.Boolean(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.Column("site_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_search_requests_thread_id")),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_search_requests")),
    )
    op.create_index("ix_search_requests_digest", "search_requests", ["digest"], unique=False)
    op.create_table(
        "search_waiting",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_search_waiting_thread_id")),
        sa.PrimaryKeyConstraint("thread_id", "member_id", name=op.f("pk_search_waiting")),
    )


def downgrade() -> None:
    op.drop_table("search_waiting")
    op.drop_index("ix_search_requests_digest", table_name="search_requests")
    op.drop_table("search_requests")
    op.drop_table("search_words")
    op.drop_index("ix_saved_searches_due_at", table_name="saved_searches")
    op.drop_table("saved_searches")
    op.drop_table("past_searches")
