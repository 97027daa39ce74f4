"""A measure as one value: plain data by name, as its authors typed it, and everything that is wrong or odd about it.

Texts and choices are `str`; "decimals" and "baseline" are `int`; "people" is `bool` (it counts people); rows are lists of
`dict[str, str]` with dates in ISO form; "points" are `[ISO date, value, numerator or None, denominator or None]` in order of date.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from forum.documents.identifiability import Finding, check
from forum.kernel.clock import today
from forum.kernel.wording import say_date
from forum.measures.fields import FEWEST_BASELINE, ITEMS, LEFT_OUT, NOTE
from forum.records.gaps import Gap
from forum.records.schema import Record, Schema
from forum.spc.read.series import Point, Series, read_text, to_date

SCHEMA = Schema(ITEMS)
normal, heading, written = SCHEMA.normal, SCHEMA.heading, SCHEMA.written


def points_of(record: Record) -> list[Point]:
    """Its points, in order of date."""
    return [Point(date.fromisoformat(day), value, above, below, "") for day, value, above, below in record.get("points", [])]


def lines_of(record: Record) -> str:
    """Its points as the form shows them: a line each, date and value, then numerator and denominator where there are any."""
    lines = []
    for day, value, above, below in record.get("points", []):
        cells = [day, _plain(value), *([_plain(above), _plain(below)] if below is not None else [])]
        lines.append("\t".join(cells))
    return "\n".join(lines)


def _plain(number: float | None) -> str:
    return "" if number is None else str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def read_figures(text: str, record: Record) -> tuple[dict[str, Any], Series]:
    """The record with the points, and the notes beside them, that a text of lines holds; and what is wrong with the lines."""
    series = read_text(text, percent=record.get("value_kind") == "percentage", every=record.get("every", ""), upto=today())
    noted = [{"date": p.date.isoformat(), "what": "note", "text": p.note[:120]} for p in series.points if p.note]
    known = {(r.get("date"), r.get("text")) for r in record.get("remarks", [])}
    remarks = [*record.get("remarks", []), *(r for r in noted if (r["date"], r["text"]) not in known)]
    points = [[p.date.isoformat(), p.value, p.numerator, p.denominator] for p in series.points]
    return normal({**record, "points": points, "remarks": remarks}), series


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
    days = {day for day, *_ in record.get("points", [])}
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
    return "yes" if value is True else SCHEMA.flat(name, value)


def changes(theirs: Record, mine: Record) -> list[tuple[str, str]]:
    """(heading, their value in words) of everything in which two versions differ."""
    names = [name for name in {**theirs, **mine} if theirs.get(name) != mine.get(name)]
    return [(heading(name), flat(name, theirs.get(name)) or "(empty)") for name in names]
