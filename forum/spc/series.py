"""A series as people paste it or export it: two columns, date and value, with every problem pointed at by its line."""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

MOST_POINTS = 2_000
LONGEST = 200_000
_MONTHS = {m: n for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?", re.I)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line (from 1), with what to do. `stops` says that nothing can be saved before it is put right."""

    line: int
    message: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """What was read: (date, value) in order of date, and what is wrong or odd."""

    points: tuple[tuple[date, float], ...]
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        return not any(p.stops for p in self.problems)


def read_text(text: str) -> Series:
    """Pasted from a spreadsheet, or a CSV file: tab, semicolon, comma or spaces between the columns; a heading is passed over."""
    if len(text) > LONGEST:
        return Series((), (Problem(1, f"There are more than {LONGEST:,} characters. Give at most {MOST_POINTS:,} points."),))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    return read_rows((number, _cells(line)) for number, line in enumerate(lines, 1) if line.strip())


def _cells(line: str) -> list[str]:
    for separator in ("\t", ";"):
        if separator in line:
            return [cell.strip() for cell in line.split(separator)]
    if "," in line:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(line)))]
    first, _, last = line.strip().rpartition(" ")
    return [first.strip(), last]


def read_rows(rows: Iterable[tuple[int, Sequence[object]]]) -> Series:
    """Rows of cells with their line numbers: the first cell a date, the second a value."""
    points: dict[date, float] = {}
    problems: list[Problem] = []
    for place, (line, cells) in enumerate(rows):
        filled = [cell for cell in cells if cell is not None and str(cell).strip()]
        if not filled:
            continue
        day = to_date(filled[0])
        value = to_value(filled[1]) if len(filled) > 1 else None
        if place == 0 and day is None and value is None:
            continue
        problem = _problem(filled, day, value, points)
        if problem:
            problems.append(Problem(line, problem))
        elif day is not None and value is not None:
            points[day] = value
    if len(points) > MOST_POINTS:
        problems.append(Problem(0, f"There are {len(points):,} points; at most {MOST_POINTS:,} can be kept."))
    return Series(tuple(sorted(points.items())), (*problems, *odd(sorted(points.items()))))


def _problem(filled: Sequence[object], day: date | None, value: float | None, points: dict[date, float]) -> str:
    if day is None:
        return f"“{str(filled[0])[:40]}” is no date. Write it as 2026-03-31, 31/03/2026 or March 2026."
    if len(filled) < 2:
        return "There is no value beside the date."
    if value is None:
        return f"“{str(filled[1])[:40]}” is no number."
    if day in points:
        return f"{day:%-d %B %Y} is there twice. Keep one of them."
    return ""


def to_date(cell: object) -> date | None:
    """Day first where it can be read two ways; a month is its first day. None for what is no date."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = " ".join(str(cell).strip().strip('"').split()).lower()
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[t ]\d\d:\d\d.*)?", text):
        return _date(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", text):
        return _date(_year(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(?:(\d{1,2})(?:st|nd|rd|th)?[- ])?([a-z]{3,9})\.?,?[-' ]*(\d{4}|\d{2})", text):
        month = _MONTHS.get(found[2][:3], 0)
        return _date(_year(found[3]), month, int(found[1] or 1))
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def to_value(cell: object) -> float | None:
    """A number, also with thousands, a percent or a pound sign; None for what is none, not finite, or too large to draw."""
    if isinstance(cell, bool):
        return None
    text = str(cell).strip().replace("£", "").replace("%", "").replace("\u2212", "-").replace(" ", "")
    if not text or not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", ""))
    return value if math.isfinite(value) and abs(value) < 1e15 else None


def odd(points: Sequence[tuple[date, float]]) -> list[Problem]:
    """What may be a slip: a gap among even intervals, one value far out of scale. Nothing here stops anybody."""
    found: list[Problem] = []
    steps = [(b[0] - a[0]).days for a, b in pairwise(points)]
    usual = sorted(steps)[len(steps) // 2] if steps else 0
    for (day, _), step in zip(points[1:], steps, strict=True):
        if len(steps) > 3 and step > 1.7 * usual:
            found.append(Problem(0, f"There is a gap before {day:%-d %B %Y}.", stops=False))
    sizes = sorted(abs(value) for _, value in points if value)
    middle = sizes[len(sizes) // 2] if sizes else 0.0
    for day, value in points:
        if len(points) > 4 and middle and abs(value) >= 50 * middle:
            found.append(Problem(0, f"{value:g} on {day:%-d %B %Y} is far out of scale. Is it a slip?", stops=False))
    return found
