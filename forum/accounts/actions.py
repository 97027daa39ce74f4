"""What people do with their account. Joining and recovering give the same answer whether the address is known or not."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from forum.access.actors import ACCESS_LEVELS, ADMINISTRATOR, MEMBER, Member
from forum.accounts import queries
from forum.accounts.events import AddressBounced, ProfileChanged
from forum.accounts.models import Account, BrowserSession
from forum.accounts.passwords import check_choice, hash_password, outdated, verify
from forum.kernel import limits, tokens
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Invalid
from forum.kernel.outbox import enqueue, record
from forum.kernel.text import one_line, slugify
from forum.organisations.actions import suggest
from forum.taxonomy.models import ROLE, SECTOR
from forum.taxonomy.queries import term

WINDOW = timedelta(minutes=5)
ATTEMPTS = 10
WRONG = "That email address and password do not match. Check both, or choose a new password."
SLOW_DOWN = "There were many attempts to sign in. Wait a few minutes, or choose a new password."
RESERVED = {"admin", "administrator", "moderator", "support", "help", "root", "staff", "system", "nhs", "me", "new"}


@dataclass(frozen=True)
class Joining:
    """What a person types to join."""

    name: str
    email: str
    password: str
    role: str
    organisation: str


def join(draft: Joining) -> None:
    """Make an account and send a link that confirms the address. A known address gets a mail that says so instead.

    Raises `Invalid` for a password that is easy to guess, whoever asks.
    """
    check_choice(draft.password, staff=False, personal=[draft.name, draft.email.split("@")[0], draft.organisation])
    digest = hash_password(draft.password)
    with transaction():
        existing = queries.by_email(draft.email)
        if existing is not None:
            send(existing, "accounts/mail/already_joined.txt")
            return
        fresh = create(draft.name, draft.email, digest, draft.role)
        fresh.organisation_id = suggest(fresh.member(), draft.organisation).id
        send(fresh, "accounts/mail/confirm.txt", tokens.issue(fresh.id, "confirm"))


def create(name: str, email: str, password_hash: str, role: str, access: str = MEMBER) -> Account:
    """A new account with a username made from its name. Call inside `transaction()`."""
    fresh = Account(
        name=one_line(name),
        email=email.strip().casefold(),
        username=_free_username(name),
        password_hash=password_hash,
        role=term(ROLE, role).slug,
        access=access,
        posts_approved=0,
        created_at=now(),
    )
    db.session.add(fresh)
    db.session.flush()
    return fresh


def _free_username(name: str) -> str:
    """Made by us from letters a–z, so that no two can look alike (checklist row 56)."""
    base = slugify(name, 40)
    like = select(Account.username).where(func.substr(Account.username, 1, len(base)) == base)
    taken = set(db.session.scalars(like)) | RESERVED
    number = 2
    username = base
    while username in taken:
        username, number = f"{base}-{number}", number + 1
    return username


def send(account: Account, template: str, token_id: int = 0) -> None:
    """Queue a mail about the account itself; these go out whatever the person chose about notifications."""
    payload = {"to": account.email, "template": template, "name": account.name, "token_id": token_id, "context": {}}
    enqueue("mail", "letter", payload)


def confirm(token: str) -> Account:
    """The address is theirs. Raises `Invalid` for a link that no longer works."""
    with transaction():
        account = db.session.get_one(Account, tokens.redeem(token, "confirm"))
        account.confirmed_at, account.bounced_at = account.confirmed_at or now(), None
        return account


def ask_again(actor: Member) -> None:
    """Send another confirmation link (three in six hours, checklist row 12)."""
    limits.spend("confirm", actor.id, 3, timedelta(hours=6), "We sent several links. Look in your inbox and junk mail.")
    with transaction():
        send(queries.account(actor), "accounts/mail/confirm.txt", tokens.issue(actor.id, "confirm"))


def sign_in(email: str, password: str, address: str, browser: str, device: tuple[int, str] = (0, "")) -> tuple[Account, str]:
    """Check who it is; gives the account and the id for a new session's cookie. Raises `Invalid`, `TooMany`.

    `device` is a browser's `devices.known`: one that signed in to this account before is counted by itself.
    """
    account = queries.by_email(email)
    who = f"device {device[1]}" if account is not None and device[0] == account.id else email.strip().casefold()
    limits.check("sign-in", who, ATTEMPTS, WINDOW, SLOW_DOWN)
    limits.check("sign-in-from", address, ATTEMPTS * 3, WINDOW, SLOW_DOWN)
    if not verify(account.password_hash if account else "", password) or account is None:
        with transaction():
            limits.count("sign-in", who, WINDOW)
            limits.count("sign-in-from", address, WINDOW)
        raise Invalid(WRONG, "password")
    with transaction():
        limits.forget("sign-in", who)
        if outdated(account.password_hash):
            account.password_hash = hash_password(password)
        return account, open_session(account, browser)


def open_session(account: Account, browser: str) -> str:
    """A new signed-in session; gives the secret id for its cookie. Call inside `transaction()`."""
    session_id, at = secrets.token_urlsafe(32), now()
    row = BrowserSession(digest=digest(session_id), account_id=account.id, browser=browser[:120], created_at=at, seen_at=at)
    db.session.add(row)
    return session_id


def digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "replace")).hexdigest()


def sign_out(session_id: str) -> None:
    """End one session on the server: its cookie opens nothing any more."""
    with transaction():
        db.session.execute(delete(BrowserSession).where(BrowserSession.digest == digest(session_id)))


def end_sessions(actor: Member, but: str = "") -> None:
    """End all sessions of the actor except the one with that id."""
    with transaction():
        mine = delete(BrowserSession).where(BrowserSession.account_id == actor.id)
        db.session.execute(mine.where(BrowserSession.digest != digest(but)))


def forgotten(email: str) -> None:
    """Send a link to choose a new password, if there is such an account; else do nothing and say nothing."""
    message = "We sent several links to this address. Look in your inbox and junk mail, or try again tomorrow."
    with transaction():
        limits.spend("reset", email.strip().casefold(), 5, timedelta(days=1), message)
        account = queries.by_email(email)
        if account is not None:
            send(account, "accounts/mail/reset.txt", tokens.issue(account.id, "reset"))


def reset(token: str, password: str) -> None:
    """Choose a new password by a link from the mail. All sessions end, and nobody is signed in by it. Raises `Invalid`."""
    with transaction():
        account = db.session.get_one(Account, tokens.look(token, "reset"))
        _check(account, password)
        tokens.redeem(token, "reset")
        account.confirmed_at, account.bounced_at = account.confirmed_at or now(), None
        _set_password(account, password)


def change_password(actor: Member, current: str, new: str, keep_session: str) -> None:
    """Change it, knowing the current one; other sessions end. Raises `Invalid`, `TooMany`."""
    limits.check("password", actor.id, ATTEMPTS, WINDOW, SLOW_DOWN)
    account = queries.account(actor)
    if not verify(account.password_hash, current):
        limits.count("password", actor.id, WINDOW)
        raise Invalid("That is not your current password.", "current_password")
    _check(account, new)
    with transaction():
        _set_password(queries.account(actor), new, keep_session)


def _check(account: Account, password: str) -> None:
    check_choice(password, account.access != MEMBER, [account.name, account.email.split("@")[0]])


def _set_password(account: Account, password: str, keep_session: str = "") -> None:
    account.password_hash = hash_password(password)
    others = delete(BrowserSession).where(BrowserSession.account_id == account.id)
    db.session.execute(others.where(BrowserSession.digest != digest(keep_session)))
    send(account, "accounts/mail/password_changed.txt")


@dataclass(frozen=True)
class Profile:
    """What a member says about themselves."""

    name: str
    role: str
    organisation: str
    bio: str
    mail_ok: bool
    contactable: bool
    sector: str = ""


def edit_profile(actor: Member, draft: Profile) -> None:
    account = queries.account(actor)
    account.name, account.bio, account.mail_ok = one_line(draft.name), draft.bio, draft.mail_ok
    account.contactable = draft.contactable
    account.role = term(ROLE, draft.role).slug
    account.sector = term(SECTOR, draft.sector).slug if draft.sector else ""
    account.organisation_id = suggest(actor, draft.organisation).id
    record(ProfileChanged(actor.id))


def approve_post(member_id: int) -> None:
    """Moderators let a post of theirs stand: after two, their posts are no longer held. Call inside `transaction()`."""
    account = db.session.get(Account, member_id)
    if account is not None:
        account.posts_approved += 1


def set_access(email: str, access: str) -> Account:
    """Give a person another level of access (command line only); their sessions end. Raises `Invalid`."""
    if access not in ACCESS_LEVELS:
        raise Invalid(f"The role is one of: {', '.join(ACCESS_LEVELS)}.")
    with transaction():
        account = queries.by_email(email)
        if account is None:
            raise Invalid("Nobody has that email address.")
        last = select(func.count()).select_from(Account).where(Account.access == ADMINISTRATOR, Account.id != account.id)
        if account.access == ADMINISTRATOR and access != ADMINISTRATOR and not db.session.scalar(last):
            raise Invalid("This is the last administrator. Make another one first.")
        account.access = access
        db.session.execute(delete(BrowserSession).where(BrowserSession.account_id == account.id))
        return account


def set_password(email: str, password: str) -> None:
    """Set a password from the command line. Raises `Invalid`."""
    with transaction():
        account = queries.by_email(email)
        if account is None:
            raise Invalid("Nobody has that email address.")
        _check(account, password)
        _set_password(account, password)


def create_confirmed(email: str, name: str, access: str, password: str, role: str = "other") -> Account:
    """An account made by whoever runs the site: no mail is sent. Raises `Invalid`."""
    check_choice(password, access != MEMBER, [name, email.split("@")[0]])
    hashed = hash_password(password)
    with transaction():
        if queries.by_email(email) is not None:
            raise Invalid("That email address has an account already.")
        account = create(name, email, hashed, role, access)
        account.confirmed_at = now()
        return account


def bounced(email: str, came_back: bool) -> None:
    """Mail to this address came back for good, or was taken again; told once to those who depend on it. Inside `transaction()`."""
    account = queries.by_email(email)
    if account is None or came_back == (account.bounced_at is not None):
        return
    account.bounced_at = now() if came_back else None
    if came_back:
        record(AddressBounced(account.id))
