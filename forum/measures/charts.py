"""From a measure's record to what pages print: drawings, words, icons, the table; and the facts that filters and evidence ask for.

All of it is made when the record changes and stored beside it, so that reading a case study draws nothing.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from flask import current_app
from markupsafe import Markup

from forum.kernel.wording import say_date, say_month
from forum.measures.fields import LEFT_OUT, NOTE, PROVISIONAL
from forum.measures.record import points_of
from forum.records.schema import Record
from forum.spc.amounts import amount, number
from forum.spc.draw.drawing import ChartStyle, Drawing, Phase, draw
from forum.spc.draw.svg import svg
from forum.spc.read.series import Point, to_value
from forum.spc.summary import (
    ASSURANCE_WORDS,
    FEWEST_DRAWN,
    FEWEST_LIMITS,
    VARIATION_WORDS,
    cause_words,
    has_limits,
    say,
    settings_line,
    stage,
)
from forum.spc.xmr import Chart, Direction, Settings, read

#: Raise it when drawing, words or facts change: `forum migrate` then makes them again for stored measures.
CHART_VERSION = 2
WIDE, NARROW = 760, 380
#: Longer tables stand on the measure's own page only.
LONGEST_TABLE = 130


@dataclass(frozen=True)
class Made:
    """What is stored beside a record, under the same names as in `models.Measure`."""

    reading: dict[str, Any]
    table_html: str = ""
    wide: str = ""
    narrow: str = ""
    shown: bool = False
    points: int = 0
    changed_on: date | None = None
    last_on: date | None = None
    effect: str = ""


def settings_of(record: Record, one_set: bool = False) -> Settings:
    """Return how its series is read; `one_set` leaves out every recalculation of the limits."""
    points, targets = points_of(record), targets_of(record)
    last = points[-1].date if points else date.max
    in_force = [value for day, value in targets if day <= last]
    cuts = [] if one_set else [phase.start for phase in phases_of(record, recalculated=True)]
    direction = cast(Direction, record.get("direction") or "neither")
    left_out = _days(record, LEFT_OUT)
    baseline = record.get("baseline") or None
    return Settings(direction, in_force[-1] if in_force else None, baseline=baseline, recalculate=cuts, left_out=left_out)


def chart_of(record: Record, one_set: bool = False) -> Chart:
    """The chart of a record with at least one point."""
    return read([(p.date, p.value) for p in points_of(record)], settings_of(record, one_set))


def targets_of(record: Record) -> list[tuple[date, float]]:
    """(day from which it holds, target), in order; one without a day holds from the start."""
    rows = [(row.get("since"), to_value(row.get("value", ""))) for row in record.get("targets", [])]
    return sorted((date.fromisoformat(day) if day else date.min, value) for day, value in rows if value is not None)


def phases_of(record: Record, recalculated: bool = False) -> list[Phase]:
    """Its phases, in order; only those that recalculate limits, where asked."""
    rows = [row for row in record.get("phases", []) if row.get("start") and (row.get("recalculate") or not recalculated)]
    return sorted((Phase(date.fromisoformat(row["start"]), row.get("label", "")) for row in rows), key=lambda p: p.start)


def changed_on(record: Record) -> date | None:
    """The day on which the change began, as its phases say."""
    starts = [row["start"] for row in record.get("phases", []) if row.get("kind") == "change" and row.get("start")]
    return date.fromisoformat(min(starts)) if starts else None


def _days(record: Record, what: str) -> list[date]:
    return [date.fromisoformat(row["date"]) for row in record.get("remarks", []) if row.get("what") == what and row.get("date")]


def style_of(record: Record, width: int) -> ChartStyle:
    """Return how its chart is drawn at that width."""
    notes = {date.fromisoformat(r["date"]): r["text"] for r in record.get("remarks", []) if r.get("text") and r["what"] == NOTE}
    return ChartStyle(
        width=width,
        unit=unit_of(record),
        decimals=record.get("decimals", 0),
        phases=phases_of(record),
        percent=record.get("value_kind") == "percentage",
        targets=targets_of(record),
        provisional=_days(record, PROVISIONAL),
        notes=notes,
        gaps={date.fromisoformat(day): why for day, why in record.get("no_figures", [])},
    )


def unit_of(record: Record) -> str:
    """The unit that stands beside its values: a sign where its sort of figure has one."""
    signs = {"percentage": "%", "pounds": "£", "days": "days"}
    return signs.get(record.get("value_kind", "")) or str(record.get("unit", ""))


def drawing_of(record: Record, width: int, one_set: bool = False, height: int = 0) -> Drawing | None:
    """The chart as shapes, of the usual height where none is given; None for too few points."""
    if stage(len(record.get("points", []))) == "table":
        return None
    style = replace(style_of(record, width), height=height)
    return draw(chart_of(record, one_set), settings_of(record, one_set), style)


def drawn(record: Record, width: int, prefix: str, one_set: bool = False, links: str = "", standalone: bool = False) -> str:
    """The chart as SVG; "" for too few points."""
    picture = drawing_of(record, width, one_set)
    if picture is None:
        return ""
    return svg(picture, record.get("name", ""), words(record, one_set), prefix, standalone=standalone, links=links)


def on_paper(record: Record, width: int, height: int) -> str:
    """The chart as SVG that stands alone, in the shape that a paper has room for; "" for too few points."""
    picture = drawing_of(record, width, height=height)
    return svg(picture, record.get("name", ""), words(record), "paper", standalone=True) if picture else ""


def words(record: Record, one_set: bool = False) -> str:
    """Return what the chart says, in two or three sentences."""
    chart, how = chart_of(record, one_set), settings_of(record, one_set)
    said = say(chart, how, unit_of(record), record.get("decimals", 0), record.get("every", "").replace("4-weeks", "4 weeks"))
    return " ".join(text for text in (_moved(record, chart), said) if text)


def _moved(record: Record, chart: Chart) -> str:
    """Return where the average went when limits were calculated anew; "" where they were not, or where there is too little to
    say."""
    before, after = chart.groups[-2:] if len(chart.groups) > 1 else (None, None)
    if before is None or after is None or before.counted < FEWEST_DRAWN or not has_limits(after):
        return ""
    since = next(p.date for p in chart.points if p.group == len(chart.groups) - 1)
    old, new = mean_of(record, before.mean), mean_of(record, after.mean)
    return f"The average was {old} before {period(record, since)} and has been {new} since."


def make(record: Record, prefix: str) -> Made:
    """Everything that is stored beside a record; `prefix` keeps the ids of its pictures apart from those of others."""
    points = points_of(record)
    if not points:
        return Made({"n": 0, "about": _about(record)})
    return Made(
        reading=_reading(record, points),
        table_html=table(record) if len(points) <= LONGEST_TABLE else "",
        wide=drawn(record, WIDE, f"{prefix}w", standalone=True),
        narrow=drawn(record, NARROW, f"{prefix}n", standalone=True),
        shown=bool(record.get("interpretation")) and len(points) > 1,
        points=len(points),
        changed_on=changed_on(record),
        last_on=points[-1].date,
        effect=effect(record),
    )


def _about(record: Record) -> dict[str, Any]:
    """Return what pages with many measures show of the record itself, so that none of them reads its points."""
    names = ("name", "definition", "kind", "part", "interpretation")
    phases = [[row["start"], row.get("label", "")] for row in record.get("phases", []) if row.get("start")]
    return {name: record.get(name, "") for name in names} | {"phases": phases}


def _reading(record: Record, points: list[Point]) -> dict[str, Any]:
    chart, how = chart_of(record), settings_of(record)
    variation, assurance = chart.variation, chart.assurance
    return {
        "about": _about(record),
        "n": len(points),
        "stage": stage(len(points)),
        "from": period(record, points[0].date),
        "to": period(record, points[-1].date),
        "last": value_of(record, points[-1].value),
        "two": [[period(record, p.date), value_of(record, p.value)] for p in points] if len(points) == 2 else [],
        "summary": words(record),
        "settings": settings_line(chart, how) if stage(len(points)) != "table" else "",
        "variation": variation or "",
        "variation_words": VARIATION_WORDS[variation] if variation else "",
        "assurance": assurance or "",
        "assurance_words": ASSURANCE_WORDS[assurance] if assurance else "",
        "average": mean_of(record, chart.groups[-1].mean) if chart.groups[-1].size >= FEWEST_LIMITS else "",
        "recalculated": len(chart.groups) > 1,
        "effect": effect(record),
        "heights": [drawing.height if (drawing := drawing_of(record, width)) else 0 for width in (WIDE, NARROW)],
    }


def page_of(record: Record, one_set: bool = False) -> dict[str, Any] | None:
    """Return what the page of one measure, or its preview, shows: both drawings with points that can be reached, table, words,
    limits.

    None for a record without points.
    """
    if not record.get("points"):
        return None
    chart, how = chart_of(record, one_set), settings_of(record, one_set)
    return {
        "wide": Markup(drawn(record, WIDE, "w", one_set, links="#point-")),
        "narrow": Markup(drawn(record, NARROW, "n", one_set, links="#point-")),
        "table": Markup(table(record, ids="point-")),
        "reading": _reading(record, points_of(record)),
        "summary": words(record, one_set),
        "settings": settings_line(chart, how) if stage(len(chart.points)) != "table" else "",
        "group": chart.groups[-1] if has_limits(chart.groups[-1]) else None,
    }


def value_of(record: Record, value: float) -> str:
    """A value with its unit, to the measure's decimal places."""
    return amount(value, unit_of(record), record.get("decimals", 0))


