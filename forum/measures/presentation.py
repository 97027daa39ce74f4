"""What readers are given of measures: on the page of a thing, and to take away."""

import csv
import io
from typing import Any

from markupsafe import Markup

from forum.kernel.references import Ref
from forum.kernel.text import sheet_cell
from forum.measures.charts import chart_of
from forum.measures.fields import LEFT_OUT
from forum.measures.grid import grid
from forum.measures.models import Measure
from forum.measures.queries import shown
from forum.measures.record import points_of
from forum.spc.summary import has_limits


def figures(ref: Ref) -> dict[str, Any] | None:
    """Its measures with the grid and their stored tables, for `measures/_measures.html`; None without any that readers see."""
    measures = shown(ref)
    if not measures:
        return None
    return {"measures": measures, "grid": grid(measures), "tables": {m.id: Markup(m.table_html) for m in measures}}


def as_csv(measure: Measure) -> str:
    """Its figures with limits, signals and notes, a line each."""
    record, out = measure.record, io.StringIO()
    table = csv.writer(out)
    table.writerow(["date", "value", "numerator", "denominator", "mean", "lower limit", "upper limit", "signal", "note"])
    remarks = {r["date"]: r.get("text", "") or r["what"] for r in record.get("remarks", []) if r["what"] != LEFT_OUT}
    remarks |= {r["date"]: f"left out of the limits: {r['text']}" for r in record.get("remarks", []) if r["what"] == LEFT_OUT}
    rows: list[list[object]] = []
    if record.get("points"):
        chart = chart_of(record)
        for p, r in zip(points_of(record), chart.points, strict=True):
            limited = has_limits(chart.groups[r.group])
            limits_ = [r.mean, r.lower, r.upper] if limited else ["", "", ""]
            signal = r.special_cause if limited and r.point_type != "common_cause" else ""
            note = sheet_cell(remarks.get(p.date.isoformat(), ""))
            rows.append([p.date.isoformat(), p.value, p.numerator, p.denominator, *limits_, signal, note])
    rows += [[day, *[""] * 7, sheet_cell(f"no figure: {why}")] for day, why in record.get("no_figures", [])]
    rows.sort(key=lambda row: str(row[0]))
    table.writerows(rows)
    return out.getvalue()
