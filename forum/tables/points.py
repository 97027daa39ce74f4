"""The points of a series, from the lines of a table and the columns that were chosen; all that is wrong in the lines at once."""

import math
from collections.abc import Sequence
from datetime import date

from forum.kernel.wording import say_date
from forum.tables.columns import NOTE, Column
from forum.tables.figures import SHARE, Figures
from forum.tables.results import Point, Refused
from forum.tables.sheet import LeftOut, Table
from forum.tables.values import LARGEST, Value
from forum.tables.when import When

MOST_POINTS, MOST_TOLD = 2_000, 5
_MISSING = "missing"


def points_of(
    table: Table,
    keep: Sequence[int],
    when: When,
    figures: Figures,
    columns: Sequence[Column],
    upto: date | None,
    left: list[LeftOut],
) -> list[Point]:
    """The points in order of date, of the lines to keep; lines that say none are added to `left`. Raises `Refused`."""
    notes = next((c for c in columns if c.kind == NOTE and not table.turned), None)
    found: dict[date, Point] = {}
    unfilled, wrong = 0, list[str]()
    known = {n: day for n in keep if (day := when.days[n]) is not None}
    last = max((day for n, day in known.items() if _filled(n, figures) or _explained(notes, n, day, upto)), default=date.min)
    for n in keep:
        line, day = table.lines[n], when.days[n]
        if day is None:
            left.append(LeftOut(line, " ".join(c.cells[n] for c in table.columns if c.cells[n])[:120], "no date"))
            continue
        if day > last:
            unfilled += 1
            continue
        # Of a table that was turned, a date says more than the line of its heading.
        where = say_date(day) if table.turned else f"Line {line}"
        if upto is not None and day > upto:
            wrong.append(f"Line {line}: {say_date(day)} lies in the future. Give figures up to today.")
            continue
        if day in found:
            wrong.append(f"Line {line}: {say_date(day)} is there twice. Keep one of them.")
            continue
        try:
            cells = [_value(column, n, where) for column in figures.taken]
            found[day] = _point(line, day, cells, (when.marks[n], notes.cells[n] if notes else ""), figures, where)
        except Refused as problem:
            wrong.append(str(problem))
    if wrong:
        more = f" And {len(wrong) - MOST_TOLD} more lines." if len(wrong) > MOST_TOLD else ""
        raise Refused(" ".join(wrong[:MOST_TOLD]) + more)
    if unfilled:
        months = f"{unfilled} {'month' if unfilled == 1 else 'months'} without a figure"
        left.append(LeftOut(0, months, "not filled in yet"))
    if len(found) > MOST_POINTS:
        raise Refused(f"There are {len(found):,} points; at most {MOST_POINTS:,} can be kept.")
    return [found[day] for day in sorted(found)]


def _filled(n: int, figures: Figures) -> bool:
    return any(column is not None and column.cells[n].strip() for column in figures.taken)


def _explained(notes: Column | None, n: int, day: date, upto: date | None) -> bool:
    """Whether a note stands where a figure could be by now: it says why there is none."""
    return notes is not None and bool(notes.cells[n].strip()) and (upto is None or day <= upto)


def _value(column: Column | None, n: int, where: str) -> Value | None:
    if column is None:
        return None
    found = column.read[n]
    if found is None:
        raise Refused(f"{where}: “{column.cells[n][:40]}” in the column “{column.name}” is not a number.")
    return Value(None, _MISSING) if found.number is None and not found.note else found


def _point(line: int, day: date, cells: Sequence[Value | None], said: tuple[str, str], figures: Figures, where: str) -> Point:
    value, top, bottom = cells
    notes = dict.fromkeys(text for text in (*(v.note for v in cells if v is not None), *said) if text)
    # That a cell is empty is told only where nothing says more.
    note = "; ".join(text for text in notes if text != _MISSING) or (_MISSING if _MISSING in notes else "")
    over, under = top.number if top else None, bottom.number if bottom else None
    if under is not None and under <= 0:
        raise Refused(f"{where}: the denominator is {under:g}; it has to be more than 0.")
    if value is not None:
        number = None if value.number is None else value.number * figures.scale
        return Point(line, day, number, note, over if under is not None else None, under if over is not None else None)
    if over is None or under is None:
        return Point(line, day, None, note)
    divided = (100 if figures.measure == SHARE else 1) * over / under
    if not math.isfinite(divided) or abs(divided) >= LARGEST:
        raise Refused(f"{where}: the numerator by the denominator is too large to draw.")
    return Point(line, day, divided, note, over, under)