def mean_of(record: Record, value: float) -> str:
    """A mean or a limit with its unit: one decimal place at least, since it lies between values."""
    return amount(value, unit_of(record), max(record.get("decimals", 0), 1))


def period(record: Record, day: date) -> str:
    """A point's date as people say it: only the month where the measure has one figure a month or fewer."""
    monthly = record.get("every") in {"month", "quarter", "year"} and day.day == 1
    return say_month(day) if monthly else say_date(day)


def table(record: Record, ids: str = "") -> str:
    """Its figures as a table; `ids` begins the ids of its rows, for a page that has one such table."""
    rows = [{**row, "id": f"{ids}{row['date']}" if ids else ""} for row in rows_of(record)]
    template = current_app.jinja_env.get_template("measures/_table.html")
    return template.render(rows=rows, name=record.get("name", ""), parts=any(r["denominator"] for r in rows))


def rows_of(record: Record) -> list[dict[str, str]]:
    """Its figures in words, and its dates without one, in order of date."""
    chart = chart_of(record)
    limited = [group.size >= FEWEST_LIMITS for group in chart.groups]
    remarks = remarks_of(record)
    rows = [
        {
            "period": period(record, p.date),
            "value": value_of(record, p.value),
            "numerator": _whole(p.numerator),
            "denominator": _whole(p.denominator),
            "signal": cause_words(r.special_cause) if r.point_type != "common_cause" and limited[r.group] else "",
            "look": r.point_type.removeprefix("special_cause_"),
            "note": remarks.get(p.date.isoformat(), ""),
            "date": p.date.isoformat(),
        }
        for p, r in zip(points_of(record), chart.points, strict=True)
    ]
    blank = dict.fromkeys(("numerator", "denominator", "signal", "look"), "")
    for day, why in record.get("no_figures", []):
        said = "; ".join(filter(None, [why, remarks.get(day)]))
        rows.append({**blank, "period": period(record, date.fromisoformat(day)), "value": "no figure", "note": said, "date": day})
    return sorted(rows, key=lambda row: row["date"])


