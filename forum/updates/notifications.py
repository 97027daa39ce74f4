"""News about updates."""

from collections.abc import Iterable, Mapping
from typing import Any

from forum.accounts.queries import FORMER, people
from forum.case_studies.models import CaseStudy
from forum.kernel.db import db
from forum.kernel.references import Ref
from forum.notifications.kinds import NotificationKind
from forum.updates.events import UpdateDecided, UpdateDue, UpdatePosted
from forum.updates.models import Update


def _ref(event: Any) -> Ref:
    return (CaseStudy.kind, event.case_study_id)


def _case(event: Any) -> CaseStudy:
    return db.session.get_one(CaseStudy, event.case_study_id)


def _authors(event: Any) -> Iterable[int]:
    return [id_ for id_ in _case(event).editor_ids if id_]


def _others(event: UpdatePosted) -> Iterable[int]:
    return [id_ for id_ in _authors(event) if id_ != event.member_id]


def _due(event: UpdateDue) -> Mapping[str, Any]:
    return {"months": event.months}


def _posted(event: UpdatePosted) -> Mapping[str, Any]:
    return {"by": people([event.member_id]).get(event.member_id, FORMER).name}


def _decided(event: UpdateDecided) -> Mapping[str, Any]:
    return {"verb": event.verb, "reason": event.reason}


KINDS = (
    NotificationKind("updates", "update_due", UpdateDue, _authors, _ref, _due, lambda e: f"still:{e.case_study_id}"),
    NotificationKind("updates", "update_posted", UpdatePosted, _others, _ref, _posted),
    NotificationKind(
        "updates", "update_decided", UpdateDecided, lambda e: [db.session.get_one(Update, e.update_id).member_id], _ref, _decided
    ),
)
