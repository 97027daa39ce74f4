"""What people do with their account: signing in and out, the password, the profile. `joining.py` has what goes by links in mail."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from forum.access.actors import ACCESS_LEVELS, ADMINISTRATOR, MEMBER, Member
from forum.access.permissions import Permission, authorize
from forum.accounts import queries
from forum.accounts.events import AddressBounced, ProfileChanged
from forum.accounts.models import Account, BrowserSession
from forum.accounts.names import own_name, readable
from forum.accounts.passwords import check_choice, hash_password, outdated, verify
from forum.config import Settings
from forum.kernel import rate_limits, tokens
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Invalid, TooMany
from forum.kernel.names import tidy
from forum.kernel.outbox import announce, enqueue
from forum.kernel.revisions import settle, version_of
from forum.kernel.text import slugify
from forum.organisations.actions import suggest
from forum.organisations.queries import name_of
from forum.taxonomy.models import ROLE, SECTOR
from forum.taxonomy.queries import term

WINDOW = timedelta(minutes=5)
ATTEMPTS = 10
#: After the first number of wrong passwords from one network address, an account has only the second number of tries from there.
CROWD, FEW = 30, 3
WRONG = "That email address and password do not match. Check both, or choose a new password."
SLOW_DOWN = (
    "There were many attempts to sign in. You do not need to wait if you choose a new password with the link that we email you."
)
RESERVED = {"admin", "administrator", "moderator", "support", "help", "root", "staff", "system", "nhs", "me", "new"}


def create(name: str, email: str, password_hash: str, role: str, access: str = MEMBER) -> Account:
    """A new account with a username made from its name. Call inside `transaction()`."""
    fresh = Account(
        name=tidy(name),
        email=email.strip().casefold(),
        username=free_username(name),
        password_hash=password_hash,
        role=term(ROLE, role).slug,
        access=access,
        posts_approved=0,
        created_at=now(),
    )
    db.session.add(fresh)
    db.session.flush()
    return fresh


def free_username(name: str) -> str:
    """Return a username that nobody has, of letters a–z, so that no two can look alike."""
    base = slugify(name, 40)
    like = select(Account.username).where(func.substr(Account.username, 1, len(base)) == base)
    taken = set(db.session.scalars(like)) | RESERVED
    number = 2
    username = base
    while username in taken:
        username, number = f"{base}-{number}", number + 1
    return username


def send(account: Account, template: str, token_id: int = 0, **context: str) -> None:
    """Queue a mail about the account itself; these go out whatever the person chose about notifications."""
    payload = {"to": account.email, "template": template, "name": account.name, "token_id": token_id, "context": context}
    enqueue("mail", "letter", payload)


def sign_in(email: str, password: str, address: str, browser: str, device: tuple[int, str] = (0, "")) -> tuple[Account, str]:
    """Check who it is; return the account and the id for a new session's cookie. Raises `Invalid`, `TooMany`.

    A try is counted before the password is checked, and taken back when it was right. `device` is what `devices.known` returns. A
    browser that signed in to this account before has a count of its own; all other browsers share the account's. A network address
    may be a whole hospital's: many wrong passwords from it only leave fewer tries, and never stop the right one.
    """
    account = queries.by_email(email)
    own = account is not None and device[0] == account.id
    who = f"device {device[1]}" if own else email.strip().casefold()
    with transaction():
        crowded = 0 if own else rate_limits.wait("sign-in-from", address, CROWD, WINDOW)
        rate_limits.spend("sign-in", who, FEW if crowded else ATTEMPTS, WINDOW, SLOW_DOWN)
        if not own:
            rate_limits.note("sign-in-from", address, WINDOW)
    if not verify(account.password_hash if account else "", password) or account is None:
        if crowded:
            raise TooMany(
                f"{WRONG} There were many wrong attempts on your network. Try again {rate_limits.soon(crowded)}.", crowded
            )
        raise Invalid(WRONG, "password")
    fresh = hash_password(password) if outdated(account.password_hash, password) else ""
    with transaction():
        rate_limits.give_back("sign-in", who)
        if not own:
            rate_limits.give_back("sign-in-from", address)
        account.password_hash = fresh or account.password_hash
        return account, open_session(account, browser)


def open_session(account: Account, browser: str) -> str:
    """Open a signed-in session; return the secret id for its cookie. Call inside `transaction()`."""
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


def change_password(actor: Member, current: str, new: str, keep_session: str) -> None:
    """Change it, knowing the current one; other sessions end. Raises `Invalid`, `TooMany`."""
    rate_limits.spend("password", actor.id, ATTEMPTS, WINDOW, "You entered a wrong current password many times.")
    account = queries.account(actor)
    if not verify(account.password_hash, current):
        raise Invalid("That is not your current password.", "current_password")
    fresh = chosen(account, new)
    with transaction():
        rate_limits.give_back("password", actor.id)
        replace_password(queries.account(actor), fresh, keep_session)
        send(account, "accounts/mail/password_changed.txt")


def chosen(account: Account, password: str) -> str:
    """The hash of a password that somebody chose for this account. Raises `Invalid` for one that is easy to guess for it.

    Not inside `transaction()`: it takes a while, and nobody else could write meanwhile.
    """
    place = name_of([account.organisation_id]).get(account.organisation_id or 0, "")
    check_choice(password, account.access != MEMBER, known_of(account.name, account.email, place))
    return hash_password(password)


def known_of(name: str, email: str, organisation: str = "") -> list[str]:
    """Return what anybody may know of a person and of this site, and so must not make up a password."""
    settings: Settings = current_app.config["FORUM"]
    return [name, *email.split("@"), organisation, settings.site_name, *settings.allowed_hosts]


def replace_password(account: Account, password_hash: str, keep_session: str = "") -> None:
    """From now on this password alone is right; other sessions end, and links that set one work no more. Inside `transaction()`."""
    account.password_hash = password_hash
    others = delete(BrowserSession).where(BrowserSession.account_id == account.id)
    db.session.execute(others.where(BrowserSession.digest != digest(keep_session)))
    tokens.cancel(account.id, "confirm", "reset")


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


def profile_of(account: Account) -> Profile:
    """Return what the account's profile says now."""
    place = name_of([account.organisation_id]).get(account.organisation_id or 0, "")
    return Profile(account.name, account.role, place, account.bio, account.mail_ok, account.contactable, account.sector)


