"""Reading one's own notifications."""

from collections.abc import Sequence

from sqlalchemy import ScalarSelect, SQLColumnExpression, func, select

from forum.access.actors import Member
from forum.kernel.db import db
from forum.notifications.models import Notification


def unread_of(member: SQLColumnExpression[int]) -> ScalarSelect[int]:
    """Return how many a member has not looked at yet, as a part of a statement."""
    news = select(func.count()).select_from(Notification)
    return news.where(Notification.member_id == member, Notification.read_at.is_(None)).scalar_subquery()


def count(actor: Member) -> int:
    rows = select(func.count()).select_from(Notification).where(Notification.member_id == actor.id)
    return db.session.scalar(rows) or 0


def newest(actor: Member, offset: int, limit: int) -> Sequence[Notification]:
    """A page of them, newest first."""
    rows = select(Notification).where(Notification.member_id == actor.id).order_by(Notification.id.desc())
    return db.session.scalars(rows.offset(offset).limit(limit)).all()
