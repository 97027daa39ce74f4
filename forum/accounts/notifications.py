"""News about what a member told the site, and about what the staff were told. The services that raise these know no members."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.queries import staff_ids
from forum.kernel.db import db
from forum.moderation.events import ReportDecided, ReportMade
from forum.moderation.models import REASONS, Report
from forum.notifications.kinds import NotificationKind
from forum.organisations.events import OrganisationDecided
from forum.organisations.models import Organisation


def _report(event: ReportMade) -> Mapping[str, Any]:
    report = db.session.get_one(Report, event.report_id)
    return {"why": REASONS[report.reason], "report_id": report.id}


def _organisation(event: OrganisationDecided) -> Mapping[str, Any]:
    organisation = db.session.get_one(Organisation, event.organisation_id)
    return {"title": organisation.name, "confirmed": event.confirmed, "reason": event.reason}


KINDS = (
    NotificationKind("accounts", "report", ReportMade, lambda e: staff_ids(but=e.member_id), lambda e: (e.kind, e.ref_id), _report),
    NotificationKind(
        "accounts",
        "report_decided",
        ReportDecided,
        lambda e: [e.member_id],
        lambda e: (e.kind, e.ref_id),
        lambda e: {"upheld": e.upheld, "reason": e.reason},
    ),
    NotificationKind(
        "accounts",
        "organisation",
        OrganisationDecided,
        lambda e: [e.member_id],
        lambda e: ("organisation", e.organisation_id),
        _organisation,
    ),
)
