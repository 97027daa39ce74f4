"""Lists of case studies: what they can be narrowed to, sorted by, and how many there are of each choice."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    String,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, defer

from forum.access.actors import Actor, alike
from forum.access.rules import visible
from forum.case_studies import queries
from forum.case_studies.evidence.currency import LASTED
from forum.case_studies.evidence.levels import LASTING_MONTHS
from forum.case_studies.models import PUBLISHED, CaseStudy, address_of
from forum.case_studies.queries import BADGES, KIND, CaseRow, rows, tagged
from forum.discussions.models import Thread
from forum.kernel.db import db, read
from forum.kernel.references import Tag
from forum.organisations.models import Organisation, Partnership
from forum.organisations.queries import places_of
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import CARE_MODEL, ELEMENT, INVOLVEMENT, OUTCOME, SECTOR, STATUS, Tagging
from forum.web.kept import kept

PER_PAGE = 24


@dataclass(frozen=True)
class CaseFilter:
    """What a list is narrowed to: any of the values within a facet, all facets together."""

    facets: Mapping[str, Sequence[str]]
    sort: str = "newest"
    member_id: int = 0
    organisation_id: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "facets", {facet: tuple(values) for facet, values in self.facets.items() if values})

    def __hash__(self) -> int:
        return hash((*self.facets.items(), self.sort, self.member_id, self.organisation_id))


#: facet in the address → how its values are looked up.
TAGS = (ELEMENT, CARE_MODEL, SECTOR, INVOLVEMENT)
FACETS = (*TAGS, "region", "organisation-type", STATUS, OUTCOME, "evidence", "data", "lasted", "freshness", "depth")
SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "discussed": "Most discussed",
    "adopted": "Most adopted elsewhere",
    "evidence": "Strongest evidence",
}


_COLUMNS: dict[str, InstrumentedAttribute[Any]] = {
    STATUS: CaseStudy.practice_status,
    OUTCOME: CaseStudy.outcome,
    "evidence": CaseStudy.evidence_level,
    "freshness": CaseStudy.freshness,
    "depth": CaseStudy.depth,
}
#: Facets whose values are conditions that several case studies share: facet → value → condition.
_CONDITIONS: dict[str, dict[str, ColumnElement[bool]]] = {
    "data": {
        "any": CaseStudy.measures_shown > 0,
        "12-months": (CaseStudy.measures_shown > 0) & (CaseStudy.data_months >= LASTING_MONTHS),
    },
    "lasted": {value: CaseStudy.lasting_months >= months for value, months in LASTED.items()},
}


def at_least(levels: Sequence[str]) -> list[str]:
    """Return the levels of involvement from the lowest of these up: whoever asks for co-designed also wants co-produced."""
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
    if facet in _CONDITIONS:
        return or_(false(), *(condition for value, condition in _CONDITIONS[facet].items() if value in values))
    if facet == "evidence":
        return CaseStudy.evidence_level.in_([int(v) for v in values if v.isdecimal() and len(v) == 1])
    return _COLUMNS[facet].in_(values)


def current_facets(case: CaseStudy) -> dict[str, tuple[str, ...]]:
    """Return what a case study counts as in the facets that tell how it stands, for search."""
    long = case.measures_shown and case.data_months >= LASTING_MONTHS
    data = (("any",) if case.measures_shown else ()) + (("12-months",) if long else ())
    lasted = tuple(value for value, months in LASTED.items() if case.lasting_months >= months)
    return {
        "evidence": () if case.evidence_level is None else (str(case.evidence_level),),
        "data": data,
        "lasted": lasted,
        "freshness": (case.freshness,) if case.freshness else (),
        "tried": ("yes",) if case.tried else (),
        INVOLVEMENT: _levels_below(case),
    }


def _levels_below(case: CaseStudy) -> tuple[str, ...]:
    """Its highest level of involvement and all below it: whoever asks for "at least" one of these finds it."""
    order = [t.slug for t in taxonomy.terms(INVOLVEMENT, closed=True)]
    highest = tagged(case.record)[INVOLVEMENT]
    return tuple(order[: order.index(highest[0]) + 1]) if highest and highest[0] in order else ()


def _clauses(actor: Actor, wanted: CaseFilter, but: str = "") -> list[ColumnElement[bool]]:
    """Lists show what is published; what waits or was withdrawn has its own pages."""
    clauses = [visible(actor, CaseStudy, PUBLISHED)]
    clauses += [_clause(f, v) for f, v in wanted.facets.items() if f != but]
    if wanted.member_id:
        clauses.append(CaseStudy.member_id == wanted.member_id)
    if wanted.organisation_id:
        at = select(Partnership.ref_id).where(Partnership.kind == KIND, Partnership.organisation_id == wanted.organisation_id)
        clauses.append(CaseStudy.id.in_(at))
    return clauses


def counting(actor: Actor, wanted: CaseFilter) -> ScalarSelect[int]:
    """Return how many there are, as a part of a statement."""
    return select(func.count()).select_from(CaseStudy).where(*_clauses(actor, wanted)).scalar_subquery()


@lru_cache(maxsize=64)
def _count(actor: Actor, wanted: CaseFilter, _lists: float) -> Select[*tuple[Any, ...]]:
    """Statements are built once for each kind of reader, and anew when the lists were read again, whose terms they name."""
    return select(counting(actor, wanted))


def _key(*what: Hashable) -> Hashable:
    """Return a part of the cache's key: cached rows contain labels of the lists, which are read again now and then."""
    return (*what, taxonomy.lists().read_at)


