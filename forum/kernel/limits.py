"""Counting attempts: in a table, because all web processes share the limit and a restart must not forget it."""

import hashlib
import time
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.clock import now
from forum.kernel.db import Model, db, transaction
from forum.kernel.errors import TooMany


class Attempt(Model):
    """How often something was tried in the window that began at `since`. The key is hashed: it may hold an address."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=0)


def _key(what: str, who: object) -> str:
    return hashlib.sha256(f"{what}:{who}".encode()).hexdigest()


def _row(what: str, who: object, window: timedelta, at: datetime) -> Attempt | None:
    row = db.session.get(Attempt, _key(what, who))
    return row if row is not None and row.since + window > at else None


def check(what: str, who: object, limit: int, window: timedelta, message: str) -> None:
    """Refuse when `who` did `what` `limit` times in the window. Counts nothing. Raises `TooMany`."""
    at = now()
    row = _row(what, who, window, at)
    if row is not None and row.count >= limit and current_app.config["FORUM"].rate_limits:
        raise TooMany(message, retry_after=max(1, int((row.since + window - at).total_seconds())))


def count(what: str, who: object, window: timedelta) -> None:
    """Note one more attempt, in a transaction of its own when none is open."""
    at = now()
    with transaction():
        row = _row(what, who, window, at)
        if row is not None:
            row.count += 1
        else:
            db.session.merge(Attempt(key=_key(what, who), since=at, count=1))


def spend(what: str, who: object, limit: int, window: timedelta, message: str) -> None:
    """Check, then count. Raises `TooMany`."""
    check(what, who, limit, window, message)
    count(what, who, window)


_quick_lock = Lock()
QUICK_KEPT = 10_000


def spend_quickly(what: str, who: object, limit: int, seconds: float, message: str) -> None:
    """Check and count in this process alone, for reads: a page must not wait for the database's write lock to be counted.

    Raises `TooMany`. With several processes the limit is that many times as high.
    """
    key, at = f"{what}:{who}", time.monotonic()
    with _quick_lock:
        counted: OrderedDict[str, tuple[float, int]] = current_app.extensions.setdefault("forum.quick", OrderedDict())
        since, number = counted.pop(key, (at, 0))
        if since + seconds <= at:
            since, number = at, 0
        counted[key] = since, number + 1
        while len(counted) > QUICK_KEPT:
            counted.popitem(last=False)
    if number >= limit and current_app.config["FORUM"].rate_limits:
        raise TooMany(message, retry_after=max(1, int(since + seconds - at)))


def forget(what: str, who: object) -> None:
    """Start again at nothing: after a sign-in that succeeded. Call inside `transaction()`."""
    db.session.execute(delete(Attempt).where(Attempt.key == _key(what, who)))


def sweep(at: datetime) -> int:
    """Delete windows that ended long ago; gives how many. Call inside `transaction()`."""
    gone = db.session.execute(delete(Attempt).where(Attempt.since < at - timedelta(days=7)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
