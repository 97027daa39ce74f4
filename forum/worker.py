"""The worker: what follows from people's changes (index, notifications, mail), and the jobs that come round."""

import ctypes
import logging
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from types import FrameType

from flask import Flask
from sqlalchemy.exc import OperationalError

from forum.accounts import joining
from forum.case_studies import files, references
from forum.kernel import limits, once, outbox, scrub, tokens
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.outbox import OutboxRow
from forum.notifications.delivery import deliver, notify
from forum.search import outbox as search
from forum.searches import similar, tally, watching
from forum.updates import actions as updates
from forum.web import parking

log = logging.getLogger("forum.worker")

PAUSE = 0.5
BATCH = 50
CHECK_INDEX = timedelta(hours=1)
LOOK_AT_INDEX = timedelta(seconds=5)
#: Seconds between looks at the references of one case study.
LOOK_AT_LINKS = 60
SWEEP = timedelta(hours=1)
#: How soon "at once" is, for those who wait for news of a search.
LOOK_FOR_NEWS = timedelta(minutes=1)
#: How soon what is near each case study is looked at again, where the last look left something.
LOOK_ON = timedelta(seconds=5)


def die_with_parent() -> None:
    """Ask Linux to stop this process when the one that started it is gone, so that none is left behind."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Worker:
    """Loops over the queues until told to stop; finishes the piece of work in hand first."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopping = False
        self._parent = os.getppid()

    def run(self) -> None:
        """Until SIGTERM or SIGINT, or until the parent process is gone."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        next_check = next_look = next_sweep = next_news = next_near = now()
        Thread(target=self._look_at_links, name="links", daemon=True).start()
        while not self.stopping and os.getppid() == self._parent:
            if now() >= next_check:
                self._safely("index check", search.check)
                next_check = now() + CHECK_INDEX
            if now() >= next_look:
                self._safely("index look", search.mend)
                next_look = now() + LOOK_AT_INDEX
            if now() >= next_sweep:
                self._safely("sweep", sweep)
                next_sweep = now() + SWEEP
            if now() >= next_news:
                self._safely("news of searches", watching.look)
                next_news = now() + LOOK_FOR_NEWS
            if now() >= next_near:
                more = self._safely("similar practice", similar.look)
                next_near = now() + (LOOK_ON if more else LOOK_FOR_NEWS)
            if not self.round():
                time.sleep(PAUSE)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _look_at_links(self) -> None:
        """In a thread of its own: a slow server elsewhere must not keep anybody's post from the index."""
        while not self.stopping:
            time.sleep(LOOK_AT_LINKS)
            self._safely("links", references.look)

    def round(self) -> int:
        """One look at every queue; gives how many pieces of work were done."""
        done = self._safely("index", search.drain)
        done += self._each(joining.QUEUE, joining.carry_out)
        done += self._each("notify", notify)
        done += self._each("mail", deliver)
        done += self._each("compact", _compact)
        return done

    def until_empty(self) -> int:
        """Work until nothing is due; for `forum work --once` and tests."""
        total = 0
        while done := self.round():
            total += done
        return total

    def _safely(self, what: str, job: Callable[[], object]) -> int:
        """A job that fails is logged and tried again at its next turn; the other queues go on."""
        with self.app.app_context():
            try:
                return int(job() or 0)  # type: ignore[call-overload, no-any-return]
            except Exception:
                db.session.rollback()
                log.exception("%s failed", what)
                return 0

    def _each(self, queue: str, handle: Callable[[OutboxRow], None]) -> int:
        """Work off one queue, a row at a time; a row that fails is put back for later and the others go on."""
        done = 0
        with self.app.app_context():
            try:
                rows = outbox.claim(queue, BATCH)
            except OperationalError:  # no connection, or somebody writes for long: the next round looks again
                db.session.rollback()
                log.warning("queue %s cannot be looked at", queue, exc_info=True)
                return 0
            while rows and not self.stopping:
                done += _attempt(rows.pop(0), handle)
            outbox.give_back(rows)
        return done


def _compact(row: OutboxRow) -> None:
    """After words were removed for good: make the database's file anew, without them."""
    scrub.compact()
    with transaction():
        outbox.done([row])


def _attempt(row: OutboxRow, handle: Callable[[OutboxRow], None]) -> int:
    row_id = row.id
    try:
        handle(row)
    except Exception as error:
        db.session.rollback()
        log.exception("outbox row %s failed", row_id)
        with transaction():
            again = db.session.get(OutboxRow, row_id)
            if again is not None:
                again.failed(error, now())
        return 0
    return 1


def sweep() -> int:
    """End what has served its time (attempts, form keys, links, consents, files that nothing names), and ask for what is due."""
    at = now()
    with transaction():
        swept = limits.sweep(at) + once.sweep(at) + tokens.sweep(at) + parking.sweep(at)
        return swept + files.end_expired(at) + files.sweep(at) + updates.ask(at) + tally.sweep(at)
