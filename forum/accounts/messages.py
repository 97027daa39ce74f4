"""One member writes to another through the site. Neither is told the other's address."""

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.accounts import queries
from forum.accounts.events import MessageSent
from forum.accounts.models import Account, Message
from forum.kernel import rate_limits
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Forbidden
from forum.kernel.numbers import whole
from forum.kernel.outbox import announce
from forum.kernel.references import Card, cards
from forum.kernel.text import one_line

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AN_HOUR, A_DAY = 5, 20
SLOWER = f"You can send {AN_HOUR} messages an hour and {A_DAY} a day. Your text is kept on this page."
_REF = re.compile(r"([a-z-]{1,40}):([1-9][0-9]*)")


@dataclass(frozen=True)
class Letter:
    """What a person writes; `about` names a thing as "kind:id", or nothing."""

    subject: str
    text: str
    about: str = ""


def receiver(actor: Member, username: str) -> Account:
    """Return whom the actor may write to. Raises `NotFound`, and `Forbidden` with the reason why not."""
    authorize(actor, Permission.WRITE)
    account = queries.by_username(username)
    if not _wrote(account, actor):
        authorize(actor, Permission.MAIL)
    if account.id == actor.id:
        raise Forbidden("This is you. To keep a note for yourself, save things for later instead.")
    if not account.reachable:
        raise Forbidden(
            f"{account.name} does not take messages through the site. Ask in a discussion: others may learn from the answer too."
        )
    return account


def _wrote(account: Account, actor: Member) -> bool:
    """Return whether they wrote to the actor before, who may then answer."""
    theirs = select(Message.id).where(Message.sender_id == account.id, Message.receiver_id == actor.id)
    return db.session.scalars(theirs.limit(1)).first() is not None


def about(actor: Member, text: str) -> Card | None:
    """The card that "kind:id" names, where the actor may see it."""
    found = _REF.fullmatch(text)
    ref = (found[1], whole(found[2]) or 0) if found else ("", 0)
    return cards(actor, [ref]).get(ref)


def send(actor: Member, username: str, letter: Letter) -> Message:
    """Write to a member. Raises as `receiver` does, and `TooMany`."""
    to = receiver(actor, username)
    rate_limits.spend("message", actor.id, AN_HOUR, HOUR, SLOWER)
    rate_limits.spend("message-day", actor.id, A_DAY, DAY, SLOWER)
    card = about(actor, letter.about)
    fresh = Message(
        sender_id=actor.id,
        receiver_id=to.id,
        subject=one_line(letter.subject),
        text=letter.text,
        about_kind=card.kind if card else "",
        about_id=card.id if card else 0,
        at=now(),
    )
    db.session.add(fresh)
    db.session.flush()
    announce(MessageSent(fresh.id, actor.id))
    return fresh
