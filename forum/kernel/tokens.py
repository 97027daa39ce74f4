"""Links in mail that do one thing once: confirm an address, choose a new password, say that a practice goes on (OWASP ASVS 6.4.1).

The row holds a hash of the token and a salt; the token itself is made from the salt with the site's secret when the mail is
written. So neither the table nor the mail queue holds anything that opens an account.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.clock import now
from forum.kernel.db import Model, db
from forum.kernel.errors import Invalid

DEAD_LINK = "This link no longer works. It may have been used already, or be too old. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a link works. A link with `once` works a single time, and a new one cancels the older. A link to stop mail is not
    `once`: it has to work in every mail ever sent."""

    lasts: timedelta
    once: bool = True


def init_tokens(app: Flask, lifetimes: Mapping[str, Lifetime]) -> None:
    """Set the lifetimes by purpose: its name, or the first part of one that is about a single thing, such as "still:12"."""
    app.extensions["forum.links"] = lifetimes


class Token(Model):
    """A link sent to a member. Asking again cancels the older ones of the same purpose."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(index=True)
    purpose: Mapped[str]
    salt: Mapped[str]
    digest: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def _lifetime(purpose: str) -> Lifetime:
    found: Lifetime = current_app.extensions["forum.links"][purpose.partition(":")[0]]
    return found


def _text(id_: int, salt: str) -> str:
    key = current_app.config["FORUM"].secret_key.encode()
    return f"{id_}-{hmac.new(key, f'token:{id_}:{salt}'.encode(), hashlib.sha256).hexdigest()}"


def issue(member_id: int, purpose: str) -> int:
    """Make a token; return its row's id, for the mail that will carry the link. Call inside `transaction()`."""
    at, lifetime = now(), _lifetime(purpose)
    if lifetime.once:
        cancel(member_id, purpose)
    salt = secrets.token_hex(32)
    row = Token(member_id=member_id, purpose=purpose, salt=salt, digest="", expires_at=at + lifetime.lasts)
    db.session.add(row)
    db.session.flush()
    row.digest = hashlib.sha256(_text(row.id, salt).encode()).hexdigest()
    return row.id


def cancel(member_id: int, *purposes: str) -> None:
    """End the member's unused links for these purposes. Call inside `transaction()`."""
    old = update(Token).where(Token.member_id == member_id, Token.purpose.in_(purposes), Token.used_at.is_(None))
    db.session.execute(old.values(used_at=now()))


def text_of(id_: int) -> str:
    """Return the token that goes into the link. Raises `Invalid` when its row is gone."""
    row = db.session.get(Token, id_)
    if row is None:
        raise Invalid(DEAD_LINK)
    return _text(row.id, row.salt)


def _live(text: str, purpose: str) -> Token:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    row = db.session.scalars(select(Token).where(Token.digest == digest, Token.purpose == purpose)).first()
    if row is None or row.used_at is not None or row.expires_at < now():
        raise Invalid(DEAD_LINK)
    return row


def member_of(text: str, purpose: str) -> int:
    """Return the id of the token's member, without using it up. Raises `Invalid`."""
    return _live(text, purpose).member_id


def redeem(text: str, purpose: str) -> int:
    """Use the token up; return the id of its member. Call inside `transaction()`. Raises `Invalid`."""
    row = _live(text, purpose)
    row.used_at = now()
    return row.member_id


def sweep(at: datetime) -> int:
    """Delete tokens that ended a week ago. Call inside `transaction()`."""
    gone = db.session.execute(delete(Token).where(Token.expires_at < at - timedelta(days=7)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
