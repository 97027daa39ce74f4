"""News about case studies."""

from collections.abc import Iterable, Mapping
from typing import Any

from forum.accounts.queries import staff_ids
from forum.case_studies.events import CaseStudyChanged, CaseStudyDecided, CaseStudySubmitted
from forum.case_studies.models import CaseStudy
from forum.case_studies.queries import KIND, place_in_queue
from forum.kernel.db import db
from forum.kernel.refs import Ref
from forum.notifications.kinds import NotificationKind


def _ref(event: Any) -> Ref:
    return (KIND, event.case_study_id)


def _title(event: Any) -> Mapping[str, Any]:
    case = db.session.get_one(CaseStudy, event.case_study_id)
    return {"title": case.name}


def _received(event: CaseStudySubmitted) -> Mapping[str, Any]:
    case = db.session.get_one(CaseStudy, event.case_study_id)
    return {"title": case.name, "place": place_in_queue(case) if case.submitted_at else 1}


def _decision(event: CaseStudyDecided) -> Mapping[str, Any]:
    return {**_title(event), "verb": event.verb, "reason": event.reason}


def _edited_by_staff(event: CaseStudyChanged) -> Iterable[int]:
    case = db.session.get_one(CaseStudy, event.case_study_id)
    return [case.member_id] if event.edited_by != case.member_id else []


def _edit(event: CaseStudyChanged) -> Mapping[str, Any]:
    return {**_title(event), "reason": event.reason}


KINDS = (
    NotificationKind("case_studies", "received", CaseStudySubmitted, lambda e: [e.member_id], _ref, _received),
    NotificationKind("case_studies", "waiting", CaseStudySubmitted, lambda e: staff_ids(but=e.member_id), _ref, _title),
    NotificationKind("case_studies", "decided", CaseStudyDecided, lambda e: [e.member_id], _ref, _decision),
    NotificationKind("case_studies", "edited", CaseStudyChanged, _edited_by_staff, _ref, _edit),
)
