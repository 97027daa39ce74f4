"""Tables whose dates stand across, turned: each of their lines becomes a column. Months by years become a line for each month."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from forum.tables import dates, values
from forum.tables.columns import Column
from forum.tables.sheet import DATES, TITLE, TOTAL, TOTALS, YEARS, LeftOut, Line, Table, cell_of, filled, text_of, why_around

FEWEST_ACROSS, FEWEST_DOWN = 3, 3
_DAYS = "Days stand down and months across. Give a line for each day, with its whole date and its figure."
_NO_PART = "no month or year"
_SEVERAL = "There are several grids of months and years in it. Keep the one that is needed."


def has_dates_across(line: Line, below: Sequence[Line]) -> bool:
    """Return whether a line is a heading of dates, with lines of a name and figures under it."""
    cells = filled(line)
    dated = [cell for cell in cells if dates.readings(cell)[0] and not _plain_number(cell)]
    if len(dated) < FEWEST_ACROSS or len(dated) < 0.5 * len(cells):
        return False
    under = next((li for li in below if filled(li)), None)
    return under is not None and not dates.is_date(filled(under)[0]) and any(values.is_figure(c) for c in under.cells[1:])


def _plain_number(cell: str) -> bool:
    return bool(values.is_figure(cell)) and not set(dates.readings(cell)[0]) & {dates.YEAR, dates.COMPACT, dates.FINANCIAL}


def turned(lines: Sequence[Line], head: int, left: list[LeftOut]) -> Table:
    """A table of dates across as one of dates down: each line of figures becomes a column."""
    top = lines[head]
    dated = [n for n, cell in enumerate(top.cells) if cell and dates.readings(cell)[0] and not _plain_number(cell)]
    left += [LeftOut(li.number, text_of(li), TITLE) for li in lines[:head]]
    left += [LeftOut(0, cell, "no date") for n, cell in enumerate(top.cells) if cell and n > dated[0] and n not in dated]
    columns = [Column(0, "Period", tuple(top.cells[n] for n in dated))]
    names = _labels(lines[head + 1 :], dated[0], dated)
    for line in lines[head + 1 :]:
        if line.number not in names:
            left.append(LeftOut(line.number, text_of(line), "no figures"))
            continue
        name = names[line.number]
        columns.append(Column(len(columns), name or f"Line {line.number}", tuple(cell_of(line, m) for m in dated), bool(name)))
    wrong = _DAYS if len(columns) > 8 and all(c.name == str(n) for n, c in enumerate(columns) if n) else ""
    return Table(tuple(columns), tuple(top.number for _ in dated), tuple(left), (top.number,), DATES, wrong=wrong)


def _labels(lines: Sequence[Line], width: int, places: Sequence[int]) -> dict[int, str]:
    """What each line with figures is called by the cells before them, by its number; no two alike.

    A cell that was merged over several lines stands in the first of them: the others have it as well.
    """
    found: dict[int, str] = {}
    above = [""] * width
    for line in lines:
        own = [cell_of(line, n) for n in range(width)]
        first = next((n for n, cell in enumerate(own) if cell), width)
        above = [*above[:first], *own[first:]]
        if any(cell_of(line, n) and values.read(cell_of(line, n)) is not None for n in places):
            name = " ".join(cell for cell in (above if first < width else own) if cell)
            found[line.number] = f"{name} (line {line.number})" if name in found.values() and name else name
        elif len(filled(line)) == 1:
            above = [""] * width
    return found


@dataclass(frozen=True, slots=True)
class _Cell:
    """A figure of a grid, with the year and the month or quarter that it belongs to; `label` is what its line is called besides."""

    label: str
    year: str
    part: str
    text: str
    line: int
    place: int


def grid(lines: Sequence[Line], head: int, left: list[LeftOut]) -> Table | None:
    """A table of months or quarters by years as one with a line for each; None where the heading is none of such a grid.

    Years across and months down, months across and years down, or two lines of heading with years over their months.
    """
    for way in (_years_across, _months_across, _years_over_months):
        out: list[LeftOut] = []
        found = way(lines, head, out)
        if found is None:
            continue
        left += [LeftOut(li.number, text_of(li), TITLE) for li in lines[: head - (way is _years_over_months)]] + out
        return _table(found, lines[head].number, left)
    return None


def _is_part(cell: str) -> bool:
    return bool(cell) and not cell.isdigit() and bool(dates.month_number(cell) or dates.quarter_number(cell))


def _places(line: Line, fits: Callable[[str], bool]) -> list[int]:
    return [n for n, cell in enumerate(line.cells) if cell and fits(cell)]


def _down(lines: Sequence[Line], before: int, fits: Callable[[str], bool], fewest: int) -> int | None:
    """The place, before another, of a column that says a month, or a year, in the lines that follow."""
    counts = {n: sum(fits(cell_of(line, n)) for line in lines[:40]) for n in range(before)}
    best = max(counts, key=lambda n: counts[n], default=None)
    near = best is not None and any(fits(cell_of(line, best)) for line in lines[:2])
    return best if best is not None and near and counts[best] >= fewest else None


def _years_across(lines: Sequence[Line], head: int, out: list[LeftOut]) -> list[_Cell] | None:
    top, below = lines[head], lines[head + 1 :]
    years = _places(top, dates.is_year)
    months = _down(below, years[0], _is_part, FEWEST_DOWN) if years else None
    if months is None:
        return None
    _beside(top, years, out)
    between = [n for n in range(months + 1, years[0]) if any(values.is_figure(cell_of(li, n)) for li in below)]
    out += [LeftOut(0, f"column “{cell_of(top, n)}”", _NO_PART) for n in between]
    found = []
    for label, line in _rows(below, months, years[0], _is_part, "no month", out):
        found += [
            _Cell(label, top.cells[n], cell_of(line, months), cell_of(line, n), line.number, order) for order, n in enumerate(years)
        ]
    return found


def _months_across(lines: Sequence[Line], head: int, out: list[LeftOut]) -> list[_Cell] | None:
    top, below = lines[head], lines[head + 1 :]
    months = _places(top, _is_part)
    years = _down(below, months[0], dates.is_year, 1) if len(months) >= FEWEST_ACROSS else None
    if years is None:
        return None
    _beside(top, months, out)
    found = []
    for label, line in _rows(below, years, months[0], dates.is_year, "no year", out):
        found += [_Cell(label, cell_of(line, years), top.cells[n], cell_of(line, n), line.number, n) for n in months]
    return found


def _years_over_months(lines: Sequence[Line], head: int, out: list[LeftOut]) -> list[_Cell] | None:
    top, below = lines[head], lines[head + 1 :]
    months, over = _places(top, _is_part), lines[head - 1] if head else None
    if over is None or len(months) < FEWEST_ACROSS or not dates.is_year(cell_of(over, months[0])):
        return None
    if any(cell and not dates.is_year(cell) and n >= months[0] and n in months for n, cell in enumerate(over.cells)):
        return None
    _beside(top, months, out)
    year, found, years = "", list[_Cell](), dict[int, str]()
    for n in range(months[0], len(top.cells)):
        years[n] = year = cell_of(over, n) or year
    names = _labels(below, months[0], months)
    for line in below:
        if line.number not in names:
            out.append(LeftOut(line.number, text_of(line), why_around(line) or "no figures"))
            continue
        found += [_Cell(names[line.number], years[n], top.cells[n], cell_of(line, n), line.number, n) for n in months]
    return found


def _beside(top: Line, taken: Sequence[int], out: list[LeftOut]) -> None:
    """Tell which columns of a grid are none of its years or months."""
    for n, cell in enumerate(top.cells):
        if cell and n > taken[0] and n not in taken:
            out.append(LeftOut(0, f"column “{cell}”", TOTAL if TOTALS.match(cell) else _NO_PART))


def _rows(
    lines: Sequence[Line], at: int, width: int, fits: Callable[[str], bool], why: str, out: list[LeftOut]
) -> Iterator[tuple[str, Line]]:
    """The lines of a grid, each with the words before its figures; a merged cell counts for the lines under it."""
    # What stands between months and years and is a number is a figure of something else, and no name.
    names = [n for n in range(width) if n < at or (n > at and not any(values.is_figure(cell_of(li, n)) for li in lines))]
    above = [""] * width
    for line in lines:
        own = [cell_of(line, n) if n in names else "" for n in range(width)]
        if not fits(cell_of(line, at)):
            out.append(LeftOut(line.number, text_of(line), why_around(line) or why))
            continue
        above = own if any(own) else above
        yield " ".join(cell for cell in above if cell), line


def _table(cells: Sequence[_Cell], head: int, left: list[LeftOut]) -> Table:
    labels = list(dict.fromkeys(c.label for c in cells))
    by = {(c.label, c.year, _part(c.part)): c for c in cells}
    wrong = _SEVERAL if len(by) < len(cells) else ""
    periods = sorted({(c.year, _part(c.part)): c for c in cells}.values(), key=_in_order(cells))
    columns = [
        Column(0, "Year", tuple(c.year for c in periods)),
        Column(1, "Quarter" if dates.quarter_number(periods[0].part) else "Month", tuple(c.part for c in periods)),
    ]
    for n, label in enumerate(labels, 2):
        own = [by.get((label, c.year, _part(c.part))) for c in periods]
        columns.append(Column(n, label or "Figures", tuple(c.text if c else "" for c in own)))
    lines = tuple(c.line for c in periods)
    return Table(tuple(columns), lines, tuple(left), (head,), YEARS, wrong=wrong)


def _part(cell: str) -> int:
    return dates.month_number(cell) or 100 + dates.quarter_number(cell)


def _in_order(cells: Sequence[_Cell]) -> Callable[[_Cell], tuple[object, ...]]:
    """By year, and in it as the months of a financial year come, or as they stand where the year does not say."""
    stands: dict[int, int] = {}
    for c in cells:
        stands.setdefault(_part(c.part), len(stands))

    def key(c: _Cell) -> tuple[object, ...]:
        found = dates.readings(c.year)[0]
        first = found.get(dates.FINANCIAL) or found[dates.YEAR]
        return (dates.joined(c.year, c.part), 0) if dates.FINANCIAL in found else (first, stands[_part(c.part)])

    return key
