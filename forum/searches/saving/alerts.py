"""Looking for news on behalf of those who wait for it: what a search finds now, beside what it found at the last look."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from forum.access.actors import MEMBER, Actor, Member
from forum.accounts.queries import acting
from forum.case_studies.models import CaseStudy
from forum.discussions.models import HIDDEN, Thread
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import NotFound
from forum.kernel.outbox import OutboxRow, SiteVersion, announce
from forum.kernel.references import Card
from forum.search.service import find
from forum.searches.actions import next_look
from forum.searches.events import ExamplesFound, SearchFound
from forum.searches.models import AT_ONCE, NEVER, AskedSearch, SavedSearch
from forum.searches.queries import on_their_own
from forum.searches.search_terms import SearchTerms, of

#: The newest results that are compared. If more are new at once, only these are mentioned.
WINDOW = 50
#: Searches looked at in one go, so that the worker's other work goes on.
BATCH = 100
#: A question that waited that long waits no more.
PATIENCE = timedelta(days=730)
#: A member like any other: an example that all who wait are notified of must be visible to each of them.
ANYBODY = Member(0, "", "")
_KINDS_ASKED = (CaseStudy.kind, "thread")


def run_alerts(at: datetime | None = None) -> int:
    """Notify those who wait of what is new, for the searches that are due; return how many had news. Never inside a transaction."""
    at = at or now()
    version = db.session.scalar(select(SiteVersion.number)) or 0
    late = db.session.scalar(select(OutboxRow.id).where(OutboxRow.queue == "index").limit(1)) is not None
    # What still waits for the index is found by the next look only.
    done = -1 if late else version
    due = select(SavedSearch.id).where(
        SavedSearch.due_at <= at, or_(SavedSearch.alert != AT_ONCE, SavedSearch.site_version != version)
    )
    ids = db.session.scalars(due.order_by(SavedSearch.due_at).limit(BATCH)).all()
    told = sum(_look_at(id_, done, at) for id_ in ids)
    waiting = select(AskedSearch.thread_id).join(Thread, Thread.id == AskedSearch.thread_id)
    waiting = waiting.where(AskedSearch.site_version != version, AskedSearch.created_at > at - PATIENCE, Thread.status != HIDDEN)
    asked = db.session.scalars(waiting.order_by(AskedSearch.site_version, AskedSearch.thread_id).limit(BATCH)).all()
    return told + sum(_look_for(thread_id, done) for thread_id in asked)


def results(actor: Actor, search_terms: SearchTerms) -> list[Card] | None:
    """Return the newest published things that have all the words; None while the index cannot be asked.

    Staff are notified only of what every member may see, since alerts are about what is published.
    """
    plain = replace(actor, access=MEMBER) if isinstance(actor, Member) else actor
    found = find(plain, search_terms.request(sort="newest", per_page=WINDOW, loosely=False))
    return None if found.plain else on_their_own([card for _, card in found.cards if card.status == "published"])


def keys(cards: Sequence[Card]) -> list[str]:
    return [f"{card.kind}:{card.id}" for card in cards]


def seen_now(actor: Actor, search_terms: SearchTerms) -> list[str] | None:
    """Return what a search finds now, to compare later looks with; None while the index cannot be asked."""
    found = results(actor, search_terms) if not search_terms.empty else []
    return None if found is None else keys(found)


def fresh(seen: Sequence[str] | None, cards: Sequence[Card]) -> list[Card]:
    """Return those that were not seen at the last look, except older things that only moved up because newer ones went away."""
    if seen is None:
        return []
    there = set(seen)
    known = [n for n, key in enumerate(keys(cards)) if key in there]
    if len(seen) >= WINDOW and known:
        cards = cards[: known[-1]]
    return [card for card in cards if f"{card.kind}:{card.id}" not in there]


def _look_at(id_: int, version: int, at: datetime) -> int:
    search = db.session.get_one(SavedSearch, id_)
    try:
        member = acting(search.member_id)
    except NotFound:
        with transaction():
            db.session.get_one(SavedSearch, id_).due_at = None
        return 0
    found = results(member, of(search))
    if found is None:
        return 0
    new = [c for c in fresh(search.seen, found) if member.id not in {c.author.id, *c.author_ids}]
    with transaction():
        again = db.session.get(SavedSearch, id_)
        if again is None or again.alert == NEVER:
            return 0
        again.seen, again.site_version, again.due_at = keys(found), version, next_look(again.alert, at)
        if new:
            announce(SearchFound(id_, member.id, keys(new)))
    return bool(new)


def _look_for(thread_id: int, version: int) -> int:
    asked = db.session.get_one(AskedSearch, thread_id)
    found = results(ANYBODY, of(asked))
    if found is None:
        return 0
    new = [c for c in fresh(asked.seen, found) if c.kind in _KINDS_ASKED and (c.kind, c.id) != ("thread", thread_id)]
    with transaction():
        again = db.session.get_one(AskedSearch, thread_id)
        again.seen, again.site_version = keys(found), version
        if new:
            announce(ExamplesFound(thread_id, keys(new)))
    return bool(new)
