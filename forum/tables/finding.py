"""Where a table begins and ends in its sheet: title, heading, lines with figures, and what stands around."""

from collections.abc import Sequence
from dataclasses import replace

from forum.tables import dates, values
from forum.tables.across import grid, has_dates_across, turned
from forum.tables.columns import Column
from forum.tables.sheet import (
    HIDDEN,
    MOST_ABOVE,
    NO_HEADING,
    TITLE,
    WIDEST,
    LeftOut,
    Line,
    Sheet,
    Table,
    cell_of,
    filled,
    text_of,
    why_around,
)

#: Why lines are left out below a second heading.
ANOTHER = "another table"
#: Why a line of words among the figures is left out.
NO_FIGURES = "no figures"


def table_of(sheet: Sheet, heading: str = "") -> Table | None:
    """Find the table of a sheet; None where nothing in it looks like figures by date.

    `heading` is the number of the line that somebody chose as the heading, or `NO_HEADING`.
    """
    lines, left = _seen(sheet)
    if heading and heading != NO_HEADING:
        place = next((n for n, line in enumerate(lines) if str(line.number) == heading), None)
        return None if place is None else _headed_by(lines, place, left)
    for place, line in enumerate(lines[:MOST_ABOVE]):
        if not heading and (found := grid(lines, place, left)):
            return found
        if not heading and has_dates_across(line, lines[place + 1 :]):
            return turned(lines, place, left)
        if _is_data(line):
            return _upright(lines, place, left, not heading)
    return None


def _seen(sheet: Sheet) -> tuple[list[Line], list[LeftOut]]:
    """The lines of a sheet that say something and that somebody can see; the others with the reason."""
    lines = [Line(li.number, tuple(" ".join(c.split()) for c in li.cells[:WIDEST]), li.hidden) for li in sheet.lines]
    left = [LeftOut(li.number, text_of(li), HIDDEN) for li in lines if li.hidden and filled(li)]
    for place in sorted(sheet.hidden):
        if first := next((cell for li in lines if (cell := cell_of(li, place))), ""):
            left.append(LeftOut(0, f"column “{first[:100]}”", HIDDEN))
    if sheet.hidden:
        lines = [replace(li, cells=tuple("" if n in sheet.hidden else c for n, c in enumerate(li.cells))) for li in lines]
    return [li for li in lines if not li.hidden and filled(li)], left


def first_lines(sheet: Sheet, most: int) -> list[Line]:
    """The first lines of a sheet that say something and that somebody can see."""
    return _seen(replace(sheet, lines=sheet.lines[: 10 * most]))[0][:most]


def _headed_by(lines: Sequence[Line], place: int, left: list[LeftOut]) -> Table | None:
    """The table under the line that somebody chose as its heading."""
    if found := grid(lines, place, left):
        return found
    if has_dates_across(lines[place], lines[place + 1 :]):
        return turned(lines, place, left)
    found = _columns(lines, lines[place : place + 1], place + 1, left)
    return found if found.lines else None


def _is_data(line: Line) -> bool:
    """Whether a line says a date and something beside it that can be a figure."""
    cells = [(n, cell) for n, cell in enumerate(line.cells) if cell]
    for n, cell in cells:
        found = set(dates.readings(cell)[0])
        told = found and (not found <= {dates.YEAR, dates.SERIAL, dates.COMPACT} or n <= cells[0][0])
        # A count may look like a year, or like a day of Excel's calendar: the date stands in another cell then.
        if told and any(m != n and values.may_be(other) for m, other in cells):
            return True
    return False


def _upright(lines: Sequence[Line], first: int, left: list[LeftOut], may_be_headed: bool) -> Table:
    heads: list[Line] = []
    # A line with a date and no figure, straight above the others, has a slip in it, and is no heading.
    while first and len(filled(lines[first - 1])) > 1 and dates.is_date(filled(lines[first - 1])[0]):
        first -= 1
    first = _unfilled(lines, first)
    for line in reversed(lines[:first] if may_be_headed else ()):
        apart = bool(heads) and line.number < heads[0].number - 1
        if apart or len(filled(line)) < 2 or any(values.is_figure(c) and not dates.readings(c)[0] for c in line.cells):
            break
        heads.insert(0, line)
    return _columns(lines, heads, first, left)