def edit_profile(actor: Member, draft: Profile, began: int) -> None:
    """Change the profile. The address must be confirmed first: else somebody could put words under the name of its real owner.

    `began` is the version (`revisions.version_of`) that the edit began from. Raises `Invalid`, and `EditConflict` where something
    else was saved in another window since.
    """
    authorize(actor, Permission.WRITE)
    account = queries.account(actor)
    stored = asdict(profile_of(account))
    settle(("account", account.id), began, asdict(draft), stored, version_of(stored))
    # Members keep a name that they had before somebody of that name joined the staff.
    if tidy(draft.name) != account.name:
        account.name = readable(draft.name) if actor.staff else own_name(draft.name, actor.id)
    account.bio, account.mail_ok = draft.bio, draft.mail_ok
    account.contactable = draft.contactable
    account.role = term(ROLE, draft.role).slug
    account.sector = term(SECTOR, draft.sector).slug if draft.sector else ""
    account.organisation_id = suggest(actor, draft.organisation).id
    announce(ProfileChanged(actor.id))


def approve_post(member_id: int) -> None:
    """Count a post that moderators approved: after two, a member's posts are no longer held for a moderator. Call inside
    `transaction()`."""
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
        if access != MEMBER and account.confirmed_at is None:
            raise Invalid(
                "This address is not confirmed yet, so the account may be anybody's. They open the link in our mail first."
            )
        last = select(func.count()).select_from(Account).where(Account.access == ADMINISTRATOR, Account.id != account.id)
        if account.access == ADMINISTRATOR and access != ADMINISTRATOR and not db.session.scalar(last):
            raise Invalid("This is the last administrator. Make another one first.")
        account.access = access
        db.session.execute(delete(BrowserSession).where(BrowserSession.account_id == account.id))
        return account


def set_password(email: str, password: str) -> None:
    """Set a password from the command line. Raises `Invalid`."""
    account = queries.by_email(email)
    if account is None:
        raise Invalid("Nobody has that email address.")
    fresh = chosen(account, password)
    with transaction():
        replace_password(account, fresh)
        send(account, "accounts/mail/password_changed.txt")


def create_confirmed(email: str, name: str, access: str, password: str, role: str = "other") -> Account:
    """An account made by whoever runs the site: no mail is sent. Staff may be named after what they do here. Raises `Invalid`."""
    name = own_name(name) if access == MEMBER else readable(name)
    check_choice(password, access != MEMBER, known_of(name, email))
    hashed = hash_password(password)
    with transaction():
        if queries.by_email(email) is not None:
            raise Invalid("That email address has an account already.")
        account = create(name, email, hashed, role, access)
        account.confirmed_at = now()
        return account


def bounced(email: str, came_back: bool) -> None:
    """Note that mail to this address came back for good, or was accepted again; those who depend on it are notified once. Inside
    `transaction()`."""
    account = queries.by_email(email)
    if account is None or came_back == (account.bounced_at is not None):
        return
    account.bounced_at = now() if came_back else None
    if came_back:
        announce(AddressBounced(account.id))
