"""Reading case studies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import defer, selectinload

from forum.access.actors import Actor, Member
from forum.access.rules import may_view, visible
from forum.accounts.queries import FORMER, Person, people
from forum.case_studies.models import DRAFT, PUBLISHED, SUBMITTED, Attachment, CaseStudy, Clash, Consent
from forum.case_studies.record import ITEMS, Record, flat, hidden
from forum.case_studies.structured import Part
from forum.discussions.models import Post, Thread
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import NotFound
from forum.kernel.markdown import plain
from forum.kernel.refs import Card, Tag
from forum.organisations.models import Organisation, Partnership
from forum.organisations.queries import places_of
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import BARRIER, CARE_MODEL, ELEMENT, INVOLVEMENT, OUTCOME, PART, SECTOR, STATUS, Tagging

KIND = "case-study"
PER_PAGE = 24
BADGES = {
    "better": ("It got better", "good", "check"),
    "mixed": ("Mixed results", "info", "chart"),
    "no-change": ("No change", "learn", "repeat"),
    "worse": ("Learning from failure", "learn", "repeat"),
    "too-early": ("Too early to tell", "warn", "clock"),
}


def get(actor: Actor, id_: int) -> CaseStudy:
    """One case study the actor may see. Raises `NotFound`."""
    found = db.session.get(CaseStudy, id_)
    if found is None or not may_view(actor, found):
        raise NotFound("There is no such case study, or it is not public.")
    return found


def draft_of(case: CaseStudy) -> Record:
    """What its form shows: the authors' unsent record where there is one, else what was sent."""
    return case.working if case.working is not None else case.record


def clashes(case: CaseStudy) -> Sequence[Clash]:
    """Second versions that wait for a choice; at most 50."""
    rows = select(Clash).where(Clash.case_study_id == case.id).order_by(Clash.id).limit(50)
    return db.session.scalars(rows).all()


def files_of(case: CaseStudy) -> Sequence[Attachment]:
    """Its pictures and files, in the order they came; at most 50."""
    rows = select(Attachment).where(Attachment.case_study_id == case.id).order_by(Attachment.id).limit(50)
    return db.session.scalars(rows).all()


def shown_files(case: CaseStudy) -> list[Attachment]:
    """Those that readers may see: what lacks a consent that is still in force is left out."""
    files = files_of(case)
    if not files:
        return []
    consents = {c.id: c for c in consents_of(case)}
    today = now().date()
    return [f for f in files if f.consent_id is None or consents[f.consent_id].in_force(today)]


def consents_of(case: CaseStudy) -> Sequence[Consent]:
    """The consents recorded for it, the newest first; at most 50."""
    rows = select(Consent).where(Consent.case_study_id == case.id).order_by(Consent.id.desc()).limit(50)
    return db.session.scalars(rows).all()


def count_files(case: CaseStudy) -> int:
    rows = select(func.count()).select_from(Attachment).where(Attachment.case_study_id == case.id)
    return db.session.scalar(rows) or 0


def tagged(values: Record) -> dict[str, list[str]]:
    """What a record says in terms of the lists, by list: these are what it can be found by. The highest involvement counts."""
    levels = [row["level"] for row in values.get("involvement", [])]
    order = [t.slug for t in taxonomy.terms(INVOLVEMENT)]
    highest = max((level for level in levels if level in order), key=order.index, default="")
    return {
        ELEMENT: values.get("elements", []),
        CARE_MODEL: values.get("care_models", []),
        SECTOR: values.get("sectors", []),
        PART: values.get("settings", []),
        BARRIER: [row["barrier"] for row in values.get("barriers", [])],
        INVOLVEMENT: [highest] if highest else [],
    }


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case study in a list."""

    id: int
    title: str
    url: str
    summary: str
    elements: tuple[Tag, ...]
    badge: tuple[str, str, str] | None
    kicker: str
    author_id: int
    author_name: str
    author_role: str
    author_organisation: str
    thanks: int
    replies: int
    published: datetime | None
    status: str
    saved: datetime
    editable: bool = False


def rows(cases: Sequence[CaseStudy]) -> list[CaseRow]:
    """Rows for a list, with a constant number of queries."""
    ids = [c.id for c in cases]
    who = people(c.member_id for c in cases)
    tags = taxonomy.tags_of(KIND, ids)
    places = places_of(KIND, ids)
    talk = _talk([c.thread_id for c in cases if c.thread_id])
    return [_row(c, who.get(c.member_id, FORMER), tags[c.id], places[c.id], talk.get(c.thread_id or 0, (0, 0))) for c in cases]


def _row(c: CaseStudy, person: Person, tags: Sequence[Any], places: Sequence[Any], talk: tuple[int, int]) -> CaseRow:
    imported = c.source_author or c.source_name
    return CaseRow(
        id=c.id,
        title=c.name,
        url=c.url,
        summary=c.summary if c.title else (c.working or {}).get("summary", ""),
        elements=taxonomy.element_tags(tags),
        badge=BADGES.get(c.outcome),
        kicker=taxonomy.care_model_labels(tags) or (places[0].name if places else ""),
        author_id=person.id,
        author_name=imported or person.name,
        author_role="" if imported else person.role,
        author_organisation=places[0].name if places else ("" if imported else person.organisation),
        thanks=talk[1],
        replies=talk[0],
        published=c.published_at,
        status=c.status,
        saved=c.saved_at,
    )


def _talk(thread_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Replies and thanks of each case study's thread."""
    if not thread_ids:
        return {}
    found = (
        select(Thread.id, Thread.reply_count, func.coalesce(func.sum(Post.thanks), 0))
        .outerjoin(Post, Post.thread_id == Thread.id)
        .where(Thread.id.in_(thread_ids))
        .group_by(Thread.id)
    )
    return {id_: (replies, thanks) for id_, replies, thanks in db.session.execute(found)}