def _unfilled(lines: Sequence[Line], first: int) -> int:
    """The place of the first of the dates without any figure that stand between a heading and its figures, newest first."""
    place = first
    while place and len(filled(lines[place - 1])) == 1 and dates.is_date(filled(lines[place - 1])[0]):
        place -= 1
    head = filled(lines[place - 1]) if place else []
    return place if len(head) > 1 and not any(map(values.is_figure, head)) else first


def _columns(lines: Sequence[Line], heads: Sequence[Line], first: int, left: list[LeftOut]) -> Table:
    """The table whose heading is `heads` and whose figures begin at the place `first`; what stands above is its title."""
    begin = first - len(heads)
    titles = {text_of(line).lower() for line in lines[:begin]}
    left += [LeftOut(li.number, text_of(li), TITLE) for li in lines[:begin]]
    names = {text_of(h).lower() for h in heads}
    end = _end(lines, first, names, titles) if heads else len(lines)
    left += [LeftOut(li.number, text_of(li), ANOTHER) for li in lines[end:]]
    data: list[Line] = []
    for line in lines[first:end]:
        why = _why_not(line, names)
        if why:
            left.append(LeftOut(line.number, text_of(line), why))
        else:
            data.append(line)
    width = max((len(li.cells) for li in [*heads, *data]), default=0)
    named = _names(heads, width)
    columns = [Column(n, named[n] or f"Column {n + 1}", tuple(cell_of(li, n) for li in data), bool(named[n])) for n in range(width)]
    sure = any(any(map(dates.is_date, c.sample.filled)) and c.dated for c in columns)
    kept = tuple(replace(c, beside_dates=sure) for c in columns if c.filled or c.named)
    wide = len(heads[-1].cells) if heads else width
    longer = frozenset(n for n, li in enumerate(data) if len(li.cells) > wide)
    last = max((li.number for li in data), default=0)
    labels = tuple(out for out in left if out.why == NO_FIGURES and heads and 0 < out.line < last and len(out.text.split()) <= 3)
    others = tuple(LeftOut(li.number, text_of(li), ANOTHER) for li in lines[end : end + 1])
    numbers, head = tuple(li.number for li in data), tuple(li.number for li in heads)
    return Table(kept, numbers, tuple(left), head, others=others, labels=labels, longer=longer)


def _end(lines: Sequence[Line], first: int, names: set[str], titles: set[str]) -> int:
    """The place of a further heading with figures under it, where a table of something else begins; else the end.

    The same heading again is a new page, but not where a line above it says that it is about something else.
    """
    for place in range(first + 1, len(lines) - 1):
        line = lines[place]
        if any(values.is_figure(c) or dates.readings(c)[0] for c in filled(line)) or why_around(line):
            continue
        above = lines[place - 1]
        again = text_of(line).lower() in names
        told = len(filled(above)) == 1 and not dates.readings(filled(above)[0])[0] and text_of(above).lower() not in titles
        if len(filled(line)) > 1 and _is_data(lines[place + 1]) and (told or not again):
            return place
    return len(lines)


def _why_not(line: Line, names: set[str]) -> str:
    cells = filled(line)
    if text_of(line).lower() in names:
        return "the heading again"
    if why := why_around(line):
        return why
    if len(cells) == 1 and not dates.readings(cells[0])[0] and not values.is_figure(cells[0]):
        return NO_FIGURES
    return ""


def _names(heads: Sequence[Line], width: int) -> list[str]:
    """The lowest heading over each column; with the one above it, or its place, where several would have the same."""
    own = [[cell for head in heads if (cell := cell_of(head, n))] for n in range(width)]
    lowest = [cells[-1] if cells else "" for cells in own]
    upper = [""] * width
    for head in heads[:-1]:
        for n in range(width):
            upper[n] = cell_of(head, n) or (upper[n - 1] if n else "")
    found: list[str] = []
    for n, name in enumerate(lowest):
        if name and lowest.count(name) > 1:
            name = f"{upper[n]} {name}" if upper[n] and upper[n] != name else name
        if name and name in found:
            name = f"{name} ({_letters(n)})"
        found.append(name)
    return found


def _letters(place: int) -> str:
    """The name of a column as a spreadsheet has it."""
    return (_letters(place // 26 - 1) if place > 25 else "") + chr(65 + place % 26)
