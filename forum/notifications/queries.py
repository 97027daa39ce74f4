"""Reading one's own notifications."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from forum.access.actors import Member
from forum.kernel.db import db
from forum.notifications.models import Notification

_UNREAD = (
    select(func.count())
    .select_from(Notification)
    .where(Notification.member_id == bindparam("member"), Notification.read_at.is_(None))
)


def unread(actor: Member) -> int:
    """How many the member has not looked at yet."""
    return db.session.scalar(_UNREAD, {"member": actor.id}) or 0


def count(actor: Member) -> int:
    rows = select(func.count()).select_from(Notification).where(Notification.member_id == actor.id)
    return db.session.scalar(rows) or 0


def newest(actor: Member, offset: int, limit: int) -> Sequence[Notification]:
    """A page of them, newest first."""
    rows = select(Notification).where(Notification.member_id == actor.id).order_by(Notification.id.desc())
    return db.session.scalars(rows.offset(offset).limit(limit)).all()
