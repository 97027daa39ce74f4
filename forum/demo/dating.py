"""The demo's past: days of the content as moments, and mail about it that nobody should get."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.outbox import OutboxRow


def moment(value: date | datetime, days: float = 0) -> datetime:
    """Nine in the morning of that day, moved by `days`; never in the future."""
    start = value if isinstance(value, datetime) else datetime.combine(value, time(9), UTC)
    return min(start.replace(tzinfo=UTC) + timedelta(days=days), now())


def forget_mail() -> None:
    """Nobody waits for news about invented events: only the index is fed."""
    with transaction():
        for queued in db.session.scalars(select(OutboxRow).where(OutboxRow.queue != "index")):
            db.session.delete(queued)
