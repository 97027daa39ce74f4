"""News from searches. Only the mail has titles: the site looks up what the reader may see at the moment of reading."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from forum.access.actors import Actor
from forum.accounts.queries import acting
from forum.discussions.models import Thread
from forum.kernel.db import db
from forum.kernel.references import Card, cards
from forum.notifications.kinds import NotificationKind
from forum.searches.events import ExamplesFound, SearchFound
from forum.searches.models import NEVER, AskedSearch, SavedSearch, Waiting
from forum.searches.saving.alerts import ANYBODY
from forum.searches.search_terms import of

#: Titles in one mail.
TITLES = 10


def _owner(event: SearchFound) -> Iterable[int]:
    """Return the owner; nobody once the search is deleted, its alert off, or all that was found hidden again."""
    search = db.session.get(SavedSearch, event.search_id)
    if search is None or search.alert == NEVER or not _shown(acting(event.member_id), event.refs):
        return []
    return [event.member_id]


def _shown(actor: Actor, refs: list[str]) -> list[Card]:
    """The things as the actor may see them now: one may have been hidden since."""
    pairs = [(kind, int(id_)) for kind, _, id_ in (ref.partition(":") for ref in refs[:TITLES])]
    found = cards(actor, pairs)
    return [found[pair] for pair in pairs if pair in found and found[pair].status == "published"]


def _titles(actor: Actor, refs: list[str]) -> dict[str, Any]:
    shown = _shown(actor, refs)
    return {"found": [[card.title, card.url] for card in shown], "more": max(0, len(refs) - TITLES)}


def _search(event: SearchFound, _card: Card | None) -> Mapping[str, Any]:
    search = db.session.get(SavedSearch, event.search_id)
    if search is None:
        return {"search": "", "found": [], "more": 0}
    return {"search": search.name, **_titles(acting(event.member_id), event.refs)}


def _waiting(event: ExamplesFound) -> Iterable[int]:
    rows = select(Waiting.member_id).where(Waiting.thread_id == event.thread_id, Waiting.told.is_(True))
    authors = [{c.author.id, *c.author_ids} for c in _shown(ANYBODY, event.refs)]
    return [id_ for id_ in db.session.scalars(rows) if any(id_ not in some for some in authors)]


def _examples(event: ExamplesFound, _card: Card | None) -> Mapping[str, Any]:
    asked = db.session.get(AskedSearch, event.thread_id)
    return {"search": of(asked).words() if asked else "", **_titles(ANYBODY, event.refs)}


def _count(event: SearchFound | ExamplesFound) -> Mapping[str, Any]:
    return {"count": len(event.refs)}


KINDS = (
    NotificationKind(
        "searches",
        "search_found",
        SearchFound,
        _owner,
        lambda e: (SavedSearch.kind, e.search_id),
        _count,
        token=lambda e: f"alert:{e.search_id}",
        more=_search,
        stop=lambda e: f"/searches/{e.search_id}/stop",
    ),
    NotificationKind(
        "searches",
        "examples_found",
        ExamplesFound,
        _waiting,
        lambda e: (Thread.kind, e.thread_id),
        _count,
        token=lambda e: f"examples:{e.thread_id}",
        more=_examples,
        stop=lambda e: f"/searches/asked/{e.thread_id}/stop",
    ),
)
