"""News about what a member told the site, and about what the staff were told. The services that raise these know no members."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.events import MessageSent
from forum.accounts.models import Account, Message
from forum.accounts.queries import FORMER, people, staff_ids
from forum.kernel.db import db
from forum.kernel.references import Card, Ref, cards
from forum.moderation.events import ReportDecided, ReportMade, StaffActed
from forum.moderation.models import REASONS, Report
from forum.notifications.kinds import NotificationKind
from forum.organisations.events import OrganisationDecided


def _report(event: ReportMade) -> Mapping[str, Any]:
    report = db.session.get_one(Report, event.report_id)
    return {"why": REASONS[report.reason], "report_id": report.id}


def _organisation(event: OrganisationDecided) -> Mapping[str, Any]:
    return {"confirmed": event.confirmed, "reason": event.reason}


def _about(event: MessageSent) -> Ref:
    message = db.session.get_one(Message, event.message_id)
    return message.about_kind, message.about_id


def _message(event: MessageSent) -> Mapping[str, Any]:
    """Return what the receiver is shown, but not the title of the thing it is about, which they may not be allowed to see."""
    message, ref = db.session.get_one(Message, event.message_id), _about(event)
    sender = people([message.sender_id]).get(message.sender_id, FORMER)
    card = cards(db.session.get_one(Account, message.receiver_id).member(), [ref]).get(ref)
    return {
        "who": sender.name,
        "place": ", ".join(filter(None, (sender.role, sender.organisation))),
        "person": sender.url,
        "back": f"{sender.url}/write" + (f"?about={card.kind}:{card.id}" if card else ""),
        "subject": message.subject,
        "text": message.text,
    }


def _thing(_event: MessageSent, card: Card | None) -> Mapping[str, Any]:
    return {"title": card.title if card else "", "thing": card.url if card else ""}


def _link(_event: StaffActed, card: Card | None) -> Mapping[str, Any]:
    return {"link": card.url if card else ""}


def _receiver(event: MessageSent) -> list[int]:
    return [db.session.get_one(Message, event.message_id).receiver_id]


KINDS = (
    NotificationKind("accounts", "message", MessageSent, _receiver, _about, _message, more=_thing, seen=False),
    NotificationKind(
        "accounts", "report", ReportMade, lambda e: staff_ids(but=e.member_id), lambda e: (e.kind, e.ref_id), _report, seen=False
    ),
    NotificationKind(
        "accounts",
        "staff_acted",
        StaffActed,
        lambda e: e.members,
        lambda e: (e.kind, e.ref_id),
        lambda e: {"verb": e.verb, "reason": e.reason},
        more=_link,
        seen=False,
    ),
    NotificationKind(
        "accounts",
        "report_decided",
        ReportDecided,
        lambda e: [e.member_id],
        lambda e: (e.kind, e.ref_id),
        lambda e: {"upheld": e.upheld, "reason": e.reason},
        seen=False,
    ),
    NotificationKind(
        "accounts",
        "organisation",
        OrganisationDecided,
        lambda e: [e.member_id],
        lambda e: ("organisation", e.organisation_id),
        _organisation,
        seen=False,
    ),
)
