"""Small charts side by side: the case study's own figures and its adopters', on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from forum.adoptions.models import PUBLISHED, Adoption, Travel
from forum.adoptions.queries import KIND
from forum.case_studies.models import CaseStudy
from forum.case_studies.queries import KIND as CASE
from forum.kernel.db import db
from forum.measures.charts import chart_of, settings_of, style_of, words
from forum.measures.models import Measure
from forum.organisations.queries import places_of
from forum.spc.draw.drawing import draw
from forum.spc.draw.svg import svg
from forum.spc.summary import FEWEST_DRAWN, has_limits

MOST_ROWS, MOST_CHARTS = 6, 12
WIDTH = 300


def redraw(case_id: int) -> None:
    """Draw the rows of a case study again, from what is published now. Call inside `transaction()`."""
    rows = _rows(case_id)
    travel = db.session.get(Travel, case_id)
    if travel is not None:
        travel.charts = rows
    elif rows:
        db.session.add(Travel(case_study_id=case_id, charts=rows))
    db.session.flush()


def rows_of(case_id: int) -> Sequence[Mapping[str, Any]]:
    """The rows as they were drawn last: {"unit", "charts": [{"title", "url", "svg"}]}."""
    travel = db.session.get(Travel, case_id)
    return travel.charts if travel is not None else []


def _rows(case_id: int) -> list[dict[str, Any]]:
    theirs = _measures(KIND, _published(case_id))
    if not theirs:
        return []
    own = _measures(CASE, [case_id])
    places = places_of(KIND, {m.ref_id for m in theirs})
    grouped: dict[tuple[str, str], list[Measure]] = {}
    for measure in theirs:
        grouped.setdefault(_sort(measure), []).append(measure)
    found = []
    for sort, group in list(grouped.items())[:MOST_ROWS]:
        first = next((m for m in own if _sort(m) == sort), None)
        shown = [*([first] if first else []), *group][:MOST_CHARTS]
        scale = _scale(shown)
        names = {m.id: places[m.ref_id][0].name if m.kind == KIND and places[m.ref_id] else "" for m in shown}
        charts = [_entry(case_id, m, names[m.id], scale) for m in shown]
        found.append({"unit": sort[1], "charts": charts})
    return found


def _published(case_id: int) -> list[int]:
    found = select(Adoption.id).where(Adoption.case_study_id == case_id, Adoption.status == PUBLISHED).order_by(Adoption.id)
    return list(db.session.scalars(found.limit(200)))


def _measures(kind: str, ids: Sequence[int]) -> list[Measure]:
    """Return what can be drawn of these things' measures, in their order; at most 100."""
    found = select(Measure).where(Measure.kind == kind, Measure.ref_id.in_(ids), Measure.shown, Measure.removed_at.is_(None))
    some = db.session.scalars(found.order_by(Measure.ref_id, Measure.position, Measure.id).limit(100)).all() if ids else []
    return [m for m in some if m.points >= FEWEST_DRAWN]


def _sort(measure: Measure) -> tuple[str, str]:
    """Only what counts the same thing the same way can stand on one scale."""
    return (str(measure.record.get("value_kind", "")), str(measure.record.get("unit", "")).strip().lower())


def _scale(measures: Sequence[Measure]) -> tuple[float, float]:
    """The range of all values, and of all limits that are shown."""
    found = []
    for measure in measures:
        chart = chart_of(measure.record)
        found += [p.value for p in chart.points]
        found += [v for g in chart.groups if has_limits(g) for v in (g.lower, g.upper) if v is not None]
    return min(found), max(found)


def _entry(case_id: int, measure: Measure, place: str, scale: tuple[float, float]) -> dict[str, str]:
    case = db.session.get_one(CaseStudy, case_id)
    where, url = (
        (place or "A team elsewhere", f"/adoptions/{measure.ref_id}") if measure.kind == KIND else ("Where it began", case.url)
    )
    return {"title": f"{where}: {measure.name}", "url": url, "svg": _small(measure, f"travel-{measure.id}", where, scale)}


def _small(measure: Measure, prefix: str, where: str, scale: tuple[float, float]) -> str:
    record = measure.record
    style = replace(style_of(record, WIDTH), compact=True, scale=scale, targets=(), notes={})
    drawing = draw(chart_of(record), replace(settings_of(record), target=None), style)
    return svg(drawing, f"{measure.name}, {where}", words(record), prefix)
