"""The outbox: what must follow from a change, written in the same transaction as the change (law 2).

A crash can only repeat work, never lose it: rows go when their work is done, and every handler is safe to repeat.
"""

import fcntl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import JSON, Index, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.clock import now
from forum.kernel.db import Model, db, on_postgresql, read, transaction
from forum.kernel.events import Event

#: Seconds to wait after the first, second, … failure; the last repeats for ever and is shown on the health page.
BACKOFF = (1, 5, 30, 120, 600, 3600)
STUCK_AFTER = 4
#: How many rows one worker claims at once, and for how long other workers leave them alone.
CLAIMED, LEASE = 10, timedelta(minutes=2)
#: How long a whole queue rests when nobody in it can be served.
REST = timedelta(minutes=1)


class NotNow(Exception):
    """Work that cannot be done at the moment. The message says why, in words for whoever looks after the site."""


class NobodyNow(NotNow):
    """Like `NotNow`, for a cause that stops the whole queue, such as a server that is down: all its rows rest."""


class OutboxRow(Model):
    """One piece of work for one queue."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_queue_available_at_id", "queue", "available_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    queue: Mapped[str]
    name: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")

    def failed(self, error: Exception, at: datetime) -> None:
        """Put the row off; store the error for whoever looks after the site."""
        wait = BACKOFF[min(self.attempts, len(BACKOFF) - 1)]
        self.attempts += 1
        self.available_at = at + timedelta(seconds=wait)
        self.last_error = (str(error) if isinstance(error, NotNow) else f"{type(error).__name__}: {error}")[:500]


class SiteVersion(Model):
    """One row: a number that grows with every announced change, so that a cached page knows when it is old."""

    __tablename__ = "site_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Routes:
    """Which queues want which events, as the slices declared them."""

    queues: Mapping[type[Event], tuple[str, ...]]

    def event(self, name: str, payload: Mapping[str, Any]) -> Event:
        """The event that a row was made from. Raises KeyError for a name no slice declares any more."""
        return next(kind for kind in self.queues if kind.__name__ == name)(**payload)


def init_outbox(app: Flask, routes: Routes) -> None:
    app.extensions["forum.routes"] = routes


def routes() -> Routes:
    found: Routes = current_app.extensions["forum.routes"]
    return found


def announce(event: Event) -> None:
    """Announce a fact: one row for each queue that wants it, and a new site version. Call inside `transaction()`.

    Raises KeyError for an event that no slice declares, since then nobody would ever hear of it.
    """
    for queue in routes().queues[type(event)]:
        enqueue(queue, type(event).__name__, event.payload())
    touch_site()


VERSION = select(SiteVersion.number).where(SiteVersion.id == 1)


def site_version() -> int:
    """Return the number of the last announced change. A request reads it once, before its data, which can then only be newer."""
    if "site_version" not in g:
        g.site_version = read(VERSION).scalar() or 0
    found: int = g.site_version
    return found


def touch_site() -> None:
    """Make every cached page old, for changes that no event tells of."""
    g.pop("site_version", None)
    changed = db.session.execute(update(SiteVersion).values(number=SiteVersion.number + 1))
    if not changed.rowcount:  # type: ignore[attr-defined]
        db.session.add(SiteVersion(id=1, number=1))
        db.session.flush()


def enqueue(queue: str, name: str, payload: Mapping[str, Any]) -> None:
    """Put a piece of work on a queue directly (mail is queued so by the notifications service)."""
    at = now()
    db.session.add(OutboxRow(queue=queue, name=name, payload=dict(payload), created_at=at, available_at=at))


@contextmanager
def alone_here(what: str) -> Iterator[bool]:
    """Yield True in the one thread, of all processes that share this instance folder, that has the lock `what`. The kernel drops
    the lock when its process dies."""
    with (current_app.config["FORUM"].instance / f"{what}.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def due(queue: str, limit: int) -> list[OutboxRow]:
    """Return the oldest rows of a queue whose time has come."""
    rows = select(OutboxRow).where(OutboxRow.queue == queue, OutboxRow.available_at <= now())
    return list(db.session.scalars(rows.order_by(OutboxRow.id).limit(limit)))


def claim(queue: str, limit: int) -> list[OutboxRow]:
    """Return due rows for a worker, which does them one by one. On PostgreSQL there may be several workers: rows that one has
    claimed are not due for the others, and are due again after `LEASE` if it dies."""
    if not on_postgresql() or not due(queue, 1):
        return due(queue, limit)
    at = now()
    rows = select(OutboxRow).where(OutboxRow.queue == queue, OutboxRow.available_at <= at).order_by(OutboxRow.id)
    with transaction() as session:
        claimed = list(session.scalars(rows.limit(min(limit, CLAIMED)).with_for_update(skip_locked=True)))
        for row in claimed:
            row.available_at = at + LEASE
    return claimed


def give_back(rows: Iterable[OutboxRow]) -> None:
    """Make rows due again that were claimed and not begun."""
    ids = [row.id for row in rows]
    if ids and on_postgresql():
        with transaction() as session:
            session.execute(update(OutboxRow).where(OutboxRow.id.in_(ids)).values(available_at=now()))


def rest(queue: str) -> None:
    """Put off every row of this queue by `REST`. Call inside `transaction()`."""
    until = now() + REST
    waiting = update(OutboxRow).where(OutboxRow.queue == queue, OutboxRow.available_at < until)
    db.session.execute(waiting.values(available_at=until))


def done(rows: Iterable[OutboxRow]) -> None:
    """Forget rows whose work is finished. Call inside `transaction()`."""
    ids = [row.id for row in rows]
    db.session.execute(delete(OutboxRow).where(OutboxRow.id.in_(ids)))


@dataclass(frozen=True)
class Backlog:
    """How far behind a queue is: `waiting` rows, the `oldest` one's time, how many keep failing."""

    queue: str
    waiting: int
    oldest: datetime
    stuck: int


def backlog() -> list[Backlog]:
    """Return the backlog of every queue in which something waits, by name."""
    stuck = func.count().filter(OutboxRow.attempts >= STUCK_AFTER)
    rows = select(OutboxRow.queue, func.count(), func.min(OutboxRow.created_at), stuck).group_by(OutboxRow.queue)
    return [Backlog(*row) for row in db.session.execute(rows.order_by(OutboxRow.queue))]


def failing(limit: int) -> list[OutboxRow]:
    """Return rows that have failed, the most often tried first."""
    rows = select(OutboxRow).where(OutboxRow.attempts > 0).order_by(OutboxRow.attempts.desc(), OutboxRow.id)
    return list(db.session.scalars(rows.limit(limit)))
