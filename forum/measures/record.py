"""A measure as one value: plain data by name, as its authors typed it, and everything that is wrong or odd about it.

Texts and choices are `str`; "decimals" and "baseline" are `int`; "people" is `bool` (it counts people); rows are lists of
`dict[str, str]` with dates in ISO form; "points" are `[ISO date, value, numerator or None, denominator or None]` in order of date;
"no_figures" are `[ISO date, why]`.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from forum.documents.identifiability import Finding, check
from forum.kernel.clock import today
from forum.kernel.numbers import in_full, tidy
from forum.kernel.text import clean, one_line
from forum.kernel.wording import say_date
from forum.measures.fields import FEWEST_BASELINE, ITEMS, LEFT_OUT, LONGEST_WHY, MOST_NO_FIGURES, NOTE
from forum.records.gaps import Gap
from forum.records.schema import Record, Schema
from forum.spc.read.series import Point, Problem, Series, read_text, to_date, to_value
from forum.tables.dates import DAY_FIRST
from forum.tables.finding import table_of
from forum.tables.points import MOST_POINTS
from forum.tables.reading import RATE, SHARE, read
from forum.tables.results import Reading, Refused, Wanted
from forum.tables.sheet import Sheet
from forum.tables.text import sheet_of_text
from forum.tables.values import LARGEST

SCHEMA = Schema(ITEMS)
heading, written = SCHEMA.heading, SCHEMA.written


def normal(values: Record) -> dict[str, Any]:
    """The record without unknown names and empty values, its figures without the noise of reckoning, so that equal means equal.

    Raises `BadText` for text that cannot be stored.
    """
    kept = SCHEMA.normal(values)
    if "points" in kept:
        kept["points"] = [[day, *(None if n is None else tidy(n) for n in numbers)] for day, *numbers in kept["points"]]
    return kept


def from_words(values: Record) -> dict[str, Any]:
    """The record of values that are all words, as a file has them. Raises ValueError, in words, for figures that cannot be kept."""
    kept = {name: value for name, value in values.items() if name not in {"points", "no_figures"}}
    kept |= {name: int(_figure(kept[name])) for name in ("decimals", "baseline") if kept.get(name)}
    kept["people"] = kept.get("people") == "True"
    points = [[_day(day), *map(_figure, numbers)] for day, *numbers in values.get("points", [])]
    without = [[_day(day), one_line(clean(why))[:LONGEST_WHY]] for day, why in values.get("no_figures", [])]
    days = [day for day, *_ in (*points, *without)]
    if len(set(days)) < len(days):
        raise ValueError("a date is there twice")
    if any(value is None or (under is not None and under <= 0) for _, value, _, under in points):
        raise ValueError("a figure is missing, or is out of nothing")
    if len(points) > MOST_POINTS or len(without) > MOST_NO_FIGURES:
        raise ValueError(f"there are more than {MOST_POINTS:,} figures")
    return normal({**kept, "points": sorted(points), "no_figures": sorted(without)})


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"“{one_line(text)[:40]}” is not a date") from None


def _figure(text: str) -> Any:
    """The number, None for an empty text."""
    value = to_value(text) if text else None
    if text and (value is None or not abs(value) < LARGEST):
        raise ValueError(f"“{one_line(text)[:40]}” is not a figure")
    return value


def points_of(record: Record) -> list[Point]:
    """Its points, in order of date."""
    return [Point(date.fromisoformat(day), value, above, below, "") for day, value, above, below in record.get("points", [])]


def lines_of(record: Record) -> str:
    """Return its points as the form shows them: a line each, date and value, then numerator and denominator where there are any.

    A date without a figure has the reason in brackets.
    """
    lines = [f"{day}\t[{why}]" for day, why in record.get("no_figures", [])]
    for day, value, above, below in record.get("points", []):
        cells = [day, in_full(value), *([in_full(above), in_full(below)] if below is not None else [])]
        lines.append("\t".join(cells))
    return "\n".join(sorted(lines))


#: Figures as the form shows them: a date, a number, and beside them numerator and denominator.
_PLAIN = re.compile(r"\s*\d{4}-\d\d-\d\d\t[-+\d.e]+(?:\t[-+\d.e]+\t[-+\d.e]+)?(?:\t[^\t]*)?\s*|\s*\d{4}-\d\d-\d\d\t\[[^\t]*\]\s*")


#: How many lines without a heading are asked how their dates are meant. One or two that somebody types say the day first.
FEWEST_ASKED = 3
#: What to write where nobody can be asked, by what the question is about.
_INSTEAD = {
    "dates": "Write the month in letters, such as 4 Jan 2026.",
    "decimals": "Write thousands without a sign, such as 1234.",
    "scale": "Write them with a sign of percent, such as 62% or 0.62%.",
}


def is_table(text: str, kind: str) -> bool:
    """Return whether a text is read as a table: all but the lines that this form writes, and bare lines that no reader takes.

    The reader of lines names what is wrong with each of these.
    """
    if all(_PLAIN.fullmatch(line) for line in text.split("\n") if line.strip()):
        return False
    sheet = sheet_of_text(text)
    found = table_of(sheet)
    if found is None or not found.bare:
        return found is not None
    try:
        _read_sheet(sheet, kind)
    except Refused:
        # What a table refuses no other reader takes.
        return read_text(text, upto=today()).sound
    return True


def _read_sheet(sheet: Sheet, kind: str, dates: str = "") -> Reading:
    return read([sheet], kind if kind in {SHARE, RATE} else "count", Wanted(dates=dates), today())


def lines_read(found: Reading) -> str:
    """The points as lines of the form: date and value, or why there is none; numerator and denominator; a note."""
    lines = []
    for p in found.points:
        if p.value is None:
            lines.append(f"{p.date.isoformat()}\t[{p.note or 'missing'}]")
            continue
        parts = [in_full(p.numerator), in_full(p.denominator)] if p.numerator is not None and p.denominator is not None else []
        lines.append("\t".join([p.date.isoformat(), in_full(p.value), *parts, *([p.note] if p.note else [])]))
    return "\n".join(lines)


def settled(text: str, kind: str) -> str:
    """Return a text of figures, a table as its lines. Raises `Refused` for one that can be read in several ways."""
    if not is_table(text, kind):
        return text
    sheet = sheet_of_text(text)
    found = _read_sheet(sheet, kind)
    if len(found.table.lines) < FEWEST_ASKED and [q.about for q in found.questions] == ["dates"]:
        found = _read_sheet(sheet, kind, DAY_FIRST)
    for question in found.questions:
        raise Refused(f"{question.words} {_INSTEAD.get(question.about, 'Paste only the columns of the dates and the figures.')}")
    return lines_read(found)


def read_figures(text: str, record: Record) -> tuple[dict[str, Any], Series]:
    """The record with the points, and the notes beside them, that a text of lines holds; and what is wrong with the lines."""
    try:
        text = settled(text, record.get("value_kind", ""))
    except Refused as problem:
        return normal({**record, "points": [], "no_figures": []}), Series((), (Problem(0, str(problem)),))
    series = read_text(text, percent=record.get("value_kind") == "percentage", every=record.get("every", ""), upto=today())
    noted = [{"date": p.date.isoformat(), "what": "note", "text": p.note[:120]} for p in series.points if p.note]
    known = {(r.get("date"), r.get("text")) for r in record.get("remarks", [])}
    remarks = [*record.get("remarks", []), *(r for r in noted if (r["date"], r["text"]) not in known)]
    points = [[p.date.isoformat(), p.value, p.numerator, p.denominator] for p in series.points]
    without = [[gap.date.isoformat(), gap.why[:LONGEST_WHY]] for gap in series.no_figures][:MOST_NO_FIGURES]
    return normal({**record, "points": points, "no_figures": without, "remarks": remarks}), series


def gaps(record: Record) -> list[Gap]:
    """Return what must be put right before it can be saved."""
    return [*SCHEMA.gaps(record), *_beside(record), *_unplaced(record), *_ahead(record)]


def _beside(record: Record) -> Iterator[Gap]:
    """Yield what no item tells for itself."""
    if record.get("decimals", 0) not in range(5):
        yield Gap("decimals", "Use 0 to 4 decimal places")
    for number, row in enumerate(record.get("phases", []), 1):
        if row.get("recalculate") and not row.get("reason"):
            yield Gap("phases", f"Phase {number}: say why the limits are recalculated from here: readers see it")
    starts = [row["start"] for row in record.get("phases", []) if "start" in row]
    if len(set(starts)) < len(starts):
        yield Gap("phases", "Two phases begin on the same day. Join them, or correct a date")
    needed = {LEFT_OUT: "say why it is left out: readers see it", NOTE: "write the note"}
    for number, row in enumerate(record.get("remarks", []), 1):
        if row.get("what") in needed and not row.get("text"):
            yield Gap("remarks", f"Note {number}: {needed[row['what']]}")
    if record.get("baseline", FEWEST_BASELINE) not in range(FEWEST_BASELINE, 61):
        yield Gap("baseline", f"Fix the limits from at least {FEWEST_BASELINE} points and at most 60, or leave it empty")


def _unplaced(record: Record) -> Iterator[Gap]:
    days = {day for day, *_ in (*record.get("points", []), *record.get("no_figures", []))}
    for row in record.get("remarks", []):
        if days and row.get("date") and row["date"] not in days:
            yield Gap("remarks", f"There is no point on {row['date']}, which one of the notes is about")


def _ahead(record: Record) -> Iterator[Gap]:
    """Yield gaps for figures and phases that lie in the future: both say what has happened. Targets may lie there."""
    on = today().isoformat()
    for row in record.get("phases", []):
        if to_date(row.get("start", "")) and row["start"] > on:
            yield Gap("phases", f"Phase “{row.get('label', '')}” begins in the future. Add it when it has begun")
    for day, *_ in record.get("points", []):
        if day > on:
            yield Gap("figures", f"{say_date(date.fromisoformat(day))} lies in the future. Give figures up to today")


def findings(record: Record) -> list[Finding]:
    """Return what may identify somebody in its texts."""
    return check(written(record))


def flat(name: str, value: Any) -> str:
    """A value in words, for its history."""
    if name == "points":
        return lines_of({"points": value or []})
    if name == "no_figures":
        return lines_of({"no_figures": value or []})
    return "yes" if value is True else SCHEMA.flat(name, value)


def changes(theirs: Record, mine: Record) -> list[tuple[str, str]]:
    """(heading, their value in words) of everything in which two versions differ."""
    names = [name for name in {**theirs, **mine} if theirs.get(name) != mine.get(name)]
    return [(heading(name), flat(name, theirs.get(name)) or "(empty)") for name in names]
