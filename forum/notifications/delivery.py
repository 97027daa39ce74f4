"""From an event to rows and mail. The worker calls these; each is safe to repeat."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, current_app

from forum.config import Settings
from forum.kernel import outbox, tokens
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.mail import Mail, send
from forum.kernel.outbox import OutboxRow
from forum.kernel.refs import cards
from forum.kernel.smtp import NoSuchAddress
from forum.notifications.kinds import NotificationKind
from forum.notifications.models import Notification


def init_notifications(app: Flask, kinds: Iterable[NotificationKind], addresses: Any, bounced: Any) -> None:
    app.extensions["forum.notifications"] = tuple(kinds)
    app.extensions["forum.addresses"] = addresses
    app.extensions["forum.bounced"] = bounced
    # Mail is plain text: a name such as O'Neill must not arrive as O&#39;Neill.
    app.extensions["forum.mail_templates"] = app.jinja_env.overlay(autoescape=False)


def notify(row: OutboxRow) -> None:
    """Tell everybody whom this event concerns: a row on the site and a mail each, in one transaction with the outbox row."""
    event = outbox.routes().event(row.name, row.payload)
    kinds: tuple[NotificationKind, ...] = current_app.extensions["forum.notifications"]
    with transaction():
        for kind in kinds:
            if isinstance(event, kind.event):
                _tell(kind, event, row.id)
        outbox.done([row])


def _tell(kind: NotificationKind, event: Any, row_id: int) -> None:
    members = list(dict.fromkeys(i for i in kind.recipients(event) if i))
    ref, data = kind.ref(event), dict(kind.data(event))
    for member_id in members:
        db.session.add(Notification(member_id=member_id, name=kind.name, kind=ref[0], ref_id=ref[1], data=data, at=now()))
    addresses: Mapping[int, tuple[str, str]] = current_app.extensions["forum.addresses"](members)
    more = dict(kind.more(event)) if addresses else {}
    stop = kind.stop(event) if kind.stop else ""
    for member_id, (name, email) in addresses.items():
        token_id = tokens.issue(member_id, kind.token(event)) if kind.token else 0
        payload = {"to": email, "name": name, "template": kind.template("mail"), "token_id": token_id}
        context = data | more | {"kind": ref[0], "ref_id": ref[1]}
        outbox.enqueue("mail", "news", payload | {"stop": stop, "context": context})


def deliver(row: OutboxRow) -> None:
    """Send one queued mail, then forget it. A crash in between sends it again under the same Message-ID."""
    settings: Settings = current_app.config["FORUM"]
    data = row.payload
    values = {"name": data["name"], "site": settings, **data["context"]}
    if data["token_id"]:
        values["token"] = tokens.text_of(data["token_id"])
    stop_url = values["stop_url"] = f"{settings.base_url}{data['stop']}/{values['token']}" if data.get("stop") else ""
    template = current_app.extensions["forum.mail_templates"].get_template(data["template"])
    subject, _, text = template.render(values).lstrip().partition("\n")
    mail = Mail(data["to"], subject, text.strip() + "\n", _key(row), stop_url)
    try:
        send(mail, settings)
        bounced = False
    except NoSuchAddress:  # a full mailbox or a refusing relay is tried again, an address that is none is not
        bounced = True
    with transaction():
        current_app.extensions["forum.bounced"](data["to"], bounced)
        outbox.done([row])


def _key(row: OutboxRow) -> str:
    """A name for the message; the time is in it because row numbers are used again once the queue was empty."""
    return f"{int(row.created_at.timestamp() * 1e6)}-{row.id}"


def titles(actor: Any, rows: Iterable[Notification]) -> dict[int, Any]:
    """The card of each notification's thing, where the member may still see it."""
    rows = list(rows)
    found = cards(actor, [(r.kind, r.ref_id) for r in rows])
    return {r.id: found.get((r.kind, r.ref_id)) for r in rows}
