"""Reading reports and decisions."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.kernel.db import db
from forum.kernel.errors import NotFound
from forum.kernel.references import NOBODY, Ref, cards
from forum.moderation.models import OPEN, REASONS, Decision, Report
from forum.moderation.queue import QueueItem


def report(actor: Member, id_: int) -> Report:
    """One report. Raises `NotFound`, also for anybody who is no moderator."""
    found = db.session.get(Report, id_)
    if found is None or not actor.staff:
        raise NotFound("There is no such report.")
    return found


def open_reports() -> int:
    return db.session.scalar(select(func.count()).select_from(Report).where(Report.state == OPEN)) or 0


def report_items(actor: Member, limit: int) -> tuple[int, list[QueueItem]]:
    """Open reports as queue items; several on one thing are several items, since reasons differ."""
    rows = db.session.scalars(select(Report).where(Report.state == OPEN).order_by(Report.id).limit(limit)).all()
    found = cards(actor, [(r.kind, r.ref_id) for r in rows])
    items = []
    for r in rows:
        card = found.get((r.kind, r.ref_id))
        items.append(
            QueueItem(
                kind="report",
                id=r.id,
                what="Report",
                title=card.title if card else "Something no longer available",
                url=f"/moderation/reports/{r.id}",
                since=r.at,
                author=card.author if card else NOBODY,
                flags=((REASONS[r.reason], "bad"),),
                urgent=r.reason in {"illegal", "identifiable", "unsafe"},
            )
        )
    return open_reports(), items


def decisions(ref: Ref, limit: int = 50) -> Sequence[Decision]:
    """Return what moderators decided about a thing, newest first."""
    rows = select(Decision).where(Decision.kind == ref[0], Decision.ref_id == ref[1])
    return db.session.scalars(rows.order_by(Decision.id.desc()).limit(limit)).all()


def log(actor: Member, offset: int, limit: int) -> tuple[int, Sequence[Decision]]:
    """The record of all decisions, newest first, for staff."""
    authorize(actor, Permission.MODERATE)
    total = db.session.scalar(select(func.count()).select_from(Decision)) or 0
    return total, db.session.scalars(select(Decision).order_by(Decision.id.desc()).offset(offset).limit(limit)).all()


def decided_since(at: datetime, days: int = 7) -> int:
    """Return how many decisions were taken in the last days."""
    rows = select(func.count()).select_from(Decision).where(Decision.at > at - timedelta(days=days))
    return db.session.scalar(rows) or 0
