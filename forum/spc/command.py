"""`forum spc`: an XmR chart of a table for people who do not have the site open."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast

from forum.spc.amounts import number
from forum.spc.draw.drawing import draw
from forum.spc.draw.svg import svg
from forum.spc.read.series import read_text
from forum.spc.summary import ASSURANCE_WORDS, FEWEST_DRAWN, VARIATION_WORDS, has_chart, has_limits, say, settings_line
from forum.spc.xmr import RULES, Chart, Direction, Reading, Settings, read


class BadSeries(ValueError):
    """The table cannot be read; the message has a line for each problem."""


def load(
    file: Path,
    direction: str,
    target: float | None,
    screen: bool,
    baseline: int | None,
    cuts: Sequence[date],
    rules: str,
    left_out: Sequence[date] = (),
) -> tuple[Chart, Settings]:
    """The chart of a file with columns for date and value, or numerator and denominator. Raises `BadSeries`."""
    try:
        series = read_text(file.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadSeries("The file is no text. Save it as CSV (UTF-8).") from None
    if not series.sound or not series.points:
        told = [f"line {p.line}: {p.message}" for p in series.problems if p.stops] or ["There are no points in this file."]
        raise BadSeries("\n".join(told))
    settings = Settings(cast(Direction, direction), target, screen, baseline, tuple(cuts), RULES[rules], tuple(left_out))
    return read(series.pairs, settings), settings


def as_json(chart: Chart) -> str:
    """Points and icons in the words of NHSRplotthedots."""
    points = [
        {
            "date": p.date.isoformat(),
            "value": p.value,
            "mean": p.mean,
            "lpl": p.lower,
            "upl": p.upper,
            "special_cause_type": p.special_cause,
            "point_type": p.point_type,
            "group": p.group,
        }
        for p in chart.points
    ]
    return json.dumps({"points": points, "variation_icon": chart.variation, "assurance": chart.assurance}, indent=1)


def as_svg(chart: Chart, settings: Settings, name: str) -> str:
    """Raises `BadSeries` for too few points."""
    if not has_chart(chart):
        raise BadSeries(f"{len(chart.points)} points are too few to chart: {FEWEST_DRAWN} are needed.")
    return svg(draw(chart, settings), name, say(chart, settings), "chart", standalone=True)


def as_table(chart: Chart, settings: Settings) -> str:
    """Columns for the eye, with limits where there are points enough for them; the reading of the last group in words below."""
    head = ("date", "value", "mean", "lower", "upper", "special cause")
    rows = [_row(p, has_limits(chart.groups[p.group])) for p in chart.points]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(w) if i in {0, 5} else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join([*lines, "", *_last_group(chart), say(chart, settings), settings_line(chart, settings)])


def _row(point: Reading, judged: bool) -> tuple[str, ...]:
    lower, upper = (point.lower, point.upper) if judged else (None, None)
    cause = point.special_cause if judged and point.point_type != "common_cause" else ""
    return (
        point.date.isoformat(),
        number(point.value, 4),
        number(point.mean, 4),
        number(lower, 4) if lower is not None else "",
        number(upper, 4) if upper is not None else "",
        ", ".join([*([cause] if cause else []), *(["left out of the limits"] if point.left_out else [])]),
    )


def _last_group(chart: Chart) -> list[str]:
    """Moving ranges and icons, where the last group has limits."""
    group = chart.groups[-1]
    if not has_limits(group):
        return []
    told = []
    if group.moving_range is not None and group.moving_range_limit is not None:
        told.append(f"Average moving range: {number(group.moving_range, 4)}, upper limit {number(group.moving_range_limit, 4)}")
    if chart.variation:
        told.append(f"Variation: {VARIATION_WORDS[chart.variation]}")
    if chart.assurance:
        told.append(f"Assurance: {ASSURANCE_WORDS[chart.assurance]}")
    return told
