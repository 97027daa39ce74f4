"""Marking things and taking marks away. Doing either twice is the same as doing it once."""

from sqlalchemy import delete

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Forbidden, Invalid, NotFound
from forum.kernel.outbox import touch_site
from forum.kernel.references import Card, Ref, cards
from forum.marks import queries
from forum.marks.models import MARKS, MOST_SAVED, Bookmark, Reaction

PUBLISHED = {"", "published"}


def mark(actor: Member, ref: Ref, name: str) -> None:
    """Put a mark on a thing that the actor may see. Raises `NotFound`, `Forbidden`, `Invalid`."""
    authorize(actor, Permission.WRITE)
    kind = MARKS.get(name)
    if kind is None:
        raise Invalid("There is no such mark.")
    card = cards(actor, [ref]).get(ref)
    if card is None:
        raise NotFound("There is nothing here to mark, or it is not public.")
    if kind is Reaction:
        _check_reaction(actor, card)
    if db.session.get(kind, (*ref, actor.id, name)) is not None:
        return
    if kind is Bookmark and queries.count_bookmarks(actor) >= MOST_SAVED:
        raise Invalid(f"You have saved {MOST_SAVED} items, which is the limit. Remove some of them first.")
    db.session.add(kind(kind=ref[0], ref_id=ref[1], member_id=actor.id, at=now()))
    _changed(name)


def unmark(actor: Member, ref: Ref, name: str) -> None:
    """Take the actor's own mark away, also from a thing that they may no longer see."""
    authorize(actor, Permission.WRITE)
    kind = MARKS[name]
    mine = delete(kind).where(kind.kind == ref[0], kind.ref_id == ref[1], kind.member_id == actor.id)
    if db.session.execute(mine).rowcount:  # type: ignore[attr-defined]
        _changed(name)


def _check_reaction(actor: Member, card: Card) -> None:
    if actor.id in (card.author.id, *card.author_ids):
        raise Forbidden("This is your own. Others say whether it is helpful.")
    if card.status not in PUBLISHED:
        raise Forbidden("This is not published, so it cannot be marked as helpful.")


def _changed(name: str) -> None:
    """Visitors' cached pages show how many found it helpful; a bookmark is on nobody else's page."""
    if MARKS[name] is Reaction:
        touch_site()
