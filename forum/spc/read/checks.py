"""Warnings about a series: what may be a slip, or a risk of identifying somebody. None of them prevents saving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

from forum.kernel.wording import say_date
from forum.spc.amounts import EVERY, nouns, number
from forum.spc.summary import FEWEST_DRAWN, FEWEST_LIMITS

#: At most this many warnings of one kind are shown; of the others only the number.
MOST_TOLD = 5
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7, "4 weeks": 28}


class Dated(Protocol):
    """What has a date in a series."""

    @property
    def date(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Point:
    """One point as it was given. The value was worked out where only numerator and denominator were."""

    date: date
    value: float
    numerator: float | None = None
    denominator: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line (from 1), with what to do. `stops` says that nothing can be saved before it is put right."""

    line: int
    message: str
    stops: bool = True


def first_few(problems: Sequence[Problem]) -> list[Problem]:
    """The first problems of a kind, and how many more there are."""
    more = len(problems) - MOST_TOLD
    return [*problems[:MOST_TOLD], *([Problem(0, f"and {more} more", stops=False)] if more > 0 else [])]


def odd(points: Sequence[Point], every: str = "", without: Sequence[Dated] = ()) -> list[Problem]:
    """Warnings for points in order of date: gaps, values far out of scale, and too few points for limits.

    `without` are dates whose figure is known to be absent: these are no gaps.
    """
    found = first_few(gaps(sorted([*points, *without], key=lambda one: one.date), every))
    sizes = sorted(abs(p.value) for p in points if p.value)
    middle = sizes[len(sizes) // 2] if sizes else 0.0
    far = [p for p in points if len(points) > 4 and middle and abs(p.value) >= 50 * middle]
    found += first_few([_warning(f"{number(p.value, 4)} on {say_date(p.date)} is far out of scale. Is it a slip?") for p in far])
    return [*found, *_few(len(points))]


def gaps(points: Sequence[Dated], every: str = "") -> list[Problem]:
    """Warnings for missing intervals; without an interval, for steps much longer than the usual one."""
    if every in EVERY:
        missing = [(b.date, _steps(a.date, b.date, every) - 1) for a, b in pairwise(points)]
        return [
            _warning(f"There is a gap before {say_date(day)}: {_absent(count, every)} missing.")
            for day, count in missing
            if count > 0
        ]
    steps = [(b.date - a.date).days for a, b in pairwise(points)]
    usual = sorted(steps)[len(steps) // 2] if steps else 0
    days = [p.date for p, step in zip(points[1:], steps, strict=True) if len(steps) > 3 and step > 1.7 * usual]
    return [_warning(f"There is a gap before {say_date(day)}.") for day in days]


def _steps(before: date, after: date, every: str) -> int:
    """From one date to the next in intervals, by calendar months where they are made of months."""
    if every in _MONTHS:
        return round((12 * (after.year - before.year) + after.month - before.month) / _MONTHS[every])
    return round((after - before).days / _DAYS[every])


def _absent(count: int, every: str) -> str:
    one, many = nouns(every)
    return f"1 {one} is" if count == 1 else f"{count} {many} are"


def _few(count: int) -> list[Problem]:
    if not 0 < count < FEWEST_LIMITS:
        return []
    have = "There is 1 point" if count == 1 else f"There are {count} points"
    what = "it is a run chart" if count >= FEWEST_DRAWN else "only a table is shown"
    need = "" if count >= FEWEST_DRAWN else f" and a run chart {FEWEST_DRAWN}"
    return [_warning(f"{have}. Limits need {FEWEST_LIMITS}{need}; until then {what}.")]


def small_counts(points: Sequence[Point], people: bool) -> list[Problem]:
    """Warnings for counts of people from 1 to 4. What was divided by a denominator is no count; its numerator is."""
    if not people:
        return []
    counts = [(p.date, p.value if p.numerator is None else p.numerator) for p in points]
    small = [(day, count) for day, count in counts if count in {1, 2, 3, 4}]
    return first_few(
        [
            _warning(
                f"{number(count)} on {say_date(day)}: counts of 1 to 4 may point to a person. "
                "Join periods (a quarter instead of months), or leave it out."
            )
            for day, count in small
        ]
    )


def _warning(message: str) -> Problem:
    return Problem(0, message, stops=False)
