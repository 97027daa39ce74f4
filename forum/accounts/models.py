"""People who have an account, and the browsers they are signed in with."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from forum.access.actors import ADMINISTRATOR, MEMBER, Member
from forum.kernel.db import Model

#: So many posts have to be approved before a new member's posts are no longer held for a moderator.
POSTS_UNTIL_TRUSTED = 2
IDLE = timedelta(hours=8)
IDLE_ADMINISTRATOR = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=20)


class Account(Model):
    """One person. `email` is stored in lower case; an account without a password cannot sign in."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str] = mapped_column(default="")
    access: Mapped[str] = mapped_column(default=MEMBER)
    role: Mapped[str] = mapped_column(default="other")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    sector: Mapped[str] = mapped_column(default="")
    bio: Mapped[str] = mapped_column(default="")
    mail_ok: Mapped[bool] = mapped_column(default=True)
    contactable: Mapped[bool] = mapped_column(default=True)
    posts_approved: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    #: Mail to this address came back; a later confirmation clears it.
    bounced_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def reachable(self) -> bool:
        """Whether members may write to this person: not if they said no, nor if nobody can sign in to read it."""
        return reachable(self)

    @property
    def settled(self) -> bool:
        """Whether the account is taken for good, so that nobody can join with its address: it was confirmed, or it is the site's
        own account, whose address exists nowhere (RFC 2606)."""
        return self.confirmed_at is not None or self.email.endswith(".invalid")

    def member(self) -> Member:
        """This person as the rules of access know them."""
        return member_of(self)


def member_of(account: Any) -> Member:
    """The same for a row that has these columns of an account."""
    return Member(
        id=account.id,
        name=account.name,
        username=account.username,
        access=account.access,
        organisation_id=account.organisation_id,
        trusted=account.access != MEMBER or account.posts_approved >= POSTS_UNTIL_TRUSTED,
        confirmed=account.confirmed_at is not None,
    )


def reachable(account: Any) -> bool:
    """The same for a row that has these columns of an account."""
    return account.contactable and bool(account.password_hash) and account.confirmed_at is not None


class Message(Model):
    """What one member wrote to another through the site. The receiver reads it as a notice, and in a mail if they want mail."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int]
    receiver_id: Mapped[int]
    subject: Mapped[str]
    text: Mapped[str]
    about_kind: Mapped[str] = mapped_column(default="")
    about_id: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]


class BrowserSession(Model):
    """A browser that is signed in. The cookie holds a random id, this table only its hash (OWASP ASVS 7.2)."""

    __tablename__ = "browser_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    browser: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


def alive(created_at: datetime, seen_at: datetime, access: str, at: datetime) -> bool:
    """Return whether such a session goes on: neither idle too long nor too old."""
    idle = IDLE_ADMINISTRATOR if access == ADMINISTRATOR else IDLE
    return seen_at + idle > at and created_at + ABSOLUTE > at
