"""News about adoptions."""

from collections.abc import Iterable, Mapping
from typing import Any

from forum.accounts.queries import FORMER, people, staff_ids
from forum.adoptions.events import AdoptionDecided, AdoptionShared, AdoptionVerified
from forum.adoptions.models import SELF_REPORTED, Adoption
from forum.adoptions.queries import KIND, stage_badge
from forum.kernel.db import db
from forum.kernel.references import Card, Ref
from forum.notifications.kinds import NotificationKind


def _ref(event: Any) -> Ref:
    return (KIND, event.adoption_id)


def _adoption(event: Any) -> Adoption:
    return db.session.get_one(Adoption, event.adoption_id)


def _authors(event: AdoptionShared) -> Iterable[int]:
    """All who write the case study, but not the adopter; nobody while it is held for a moderator."""
    editors = [] if event.held else _adoption(event).case.editor_ids
    return [id_ for id_ in editors if id_ and id_ != event.member_id]


def _staff(event: AdoptionShared) -> Iterable[int]:
    return staff_ids(but=event.member_id) if event.held else []


def _who(member_id: int) -> str:
    return people([member_id]).get(member_id, FORMER).name


def _shared(event: AdoptionShared) -> Mapping[str, Any]:
    return {"who": _who(event.member_id), "stage": stage_badge(_adoption(event).stage)[0]}


def _confirmed(event: AdoptionVerified) -> Mapping[str, Any]:
    return {"who": _who(event.verified_by), "confirmed": event.verification != SELF_REPORTED}


def _decision(event: AdoptionDecided) -> Mapping[str, Any]:
    return {"verb": event.verb, "reason": event.reason}


def _adopter(event: AdoptionVerified | AdoptionDecided) -> Iterable[int]:
    return [event.member_id]


def _of(event: Any, card: Card | None) -> Mapping[str, Any]:
    """What it is about: its own title says where it was tried as well."""
    return {"title": _adoption(event).case.name if card else "a case study"}


KINDS = (
    NotificationKind("adoptions", "tried", AdoptionShared, _authors, _ref, _shared, more=_of),
    NotificationKind("adoptions", "tried_held", AdoptionShared, _staff, _ref, _shared, more=_of),
    NotificationKind("adoptions", "tried_confirmed", AdoptionVerified, _adopter, _ref, _confirmed, more=_of),
    NotificationKind("adoptions", "tried_decided", AdoptionDecided, _adopter, _ref, _decision, more=_of, seen=False),
)
