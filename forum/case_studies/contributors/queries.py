"""Reading who takes part in case studies: authors and reviewers, invitations, and what has lost its leader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from forum.access.actors import Member
from forum.access.rules import visible
from forum.accounts.models import Account
from forum.accounts.queries import FORMER, people
from forum.case_studies.models import CO_AUTHOR, LEFT, Authorship, CaseStudy
from forum.case_studies.queries import draft_of
from forum.kernel.db import db
from forum.kernel.references import Person


@dataclass(frozen=True, slots=True)
class PartIn:
    """Somebody's part in a case study; `person` is nobody while an invitation by address waits."""

    id: int
    person: Person
    role: str
    lived: bool
    accepted: bool
    email: str
    read: datetime | None
    remark: str


def people_of(case: CaseStudy, known: Mapping[int, Person] | None = None) -> list[PartIn]:
    """Everyone who writes or reviews it, the owner first, then in the order of the invitations. `known`: who need not be read."""
    rows, who = [part for part in case.authorships if part.role != LEFT], dict(known or {})
    who |= people({case.member_id, *(a.member_id for a in rows if a.member_id)} - who.keys())
    owner = PartIn(0, who.get(case.member_id, FORMER), "owner", False, True, "", None, "")
    others = [
        PartIn(a.id, who.get(a.member_id or 0, FORMER), a.role, a.lived, a.active, a.email, a.read_at, a.remark) for a in rows
    ]
    return [owner, *others]


def leaderless(actor: Member) -> Sequence[CaseStudy]:
    """Return what the actor could take over, or as staff hand over: mail to the one who leads it comes back. At most 50."""
    found = select(CaseStudy).join(Account, Account.id == CaseStudy.member_id).where(Account.bounced_at.is_not(None))
    shared = exists().where(
        Authorship.case_study_id == CaseStudy.id, Authorship.role == CO_AUTHOR, Authorship.accepted_at.is_not(None)
    )
    mine = exists().where(Authorship.case_study_id == CaseStudy.id, Authorship.member_id == actor.id, Authorship.role == CO_AUTHOR)
    found = found.where(or_(mine, ~shared) if actor.staff else mine, visible(actor, CaseStudy))
    return db.session.scalars(found.order_by(CaseStudy.id).limit(50)).all()


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody asks a person to take part."""

    id: int
    title: str
    summary: str
    by: Person
    role: str
    at: datetime


def invitations(email: str) -> list[Invitation]:
    """Return those that wait for an answer from whoever has this address; at most 50. Only title and summary are shown before."""
    found = select(Authorship, CaseStudy).join(CaseStudy, CaseStudy.id == Authorship.case_study_id)
    found = found.where(Authorship.email == email, Authorship.accepted_at.is_(None)).order_by(Authorship.id).limit(50)
    rows = db.session.execute(found).all()
    who = people(a.invited_by for a, _ in rows)
    return [
        Invitation(a.id, c.name, draft_of(c).get("summary", ""), who.get(a.invited_by, FORMER), a.role, a.invited_at)
        for a, c in rows
    ]
