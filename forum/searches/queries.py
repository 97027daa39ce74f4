"""Reading saved searches, questions that came from a search, and what is searched for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from forum.access.actors import Actor, Member, audience
from forum.access.permissions import Permission, authorize
from forum.access.rules import READER, visible
from forum.discussions.models import Thread
from forum.kernel.clock import now
from forum.kernel.db import db, read
from forum.kernel.errors import NotFound
from forum.kernel.references import Card, Person
from forum.search.port import IndexUnavailable
from forum.search.question.parser import words_of
from forum.search.service import search_parts
from forum.searches.models import AskedSearch, PastSearch, SavedSearch, Waiting, WordCount
from forum.searches.search_terms import SearchTerms, normalised
from forum.web.kept import kept

MOST_SAVED = 50
PAST_KEPT = 10
#: Words and filters that are tried on the reader's behalf when nothing was found.
MOST_TRIED = 5
COUNTED = timedelta(days=90)
LISTED = 100


def mine(actor: Member) -> Sequence[SavedSearch]:
    """The actor's saved searches, by name."""
    rows = select(SavedSearch).where(SavedSearch.member_id == actor.id)
    return db.session.scalars(rows.order_by(func.lower(SavedSearch.name), SavedSearch.id).limit(MOST_SAVED)).all()


def get(actor: Member, id_: int) -> SavedSearch:
    """One of the actor's own. Raises `NotFound`: nobody else's exist for them."""
    found = db.session.get(SavedSearch, id_)
    if found is None or found.member_id != actor.id:
        raise NotFound("There is no such saved search.")
    return found


def cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    """Saved searches as things that news is about; for their owner alone."""
    if not isinstance(actor, Member):
        return {}
    rows = select(SavedSearch).where(SavedSearch.id.in_(ids), SavedSearch.member_id == actor.id)
    return {s.id: Card(s.kind, s.id, s.name, s.url, "", Person(s.member_id, actor.name)) for s in db.session.scalars(rows)}


def recent(actor: Actor, prefix: str = "", limit: int = PAST_KEPT) -> list[str]:
    """The actor's own last searches that begin so, the last first; at most 10 are stored, and none of a visitor."""
    if not isinstance(actor, Member):
        return []
    rows = select(PastSearch.query).where(PastSearch.member_id == actor.id).order_by(PastSearch.at.desc()).limit(PAST_KEPT)
    start = normalised(prefix)
    return [text for text in db.session.scalars(rows) if normalised(text).startswith(start)][:limit]


@dataclass(frozen=True, slots=True)
class Other:
    """Another search that would find something."""

    label: str
    search_terms: SearchTerms
    total: int


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Other searches that would find something: without one of the filters, and for each word alone."""

    fewer: tuple[Other, ...]
    words: tuple[Other, ...]


def alternatives(actor: Actor, search_terms: SearchTerms) -> Alternatives:
    """The nearest searches that find something for the actor. Asks the index at most 11 times, and
    the database only for the names behind `author:` and `org:`."""
    asked = search_terms.asked().words
    fewer = [Other(label, search_terms.without(facet, value), 0) for facet, value, _, label in search_terms.choices()]
    fewer += [Other(label, SearchTerms(rest, search_terms.filters), 0) for label, rest in search_terms.typed()]
    if len(fewer) > 1:
        fewer = [*fewer[:MOST_TRIED], Other("", SearchTerms(asked, {}), 0)]
    single = list(dict.fromkeys(w.casefold() for w in words_of(asked)))
    words = [Other(w, SearchTerms(w, {}), 0) for w in single[:MOST_TRIED]] if len(single) > 1 else []
    return Alternatives(_finding(actor, fewer), _finding(actor, words))


def _finding(actor: Actor, others: Sequence[Other]) -> tuple[Other, ...]:
    found = []
    for other in others:
        if other.search_terms.empty:
            continue
        request = replace(other.search_terms.request(per_page=1), audience=audience(actor))
        try:
            total = search_parts().index.search(request).total
        except IndexUnavailable:
            return ()
        if total:
            found.append(replace(other, total=total))
    return tuple(found)


def on_their_own(found: Sequence[Card]) -> list[Card]:
    """Return the cards without discussions that the site opened for a case study, which are no news of their own."""
    ids = [card.id for card in found if card.kind == Thread.kind]
    rows = select(Thread.id).where(Thread.id.in_(ids), Thread.subject_kind != "")
    beside = set(db.session.scalars(rows)) if ids else set()
    return [card for card in found if card.kind != Thread.kind or card.id not in beside]


def asked_already(actor: Actor, search_terms: SearchTerms) -> Sequence[Thread]:
    """Questions that came from the same search, the newest first; at most 3."""
    rows = select(Thread).join(AskedSearch, AskedSearch.thread_id == Thread.id)
    rows = rows.where(AskedSearch.digest == search_terms.digest, visible(actor, Thread))
    return db.session.scalars(rows.order_by(Thread.id.desc()).limit(3)).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The search that a question came from: how many wait for examples, and whether the reader is one of them."""

    #: Its words and filters, and whether nothing was found.
    asked: Any
    waiting: int
    own: bool
    mine: bool


def wanted(actor: Actor, thread_id: int) -> Wanted | None:
    """Return what the question came from; None if it came from no search. The caller knows that the actor may see the thread."""
    asked = kept(("asked", thread_id), lambda: read(_ASKED, {"thread": thread_id}).first())
    if asked is None:
        return None
    who = {"thread": thread_id, "reader": actor.id} if isinstance(actor, Member) else None
    waits = read(_WAITS, who).scalar() if who else None
    return Wanted(asked, asked.waiting, own=waits is True, mine=waits is False)


_ASKED = select(
    AskedSearch.query,
    AskedSearch.filters,
    AskedSearch.found_none,
    select(func.count())
    .where(Waiting.thread_id == AskedSearch.thread_id, Waiting.asked.is_(False))
    .scalar_subquery()
    .label("waiting"),
).where(AskedSearch.thread_id == bindparam("thread"))
#: Whether it was the reader who asked; nothing where they do not wait.
_WAITS = select(Waiting.asked).where(Waiting.thread_id == bindparam("thread"), Waiting.member_id == READER)


def told(actor: Member, thread_id: int) -> bool:
    """Return whether the actor is notified of examples for that question."""
    row = db.session.get(Waiting, (thread_id, actor.id))
    return row is not None and row.told


@dataclass(frozen=True, slots=True)
class Counted:
    """Words that were searched for, how often, and how often that led nowhere."""

    words: str
    times: int
    nothing: int
    no_click: int


ORDERS = ("times", "nothing", "no-click")


def most_searched(actor: Member, order: str = "times", at: datetime | None = None) -> list[Counted]:
    """The most frequent searches of the last 90 days, for moderators; at most 100."""
    authorize(actor, Permission.MODERATE)
    since = ((at or now()) - COUNTED).date()
    times, nothing, clicks = (func.sum(c) for c in (WordCount.times, WordCount.found_none, WordCount.clicks))
    left = times - nothing - clicks
    by = {"nothing": nothing, "no-click": left}.get(order, times)
    rows = select(WordCount.words, times, nothing, left).where(WordCount.week >= since).group_by(WordCount.words)
    if by is not times:
        rows = rows.having(by > 0)
    found = db.session.execute(rows.order_by(by.desc(), times.desc(), WordCount.words).limit(LISTED))
    return [Counted(words, all_, none, max(0, no_click)) for words, all_, none, no_click in found]
