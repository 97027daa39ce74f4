"""Reading adoptions. One exists for a reader where its case study does (law 1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import contains_eager

from forum.access.actors import Actor, alike
from forum.access.rules import may_view, visible
from forum.accounts.queries import FORMER, people
from forum.adoptions.models import BY_AUTHOR, HELD, PUBLISHED, SELF_REPORTED, VERIFICATIONS, Adoption
from forum.adoptions.passages import passages
from forum.adoptions.record import (
    ADAPTED,
    ADOPTED,
    CONSIDERING,
    DECIDED_NOT_TO,
    PILOTING,
    PLANNING,
    RESULTS,
    STAGES,
    STOPPED,
    TRIED,
)
from forum.case_studies import models as case_models
from forum.case_studies import queries as case_queries
from forum.case_studies.evidence.currency import months_between
from forum.case_studies.facts import figures
from forum.case_studies.models import CaseStudy
from forum.kernel.db import db, read
from forum.kernel.errors import NotFound
from forum.kernel.references import Badge, Card, Fact, Person, Ref
from forum.measures.models import Measure
from forum.measures.queries import shown_of
from forum.organisations.models import Partnership
from forum.organisations.queries import Place, places_of

KIND = Adoption.kind
GONE = "There is no such entry, or it is not public."
PER_PAGE, MOST = 20, 200
#: Stopping is as good to know as adopting: no tone of alarm on either.
_STAGE_BADGES: dict[str, Badge] = {
    CONSIDERING: ("Considering", "neutral", "clock"),
    PLANNING: ("Planning", "neutral", "clock"),
    PILOTING: ("Piloting", "info", "clock"),
    ADOPTED: ("Adopted", "good", "check"),
    ADAPTED: ("Adapted", "good", "repeat"),
    STOPPED: ("Stopped", "learn", "book"),
    DECIDED_NOT_TO: ("Decided not to", "learn", "book"),
}
_RESULT_BADGES: dict[str, Badge] = {
    "better": ("It got better", "good", "check"),
    "similar": ("Much as before", "neutral", "chart"),
    "worse": ("It got worse", "learn", "repeat"),
    "too-early": ("Too early to tell", "warn", "clock"),
    "not-measured": ("Not measured", "neutral", None),
}
assert set(_RESULT_BADGES) == set(RESULTS)
assert set(_STAGE_BADGES) == set(STAGES)


def stage_badge(stage: str) -> Badge:
    return _STAGE_BADGES.get(stage, (stage, "neutral", None))


def result_badge(stage: str, result: str) -> Badge | None:
    """Return what came of it; what was not tried has no result."""
    return _RESULT_BADGES.get(result) if stage in TRIED else None


def verification_badge(verification: str) -> Badge:
    tone = "neutral" if verification == SELF_REPORTED else "good" if verification == BY_AUTHOR else "info"
    return (VERIFICATIONS[verification], tone, None if verification == SELF_REPORTED else "check")


def get(actor: Actor, id_: int) -> Adoption:
    """One adoption the actor may see, of a case study they may see. Raises `NotFound`."""
    found = db.session.get(Adoption, id_)
    if found is None or not may_view(actor, found):
        raise NotFound(GONE)
    try:
        case_queries.get(actor, found.case_study_id)
    except NotFound:
        raise NotFound(GONE) from None
    return found


def versions(actor: Actor, id_: int) -> tuple[Adoption, Ref, str]:
    found = get(actor, id_)
    return found, (KIND, id_), f"{found.url}/history"


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    """An adoption in a list."""

    id: int
    url: str
    case_title: str
    case_url: str
    places: tuple[Place, ...]
    stage: Badge
    result: Badge | None
    verification: Badge | None
    message: str
    who: Person
    at: datetime

    @property
    def where(self) -> str:
        """The first organisation, and how many more."""
        more = f" and {len(self.places) - 1} more" if len(self.places) > 1 else ""
        return f"{self.places[0].name}{more}" if self.places else self.who.name


@dataclass(frozen=True)
class AdoptionFilter:
    """What a list is narrowed to; 0 and "" narrow nothing."""

    case_id: int = 0
    member_id: int = 0
    organisation_id: int = 0
    stage: str = ""


def _clauses(actor: Actor, wanted: AdoptionFilter) -> list[ColumnElement[bool]]:
    """Lists show what is published, of published case studies; all statements join `CaseStudy`."""
    clauses = [visible(actor, Adoption, PUBLISHED), visible(actor, CaseStudy, case_models.PUBLISHED)]
    for column, value in (
        (Adoption.case_study_id, wanted.case_id),
        (Adoption.member_id, wanted.member_id),
        (Adoption.stage, wanted.stage),
    ):
        if value:
            clauses.append(column == value)
    if wanted.organisation_id:
        at = select(Partnership.ref_id).where(Partnership.kind == KIND, Partnership.organisation_id == wanted.organisation_id)
        clauses.append(Adoption.id.in_(at))
    return clauses


def stage_counts(actor: Actor, wanted: AdoptionFilter) -> dict[str, int]:
    """Return how many there are at each stage, in the order of `STAGES`."""
    found = select(Adoption.stage, func.count()).join(CaseStudy, CaseStudy.id == Adoption.case_study_id)
    counted = {row[0]: row[1] for row in db.session.execute(found.where(*_clauses(actor, wanted)).group_by(Adoption.stage))}
    return {stage: counted[stage] for stage in STAGES if stage in counted}


def listed(actor: Actor, wanted: AdoptionFilter, offset: int = 0, limit: int = PER_PAGE) -> list[AdoptionRow]:
    """A page of published adoptions, the newest first."""
    return _rows(db.session.scalars(_listed(alike(actor), wanted), {"offset": offset, "limit": limit}).all())


def entries(actor: Actor, case_id: int) -> Sequence[Adoption]:
    """The published adoptions of a case study that the actor may see, whole, the newest first; at most 200."""
    return db.session.scalars(_listed(alike(actor), AdoptionFilter(case_id=case_id)), {"offset": 0, "limit": MOST}).all()


@lru_cache(maxsize=32)
def _listed(actor: Actor, wanted: AdoptionFilter) -> Select[Adoption]:
    """Built once for each kind of reader."""
    found = _with_case().where(*_clauses(actor, wanted)).order_by(Adoption.created_at.desc(), Adoption.id.desc())
    return found.offset(bindparam("offset")).limit(bindparam("limit"))


def _with_case() -> Select[Adoption]:
    """Adoptions, with what names their case study: its texts stay in the database."""
    case = contains_eager(Adoption.case).load_only(CaseStudy.title, CaseStudy.status)
    return select(Adoption).join(CaseStudy, CaseStudy.id == Adoption.case_study_id).options(case)


def _rows(adoptions: Sequence[Adoption]) -> list[AdoptionRow]:
    who, places = people(a.member_id for a in adoptions), places_of(KIND, [a.id for a in adoptions])
    return [
        AdoptionRow(
            id=a.id,
            url=a.url,
            case_title=a.case.name,
            case_url=a.case.url,
            places=tuple(places[a.id]),
            stage=stage_badge(a.stage),
            result=result_badge(a.stage, a.result),
            verification=verification_badge(a.verification) if a.verified else None,
            message=a.record.get("message", ""),
            who=who.get(a.member_id, FORMER),
            at=a.created_at,
        )
        for a in adoptions
    ]


def newest_records(case_id: int, limit: int = MOST) -> list[tuple[str, str, Mapping[str, Any]]]:
    """(stage, result, record) of the newest published adoptions of a case study that the reader was shown."""
    return [(stage, result, record) for stage, result, record in read(_NEWEST_RECORDS, {"case": case_id, "limit": limit})]


_NEWEST_RECORDS = (
    select(Adoption.stage, Adoption.result, Adoption.record)
    .where(Adoption.case_study_id == bindparam("case"), Adoption.status == PUBLISHED)
    .order_by(Adoption.id.desc())
    .limit(bindparam("limit"))
)


def cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    found = _with_case().where(Adoption.id.in_(ids), visible(actor, Adoption), visible(actor, CaseStudy))
    adoptions = db.session.scalars(found).all()
    rows = {row.id: row for row in _rows(adoptions)}
    shown = shown_of(KIND, [a.id for a in adoptions])
    said = {id_: [(m.id, m.about) for m in measures] for id_, measures in shown.items()}
    parts = {a.id: passages(a.record, [p.name for p in rows[a.id].places], said[a.id]) for a in adoptions}
    return {
        a.id: Card(
            kind=KIND,
            id=a.id,
            title=_headline(a.stage, rows[a.id]),
            url=a.url,
            text="\n".join(part.text for part in parts[a.id]),
            passages=tuple(parts[a.id]),
            author=rows[a.id].who,
            at=a.created_at,
            kicker="We tried this",
            badges=tuple(b for b in (rows[a.id].stage, rows[a.id].result) if b),
            # What became of a case study became of its adoptions.
            status=a.status if a.case.status == case_models.PUBLISHED else a.case.status,
            facts=_measured(shown[a.id]),
        )
        for a in adoptions
    }


def _measured(shown: Sequence[Measure]) -> tuple[Fact, ...]:
    """Return how far the figures of its own reach."""
    months = [months_between(m.changed_on, m.last_on) for m in shown if m.changed_on and m.last_on]
    return (Fact(figures(len(shown), max(months, default=0)), "chart"),) if shown else ()


def _headline(stage: str, row: AdoptionRow) -> str:
    """Return what was tried, and where."""
    did = "Tried" if stage in TRIED else "Planned" if stage == PLANNING else "Considered"
    return f"{did} {'at' if row.places else 'by'} {row.where}: {row.case_title}"


def held(limit: int) -> tuple[int, Sequence[Adoption]]:
    """Return those that wait for a moderator: how many, and the oldest."""
    found = _with_case().where(Adoption.status == HELD).order_by(Adoption.id).limit(limit)
    return count_held(), db.session.scalars(found).all()


def count_held() -> int:
    return db.session.scalar(select(func.count()).select_from(Adoption).where(Adoption.status == HELD)) or 0
