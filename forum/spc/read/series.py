"""A series as people paste it or export it, with every problem pointed at by its line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from forum.kernel.wording import say_date
from forum.spc.amounts import number
from forum.spc.read.cells import decimals_of, is_blank, to_date, to_value
from forum.spc.read.checks import Point, Problem, first_few, gaps, odd, small_counts
from forum.spc.read.columns import Cells, by_place, is_heading, split
from forum.tables import values
from forum.tables.points import MOST_POINTS
from forum.tables.values import LARGEST

__all__ = ["NoFigure", "Point", "Problem", "Series", "gaps", "odd", "read_rows", "read_text", "small_counts", "to_date", "to_value"]

LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class NoFigure:
    """A date without a figure, and why: it was kept back, not counted, or is missing."""

    date: date
    why: str


@dataclass(frozen=True, slots=True)
class Series:
    """What was read: points in order of date, dates without a figure, and what is wrong or odd."""

    points: tuple[Point, ...]
    problems: tuple[Problem, ...]
    no_figures: tuple[NoFigure, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing stops the series from being saved."""
        return not any(p.stops for p in self.problems)

    @property
    def pairs(self) -> tuple[tuple[date, float], ...]:
        """Dates and values alone, as `xmr.read` takes them."""
        return tuple((p.date, p.value) for p in self.points)


def read_text(text: str, percent: bool = False, every: str = "", upto: date | None = None) -> Series:
    """Pasted from a spreadsheet, or a CSV file: tab, semicolon, comma or spaces between the columns. See `read_rows`."""
    if len(text) > LONGEST:
        return Series((), (Problem(1, f"There are more than {LONGEST:,} characters. Give at most {MOST_POINTS:,} points."),))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    return read_rows(split([(n, line) for n, line in enumerate(lines, 1) if line.strip()]), percent, every, upto)


def read_rows(
    rows: Iterable[tuple[int, Sequence[object]]], percent: bool = False, every: str = "", upto: date | None = None
) -> Series:
    """Rows of cells with their line numbers: date, value, numerator and denominator where both are numbers, and a note.

    A first line without date and number is a heading. Where there is no value it is numerator by denominator, times a hundred for a
    percentage. `every` is the interval of the series, or "" to guess it; after the day `upto` there can be no point.
    """
    points: dict[date, Point] = {}
    without: dict[date, NoFigure] = {}
    problems: list[Problem] = []
    outside: list[Problem] = []
    filled = ((line, cells) for line, cells in rows if not all(map(is_blank, cells)))
    for place, (line, cells) in enumerate(filled):
        if place == 0 and is_heading(cells):
            continue
        row = by_place(cells)
        found = _no_figure(row, upto) or _point(row, percent, points, upto)
        if isinstance(found, NoFigure):
            without.setdefault(found.date, found)
            continue
        if isinstance(found, str):
            problems.append(Problem(line, found))
            continue
        points[found.date] = found
        if percent:
            problems += [Problem(line, told, stops=False) for told in _disagree(row, found)]
            outside += [Problem(line, told, stops=False) for told in _outside(found)]
    if len(points) > MOST_POINTS:
        problems.append(Problem(0, f"There are {len(points):,} points; at most {MOST_POINTS:,} can be kept."))
    ordered = tuple(points[day] for day in sorted(points))
    absent = tuple(without[day] for day in sorted(without) if day not in points)
    return Series(ordered, (*problems, *first_few(outside), *odd(ordered, every, absent)), absent)


def _no_figure(row: Cells, upto: date | None) -> NoFigure | None:
    """Return the date of a row whose cell says why there is no figure, such as "<5" or "n/a"."""
    day = to_date(row.date) if row.date is not None else None
    said = values.read(str(row.value)) if row.value is not None else None
    if day is None or said is None or said.number is not None or not said.note or (upto is not None and day > upto):
        return None
    return NoFigure(day, said.note)


def _point(row: Cells, percent: bool, points: dict[date, Point], upto: date | None) -> Point | str:
    """The point of a row, or what is wrong with it."""
    day = to_date(row.date) if row.date is not None else None
    if day is None:
        return (
            f"“{_shown(row.date)}” is not a date. Write it as 2026-03-31, 31/03/2026 or March 2026."
            if row.date is not None
            else "There is no date."
        )
    if upto is not None and day > upto:
        return f"{say_date(day)} lies in the future. Give figures up to today."
    numbers: dict[str, float | None] = {}
    for name, cell in (("value", row.value), ("numerator", row.numerator), ("denominator", row.denominator)):
        numbers[name] = None if cell is None else to_value(cell)
        if cell is not None and numbers[name] is None:
            return f"“{_shown(cell)}” is not a number."
    value, top, bottom = numbers["value"], numbers["numerator"], numbers["denominator"]
    if bottom is not None and bottom <= 0:
        return f"The denominator is {number(bottom, 4)}; it has to be more than 0."
    if value is None and top is not None and bottom is not None:
        value = (100 if percent else 1) * top / bottom
        if abs(value) >= LARGEST:
            return "Numerator by denominator is too large to draw."
    if value is None:
        return "There is no value beside the date."
    if day in points:
        return f"{say_date(day)} is there twice. Keep one of them."
    return Point(day, value, top, bottom, row.note)


def _shown(cell: object) -> str:
    return str(cell)[:40]


def _disagree(row: Cells, point: Point) -> list[str]:
    """Return a warning for a percentage that differs from numerator by denominator by more than rounding to its own decimals."""
    if row.value is None or point.numerator is None or point.denominator is None:
        return []
    given, decimals = point.value, decimals_of(row.value)
    counted = 100 * point.numerator / point.denominator
    if abs(given - counted) <= 0.5 * 10**-decimals * (1 + 1e-9) + 1e-9:
        return []
    told = f"{number(counted, max(decimals, 1))}%"
    sums = f"{number(point.numerator, 4)} of {number(point.denominator, 4)}"
    return [f"The percentage is {number(given, decimals)}%, but {sums} is {told}."]


def _outside(point: Point) -> list[str]:
    if 0 <= point.value <= 100:
        return []
    return [f"{number(point.value, 4)}% on {say_date(point.date)} is not between 0% and 100%."]
