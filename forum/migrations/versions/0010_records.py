"""Hidden versions, pictures that are sent like texts, confirmations once a sitting; titles stand in no news and no queued mail"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from forum.kernel.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NEWS = {"edited": "edited it", "purged": "removed words for good"}


def upgrade() -> None:
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("updates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("corrected_at", UtcDateTime(), nullable=True))
    # What is there was seen by readers, or will be sent with its draft.
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.alter_column("sent", server_default=None)
    op.create_table(
        "confirmations",
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_confirmations_case_study_id_case_studies")),
        sa.PrimaryKeyConstraint("case_study_id", "member_id", name=op.f("pk_confirmations")),
    )
    connection = op.get_bind()
    _corrected(connection)
    _without_titles(connection)
    _threads_of_case_studies(connection)
    _shown_beside(connection)


def _corrected(connection: sa.Connection) -> None:
    """When updates were corrected, as far as their versions say."""
    connection.exec_driver_sql(
        "UPDATE updates SET corrected_at = (SELECT max(r.at) FROM revisions r WHERE r.kind = 'update' AND r.ref_id = updates.id)"
    )


def _without_titles(connection: sa.Connection) -> None:
    """News looks titles up when it is read, queued mail when it is sent; what staff did is told in one way."""
    news = sa.table("notifications", sa.column("id"), sa.column("name"), sa.column("data", sa.JSON()))
    for id_, name, data in connection.execute(sa.select(news.c.id, news.c.name, news.c.data)).all():
        kept = {k: v for k, v in (data or {}).items() if k not in {"title", "thing"}}
        verb = {"verb": _NEWS[name], "reason": kept.get("reason") or "No reason was given."} if name in _NEWS else {}
        if verb or kept != data:
            changed = {"name": "staff_acted" if verb else name, "data": kept | verb}
            connection.execute(news.update().where(news.c.id == id_).values(**changed))
    queued = sa.table("outbox", sa.column("id"), sa.column("queue"), sa.column("payload", sa.JSON()))
    mails = connection.execute(sa.select(queued.c.id, queued.c.payload).where(queued.c.queue == "mail")).all()
    for id_, payload in mails:
        name = payload.get("template", "").removeprefix("case_studies/mail/").removesuffix(".txt")
        if name in _NEWS:
            context = {"title": "something of yours", "reason": "", **payload["context"], "verb": _NEWS[name], "link": ""}
            fresh = {**payload, "template": "accounts/mail/staff_acted.txt", "context": context}
            connection.execute(queued.update().where(queued.c.id == id_).values(payload=fresh))


def _threads_of_case_studies(connection: sa.Connection) -> None:
    """Their titles follow, and their opening posts name the case study by its number alone; `forum migrate` renders them anew."""
    connection.exec_driver_sql(
        "UPDATE threads SET title = (SELECT c.title FROM case_studies c WHERE c.id = threads.subject_id)"
        " WHERE subject_kind = 'case-study' AND EXISTS"
        " (SELECT 1 FROM case_studies c WHERE c.id = threads.subject_id AND c.title <> '')"
    )
    connection.exec_driver_sql(
        "UPDATE posts SET render_version = 0, text = (SELECT 'This is the discussion of [the case study](/case-studies/' ||"
        " CAST(t.subject_id AS VARCHAR(20)) || ').\n\nAsk how it was done, say what you tried, or tell us where it did not work.'"
        " FROM threads t WHERE t.id = posts.thread_id) WHERE seq = 1 AND thread_id IN"
        " (SELECT t.id FROM threads t WHERE t.subject_kind = 'case-study')"
        " AND text LIKE 'This is the discussion of the case study [%%'"
    )


def _shown_beside(connection: sa.Connection) -> None:
    """The newest version of each case study says which files and charts stood beside it, so that the next tells what changed."""
    versions = sa.table("revisions", sa.column("id"), sa.column("kind"), sa.column("ref_id"), sa.column("texts", sa.JSON()))
    newest = sa.select(sa.func.max(versions.c.id)).where(versions.c.kind == "case-study").group_by(versions.c.ref_id)
    rows = connection.execute(sa.select(versions.c.id, versions.c.ref_id, versions.c.texts).where(versions.c.id.in_(newest))).all()
    files, charts = _files(connection), _charts(connection)
    for id_, case_id, texts in rows:
        beside = {"shown_files": files.get(case_id, []), "shown_charts": charts.get(case_id, [])}
        connection.execute(versions.update().where(versions.c.id == id_).values(texts=texts | beside))


def _files(connection: sa.Connection) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    rows = connection.exec_driver_sql("SELECT case_study_id, id, caption, name, alt FROM attachments ORDER BY id")
    for case_id, id_, caption, name, alt in rows:
        found.setdefault(case_id, []).append({"id": id_, "words": " – ".join(filter(None, (caption or name, alt)))})
    return found


def _charts(connection: sa.Connection) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    columns = [sa.column(name) for name in ("id", "kind", "ref_id", "position", "shown", "removed_at")]
    measures = sa.table("measures", *columns, sa.column("reading", sa.JSON()))
    seen = sa.select(measures.c.ref_id, measures.c.id, measures.c.reading).where(
        measures.c.kind == "case-study", measures.c.shown == sa.true(), measures.c.removed_at.is_(None)
    )
    for case_id, id_, reading in connection.execute(seen.order_by(measures.c.position, measures.c.id)):
        found.setdefault(case_id, []).append({"id": id_, "words": str(reading["about"]["name"] or "Untitled measure")})
    return found


def downgrade() -> None:
    op.drop_table("confirmations")
    for table, column in (("attachments", "sent"), ("updates", "corrected_at"), ("revisions", "hidden_at")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
