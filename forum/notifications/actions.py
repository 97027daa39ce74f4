"""What members do with notifications."""

from sqlalchemy import update

from forum.access.actors import Member
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.notifications.models import Notification


def mark_read(actor: Member) -> None:
    """All of the member's notifications were looked at."""
    mine = update(Notification).where(Notification.member_id == actor.id, Notification.read_at.is_(None))
    db.session.execute(mine.values(read_at=now()))
