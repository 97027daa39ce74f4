"""Counting what members search for: words without names; and each member's own last searches, for themselves alone.

Only a member's search from a page of this site is counted (`clicks.own`): a visitor, or a page elsewhere that leads a member here,
writes nothing. It is written after the page is made, and without waiting for a lock: if the database is busy, the counts stay for
the next time, so that counting never makes a search fail.
"""

import logging
import re
from datetime import date, datetime, timedelta
from threading import Lock

from flask import Flask, current_app
from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from forum.access.actors import Member
from forum.accounts.queries import is_somebody
from forum.documents.identifiability import check
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.redaction import plain_word
from forum.searches.models import AskedSearch, PastSearch, SavedSearch, WordCount
from forum.searches.queries import COUNTED, PAST_KEPT
from forum.searches.search_terms import SearchTerms, digest_of, normalised, typed

log = logging.getLogger("forum.searches")
PATIENCE_MS = 50
#: At most so many different words wait in a process, and are stored for one week, so that nobody can fill the table.
MOST_WAITING, MOST_A_WEEK = 500, 20_000
#: Longer than that is a text, and not counted.
LONGEST = 120
#: Searches often have names in small letters, which the check of texts misses. "Ms" and "miss" mean other things in health care.
_PERSON = re.compile(r"\b(mr|mrs)\b\.? \w")


class Tally:
    """What this process has counted and not written yet: (week, words) → times, times without result, clicks."""

    def __init__(self) -> None:
        self._counts: dict[tuple[date, str], tuple[int, int, int]] = {}
        self._lock = Lock()

    def add(self, key: tuple[date, str], times: int = 0, nothing: int = 0, clicks: int = 0) -> None:
        with self._lock:
            have = self._counts.get(key)
            if have is None and len(self._counts) >= MOST_WAITING:
                return
            a, b, c = have or (0, 0, 0)
            self._counts[key] = a + times, b + nothing, c + clicks

    def take(self) -> dict[tuple[date, str], tuple[int, int, int]]:
        with self._lock:
            counts, self._counts = self._counts, {}
            return counts

    def drop(self, found: re.Pattern[str]) -> None:
        with self._lock:
            self._counts = {key: n for key, n in self._counts.items() if not found.search(key[1])}


def init_tally(app: Flask) -> None:
    app.extensions["forum.tally"] = Tally()


def _tally() -> Tally:
    found: Tally = current_app.extensions["forum.tally"]
    return found


def _countable(text: str) -> str:
    """Return the words as they are counted; "" for a whole text, and for what may point to a person."""
    words = normalised(text)
    personal = _PERSON.search(words) or check({"words": text})
    return words if words and len(words) <= LONGEST and not personal else ""


def _key(words: str) -> tuple[date, str]:
    today = now().date()
    return today - timedelta(days=today.weekday()), words


def searched(actor: Member, search_terms: SearchTerms, found: int, again: bool) -> None:
    """Count a member's search by its words, without the filters among them, unless it only refines the one before (`again`), and
    store it among their own last searches. That it found nothing counts only without filters, which may be the reason."""
    asked = search_terms.asked()
    words = _countable(asked.words)
    if not words or again:
        return
    narrowed = bool(search_terms.filters or asked.pieces)
    _tally().add(_key(words), times=1, nothing=int(not found and not narrowed))
    _write(actor, search_terms.text)


def clicked(text: str) -> None:
    """A member went on from the results for these words to one of them. Written with the next search."""
    words = _countable(SearchTerms(typed(text), {}).asked().words)
    if words:
        _tally().add(_key(words), clicks=1)


def flush() -> bool:
    """Write what waits; False when the database was busy."""
    return _write(None, "")


def _write(actor: Member | None, text: str) -> bool:
    counts = _tally().take()
    try:
        with transaction(PATIENCE_MS):
            _write_counts(counts)
            if actor is not None:
                _write_past(actor, text)
    except SQLAlchemyError as error:
        db.session.rollback()
        log.info("searches are counted later: %s", str(getattr(error, "orig", error)).splitlines()[0])
        for key, numbers in counts.items():
            _tally().add(key, *numbers)
        return False
    return True


def _write_counts(counts: dict[tuple[date, str], tuple[int, int, int]]) -> None:
    rows = select(WordCount).where(WordCount.week.in_({k[0] for k in counts}), WordCount.words.in_({k[1] for k in counts}))
    have = {(row.week, row.words): row for row in db.session.scalars(rows)}
    room = MOST_A_WEEK - (db.session.scalar(select(func.count()).where(WordCount.week == _key("")[0])) or 0)
    for (week, words), (times, nothing, clicks) in counts.items():
        row = have.get((week, words))
        if row is None and times and room > 0 and not is_somebody(words):
            row = WordCount(week=week, words=words, times=0, found_none=0, clicks=0)
            db.session.add(row)
            room -= 1
        if row is not None:
            row.times, row.found_none, row.clicks = row.times + times, row.found_none + nothing, row.clicks + clicks


def _write_past(actor: Member, text: str) -> None:
    db.session.merge(PastSearch(member_id=actor.id, digest=digest_of(normalised(text)), query=text, at=now()))
    db.session.flush()
    kept = select(PastSearch.digest).where(PastSearch.member_id == actor.id).order_by(PastSearch.at.desc()).limit(PAST_KEPT)
    db.session.execute(
        delete(PastSearch).where(PastSearch.member_id == actor.id, PastSearch.digest.not_in(kept.scalar_subquery())),
        execution_options={"synchronize_session": False},
    )


def sweep(at: datetime) -> int:
    """Delete counts of weeks that are no longer shown. Call inside `transaction()`."""
    gone = db.session.execute(delete(WordCount).where(WordCount.week < (at - COUNTED).date()))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def forget(found: re.Pattern[str]) -> None:
    """Words that a moderator removes for good go from here too, whoever searched for them. Call inside `transaction()`."""
    _tally().drop(found)
    plain = plain_word(found)
    for model, columns in ((WordCount, ("words",)), (PastSearch, ("query",)), (SavedSearch, ("query", "name"))):
        held = or_(*(func.lower(getattr(model, c)).contains(plain, autoescape=True) for c in columns))
        for row in db.session.scalars(select(model).where(held)):
            if any(found.search(getattr(row, c)) for c in columns):
                db.session.delete(row)
    for asked in db.session.scalars(select(AskedSearch).where(func.lower(AskedSearch.query).contains(plain, autoescape=True))):
        asked.query = found.sub("", asked.query).strip()
