"""`forum spc`: an XmR chart of a table for people who do not have the site open."""

import json
from pathlib import Path
from typing import Any

from forum.kernel.numbers import tidy
from forum.spc.amounts import number
from forum.spc.draw.drawing import ChartStyle, draw
from forum.spc.draw.svg import svg
from forum.spc.summary import ASSURANCE_WORDS, FEWEST_DRAWN, VARIATION_WORDS, has_chart, has_limits, say, settings_line
from forum.spc.xmr import Chart, Settings, read
from forum.spc.xmr import Reading as ChartPoint
from forum.tables.files import Unreadable, sheets_of_file
from forum.tables.reading import read as read_table
from forum.tables.results import Question, Reading, Refused, Wanted


class BadSeries(ValueError):
    """The table cannot be read, or not charted; the message says why."""


class Asked(Exception):
    """Two readings of the table are equally likely; `question` has the choices, each with the option that picks it."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.words)
        self.question = question


def load(file: Path, measure: str, wanted: Wanted, settings: Settings) -> tuple[Chart, Reading]:
    """Return the chart of a file of figures, and what was read of it. Raises `BadSeries`, `Asked`."""
    try:
        found = read_table(sheets_of_file(file.read_bytes()), measure, wanted)
    except (Refused, Unreadable) as problem:
        raise BadSeries(str(problem)) from None
    if found.open is not None:
        raise Asked(found.open)
    pairs = [(p.date, p.value) for p in found.points if p.value is not None]
    if not pairs:
        raise BadSeries("None of the lines has a figure.")
    return read(pairs, settings), found


def as_question(question: Question) -> str:
    """A question as JSON: its words, and the choices with the options of this command that pick them."""
    choices = [
        {
            "words": c.words,
            "option": " ".join(f'--{name} "{value}"' if " " in value else f"--{name} {value}" for name, value in c.option),
        }
        for c in question.choices
    ]
    return json.dumps({"ask": question.words, "choices": choices}, indent=1, ensure_ascii=False)


def as_json(chart: Chart, found: Reading) -> str:
    """Points and icons in the words of NHSRplotthedots, gaps with their reasons among them; and what was read of the file."""
    notes = {p.date: p.note for p in found.points if p.note}
    points: list[dict[str, Any]] = [
        {
            "date": p.date.isoformat(),
            "value": tidy(p.value),
            **{name: None if at is None else tidy(at) for name, at in (("mean", p.mean), ("lpl", p.lower), ("upl", p.upper))},
            "special_cause_type": p.special_cause,
            "point_type": p.point_type,
            "group": p.group,
            **({"note": notes[p.date]} if p.date in notes else {}),
        }
        for p in chart.points
    ]
    points += [{"date": p.date.isoformat(), "value": None, "note": p.note} for p in found.points if p.value is None]
    told = {
        "points": sorted(points, key=lambda point: str(point["date"])),
        "variation_icon": chart.variation,
        "assurance": chart.assurance,
        "read": {
            **found.read,
            **({"heading": found.table.heads} if found.table.heads else {}),
            "asked": bool(found.questions),
            **({"questions": _said(found)} if found.questions else {}),
        },
        "not_read": found.not_read,
        "offered": found.offered,
        "left_out": [{"line": left.line, "text": left.text, "why": left.why} for left in found.left_out],
    }
    return json.dumps(told, indent=1, ensure_ascii=False)


def _said(found: Reading) -> list[dict[str, Any]]:
    return [{"ask": q.words, "choices": [c.words for c in q.choices], "chosen": q.chosen} for q in found.questions]


def as_svg(chart: Chart, settings: Settings, found: Reading, name: str) -> str:
    """Raises `BadSeries` for too few points."""
    if not has_chart(chart):
        raise BadSeries(f"{len(chart.points)} points are too few to chart: {FEWEST_DRAWN} are needed.")
    gaps = {p.date: p.note for p in found.points if p.value is None}
    return svg(draw(chart, settings, ChartStyle(gaps=gaps)), name, say(chart, settings), "chart", standalone=True)


def as_table(chart: Chart, settings: Settings, found: Reading) -> str:
    """Columns for the eye, with limits where there are points enough for them; below, the last group in words and what was read."""
    head = ("date", "value", "mean", "lower", "upper", "special cause")
    rows = [_row(p, has_limits(chart.groups[p.group])) for p in chart.points]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(w) if i in {0, 5} else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join([*lines, "", *_last_group(chart), say(chart, settings), settings_line(chart, settings), *_around(found)])


def _around(found: Reading) -> list[str]:
    """What was read of the file, what was chosen, and every line that is not in the chart."""
    told = ["Read: " + ", ".join(f"{name}: {column}" for name, column in found.read.items())]
    told += (
        [f"Heading: row{'s' * (len(found.table.heads) > 1)} {' and '.join(map(str, found.table.heads))}"]
        if found.table.heads
        else []
    )
    told += [f"Asked: {q.words} Taken: {q.chosen}" for q in found.questions]
    told += [f"No figure: {p.date.isoformat()} ({p.note})" for p in found.points if p.value is None]
    told += [f"Left out{f', line {out.line}' if out.line else ''}: {out.text} ({out.why})" for out in found.left_out]
    return told


def _row(point: ChartPoint, judged: bool) -> tuple[str, ...]:
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
