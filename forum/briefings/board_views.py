"""A case study for a board: one page of A4, and a picture in the shape of a slide."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, render_template

from forum.briefings import slide
from forum.briefings.slide import Slide
from forum.case_studies import facts, queries
from forum.case_studies.evidence.levels import assessed
from forum.case_studies.models import CaseStudy
from forum.case_studies.queries import KIND, CaseRow
from forum.case_studies.reader_view import ReaderView, about, reader_view
from forum.documents.markdown import plain
from forum.kernel import rate_limits
from forum.kernel.clock import now
from forum.kernel.text import cut, slugify
from forum.kernel.wording import join_words, year_month
from forum.measures import charts
from forum.measures import queries as measures
from forum.measures.grid import grid
from forum.measures.models import Measure
from forum.organisations.queries import Place, places_of
from forum.spc.draw.drawing import Drawing, draw
from forum.web.access_level import Reach, actor, reach
from forum.web.assets import font_file
from forum.web.devices import asker

bp = Blueprint("board", __name__)
#: About 60 and 80 words.
PROBLEM, DONE = 360, 480
PLACES, COSTS = 2, 4
#: Of one cost, and of all together.
COST, ALL_COSTS = 110, 240
NO_MEASURE = "No measure over time yet"
NO_TRAVEL = "Nobody has told us yet that they tried it elsewhere"


@bp.get("/case-studies/<ref:id_>/board")
@reach(Reach.READER)
def paper(id_: int) -> str:
    """One sheet of paper."""
    case = queries.get(actor(), id_)
    reader, shown = reader_view(case), measures.shown((KIND, case.id))
    return render_template("briefings/board.html", **_said(case, reader), grid=grid(shown), main=facts.main_measure(shown))


def _said(case: CaseStudy, reader: ReaderView) -> dict[str, Any]:
    """Return what the paper says besides its figures."""
    places, row = places_of(KIND, [case.id])[case.id], queries.rows([case])[0]
    costs = [line.words for line in facts.costs(reader.values) if not line.quiet]
    more = [f"and {len(costs) - COSTS} more"] if len(costs) > COSTS else []
    found = assessed(case)
    return {
        "case": case,
        "row": row,
        "summary": reader.values.get("summary", ""),
        "where": where(places, reader),
        "when": when(reader),
        "problem": words_of(reader, "problem", PROBLEM),
        "done": words_of(reader, "actions", DONE),
        "happened": words_of(reader, "results", PROBLEM),
        "costs": cut("; ".join([*(cut(text, COST) for text in costs[:COSTS]), *more]), ALL_COSTS),
        "evidence": [text for text in (found.words, found.said, facts.turned_out(case)) if text],
        "lasts": _sentences(facts.current_status(case, reader.values)),
        "travels": _sentences(facts.travels(case) or [NO_TRAVEL]),
        "contact": contact(row),
        "citation": about(case),
        "today": now(),
    }


def words_of(reader: ReaderView, name: str, longest: int) -> str:
    """The first words of a text, or the notice that stands in its place where it is withheld."""
    withheld = next((part.words for part in reader.parts if part.name == name), "")
    return cut(plain(reader.html.get(name, "")) or withheld, longest)


def where(places: list[Place], reader: ReaderView) -> str:
    """The first organisations, and how many more."""
    names = [p.name for p in places] or list(reader.values.get("organisations", []))
    more = [f"{len(names) - PLACES} more"] if len(names) > PLACES else []
    return join_words([*names[:PLACES], *more])


def when(reader: ReaderView) -> str:
    """From when to when, as far as it is said."""
    started, stopped = (year_month(reader.values.get(name, "")) for name in ("started", "stopped"))
    return f"{started} to {stopped}" if started and stopped else f"since {started}" if started else ""


def contact(row: CaseRow) -> str:
    return ", ".join(text for text in (row.author.name, row.author.role, row.author.organisation) if text)


def _sentences(said: list[str]) -> str:
    return "".join(f"{text}. " for text in said).strip()


@bp.get("/case-studies/<ref:id_>/board.png")
@reach(Reach.READER)
def picture(id_: int) -> Response:
    """The same as a picture for a slide."""
    rate_limits.spend_quickly("board-png", asker(), 30, 60, "There were many downloads in a short time.")
    case = queries.get(actor(), id_)
    response = Response(slide.png(_slide(case), font_file()), mimetype="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="{slugify(case.name)}-board.png"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _slide(case: CaseStudy) -> Slide:
    reader, main = reader_view(case), facts.main_measure(measures.shown((KIND, case.id)))
    said = _said(case, reader)
    chart = _chart(main)
    texts = [("The problem", said["problem"]), ("What was done", said["done"]), ("What happened", said["happened"])]
    key = [
        ("Evidence", _sentences(said["evidence"])),
        ("Did it last?", _sentences(facts.current_status(case, reader.values)[:2])),
        ("Tried elsewhere", said["travels"]),
        ("What it took", said["costs"]),
    ]
    return Slide(
        site=current_app.config["FORUM"].site_name,
        title=case.name,
        result=said["summary"],
        where=", ".join(text for text in (said["where"], said["when"]) if text),
        name=main.name if main is not None else "",
        chart=chart,
        figures=[] if chart or main is None else main.reading.get("two", []),
        sentence=main.reading.get("summary", "") if main is not None else NO_MEASURE,
        texts=[] if chart else [(heading, text) for heading, text in texts if text],
        facts=[(heading, text) for heading, text in key if text],
        contact=said["contact"],
        address=said["citation"].address,
    )


def _chart(main: Measure | None) -> Callable[[int, int], Drawing] | None:
    """Return how to draw its chart in the shape that the slide has room for."""
    if main is None or not facts.has_chart(main):
        return None
    record = measures.record_of(main)
    chart, how = charts.chart_of(record), charts.settings_of(record)
    return lambda width, height: draw(chart, how, replace(charts.style_of(record, width), height=height))
