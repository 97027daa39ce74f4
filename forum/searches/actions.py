"""What people do with searches."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.discussions import actions as discussions
from forum.discussions import queries as threads
from forum.discussions.actions import ThreadDraft
from forum.discussions.models import Thread
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Invalid
from forum.kernel.outbox import touch_site
from forum.searches import queries
from forum.searches.models import AT_ONCE, DAILY, NEVER, WEEKLY, AskedSearch, PastSearch, SavedSearch, Waiting
from forum.searches.search_terms import SearchTerms

PERIODS = {AT_ONCE: timedelta(minutes=1), DAILY: timedelta(days=1), WEEKLY: timedelta(days=7)}


def next_look(alert: str, at: datetime) -> datetime | None:
    """Return when the worker should look again; None for never."""
    return at + PERIODS[alert] if alert in PERIODS else None


def save(actor: Member, search_terms: SearchTerms, name: str, alert: str, seen: list[str] | None) -> SavedSearch:
    """Save a search. `seen` is what it finds now, which is no news; None where that is not known.

    Raises `Invalid` past 50, and for one that is saved already.
    """
    if search_terms.empty:
        raise Invalid("There is nothing to save yet: search for some words, or choose a filter.", "name")
    rows = select(func.count()).select_from(SavedSearch).where(SavedSearch.member_id == actor.id)
    if (db.session.scalar(rows) or 0) >= queries.MOST_SAVED:
        raise Invalid(f"You have {queries.MOST_SAVED} saved searches. Delete one that you no longer need first.", "name")
    same = select(SavedSearch.name).where(SavedSearch.member_id == actor.id, SavedSearch.digest == search_terms.digest)
    if (have := db.session.scalar(same)) is not None:
        raise Invalid(f"You saved this search already, as “{have}”.", "name")
    search = SavedSearch(
        member_id=actor.id,
        name=name or search_terms.words(),
        query=search_terms.text,
        filters={f: list(v) for f, v in search_terms.filters.items()},
        digest=search_terms.digest,
        alert=alert,
        seen=seen,
        due_at=next_look(alert, now()),
        created_at=now(),
    )
    db.session.add(search)
    db.session.flush()
    return search


def change(actor: Member, id_: int, name: str, alert: str, seen: list[str] | None) -> SavedSearch:
    """Change the name or the alert. What the search found while its alert was off is no news."""
    search = queries.get(actor, id_)
    if search.alert == NEVER:
        search.seen = seen
    if search.alert != alert:
        search.due_at = next_look(alert, now())
    search.name, search.alert = name or search.name, alert
    return search


def remove(actor: Member, id_: int) -> None:
    db.session.delete(queries.get(actor, id_))


def stop(actor: Member, id_: int) -> SavedSearch:
    """No more alerts for this search; it stays saved."""
    search = queries.get(actor, id_)
    search.alert, search.due_at = NEVER, None
    return search


def ask(actor: Member, draft: ThreadDraft, search_terms: SearchTerms, seen: list[str] | None) -> Thread:
    """Ask for examples of what a search did not find: a question that knows its search."""
    thread = discussions.start_thread(actor, draft)
    if not search_terms.empty:
        asked = AskedSearch(
            thread_id=thread.id,
            query=search_terms.text,
            filters={f: list(v) for f, v in search_terms.filters.items()},
            digest=search_terms.digest,
            seen=seen,
            found_none=not seen,
            created_at=now(),
        )
        db.session.add(asked)
        db.session.add(Waiting(thread_id=thread.id, member_id=actor.id, asked=True, at=now()))
    return thread


def second(actor: Member, thread_id: int, on: bool) -> Thread:
    """ "I need this too", or no longer. Raises `NotFound` for a question that came from no search."""
    thread = threads.thread(actor, thread_id)
    authorize(actor, Permission.WRITE, thread)
    if queries.wanted(actor, thread.id) is None:
        raise Invalid("This question did not come from a search.")
    row = db.session.get(Waiting, (thread.id, actor.id))
    if on and row is None:
        db.session.add(Waiting(thread_id=thread.id, member_id=actor.id, at=now()))
    elif not on and row is not None and not row.asked:
        db.session.delete(row)
    touch_site()
    return thread


def stop_waiting(actor: Member, thread_id: int) -> None:
    """Stop mail about examples for this question; a member who seconded it still counts."""
    row = db.session.get(Waiting, (thread_id, actor.id))
    if row is not None:
        row.told = False


def clear_past(actor: Member) -> None:
    """Forget the actor's own last searches."""
    db.session.execute(delete(PastSearch).where(PastSearch.member_id == actor.id))
