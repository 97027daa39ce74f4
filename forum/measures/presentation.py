"""What readers are given of measures: on the page of a thing, and to take away."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from forum.kernel.numbers import in_full
from forum.kernel.references import Ref
from forum.kernel.text import one_line, sheet_cell
from forum.kernel.wording import iso_date
from forum.measures.charts import WIDE, chart_of, drawing_of, phases_of, remarks_of, targets_of, unit_of
from forum.measures.fields import DIRECTIONS, INTERVALS, KINDS
from forum.measures.grid import grid
from forum.measures.models import Measure
from forum.measures.owner import Credit
from forum.measures.queries import shown
from forum.measures.record import points_of
from forum.records.schema import Record
from forum.spc.draw.png import png
from forum.spc.read.series import Point
from forum.spc.summary import has_limits
from forum.spc.xmr import Reading
from forum.taxonomy.models import PART
from forum.taxonomy.queries import label
from forum.web.assets import font_file


def figures(ref: Ref) -> dict[str, Any] | None:
    """Its measures with the grid and their stored tables, for `measures/_measures.html`; None without any that readers see."""
    measures = shown(ref)
    if not measures:
        return None
    return {"measures": measures, "grid": grid(measures), "tables": {m.id: Markup(m.table_html) for m in measures}}


#: Since the change, in words.
EFFECTS = {
    "better": "Better since the change",
    "worse": "Worse since the change",
    "none": "No sign of a difference since the change",
}


def signals(reading: Mapping[str, Any]) -> list[str]:
    """What its chart signals, in words."""
    if not reading["variation"]:
        return []
    now = "Now: " if reading["effect"] and reading["recalculated"] else ""
    return [
        text for text in (EFFECTS.get(reading["effect"], ""), now + reading["variation_words"], reading["assurance_words"]) if text
    ]


def facts(measure: Measure) -> list[tuple[str, str]]:
    """What is said of it beside its chart: (name, words)."""
    record = measure.record
    targets = [_target(row) for row in record.get("targets", [])]
    phases = [
        f"{row.get('label', '')}, {iso_date(row['start'])}{_anew(row)}" for row in record.get("phases", []) if row.get("start")
    ]
    kind, direction = KINDS.get(record.get("kind", ""), ""), DIRECTIONS.get(record.get("direction", ""), "")
    part, every = label(PART, record.get("part", "")), INTERVALS.get(record.get("every", ""), "")
    felt = f"Felt in: {part}" if part else ""
    return [
        ("How it is counted", one_line(record.get("definition", ""))),
        ("What it is", ". ".join(text for text in (kind, felt, direction, every) if text)),
        ("Target", "\n".join(targets)),
        ("Average", measure.reading.get("average", "")),
        ("Phases", "\n".join(phases)),
        ("Source and limits", one_line(record.get("source", ""))),
        ("How the chart was made", measure.reading.get("settings", "")),
    ]


def _target(row: Mapping[str, str]) -> str:
    since = f" from {iso_date(row['since'])}" if row.get("since") else ""
    return f"{row.get('value', '')}{since}{', set by ' + row['source'] if row.get('source') else ''}"


def _anew(row: Mapping[str, str]) -> str:
    return f". New limits from here: {row.get('reason', '')}" if row.get("recalculate") else ""


def chart_png(measure: Measure, title: str = "", note: str = "") -> bytes | None:
    """Its chart as a picture of twice the size, for slides and papers; None for too few points."""
    drawing = drawing_of(measure.record, WIDE)
    return png(drawing, title, note, font_file()) if drawing else None


def alternative(measure: Measure) -> str:
    """What its chart shows, for those who cannot see it."""
    return f"Chart of {measure.name}. {measure.reading['summary']}"


#: The columns of a CSV file. Each line says all that belongs to its figure, so that lines can be sorted, filtered and put below
#: those of another file, and `read.csv` or a pivot table needs to be told nothing. `forum.tables` reads the same series from it.
COLUMNS = (
    "date", "value", "numerator", "denominator", "unit", "target", "phase", "mean", "lower limit", "upper limit", "signal", "note",
    "measure", "licence", "citation",
)  # fmt: skip


def as_csv(measure: Measure, credit: Credit) -> str:
    """Its figures with unit, target and phase, limits, signals and notes, a line each.

    A date without a figure has the reason as its note. The file begins with the mark by which Excel knows UTF-8.
    """
    record, out = measure.record, io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    notes, targets, phases = remarks_of(record), targets_of(record), phases_of(record)
    beside = [record.get("name", ""), credit.licence, credit.citation]
    rows = [(p.date, _figures(p), _read(r, limited), notes.get(p.date.isoformat(), "")) for p, r, limited in _points(record)]
    for day, why in record.get("no_figures", []):
        rows.append((date.fromisoformat(day), [""] * 3, [""] * 4, "; ".join(filter(None, [why, notes.get(day)]))))
    for day, figures, read, note in sorted(rows, key=lambda row: row[0]):
        target = [value for since, value in targets if since <= day][-1:]
        phase = [phase.label for phase in phases if phase.start <= day][-1:]
        valid = [unit_of(record), in_full(target[0] if target else None), *(phase or [""])]
        table.writerow([day.isoformat(), *figures, *_safe(valid), *read, *_safe([note, *beside])])
    return "\ufeff" + out.getvalue()


def _points(record: Record) -> Iterator[tuple[Point, Reading, bool]]:
    """Each of its points, as it was read, and whether there are points enough for limits."""
    if record.get("points"):
        chart = chart_of(record)
        for point, read in zip(points_of(record), chart.points, strict=True):
            yield point, read, has_limits(chart.groups[read.group])


def _figures(point: Point) -> list[str]:
    return [in_full(point.value), in_full(point.numerator), in_full(point.denominator)]


def _read(point: Reading, limited: bool) -> list[str]:
    if not limited:
        return [""] * 4
    lines = [in_full(point.mean), in_full(point.lower), in_full(point.upper)]
    return [*lines, point.special_cause if point.point_type != "common_cause" else ""]


def _safe(texts: list[str]) -> list[str]:
    return [sheet_cell(one_line(text)) for text in texts]
