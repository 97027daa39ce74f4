"""From an event to rows and mail. The worker calls these; each is safe to repeat."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, current_app

from forum.config import Settings
from forum.kernel import outbox, tokens
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import NotFound
from forum.kernel.mail import Mail, send
from forum.kernel.outbox import OutboxRow
from forum.kernel.references import cards
from forum.kernel.smtp import NoSuchAddress
from forum.notifications.kinds import NotificationKind
from forum.notifications.models import Notification


def init_notifications(app: Flask, kinds: Iterable[NotificationKind], addresses: Any, bounced: Any, acting: Any) -> None:
    app.extensions["forum.notifications"] = tuple(kinds)
    app.extensions["forum.addresses"] = addresses
    app.extensions["forum.bounced"] = bounced
    app.extensions["forum.acting"] = acting
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
    stop = kind.stop(event) if kind.stop else ""
    for member_id, (name, email) in addresses.items():
        token_id = tokens.issue(member_id, kind.token(event)) if kind.token else 0
        payload = {"to": email, "name": name, "template": kind.template("mail"), "token_id": token_id, "stop": stop}
        about = {"member_id": member_id, "event": type(event).__name__, "facts": event.payload()}
        outbox.enqueue("mail", "news", payload | about | {"context": data | {"kind": ref[0], "ref_id": ref[1]}})


def _looked_up(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what queued news says of its thing, as its receiver may see it now; None where it should no longer go out: the
    thing is hidden, or the receiver is no longer among the recipients."""
    if "event" not in data:
        return {}
    event = outbox.routes().event(data["event"], data["facts"])
    kinds: tuple[NotificationKind, ...] = current_app.extensions["forum.notifications"]
    kind = next(k for k in kinds if k.template("mail") == data["template"] and isinstance(event, k.event))
    try:
        actor = current_app.extensions["forum.acting"](data["member_id"])
        card = cards(actor, [kind.ref(event)]).get(kind.ref(event))
        if (card is None and kind.seen) or data["member_id"] not in kind.recipients(event):
            return None
        return {"title": card.title if card else "something of yours", **kind.more(event, card)}
    except NotFound:  # the account is gone
        return None


def deliver(row: OutboxRow) -> None:
    """Send one queued mail, then forget it. A crash in between sends it again under the same Message-ID."""
    settings: Settings = current_app.config["FORUM"]
    data, found = row.payload, _looked_up(row.payload)
    if found is None:
        with transaction():
            outbox.done([row])
        return
    values = {"name": data["name"], "site": settings, **data["context"], **found}
    if data["token_id"]:
        values["token"] = tokens.text_of(data["token_id"])
    stop_url = values["stop_url"] = f"{settings.base_url}{data['stop']}/{values['token']}" if data.get("stop") else ""
    template = current_app.extensions["forum.mail_templates"].get_template(data["template"])
    subject, _, text = template.render(values).lstrip().partition("\n")
    mail = Mail(data["to"], subject, text.strip() + "\n", _key(row), stop_url)
    try:
        send(mail, settings)
        bounced = False
    except NoSuchAddress:  # an address that does not exist is not tried again; a full mailbox or a refusing relay is
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
