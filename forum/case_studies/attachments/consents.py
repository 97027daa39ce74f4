"""The consent of the people in a case study's pictures and texts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries
from forum.case_studies import versions as versions_of
from forum.case_studies.attachments.actions import MOST_FILES
from forum.case_studies.events import ConsentWithdrawn
from forum.case_studies.models import CaseStudy, Consent
from forum.case_studies.record.fields import BODY
from forum.case_studies.record.values import fingerprint
from forum.kernel.clock import now, today
from forum.kernel.db import db
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.outbox import announce
from forum.kernel.revisions import newest
from forum.moderation.actions import account_for


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody agreed to; see `models.Consent`."""

    about: str
    scope: str
    holder: str
    expires: date | None
    names: tuple[str, ...]


def record_consent(actor: Member, id_: int, agreed: Agreement, reason: str = "") -> Consent:
    """Record who agreed to what. Raises `Invalid`."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    account_for(actor, case, "recorded a consent for it", reason)
    if agreed.expires is not None and agreed.expires < today():
        raise Invalid("This date has passed. Give the last day of the consent, or leave it empty.", "expires")
    if len(queries.consents_of(case)) >= MOST_FILES:
        raise Invalid(f"A case study can have {MOST_FILES} consents.", "about")
    row = Consent(
        case_study_id=case.id,
        about=agreed.about,
        scope=agreed.scope,
        holder=agreed.holder,
        expires=agreed.expires,
        names=[f.name for f in BODY if f.name in agreed.names],
        recorded_by=actor.id,
        recorded_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def withdraw_consent(actor: Member, id_: int, consent_id: int, reason: str = "") -> CaseStudy:
    """The person changed their mind: what the consent covers is hidden at once, and the authors are notified."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    row = db.session.get(Consent, consent_id)
    if row is None or row.case_study_id != case.id:
        raise NotFound("There is no such consent here.")
    if row.withdrawn_at is None:
        account_for(actor, case, "recorded that a consent for it was withdrawn", reason)
        row.withdrawn_by = actor.id
        _end(case, row, actor.id, "A consent was withdrawn")
    return case


def _end(case: CaseStudy, row: Consent, by: int, why: str) -> None:
    row.withdrawn_at = now()
    case.withheld = {**case.withheld, **{name: _told(case, name) for name in row.names}}
    db.session.flush()
    if case.published_at is not None:
        versions_of.keep(by or case.member_id, case, why)
    announce(ConsentWithdrawn(case.id, by, row.about))


def versions(case: CaseStudy, name: str) -> list[Any]:
    """Return every stored version of a text, in a steady order: readers', authors', earlier, unsent and second ones."""
    kinds = (queries.KIND, versions_of.UNSENT)
    earlier = [revision.texts.get(name) for kind in kinds for revision in newest((kind, case.id), 1_000)]
    second = [clash.value for clash in queries.clashes(case) if clash.name == name]
    return [case.record.get(name), queries.draft_of(case).get(name), *earlier, *second]


def _told(case: CaseStudy, name: str) -> list[str]:
    """Return the fingerprints of every version, with those that were withheld before."""
    return sorted({*case.withheld.get(name, ()), *(fingerprint(text) for text in versions(case, name) if text)})


def end_expired(at: datetime) -> int:
    """End consents that ran out as if withdrawn; return how many. Call inside `transaction()`."""
    over = select(Consent).where(Consent.withdrawn_at.is_(None), Consent.expires < at.date()).limit(100)
    rows = list(db.session.scalars(over))
    for row in rows:
        _end(db.session.get_one(CaseStudy, row.case_study_id), row, 0, "A consent ran out")
    return len(rows)