def count(actor: Actor, wanted: CaseFilter) -> int:
    who = alike(actor)
    return kept(_key("count", who, wanted), lambda: int(read(_count(who, wanted, taxonomy.lists().read_at)).scalar_one()))


#: Short lists show titles alone.
_WITHOUT_TEXT = tuple(
    defer(column) for column in (CaseStudy.record, CaseStudy.html, CaseStudy.working, CaseStudy.findings, CaseStudy.stamps)
)


def listed(actor: Actor, wanted: CaseFilter, offset: int = 0, limit: int = PER_PAGE) -> list[CaseRow]:
    """A page of published case studies. Three queries."""
    who = alike(actor)

    def read_rows() -> list[CaseRow]:
        statement = _listed(who, wanted, taxonomy.lists().read_at)
        return queries.listed(read(statement, {"offset": offset, "limit": limit}).all())

    return kept(_key("listed", who, wanted, offset, limit), read_rows)


def beginnings(actor: Actor, wanted: Sequence[tuple[CaseFilter, int]]) -> list[list[CaseRow]]:
    """The first so many, the newest first, of several lists. Three queries for all of them."""
    who, several = alike(actor), tuple(wanted)

    def read_rows() -> list[list[CaseRow]]:
        found = read(_beginnings(who, several, taxonomy.lists().read_at)).all()
        rows = queries.listed(found)
        return [[row for row, c in zip(rows, found, strict=True) if c.list == number] for number in range(len(several))]

    return kept(_key("beginnings", who, several), read_rows)


@lru_cache(maxsize=16)
def _beginnings(actor: Actor, wanted: tuple[tuple[CaseFilter, int], ...], _lists: float) -> Select[*tuple[Any, ...]]:
    """As for `_count`."""
    newest = _ORDERS["newest"]
    each = [
        select(literal(number).label("list"), CaseStudy.id).where(*_clauses(actor, w)).order_by(*newest).limit(limit).subquery()
        for number, (w, limit) in enumerate(wanted)
    ]
    first = union_all(*(select(one) for one in each)).subquery()
    rows = queries.with_author(select(*queries.LISTED, first.c.list).join(first, first.c.id == CaseStudy.id))
    return rows.order_by(first.c.list, *newest)


_ORDERS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "newest": (CaseStudy.published_at.desc(), CaseStudy.id.desc()),
    "oldest": (CaseStudy.published_at.asc(), CaseStudy.id.asc()),
    "discussed": (func.coalesce(Thread.reply_count, 0).desc(), CaseStudy.id.desc()),
    "adopted": (CaseStudy.adopted.desc(), CaseStudy.tried.desc(), CaseStudy.id.desc()),
    "evidence": (func.coalesce(CaseStudy.evidence_level, -1).desc(), CaseStudy.adopted.desc(), CaseStudy.id.desc()),
}


@lru_cache(maxsize=64)
def _listed(actor: Actor, wanted: CaseFilter, _lists: float) -> Select[*tuple[Any, ...]]:
    """As for `_count`. The page is cut out before what is said of its rows is looked up."""
    order = _ORDERS[wanted.sort]
    page = select(CaseStudy.id).where(*_clauses(actor, wanted)).order_by(*order)
    if wanted.sort == "discussed":
        page = page.outerjoin(Thread, Thread.id == CaseStudy.thread_id)
    page = page.offset(bindparam("offset")).limit(bindparam("limit"))
    return queries.with_author(select(*queries.LISTED)).where(CaseStudy.id.in_(select(page.subquery().c.id))).order_by(*order)


@dataclass(frozen=True, slots=True)
class Brief:
    """A case study in a short list on the page of something else."""

    title: str
    url: str
    badge: tuple[str, str, str] | None
    care_models: str
    organisation: str
    elements: tuple[Tag, ...]


