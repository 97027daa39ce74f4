"""Lists of threads, by what was said last and by what waits for an answer"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_threads_status_last_at_id", "threads", ["status", "last_at", "id"], unique=False)
    op.create_index(
        "ix_threads_unanswered",
        "threads",
        ["status"],
        unique=False,
        sqlite_where=sa.text("question = 1 AND answer_id IS NULL"),
        postgresql_where=sa.text("question AND answer_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_threads_unanswered", table_name="threads")
    op.drop_index("ix_threads_status_last_at_id", table_name="threads")