@dataclass(frozen=True)
class CaseFilter:
    """What a list is narrowed to: any of the values within a facet, all facets together."""

    facets: Mapping[str, Sequence[str]]
    sort: str = "newest"
    member_id: int = 0
    organisation_id: int = 0


#: facet in the address → how its values are looked up.
TAGS = (ELEMENT, CARE_MODEL, SECTOR, INVOLVEMENT)
FACETS = (*TAGS, "region", "organisation-type", STATUS, OUTCOME, "depth")
SORTS = {"newest": "Newest first", "oldest": "Oldest first", "discussed": "Most discussed"}


_COLUMNS = {STATUS: CaseStudy.practice_status, OUTCOME: CaseStudy.outcome, "depth": CaseStudy.depth}


def at_least(levels: Sequence[str]) -> list[str]:
    """The levels of involvement from the lowest of these up: who asks for co-designed is glad of co-produced."""
    order = [t.slug for t in taxonomy.terms(INVOLVEMENT, closed=True)]
    lowest = min((order.index(level) for level in levels if level in order), default=len(order))
    return order[lowest:]


def _clause(facet: str, values: Sequence[str]) -> ColumnElement[bool]:
    if facet in TAGS:
        known = taxonomy.lists().by_scheme[facet]
        values = at_least(values) if facet == INVOLVEMENT else values
        ids = [known[v].id for v in values if v in known]
        return CaseStudy.id.in_(select(Tagging.ref_id).where(Tagging.kind == KIND, Tagging.term_id.in_(ids)))
    if facet in {"region", "organisation-type"}:
        column = Organisation.region if facet == "region" else Organisation.type
        at = select(Partnership.ref_id).join(Organisation, Organisation.id == Partnership.organisation_id)
        return CaseStudy.id.in_(at.where(Partnership.kind == KIND, column.in_(values)))
    return _COLUMNS[facet].in_(values)


def _clauses(actor: Actor, wanted: CaseFilter, but: str = "") -> list[ColumnElement[bool]]:
    """Lists show what is published; what waits or was withdrawn has its own pages."""
    clauses = [CaseStudy.status == PUBLISHED, visible(actor, CaseStudy)]
    clauses += [_clause(f, v) for f, v in wanted.facets.items() if v and f != but]
    if wanted.member_id:
        clauses.append(CaseStudy.member_id == wanted.member_id)
    if wanted.organisation_id:
        at = select(Partnership.ref_id).where(Partnership.kind == KIND, Partnership.organisation_id == wanted.organisation_id)
        clauses.append(CaseStudy.id.in_(at))
    return clauses


def count(actor: Actor, wanted: CaseFilter) -> int:
    return db.session.scalar(select(func.count()).select_from(CaseStudy).where(*_clauses(actor, wanted))) or 0


#: A list shows titles: the texts, which may be a hundred times longer, stay in the database.
_WITHOUT_TEXT = tuple(
    defer(column) for column in (CaseStudy.record, CaseStudy.html, CaseStudy.working, CaseStudy.findings, CaseStudy.stamps)
)


def listed(actor: Actor, wanted: CaseFilter, offset: int = 0, limit: int = PER_PAGE) -> list[CaseRow]:
    """A page of published case studies."""
    found = select(CaseStudy).where(*_clauses(actor, wanted)).options(*_WITHOUT_TEXT)
    if wanted.sort == "discussed":
        found = found.outerjoin(Thread, Thread.id == CaseStudy.thread_id).order_by(
            func.coalesce(Thread.reply_count, 0).desc(), CaseStudy.id.desc()
        )
    elif wanted.sort == "oldest":
        found = found.order_by(CaseStudy.published_at, CaseStudy.id)
    else:
        found = found.order_by(CaseStudy.published_at.desc(), CaseStudy.id.desc())
    return rows(db.session.scalars(found.offset(offset).limit(limit)).all())


