"""What moderators decided about posts and adoptions is told in the same words as about case studies and updates."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0012", "0011"
branch_labels = depends_on = None

WORDS = {"released": "release", "hidden": "hide", "shown": "show"}
TOLD = ("decision", "tried_decided")


def upgrade() -> None:
    _say(WORDS)


def downgrade() -> None:
    _say({new: old for old, new in WORDS.items()})


def _say(words: dict[str, str]) -> None:
    news = sa.table("notifications", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("data", sa.JSON))
    rows = op.get_bind().execute(sa.select(news.c.id, news.c.data).where(news.c.name.in_(TOLD))).all()
    for id_, data in rows:
        if data.get("verb") in words:
            op.get_bind().execute(news.update().where(news.c.id == id_).values(data={**data, "verb": words[data["verb"]]}))
