"""Joining and recovering by a link in mail, since only following the link proves that somebody has the mailbox.

The answer is the same whether the address is known or not, and takes as long: what was asked for is put on a queue, and it is the
worker who looks whether there is an account. Mails to one address are limited, and whoever asks too often is not told so: the
newest link that was sent still works, since it is valid for longer than the limit lasts.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from forum.access.actors import Member
from forum.accounts import queries
from forum.accounts.actions import chosen, create, free_username, open_session, replace_password, send
from forum.accounts.models import Account
from forum.accounts.names import own_name
from forum.kernel import outbox, rate_limits, tokens
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Invalid
from forum.kernel.outbox import OutboxRow, enqueue
from forum.organisations.actions import may_name, suggest
from forum.taxonomy.models import ROLE
from forum.taxonomy.queries import term

#: What waits for the worker.
QUEUE = "joining"
#: Letters of one kind to one address. A link to confirm works for 48 hours, one to choose a password for 60 minutes.
LETTERS, CONFIRMING, RESETTING = 3, timedelta(hours=6), timedelta(hours=1)
USED = "This link no longer works. If you have used it, sign in. If not, join again with the same address, and we send another."


@dataclass(frozen=True)
class Joining:
    """What a person types to join. There is no password: the link in the mail leads to where it is chosen.

    `then` is the page that they were on their way to.
    """

    name: str
    email: str
    role: str
    organisation: str
    then: str = "/"


def join(draft: Joining) -> None:
    """Somebody joins, or joins again. Raises `Invalid` for a name that nobody may have."""
    name, place = own_name(draft.name), may_name(draft.organisation)
    with transaction():
        enqueue(QUEUE, "join", asdict(replace(draft, name=name, organisation=place)))


def carry_out(row: OutboxRow) -> None:
    """Do what somebody asked for, whether or not they have an account. The worker calls this; it is safe to repeat."""
    with transaction():
        if row.name == "join":
            _join(Joining(**row.payload))
        else:
            _forgotten(**row.payload)
        outbox.done([row])


def _join(draft: Joining) -> None:
    """Make an account and send the link that opens it. A known address gets a mail that says so instead."""
    few = rate_limits.spend_quietly("letters-join", draft.email.strip().casefold(), LETTERS, CONFIRMING)
    account = queries.by_email(draft.email)
    if account is not None and account.settled:
        if few:
            send(account, "accounts/mail/already_joined.txt")
        return
    account = _told_again(account, draft.name, draft.role) if account else create(draft.name, draft.email, "", draft.role)
    account.organisation_id = suggest(account.member(), draft.organisation).id
    if few:
        send(account, "accounts/mail/confirm.txt", tokens.issue(account.id, "confirm"), then=draft.then)


def _told_again(account: Account, name: str, role: str) -> Account:
    """Update an account that was not confirmed: somebody joined a second time, and what was typed last counts."""
    if name != account.name:
        account.name, account.username = name, free_username(name)
    account.role = term(ROLE, role).slug
    return account


def invited(token: str) -> Account:
    """Return whose link to confirm an address it is. Raises `Invalid` for one that no longer works."""
    return db.session.get_one(Account, _whose(token, "confirm"))


def _whose(token: str, purpose: str) -> int:
    try:
        return tokens.member_of(token, purpose)
    except Invalid:
        raise Invalid(USED if purpose == "confirm" else tokens.DEAD_LINK) from None


def confirm(token: str, password: str, browser: str) -> tuple[Account, str]:
    """Confirm the address of whoever followed the link: they choose the password and are signed in, and any older password and
    sessions end. Return the account and the id for the new session's cookie. Raises `Invalid`.
    """
    account = invited(token)
    fresh = chosen(account, password)
    with transaction():
        _whose(token, "confirm")
        _prove(account, fresh)
        return account, open_session(account, browser)


def _prove(account: Account, password_hash: str) -> None:
    account.confirmed_at, account.bounced_at = account.confirmed_at or now(), None
    replace_password(account, password_hash)


def ask_again(actor: Member) -> None:
    """Send another link to confirm the address."""
    with transaction():
        account = queries.account(actor)
        sent = f"We sent {LETTERS} links. The newest works for 48 hours: look in your inbox and junk mail."
        rate_limits.spend("letters-join", account.email, LETTERS, CONFIRMING, sent)
        send(account, "accounts/mail/confirm.txt", tokens.issue(actor.id, "confirm"), then="/")


def forgotten(email: str, device: tuple[int, str] = (0, "")) -> None:
    """Somebody asks for a link to choose a new password. `device` is the browser's `devices.known`."""
    with transaction():
        enqueue(QUEUE, "forgotten", {"email": email, "device": device})


def _forgotten(email: str, device: Sequence[int | str]) -> None:
    """Send the link, if there is such an account. A browser that is known as the account's has its own limit, so that strangers'
    requests do not use it up."""
    account = queries.by_email(email)
    own = account is not None and device[0] == account.id
    who = f"device {device[1]}" if own else email.strip().casefold()
    if rate_limits.spend_quietly("letters-reset", who, LETTERS, RESETTING) and account is not None:
        send(account, "accounts/mail/reset.txt", tokens.issue(account.id, "reset"))


def forgetful(token: str) -> Account:
    """Return whose link to choose a new password it is. Raises `Invalid` for one that no longer works."""
    return db.session.get_one(Account, _whose(token, "reset"))


def reset(token: str, password: str) -> Account:
    """Choose a new password by a link from the mail. All sessions end, and nobody is signed in by it. Raises `Invalid`."""
    account = forgetful(token)
    fresh = chosen(account, password)
    with transaction():
        _whose(token, "reset")
        _prove(account, fresh)
        send(account, "accounts/mail/password_changed.txt")
        return account
