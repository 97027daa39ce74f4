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
from forum.marks.models import HELPFUL, MOST_SAVED, SAVED, Mark

PUBLISHED = {"", "published"}


def mark(actor: Member, ref: Ref, name: str) -> None:
    """Put a mark on a thing that the actor may see. Raises `NotFound`, `Forbidden`, `Invalid`."""
    authorize(actor, Permission.WRITE)
    if name not in {HELPFUL, SAVED}:
        raise Invalid("There is no such mark.")
    card = cards(actor, [ref]).get(ref)
    if card is None:
        raise NotFound("There is nothing here to mark, or it is not public.")
    if name == HELPFUL:
        _check_helpful(actor, card)
    if db.session.get(Mark, (*ref, actor.id, name)) is not None:
        return
    if name == SAVED and queries.saved_count(actor) >= MOST_SAVED:
        raise Invalid(f"You have saved {MOST_SAVED} items, which is the limit. Remove some of them first.")
    db.session.add(Mark(kind=ref[0], ref_id=ref[1], member_id=actor.id, name=name, at=now()))
    _changed(name)


def unmark(actor: Member, ref: Ref, name: str) -> None:
    """Take the actor's own mark away, also from a thing that they may no longer see."""
    authorize(actor, Permission.WRITE)
    mine = delete(Mark).where(Mark.kind == ref[0], Mark.ref_id == ref[1], Mark.member_id == actor.id, Mark.name == name)
    if db.session.execute(mine).rowcount:  # type: ignore[attr-defined]
        _changed(name)


def _check_helpful(actor: Member, card: Card) -> None:
    if actor.id in (card.author_id, *card.author_ids):
        raise Forbidden("This is your own. Others say whether it is helpful.")
    if card.status not in PUBLISHED:
        raise Forbidden("This is not published, so it cannot be marked as helpful.")


def _changed(name: str) -> None:
    """Visitors' cached pages show the count of helpful marks; what is saved is on nobody else's page."""
    if name == HELPFUL:
        touch_site()
