"""Doing a thing once: a form carries a random `form_key`, and a second post of it finds what the first one led to.

The key is stored in the transaction that makes the thing, so a double click, a resend after a broken connection and the Back
button all lead to one thing. Two cases the key alone does not settle:

- Back to a page with a box in it gives the box a new key and, in some browsers, the old words: the same words from the same
  person in the same place within `TWICE` are the same thing.
- A form that was posted, changed and posted again has an old key and new words: nobody can tell a second thing from a correction,
  so `SentBefore` asks.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.clock import now
from forum.kernel.db import Model, db, transaction
from forum.kernel.errors import SentBefore

KEEP = timedelta(days=7)
#: Within this time, the same words in the same place count as a second press of the button, not as a second thing.
TWICE = timedelta(minutes=30)


class FormKey(Model):
    """A form that was acted on, and the address it led to."""

    __tablename__ = "form_keys"
    __table_args__ = (Index("ix_form_keys_member_id_words", "member_id", "words"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    location: Mapped[str]
    #: A digest of what was sent and where; "" for a form that is saved again and again.
    words: Mapped[str] = mapped_column(default="")
    #: The version that the last save from this form made of what it edits; 0 where it made something new.
    version: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]


def new_key() -> str:
    """A key for a form that is being shown."""
    return secrets.token_urlsafe(16)


def once(key: str, member_id: int, make: Callable[[], str], words: str = "") -> str:
    """Run `make` unless this member sent the same already; return the address of what was made, now or then.

    `words` is a digest of what was sent. Without it the key alone decides, whatever the form holds now: for forms that are saved
    again and again. Raises `SentBefore` where the key was used for other words.
    """
    key = key[:64]
    with transaction():
        done = db.session.get(FormKey, (key, member_id)) if key else None
        if done is not None and words and done.words != words:
            raise SentBefore(done.location)
        if done is not None:
            return done.location
        twin = _twin(member_id, words) if words else None
        location = twin.location if twin is not None else make()
        if key:
            db.session.add(FormKey(key=key, member_id=member_id, location=location, words=words, at=now()))
        return location


def _twin(member_id: int, words: str) -> FormKey | None:
    same = select(FormKey).where(FormKey.member_id == member_id, FormKey.words == words, FormKey.at > now() - TWICE)
    return db.session.scalars(same.order_by(FormKey.at.desc()).limit(1)).first()


def saved(key: str, member_id: int, version: int) -> None:
    """Remember which version a save from this form made: its next save does not conflict with that. Call inside `transaction()`."""
    if key:
        db.session.merge(FormKey(key=key[:64], member_id=member_id, location="", words="", version=version, at=now()))


def made(key: str, member_id: int, version: int) -> bool:
    """Return whether a save from this form made that version."""
    done = db.session.get(FormKey, (key[:64], member_id)) if key else None
    return done is not None and done.version == version > 0


def sweep(at: datetime) -> int:
    """Delete keys older than a week. Call inside `transaction()`."""
    gone = db.session.execute(delete(FormKey).where(FormKey.at < at - KEEP))
    return int(gone.rowcount)  # type: ignore[attr-defined]