def facet_counts(actor: Actor, wanted: CaseFilter, of: Sequence[str] = FACETS) -> dict[str, dict[str, int]]:
    """How many there are for each choice of each facet; a facet's own choices do not narrow it, so others stay in sight."""
    return {facet: _counted(actor, wanted, facet) for facet in of}


def _counted(actor: Actor, wanted: CaseFilter, facet: str) -> dict[str, int]:
    base = select(CaseStudy.id).where(*_clauses(actor, wanted, but=facet))
    if facet in TAGS:
        term_counts = select(Tagging.term_id, func.count()).where(Tagging.kind == KIND, Tagging.ref_id.in_(base))
        by_id = taxonomy.lists().by_id
        counted = db.session.execute(term_counts.group_by(Tagging.term_id))
        numbers = {by_id[t].slug: n for t, n in counted if t in by_id and by_id[t].scheme == facet}
        cumulated = {slug: sum(numbers.get(s, 0) for s in at_least([slug])) for slug in numbers}
        return cumulated if facet == INVOLVEMENT else numbers
    if facet in {"region", "organisation-type"}:
        column = Organisation.region if facet == "region" else Organisation.type
        found = (
            select(column, func.count(Partnership.ref_id.distinct()))
            .join(Organisation, Organisation.id == Partnership.organisation_id)
            .where(Partnership.kind == KIND, Partnership.ref_id.in_(base))
            .group_by(column)
        )
    else:
        column = _COLUMNS[facet]
        found = select(column, func.count()).where(CaseStudy.id.in_(base)).group_by(column)
    return {slug: n for slug, n in db.session.execute(found) if slug}


def own(actor: Member, limit: int = 100) -> list[CaseRow]:
    """Everything that the actor writes or reviews and that is not out: drafts, waiting, asked to change, unsent edits."""
    mine = select(CaseStudy).where(CaseStudy.seen_by(actor.id))
    mine = mine.where((CaseStudy.status != PUBLISHED) | CaseStudy.working.is_not(None))
    cases = db.session.scalars(
        mine.options(selectinload(CaseStudy.authorships)).order_by(CaseStudy.saved_at.desc()).limit(limit)
    ).all()
    return [replace(row, editable=actor.id in c.editor_ids) for row, c in zip(rows(cases), cases, strict=True)]


def count_drafts(actor: Member) -> int:
    mine = select(func.count()).select_from(CaseStudy)
    return db.session.scalar(mine.where(CaseStudy.member_id == actor.id, CaseStudy.status == DRAFT)) or 0


def place_in_queue(case: CaseStudy) -> int:
    """1 for the next to be looked at."""
    before = select(func.count()).select_from(CaseStudy)
    before = before.where(CaseStudy.status == SUBMITTED, CaseStudy.submitted_at < case.submitted_at)
    return (db.session.scalar(before) or 0) + 1


def waiting(limit: int) -> tuple[int, Sequence[CaseStudy]]:
    """Submitted ones and published ones whose change needs a look: how many, and the oldest."""
    clause = (CaseStudy.status == SUBMITTED) | CaseStudy.needs_look
    found = select(CaseStudy).where(clause).order_by(CaseStudy.submitted_at).limit(limit)
    return count_waiting(), db.session.scalars(found).all()


def count_waiting() -> int:
    clause = (CaseStudy.status == SUBMITTED) | CaseStudy.needs_look
    return db.session.scalar(select(func.count()).select_from(CaseStudy).where(clause)) or 0


def body_text(case: CaseStudy) -> str:
    """All its words in plain text, for search and excerpts; not those that are withheld."""
    unseen = hidden(case.record, case.withheld)
    told = [plain(html) for name, html in case.html.items() if name not in unseen]
    parts = [item for item in ITEMS.values() if isinstance(item, Part) and item.section not in {"quick-share", "sharing"}]
    told += [flat(p.name, case.record[p.name]) for p in parts if p.name in case.record and p.name not in unseen]
    plain_fields = [case.record.get(n, "") for n in ("population", "aim", "ethics", "funding") if n not in unseen]
    return " ".join(text for text in [case.summary, *told, *plain_fields] if text)


def cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    seen = visible(actor, CaseStudy)
    wanted = select(CaseStudy).where(CaseStudy.id.in_(ids), seen).options(selectinload(CaseStudy.authorships))
    cases = db.session.scalars(wanted).all()
    by_id = {r.id: r for r in rows(cases)}
    return {
        c.id: Card(
            kind=KIND,
            id=c.id,
            title=c.name,
            url=c.url,
            text=body_text(c),
            author_id=by_id[c.id].author_id,
            author_ids=tuple(id_ for id_ in c.viewer_ids if id_),
            author_name=by_id[c.id].author_name,
            author_role=by_id[c.id].author_role,
            author_organisation=by_id[c.id].author_organisation,
            at=c.published_at or c.created_at,
            kicker=by_id[c.id].kicker,
            elements=by_id[c.id].elements,
            badge=by_id[c.id].badge,
            status=c.status,
        )
        for c in cases
    }
