"""Where a table begins and ends: title, heading, lines with figures, and what stands around. Dates across are turned."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from forum.tables import dates, values
from forum.tables.columns import Column

_TOTAL = re.compile(
    r"^(?:grand |sub-?|year |ytd |running )?(?:totals?|sum|average|mean|overall|ytd|year to date|cumulative)\b[: ]*", re.I
)
_SOURCE = re.compile(
    r"^(?:source|notes?|n\.?b\.?|contact|published|last updated|produced|prepared|data (?:source|from)|copyright|©)\b", re.I
)
#: Lines looked through for a heading, and columns taken of each line.
MOST_ABOVE, WIDEST = 60, 200
FEWEST_ACROSS = 3
#: Why lines are left out that stand around the figures.
TITLE, TOTAL, SOURCE = "title", "total", "source or note"
AROUND = (TITLE, TOTAL, SOURCE)
HIDDEN = "hidden in the sheet"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table, numbered from 1 as a spreadsheet does, with its cells as they are shown."""

    number: int
    cells: tuple[str, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line, or several, that say no point of the series, and why; 0 for several."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or a text that was pasted."""

    name: str
    lines: tuple[Line, ...]
    #: The places, from 0, of columns that nobody sees.
    hidden: frozenset[int] = frozenset()

    @property
    def empty(self) -> bool:
        return not any(any(cell.strip() for cell in line.cells) for line in self.lines)


@dataclass(frozen=True)
class Table:
    """The table of a sheet: its columns with the lines that have figures, and what was left out around them.

    `headed` is False where no heading stands over the columns, `turned` True where dates stood across.
    """

    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    left_out: tuple[LeftOut, ...] = field(default=())
    headed: bool = True
    turned: bool = False

    @property
    def bare(self) -> bool:
        """Whether it is two columns of figures and nothing else: no heading, no title, no source."""
        around = any(out.why in AROUND for out in self.left_out)
        return not (self.headed or self.turned or around) and len(self.columns) <= 2


def table_of(sheet: Sheet) -> Table | None:
    """Find the table of a sheet; None where nothing in it looks like figures by date."""
    lines = [Line(li.number, tuple(" ".join(c.split()) for c in li.cells[:WIDEST]), li.hidden) for li in sheet.lines]
    left = [LeftOut(li.number, _text(li), HIDDEN) for li in lines if li.hidden and _filled(li)]
    for place in sorted(sheet.hidden):
        if first := next((cell for li in lines if (cell := _cell(li, place))), ""):
            left.append(LeftOut(0, f"column “{first[:100]}”", HIDDEN))
    if sheet.hidden:
        lines = [replace(li, cells=tuple("" if n in sheet.hidden else c for n, c in enumerate(li.cells))) for li in lines]
    lines = [li for li in lines if not li.hidden and _filled(li)]
    for place, line in enumerate(lines[:MOST_ABOVE]):
        if _across(line, lines[place + 1 :]):
            return _turned(lines, place, left)
        if _is_data(line):
            return _upright(lines, place, left)
    return None


def _filled(line: Line) -> list[str]:
    return [cell for cell in line.cells if cell]


def _text(line: Line) -> str:
    return " ".join(_filled(line))[:120]


def _is_data(line: Line) -> bool:
    """Whether a line says a date and something beside it that can be a figure."""
    cells = [(n, cell) for n, cell in enumerate(line.cells) if cell]
    for n, cell in cells:
        found = set(dates.readings(cell)[0])
        if found and (not found <= {dates.YEAR, dates.SERIAL, dates.COMPACT} or n <= cells[0][0]):
            return any(m != n and values.read(other) is not None for m, other in cells)
    return False


def _across(line: Line, below: Sequence[Line]) -> bool:
    """Whether a line is a heading of dates, with lines of a name and figures under it."""
    cells = _filled(line)
    dated = [cell for cell in cells if dates.readings(cell)[0] and not _plain_number(cell)]
    if len(dated) < FEWEST_ACROSS or len(dated) < 0.5 * len(cells):
        return False
    under = next((li for li in below if _filled(li)), None)
    return under is not None and not dates.is_date(_filled(under)[0]) and any(values.is_figure(c) for c in under.cells[1:])


def _plain_number(cell: str) -> bool:
    return bool(values.is_figure(cell)) and not set(dates.readings(cell)[0]) & {dates.YEAR, dates.COMPACT, dates.FINANCIAL}


def _upright(lines: Sequence[Line], first: int, left: list[LeftOut]) -> Table:
    heads: list[Line] = []
    # A line with a date and no figure, straight above the others, has a slip in it, and is no heading.
    while first and len(_filled(lines[first - 1])) > 1 and dates.is_date(_filled(lines[first - 1])[0]):
        first -= 1
    for line in reversed(lines[:first]):
        if len(_filled(line)) < 2 or any(values.is_figure(c) and not dates.readings(c)[0] for c in line.cells):
            break
        heads.insert(0, line)
    above = lines[: first - len(heads)]
    left += [LeftOut(li.number, _text(li), TITLE) for li in above]
    data: list[Line] = []
    names = {_text(h).lower() for h in heads}
    for line in lines[first:]:
        why = _why_not(line, names)
        if why:
            left.append(LeftOut(line.number, _text(line), why))
        else:
            data.append(line)
    width = max((len(li.cells) for li in [*heads, *data]), default=0)
    columns = [
        Column(n, _name(heads, n) or f"Column {n + 1}", tuple(_cell(li, n) for li in data), bool(_name(heads, n)))
        for n in range(width)
    ]
    kept = tuple(c for c in columns if c.filled or c.named)
    return Table(kept, tuple(li.number for li in data), tuple(left), bool(heads))


def _why_not(line: Line, names: set[str]) -> str:
    cells = _filled(line)
    if _text(line).lower() in names:
        return "the heading again"
    if _TOTAL.match(cells[0]) and not dates.is_date(cells[0]):
        return TOTAL
    if _SOURCE.match(cells[0]) and not any(dates.is_date(c) for c in cells[:1]):
        return SOURCE
    if len(cells) == 1 and not dates.readings(cells[0])[0] and not values.is_figure(cells[0]):
        return "no figures"
    return ""


def _cell(line: Line, place: int) -> str:
    return line.cells[place] if place < len(line.cells) else ""


def _name(heads: Sequence[Line], place: int) -> str:
    """The lowest heading over a column; with the one above it where two columns would have the same."""
    own = [cell for head in heads if (cell := _cell(head, place))]
    return own[-1] if own else ""


def _turned(lines: Sequence[Line], head: int, left: list[LeftOut]) -> Table:
    """A table of months across as one of months down: each line of figures becomes a column."""
    top = lines[head]
    dated = [n for n, cell in enumerate(top.cells) if cell and dates.readings(cell)[0] and not _plain_number(cell)]
    left += [LeftOut(li.number, _text(li), TITLE) for li in lines[:head]]
    left += [LeftOut(0, cell, "no date") for n, cell in enumerate(top.cells) if cell and n > dated[0] and n not in dated]
    series = []
    for line in lines[head + 1 :]:
        if not any(values.read(_cell(line, n)) is not None and _cell(line, n) for n in dated):
            left.append(LeftOut(line.number, _text(line), "no figures"))
            continue
        series.append(line)
    period = Column(0, _cell(top, dated[0] - 1) if dated[0] and len(series) > 1 else "Period", tuple(top.cells[n] for n in dated))
    columns = [Column(0, "Period", period.cells)]
    for n, line in enumerate(series, 1):
        name = " ".join(cell for cell in line.cells[: dated[0]] if cell)
        columns.append(Column(n, name or f"Line {line.number}", tuple(_cell(line, m) for m in dated), bool(name)))
    return Table(tuple(columns), tuple(top.number for _ in dated), tuple(left), turned=True)
