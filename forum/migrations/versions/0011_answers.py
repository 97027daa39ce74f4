"""A question whose answer is not published, and what is no question any more, has no answer"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    threads = sa.table("threads", sa.column("answer_id", sa.Integer), sa.column("question", sa.Boolean))
    posts = sa.table("posts", sa.column("id", sa.Integer), sa.column("status", sa.String))
    shown = sa.select(posts.c.id).where(posts.c.status == "published")
    wrong = threads.c.answer_id.is_not(None) & (~threads.c.question | threads.c.answer_id.not_in(shown))
    if not op.get_bind().execute(sa.update(threads).where(wrong).values(answer_id=None)).rowcount:
        return
    # The index says of each whether it is answered.
    outbox = sa.table(
        "outbox",
        *(sa.column(name, sa.String) for name in ("queue", "name", "last_error")),
        sa.column("payload", sa.JSON),
        sa.column("attempts", sa.Integer),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "available_at")),
    )
    at = datetime.now(UTC)
    row = {"queue": "index", "name": "rebuild", "payload": {}, "attempts": 0, "last_error": ""}
    op.get_bind().execute(sa.insert(outbox).values(**row, created_at=at, available_at=at))


def downgrade() -> None:
    """Which replies were taken for answers is not known any more."""