def remarks_of(record: Record) -> dict[str, str]:
    """What is said of single points, by ISO date."""
    found: dict[str, list[str]] = {}
    for row in record.get("remarks", []):
        found.setdefault(row["date"], []).append(_remark(row))
    return {day: "; ".join(said) for day, said in found.items()}


def _remark(row: dict[str, str]) -> str:
    said = {PROVISIONAL: "Provisional", LEFT_OUT: "Left out of the limits"}.get(row["what"], "")
    return ": ".join(text for text in (said, row.get("text", "")) if text)


def _whole(value: float | None) -> str:
    return "" if value is None else number(value, 4)


def effect(record: Record) -> str:
    """Return whether things got better after the change: "better", "worse", "none"; "" where the points cannot tell.

    Points after the change are compared with limits that leave it out: those of the points before it where there are at least 12,
    else one set over all. The last special cause after the change counts. At least 13 points, and a direction, are
    needed: what level 2 of evidence asks for.
    """
    begun, points = changed_on(record), points_of(record)
    if begun is None or len(points) < FEWEST_LIMITS or record.get("direction", "neither") == "neither":
        return ""
    before = sum(p.date < begun for p in points)
    baseline = before if before >= FEWEST_LIMITS - 1 else None
    how = Settings(cast(Direction, record["direction"]), baseline=baseline, left_out=_days(record, LEFT_OUT))
    after = [r for r in read([(p.date, p.value) for p in points], how).points if r.date >= begun]
    signals = [r.point_type for r in after if r.point_type != "common_cause"]
    if not after:
        return ""
    return {"special_cause_improvement": "better", "special_cause_concern": "worse"}[signals[-1]] if signals else "none"