@lru_cache(maxsize=16)
def _these(actor: Actor) -> Select[*tuple[Any, ...]]:
    columns = (CaseStudy.id, CaseStudy.title, CaseStudy.outcome, CaseStudy.source_author, CaseStudy.source_name)
    among = CaseStudy.id.in_(bindparam("ids", expanding=True))
    return select(*columns).where(among, *_clauses(actor, CaseFilter({})))


def these(actor: Actor, ids: Sequence[int], limit: int) -> list[Brief]:
    """The first so many of these, in their order, that are published and that the actor may see. Three queries."""
    who = alike(actor)
    return kept(_key("these", who, tuple(ids), limit), lambda: _briefs(who, ids, limit))


def _briefs(who: Actor, ids: Sequence[int], limit: int) -> list[Brief]:
    cases = sorted(read(_these(who), {"ids": ids}), key=lambda case: ids.index(case.id))[:limit]
    tags, places = taxonomy.tags_of(KIND, [c.id for c in cases]), places_of(KIND, [c.id for c in cases])
    return [
        Brief(
            title=c.title,
            url=address_of(c.id, c.title),
            badge=BADGES.get(c.outcome),
            care_models=taxonomy.care_model_labels(tags[c.id]),
            organisation=places[c.id][0].name if places[c.id] else c.source_author or c.source_name,
            elements=taxonomy.element_tags(tags[c.id]),
        )
        for c in cases
    ]


def among(actor: Actor, ids: Sequence[int]) -> list[CaseRow]:
    """Return those of these that are published and that the actor may see, in their order."""
    found = select(CaseStudy).where(CaseStudy.id.in_(ids), *_clauses(actor, CaseFilter({}))).options(*_WITHOUT_TEXT)
    return rows(sorted(db.session.scalars(found), key=lambda case: ids.index(case.id)))


def facet_counts(actor: Actor, wanted: CaseFilter, of: Sequence[str] = FACETS) -> dict[str, dict[str, int]]:
    """Return how many there are for each choice of each facet; a facet's own choices do not narrow it, so others stay in sight."""
    who = alike(actor)
    return kept(_key("facets", who, wanted, tuple(of)), lambda: _facet_counts(who, wanted, of))


def _facet_counts(who: Actor, wanted: CaseFilter, of: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {facet: {} for facet in of}
    for facet, value, count_ in read(_facets(who, wanted, tuple(of), taxonomy.lists().read_at)):
        if value and count_:
            found[facet][_slug(facet, value)] = count_
    if INVOLVEMENT in found:
        levels = found[INVOLVEMENT]
        found[INVOLVEMENT] = {slug: sum(levels.get(s, 0) for s in at_least([slug])) for slug in levels}
    return found


@lru_cache(maxsize=32)
def _facets(actor: Actor, wanted: CaseFilter, of: tuple[str, ...], _lists: float) -> CompoundSelect[*tuple[Any, ...]]:
    """As for `_count`."""
    bases = {facet: select(CaseStudy.id).where(*_clauses(actor, wanted, but=facet)) for facet in of}
    return union_all(*(one for facet, base in bases.items() for one in _selects(facet, base)))


def _slug(facet: str, value: str) -> str:
    return taxonomy.lists().by_id[int(value)].slug if facet in TAGS else value


def _selects(facet: str, base: Select[int]) -> list[Any]:
    """Rows of (facet, value as text, how many) over the case studies of `base`; all facets together are one statement."""
    name = literal(facet)
    if facet in TAGS:
        ids = [t.id for t in taxonomy.terms(facet, closed=True)]
        counted = select(name, cast(Tagging.term_id, String), func.count()).group_by(Tagging.term_id)
        return [counted.where(Tagging.kind == KIND, Tagging.ref_id.in_(base), Tagging.term_id.in_(ids))]
    if facet in {"region", "organisation-type"}:
        column = Organisation.region if facet == "region" else Organisation.type
        counted = select(name, column, func.count(Partnership.ref_id.distinct())).group_by(column)
        joined = counted.join(Organisation, Organisation.id == Partnership.organisation_id)
        return [joined.where(Partnership.kind == KIND, Partnership.ref_id.in_(base))]
    if facet in _CONDITIONS:
        return [
            select(name, literal(value), func.count()).select_from(CaseStudy).where(CaseStudy.id.in_(base), condition)
            for value, condition in _CONDITIONS[facet].items()
        ]
    column = _COLUMNS[facet]
    return [select(name, cast(column, String), func.count()).where(CaseStudy.id.in_(base)).group_by(column)]
