"""The worker: what follows from people's changes (index, notifications, mail), and the jobs that come round.

Each kind of work has a thread of its own, so that none waits for another: a mail server that takes a minute for each message
keeps nobody's post from the index.
"""

import ctypes
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from types import FrameType

from flask import Flask
from sqlalchemy.exc import OperationalError

from forum.features import FEATURES
from forum.kernel import idempotency, outbox, rate_limits, redaction, tokens
from forum.kernel.clock import now
from forum.kernel.db import db, on_postgresql, transaction
from forum.kernel.jobs import Job
from forum.kernel.outbox import NobodyNow, NotNow, OutboxRow
from forum.notifications.delivery import deliver, notify
from forum.search import indexing as search
from forum.web import pending_forms

log = logging.getLogger("forum.worker")

PAUSE = timedelta(seconds=0.5)
AT_ONCE = timedelta(0)
BATCH = 50
#: Seconds that the pieces of work in hand may take after SIGTERM; what takes longer is done again by the next worker.
GRACE = 10
HOUR = timedelta(hours=1)
#: Queues of the slices and what is done with their rows.
HANDLERS = {queue: handle for f in FEATURES for queue, handle in f.handlers.items()}


def die_with_parent() -> None:
    """Ask Linux to stop this process when the one that started it is gone, so that none is left behind."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Worker:
    """Loops over the queues until told to stop; finishes the pieces of work in hand first."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._stopping = Event()
        self._told_to_stop = False
        self._parent = os.getppid()

    def run(self) -> None:
        """Until SIGTERM or SIGINT, or until the parent process is gone."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        threads = [Thread(target=self._go_round, args=(jobs,), name=name, daemon=True) for name, jobs in self._lanes().items()]
        for thread in threads:
            thread.start()
        while not self._told_to_stop and os.getppid() == self._parent:
            time.sleep(PAUSE.total_seconds())
        self._stopping.set()
        end = time.monotonic() + GRACE
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
            if thread.is_alive():
                log.warning("%s is not waited for: it is done again by the next worker", thread.name)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._told_to_stop = True  # a signal may come while this very thread holds the event's lock

    def _lanes(self) -> dict[str, tuple[Job, ...]]:
        """Return the jobs of each thread, which it does one after the other: the program's own, and the slices'."""
        lanes = {
            "index": (
                Job("index check", search.check, HOUR),
                Job("index look", search.mend, timedelta(seconds=5)),
                Job("index", search.drain, PAUSE, AT_ONCE),
            ),
            "notify": (
                *(Job(queue, partial(self._each, queue, handle, BATCH), PAUSE, AT_ONCE) for queue, handle in HANDLERS.items()),
                Job("notify", self._notify, PAUSE, AT_ONCE),
            ),
            "mail": (Job("mail", self._mail, PAUSE, AT_ONCE),),
            "upkeep": (Job("sweep", sweep, HOUR), Job("compact", self._compact, PAUSE, AT_ONCE)),
        }
        for job in (job for f in FEATURES for job in f.jobs):
            lanes[job.lane] = (*lanes.get(job.lane, ()), job)
        return lanes

    def _go_round(self, jobs: tuple[Job, ...]) -> None:
        """Do the jobs of one thread, each when its time has come, until told to stop."""
        due = dict.fromkeys(range(len(jobs)), time.monotonic())
        while not self._stopping.wait(max(0.0, min(due.values()) - time.monotonic())):
            for number, job in enumerate(jobs):
                if due[number] <= time.monotonic() and not self._stopping.is_set():
                    more = self._safely(job.what, job.do)
                    wait = job.more if more and job.more is not None else job.every
                    due[number] = time.monotonic() + wait.total_seconds()

    def round(self) -> int:
        """Work off what is due in every queue, in this thread; return how many pieces of work were done."""
        jobs: list[tuple[str, Callable[[], object]]] = [("index", search.drain)]
        jobs += [(queue, partial(self._each, queue, handle, BATCH)) for queue, handle in HANDLERS.items()]
        jobs += [("notify", self._notify), ("mail", self._mail), ("compact", self._compact)]
        return sum(self._safely(what, job) for what, job in jobs)

    def until_empty(self) -> int:
        """Work until nothing is due; for `forum work --once` and tests."""
        total = 0
        while done := self.round():
            total += done
        return total

    def _safely(self, what: str, job: Callable[[], object]) -> int:
        """A job that fails is logged and tried again at its next turn; the others go on."""
        with self.app.app_context():
            try:
                return int(job() or 0)  # type: ignore[call-overload, no-any-return]
            except OperationalError:  # no connection, or somebody writes for long
                db.session.rollback()
                log.warning("%s: the database cannot be had", what, exc_info=True)
            except Exception:
                db.session.rollback()
                log.exception("%s failed", what)
            return 0

    def _notify(self) -> int:
        return self._each("notify", notify, BATCH)

    def _mail(self) -> int:
        # One at a time: mail claimed behind a slow one would be due again for other workers, and be sent twice.
        return self._each("mail", deliver, 1)

    def _compact(self) -> int:
        return self._each("compact", _compact, 1)

    def _each(self, queue: str, handle: Callable[[OutboxRow], None], at_once: int) -> int:
        """Work off one queue, a row at a time; a row that fails is put back for later and the others go on."""
        done = 0
        with _alone(queue) as mine:
            for _ in range(BATCH // at_once if mine else 0):
                rows = outbox.claim(queue, at_once)
                if not rows:
                    break
                while rows and not self._stopping.is_set():
                    done += _attempt(rows.pop(0), handle)
                outbox.give_back(rows)
        return done


@contextmanager
def _alone(queue: str) -> Iterator[bool]:
    """Yield whether this worker may work off the queue: one at a time, but on PostgreSQL many, since each claims its own rows."""
    if on_postgresql():
        yield True
        return
    with outbox.alone_here(queue) as mine:
        yield mine


def _compact(row: OutboxRow) -> None:
    """After words were removed for good: make the database's file anew, without them."""
    redaction.compact()
    with transaction():
        outbox.done([row])


def _attempt(row: OutboxRow, handle: Callable[[OutboxRow], None]) -> int:
    row_id, queue = row.id, row.queue
    try:
        handle(row)
    except Exception as error:
        db.session.rollback()
        if isinstance(error, NotNow):
            log.warning("%s, outbox row %s: %s", queue, row_id, error)
        else:
            log.exception("%s, outbox row %s failed", queue, row_id)
        with transaction():
            again = db.session.get(OutboxRow, row_id)
            if isinstance(error, NobodyNow):
                outbox.rest(queue)
            if again is not None:
                again.failed(error, now())
        return 0
    return 1


def sweep() -> int:
    """Delete or end what has expired: attempts, form keys, links and parked forms, and what the slices have; return how much."""
    at = now()
    with transaction():
        own = rate_limits.sweep(at) + idempotency.sweep(at) + tokens.sweep(at) + pending_forms.sweep(at)
        return own + sum(end(at) for f in FEATURES for end in f.sweeps)
