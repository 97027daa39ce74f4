"""Counting attempts: in a table, because all web processes share the limit and a restart must not forget it."""

import hashlib
import time
from collections import OrderedDict
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from flask import current_app
from sqlalchemy import delete, update
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.clock import LONDON, now
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
    # `abs`, because the machine's clock may have been put back: nobody should wait until it is that late again.
    return row if row is not None and abs(at - row.since) < window else None


def spend(what: str, who: object, limit: int, window: timedelta, message: str) -> None:
    """Count one more attempt of `who` at `what`, or refuse it. Raises `TooMany`, whose text says when to try again.

    Checking and counting are one step under the database's write lock, so attempts at the same moment cannot pass the limit
    together, in however many processes they arrive. Spend before the thing is tried; `give_back` what turned out to be harmless.
    """
    with transaction():
        left = wait(what, who, limit, window)
        if left:
            raise TooMany(f"{message} Try again {soon(left)}.", left)
        _count(what, who, window)


def spend_quietly(what: str, who: object, limit: int, window: timedelta) -> bool:
    """Like `spend`, without telling anybody: return False when the limit was reached. Call inside `transaction()`."""
    if wait(what, who, limit, window):
        return False
    _count(what, who, window)
    return True


def note(what: str, who: object, window: timedelta) -> None:
    """Count one more attempt, whatever the limit is. Call inside `transaction()`."""
    _count(what, who, window)


def wait(what: str, who: object, limit: int, window: timedelta) -> int:
    """Return for how many more seconds `who` has to wait; 0 when they are below the limit."""
    at = now()
    row = _row(what, who, window, at)
    if row is None or row.count < limit or not current_app.config["FORUM"].rate_limits:
        return 0
    return max(1, ceil((row.since + window - at).total_seconds()))


def _count(what: str, who: object, window: timedelta) -> None:
    at = now()
    row = _row(what, who, window, at)
    if row is not None:
        row.count += 1
    else:
        db.session.merge(Attempt(key=_key(what, who), since=at, count=1))
    db.session.flush()


def give_back(what: str, who: object) -> None:
    """Take back the last attempt, which turned out to be harmless. Call inside `transaction()`."""
    harmless = update(Attempt).where(Attempt.key == _key(what, who), Attempt.count > 0)
    db.session.execute(harmless.values(count=Attempt.count - 1))


def soon(seconds: int) -> str:
    """Return when that is, as people say it: "in 40 seconds", "in 7 minutes", "at 3:42pm", "on 4 May at 9:05am"."""
    if seconds < 60:
        return f"in {seconds} second{'s' if seconds > 1 else ''}"
    if seconds < 3_600:
        minutes = ceil(seconds / 60)
        return f"in {minutes} minute{'s' if minutes > 1 else ''}"
    here = now().astimezone(LONDON)
    # Rounded up to the minute, or somebody who comes at the minute named would come too early.
    then = here + timedelta(seconds=seconds + 59)
    clock = f"{then.hour % 12 or 12}:{then:%M}{'am' if then.hour < 12 else 'pm'}"
    return f"at {clock}" if then.date() == here.date() else f"on {then.day} {then:%B} at {clock}"


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
        left = max(1, ceil(since + seconds - at))
        raise TooMany(f"{message} Try again {soon(left)}.", left)


def forget(what: str, who: object) -> None:
    """Start again at nothing: after a sign-in that succeeded. Call inside `transaction()`."""
    db.session.execute(delete(Attempt).where(Attempt.key == _key(what, who)))


def sweep(at: datetime) -> int:
    """Delete windows that ended long ago; return how many. Call inside `transaction()`."""
    gone = db.session.execute(delete(Attempt).where(Attempt.since < at - timedelta(days=7)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
