"""Doing a thing once: a form carries a random `form_key`, and a second post with the same key finds the first one's result.

The key is stored in the transaction that makes the thing, so a double click, a resend after a broken connection and the Back
button all lead to one thing.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.clock import now
from forum.kernel.db import Model, db, transaction

KEEP = timedelta(days=7)


class FormKey(Model):
    """A form that was acted on, and the address it led to."""

    __tablename__ = "form_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    location: Mapped[str]
    at: Mapped[datetime]


def new_key() -> str:
    """A key for a form that is being shown."""
    return secrets.token_urlsafe(16)


def once(key: str, member_id: int, make: Callable[[], str]) -> str:
    """Run `make` (which gives the address of what it made) unless this member already used the key; gives the address."""
    key = key[:64]
    with transaction():
        done = db.session.get(FormKey, (key, member_id)) if key else None
        if done is not None:
            return done.location
        location = make()
        if key:
            db.session.add(FormKey(key=key, member_id=member_id, location=location, at=now()))
        return location


def sweep(at: datetime) -> int:
    """Delete keys older than a week. Call inside `transaction()`."""
    gone = db.session.execute(delete(FormKey).where(FormKey.at < at - KEEP))
    return int(gone.rowcount)  # type: ignore[attr-defined]
