"""`forum spc`: an XmR chart of a table for people who do not have the site open."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast

from forum.spc.drawing import draw
from forum.spc.series import read_text
from forum.spc.summary import ASSURANCE_WORDS, FEWEST_DRAWN, VARIATION_WORDS, number, say, settings_line, stage
from forum.spc.svg import svg
from forum.spc.xmr import RULES, Chart, Direction, Settings, read


class BadSeries(ValueError):
    """The table cannot be read; the message has a line for each problem."""


def load(
    file: Path, direction: str, target: float | None, screen: bool, baseline: int | None, cuts: Sequence[date], rules: str
) -> tuple[Chart, Settings]:
    """The chart of a file of two columns, date and value. Raises `BadSeries`."""
    try:
        series = read_text(file.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadSeries("The file is no text. Save it as CSV (UTF-8).") from None
    if not series.sound or not series.points:
        told = [f"line {p.line}: {p.message}" for p in series.problems if p.stops] or ["There are no points in this file."]
        raise BadSeries("\n".join(told))
    settings = Settings(cast(Direction, direction), target, screen, baseline, tuple(cuts), RULES[rules])
    return read(series.points, settings), settings


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
    """Raises `BadSeries` for too few points (design: spc.md, part 4)."""
    if stage(len(chart.points)) == "table":
        raise BadSeries(f"{len(chart.points)} points are too few to chart: {FEWEST_DRAWN} are needed.")
    return svg(draw(chart, settings), name, say(chart, settings), "chart", standalone=True)


def as_table(chart: Chart, settings: Settings) -> str:
    """Columns for the eye, the reading in words below."""
    head = ("date", "value", "mean", "lower", "upper", "special cause")
    rows = [
        (
            p.date.isoformat(),
            number(p.value, 4),
            number(p.mean, 4),
            number(p.lower, 4) if p.lower is not None else "",
            number(p.upper, 4) if p.upper is not None else "",
            "" if p.point_type == "common_cause" else p.special_cause,
        )
        for p in chart.points
    ]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(w) if i in {0, 5} else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
    limits_hold = stage(len(chart.points)) in {"trial", "limits"}
    icons = [f"Variation: {VARIATION_WORDS[chart.variation]}"]
    if chart.assurance and limits_hold:
        icons.append(f"Assurance: {ASSURANCE_WORDS[chart.assurance]}")
    return "\n".join([*lines, "", *(icons if limits_hold else ()), say(chart, settings), settings_line(chart, settings)])
