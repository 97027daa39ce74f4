"""Case studies beside each other: one column each, all read with a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from forum.access.actors import Actor, Member
from forum.accounts.queries import FORMER, people, reachable_among
from forum.case_studies import facts, queries
from forum.case_studies.evidence.levels import assessed
from forum.case_studies.facts import Line
from forum.case_studies.models import PUBLISHED, STATUS_WORDS, CaseStudy
from forum.case_studies.queries import KIND, CaseRow, tagged
from forum.case_studies.reader_view import reader_view
from forum.kernel.references import Person
from forum.measures import queries as measures
from forum.measures.fields import KIND_NAMES
from forum.measures.models import Measure
from forum.organisations import models as organisations
from forum.organisations.queries import Place, places_of
from forum.records.schema import Record
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import CARE_MODEL, ELEMENT, INVOLVEMENT

#: name → (what stands at the head of the row, what is said where one column has nothing), in the order of the page.
ROWS = {
    "where": ("Where", "Not said"),
    "care_models": ("Care model", "Not said"),
    "elements": ("Leadership elements", "Not said"),
    "population": ("Who receives it", "Not said"),
    "current_status": ("Current status", "Not said"),
    "costs": ("What it took", "Not said"),
    "involvement": ("Patients and carers were", "Not said"),
    "measures": ("Measures", "No measure over time yet"),
    "system": ("Across the whole system", "Not measured"),
    "evidence": ("Evidence", "Not said"),
    "travels": ("Tried elsewhere", "Nobody has told us yet"),
    "contact": ("Contact", "Not said"),
}
CHARTS = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One case study. `cells` holds what its rows say, by the names in `ROWS`; an empty one says nothing."""

    row: CaseRow
    result: str
    state: str
    cells: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Around:
    """What other slices know of it."""

    places: Sequence[Place]
    tags: Sequence[taxonomy.Choice]
    measures: Sequence[Measure]
    author: Person
    writable: bool


def columns(actor: Actor, cases: Sequence[CaseStudy]) -> list[Column]:
    """One for each, in their order. The actor may see them all."""
    ids = [c.id for c in cases]
    places, tags, shown = places_of(KIND, ids), taxonomy.tags_of(KIND, ids), measures.shown_of(KIND, ids)
    who, reached = people(c.member_id for c in cases), reachable_among(c.member_id for c in cases)
    found = []
    for case, row in zip(cases, queries.rows(cases), strict=True):
        own = isinstance(actor, Member) and actor.id in case.viewer_ids
        writable = case.member_id in reached and not own
        around = Around(places[case.id], tags[case.id], shown[case.id], who.get(case.member_id, FORMER), writable)
        state = "" if case.status == PUBLISHED else STATUS_WORDS[case.status]
        values = reader_view(case).values
        found.append(Column(row, values.get("summary", ""), state, _cells(case, row, values, around)))
    return found


def filled(found: Sequence[Column]) -> list[tuple[str, str, str]]:
    """(name, head, words for an empty cell) of the rows in which at least one column says something."""
    return [(name, *words) for name, words in ROWS.items() if any(c.cells[name] for c in found)]


def _cells(case: CaseStudy, row: CaseRow, values: Record, around: Around) -> dict[str, Any]:
    return {
        "where": _where(values, around.places),
        "care_models": [Line(t.label, f"/care-models/{t.slug}") for t in taxonomy.pick(around.tags, CARE_MODEL)],
        "elements": taxonomy.pick(around.tags, ELEMENT),
        "population": _lines(values.get("population", "")),
        "current_status": _lines(*facts.current_status(case, values)),
        "costs": facts.costs(values),
        "involvement": _lines(*(taxonomy.label(INVOLVEMENT, slug) for slug in tagged(values)[INVOLVEMENT])),
        "measures": around.measures,
        "system": _system(around.measures),
        "evidence": _evidence(case),
        "travels": [Line(words, f"{case.url}/adoptions" if n == 0 else "") for n, words in enumerate(facts.travels(case))],
        "contact": _contact(case, row, around),
    }


def _lines(*words: str) -> list[Line]:
    return [Line(text) for text in words if text]


def _where(values: Record, places: Sequence[Place]) -> list[Line]:
    """The organisations, then their regions and kinds."""
    named = [Line(p.name, p.url if p.status == organisations.PUBLISHED else "") for p in places]
    regions = dict.fromkeys(taxonomy.label("region", p.region) for p in places)
    kinds = dict.fromkeys(taxonomy.label("organisation-type", p.type) for p in places)
    about = [Line(", ".join(t for t in words if t), quiet=True) for words in (regions, kinds) if any(words)]
    return (named or _lines(*values.get("organisations", []))) + about


def _system(shown: Sequence[Measure]) -> list[tuple[str, int]]:
    """(kind of measure, how many) of those that are measured; the balancing kind always, since its lack tells as well."""
    counts = {kind: sum(m.about["kind"] == kind for m in shown) for kind in KIND_NAMES}
    return [(KIND_NAMES[kind], n) for kind, n in counts.items() if n or kind == "balancing"] if shown else []


def _evidence(case: CaseStudy) -> list[Line]:
    found, result = assessed(case), facts.turned_out(case)
    said = [Line(found.words, f"{case.url}/evidence"), *([Line(found.said, quiet=True)] if found.said else [])]
    return said + ([Line(result)] if result else [])


def _contact(case: CaseStudy, row: CaseRow, around: Around) -> list[Line]:
    about = ", ".join(t for t in (row.author.role, row.author.organisation) if t)
    found = [Line(row.author.name), Line(about, quiet=True)] if about else [Line(row.author.name)]
    write = Line(f"Write to {around.author.name}", f"{around.author.url}/write?about=case-study:{case.id}")
    return found + ([write] if around.writable else [])
