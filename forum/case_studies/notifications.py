"""News about case studies."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from forum.accounts.events import AddressBounced
from forum.accounts.models import Account
from forum.accounts.queries import FORMER, people, staff_ids
from forum.case_studies.events import (
    AuthorInvited,
    AuthorsChanged,
    CaseStudyDecided,
    CaseStudySubmitted,
    ConsentWithdrawn,
    EvidenceConfirmed,
    LinksBroken,
)
from forum.case_studies.evidence.levels import level_words
from forum.case_studies.models import HIDDEN, LEFT, ROLES, Authorship, CaseStudy
from forum.case_studies.queries import KIND, place_in_queue
from forum.kernel.db import db
from forum.kernel.references import Card, Ref
from forum.notifications.kinds import NotificationKind


def _ref(event: Any) -> Ref:
    return (KIND, event.case_study_id)


def _case(event: Any) -> CaseStudy:
    return db.session.get_one(CaseStudy, event.case_study_id)


def _authors(event: Any) -> Iterable[int]:
    """All who write it."""
    return [id_ for id_ in _case(event).editor_ids if id_]


def _other_authors(event: Any) -> Iterable[int]:
    return [id_ for id_ in _authors(event) if id_ != event.member_id]


def _received(event: CaseStudySubmitted) -> Mapping[str, Any]:
    case = _case(event)
    return {"place": place_in_queue(case) if case.submitted_at else 1}


def _decision(event: CaseStudyDecided) -> Mapping[str, Any]:
    return {"verb": event.verb, "reason": event.reason}


def _name(member_id: int) -> str:
    return people([member_id]).get(member_id, FORMER).name


def _invitation(event: AuthorInvited) -> Mapping[str, Any]:
    return {"by": _name(event.invited_by), "role": ROLES[event.role].lower()}


def _invited(event: AuthorInvited) -> Iterable[int]:
    """Nobody once the invitation was taken back."""
    waiting = select(Authorship.id).where(Authorship.case_study_id == event.case_study_id, Authorship.accepted_at.is_(None))
    account = db.session.get(Account, event.member_id)
    mine = waiting.where(Authorship.role != LEFT, Authorship.email == (account.email if account else ""))
    return [event.member_id] if db.session.scalar(mine) else []


def _called(event: AuthorInvited, _card: Card | None) -> Mapping[str, Any]:
    """Return the title for the one who is invited, who cannot see the rest yet; not where a moderator hid it."""
    case = _case(event)
    return {"title": "a case study" if case.status == HIDDEN else case.name}


#: What happened among the authors, as a sentence about the person.
HAPPENED = {
    "accepted": "has joined the authors and reviewers",
    "declined": "declined the invitation",
    "left": "has left the authors and reviewers",
    "removed": "was removed from the authors and reviewers",
    "leads": "is now the lead author",
    "read": "has read it",
}


def _happened(event: AuthorsChanged) -> Mapping[str, Any]:
    return {"who": _name(event.member_id), "happened": HAPPENED[event.what]}


def _who_can_rescue(event: AddressBounced) -> Iterable[int]:
    """Co-authors of what the member led; moderators where there is none (contact rescue)."""
    cases = list(db.session.scalars(select(CaseStudy).where(CaseStudy.member_id == event.member_id).limit(100)))
    others = {id_ for case in cases for id_ in case.editor_ids if id_ and id_ != event.member_id}
    return sorted(others) or (staff_ids(but=event.member_id) if cases else [])


def _who_changed(event: AuthorsChanged) -> Iterable[int]:
    """Everybody who writes it but the one who did it; of a new leader, the new leader as well."""
    return _authors(event) if event.what == "leads" else _other_authors(event)


KINDS = (
    NotificationKind("case_studies", "received", CaseStudySubmitted, _authors, _ref, _received),
    NotificationKind("case_studies", "waiting", CaseStudySubmitted, lambda e: staff_ids(but=e.member_id), _ref),
    NotificationKind("case_studies", "decided", CaseStudyDecided, _authors, _ref, _decision),
    NotificationKind("case_studies", "invited", AuthorInvited, _invited, _ref, _invitation, more=_called, seen=False),
    NotificationKind("case_studies", "authors", AuthorsChanged, _who_changed, _ref, _happened),
    NotificationKind("case_studies", "links", LinksBroken, _authors, _ref, lambda e: {"count": e.count}),
    NotificationKind("case_studies", "consent", ConsentWithdrawn, _authors, _ref, lambda e: {"about": e.about}),
    NotificationKind(
        "case_studies", "evidence", EvidenceConfirmed, _authors, _ref, lambda e: {"level": level_words(e.level), "reason": e.reason}
    ),
    NotificationKind(
        "case_studies",
        "unreachable",
        AddressBounced,
        _who_can_rescue,
        lambda e: (KIND, 0),
        lambda e: {"who": _name(e.member_id)},
        seen=False,
    ),
)
