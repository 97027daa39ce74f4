"""A column of dates as people write them. What one cell leaves open, such as 04/01/2023 or 2005-06, the whole column decides.

A month, quarter or year is its first day; a financial year begins on 1 April. Where two readings of the column are left, the one
that is chosen and the other are both returned, so that somebody can be asked.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

#: Readings of a cell. SURE has one meaning whatever stands in the other cells.
SURE, DAY_FIRST, MONTH_FIRST, YEAR_MONTH, FINANCIAL = "sure", "day-first", "month-first", "year-and-month", "financial-year"
YEAR, SERIAL, COMPACT = "year", "serial", "yyyymm"
#: How a year that stands apart from its months is meant.
CALENDAR = "calendar-year"
#: Where several fit all cells, the first of these is likelier.
LIKELIER = (SURE, FINANCIAL, DAY_FIRST, YEAR_MONTH, MONTH_FIRST, COMPACT, YEAR, SERIAL)
PROVISIONAL = "provisional"
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)
_Q = r"(?:q|qtr ?|quarter ?)([1-4])"
_WEEKDAY = re.compile(
    r"^(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\.?,? +"
)
_WEEK_WORDS = re.compile(r"^(?:(?:week|month) (?:ending|commencing|beginning|starting)|w[/ ]?[ecb]\b)[:.]? *")
_TIME = re.compile(r"[t ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]m)?(?:z|[+-]\d\d:?\d\d)?$")
_MARK = re.compile(r" *(?:\((p|r|provisional|revised|estimated?)\)|\[(p|r)\]|\*+)$")
#: Days of Excel's calendar that a date of our time may have: 1954 to 2119.
_SERIALS = range(20_000, 80_001)


@dataclass(frozen=True, slots=True)
class Column:
    """How a column of dates was read: a date for each cell, None for what is none; `marks` are what was said of one.

    `other` is the other reading where two are likely, and `equal` says that neither is likelier.
    """

    dates: tuple[date | None, ...]
    marks: tuple[str, ...]
    reading: str
    other: str = ""
    equal: bool = False
    #: Some cells can only have the day first, others only the month.
    mixed: bool = False


@lru_cache(maxsize=20_000)
def readings(cell: str) -> tuple[dict[str, date], str]:
    """Everything that a cell may mean, and a mark that stands beside it; empty for what is no date."""
    text, mark = _plain(cell)
    found: dict[str, date] = {}
    for pattern, make in _PATTERNS:
        if match := pattern.fullmatch(text):
            for name, day in make(*match.groups()).items():
                if day is not None and 1900 <= day.year <= 2200:
                    found.setdefault(name, day)
    return found, mark


def is_date(cell: str) -> bool:
    """Return whether a cell can be nothing but a date, a number of Excel's calendar or a bare year left out."""
    found, _ = readings(cell)
    return bool(found) and not set(found) <= {YEAR, SERIAL, COMPACT}


def read(cells: Sequence[str], wanted: str = "") -> Column:
    """Read a column, by the reading `wanted` where one is given."""
    known = [readings(cell) for cell in cells]
    filled = [found for found, _ in known if found]
    open_ = [found for found in filled if SURE not in found]
    common = set.intersection(*map(set, open_)) if open_ else set()
    likely = _likely(filled, [name for name in LIKELIER if name in common]) or [SURE]
    chosen = wanted if wanted in {DAY_FIRST, MONTH_FIRST, *likely} else likely[0]
    other = next((name for name in likely if name != chosen), "") if not wanted else ""
    order = [SURE, chosen, *LIKELIER]
    dates = tuple(next((found[name] for name in order if name in found), None) for found, _ in known)
    marks = tuple(mark for _, mark in known)
    mixed = all(any(set(found) == {way} for found in filled) for way in (DAY_FIRST, MONTH_FIRST))
    return Column(dates, marks, chosen, other, bool(other) and _equal(filled, chosen, other), mixed)


def _days(filled: Sequence[Mapping[str, date]], name: str) -> list[date]:
    """The dates of a column by one reading of those cells that have several."""
    return [found[SURE] if SURE in found else found[name] for found in filled if SURE in found or name in found]


def _likely(filled: Sequence[Mapping[str, date]], names: list[str]) -> list[str]:
    """The readings, the likelier first; one that is out of step is none where another is not."""
    steady = [name for name in names if _in_step(_days(filled, name))]
    if len(filled) < 3 or not steady:
        return names
    # 2005-06, 2006-07: as months they are thirteen months apart, and yet somebody may have meant one of them.
    return steady + [name for name in names if name not in steady and {steady[0], name} == {FINANCIAL, YEAR_MONTH}]


def _in_step(days: Sequence[date]) -> bool:
    """Whether the steps are equal, counted in days or in months."""
    steps = {(b - a).days for a, b in pairwise(days)}
    return (len(_months(days)) == 1 and _months(days) <= {1, 3, 12}) or (len(steps) == 1 and steps <= {1, 7, 14, 28})


def _months(days: Sequence[date]) -> set[int]:
    return {12 * (b.year - a.year) + b.month - a.month for a, b in pairwise(days)}


def _equal(filled: Sequence[Mapping[str, date]], chosen: str, other: str) -> bool:
    """Day first is what people here write, but not where it makes days in a row of what would be months."""
    if {chosen, other} != {DAY_FIRST, MONTH_FIRST}:
        return False
    days = _days(filled, DAY_FIRST)
    return len(days) < 2 or (0 in _months(days) and 0 not in _months(_days(filled, MONTH_FIRST)))


def _plain(cell: str) -> tuple[str, str]:
    text = " ".join(cell.strip().strip("\"'").split()).lower().replace("\u2013", "-").replace("\u2014", "-").replace("\u2011", "-")
    mark = ""
    if found := _MARK.search(text):
        text, mark = text[: found.start()], PROVISIONAL if (found[1] or found[2] or "")[:1] in {"p", "e"} else ""
    text = _WEEK_WORDS.sub("", _WEEKDAY.sub("", text))
    text = _WEEKDAY.sub("", text)
    return re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", _TIME.sub("", text)).strip(" .,"), mark


def month_number(cell: str) -> int:
    """The month that a cell names without a year, 1 to 12, by name or number; 0 for none."""
    text = cell.strip().lower().rstrip(".")
    if re.fullmatch(_MONTH, text):
        return _NAMES.index(text[:3]) + 1
    return int(text) if re.fullmatch(r"0?[1-9]|1[0-2]", text) else 0


def quarter_number(cell: str) -> int:
    """The quarter that a cell names without a year, 1 to 4; 0 for none."""
    found = re.fullmatch(_Q, cell.strip().lower())
    return int(found[1]) if found else 0


def is_year(cell: str) -> bool:
    """Return whether a cell names a year, a calendar or a financial one, and no more."""
    return bool(set(readings(cell)[0]) & {YEAR, FINANCIAL})


def joined(year: str, part: str, reading: str = "") -> date | None:
    """The first day of a month or quarter whose year stands apart from it; None where one of the two is none.

    Quarters and months of a financial year are counted from April, those of any other year where `reading` says so.
    """
    found, quarter, month = readings(year)[0], quarter_number(part), month_number(part)
    first = found.get(FINANCIAL) or found.get(YEAR)
    if first is None or not (quarter or month):
        return None
    financial = FINANCIAL in found or reading == FINANCIAL
    if quarter:
        return _quarter(first.year, str(quarter), 4 if financial else 1)
    return date(first.year + (financial and month < 4), month, 1)


def may_be_days(cells: Sequence[str]) -> str:
    """The first of cells such as "Mar 05" where these may as well be days without a year: many numbers, few months; else ""."""
    found = [re.fullmatch(_MONTH + r"\.?[- ./]*(\d{2})", " ".join(cell.lower().split())) for cell in cells if cell]
    if len(found) < 2 or not all(found):
        return ""
    months, numbers = ({match[n] for match in found if match} for n in (1, 2))
    return next(filter(None, cells)) if len(numbers) > len(months) and all(int(n) <= 31 for n in numbers) else ""


def out_of_order(days: Sequence[date | None]) -> int:
    """Return how often dates that rise, or fall, turn back."""
    pairs = list(pairwise(day for day in days if day is not None))
    return min(sum(a > b for a, b in pairs), sum(a < b for a, b in pairs))


def _day(year: int, month: int, day: int = 1) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year) if int(year) < 70 else 1900 + int(year)


def _month(name: str) -> int:
    return _NAMES.index(name[:3]) + 1


def _next(first: str, second: str) -> bool:
    """Whether the second year follows the first, as in 2008/09 and 1999/2000."""
    return (int(first) + 1) % 100 == int(second) % 100 and (len(second) == 2 or int(second) == int(first) + 1)


def _quarter(year: int, number: str, first: int) -> date | None:
    month = first + 3 * (int(number) - 1)
    return _day(year + (month - 1) // 12, (month - 1) % 12 + 1)


def _pair(first: str, second: str) -> dict[str, date | None]:
    """2008/09, 2005-06 or 2024/03: a financial year where one year follows the other, a month where it may be one."""
    found: dict[str, date | None] = {}
    if _next(first, second):
        found[FINANCIAL] = _day(int(first), 4)
    if len(second) == 2 and 1 <= int(second) <= 12:
        found[YEAR_MONTH] = _day(int(first), int(second))
    return found


def _slashed(first: str, second: str) -> dict[str, date | None]:
    """With a stroke between them two years that follow each other are a financial year, and never a month."""
    found = _pair(first, second)
    return {FINANCIAL: found[FINANCIAL]} if FINANCIAL in found and len(second) == 2 and int(second) != 0 else found


def _short(said: str | None, first: str, second: str) -> dict[str, date | None]:
    """22/23: a financial year, where no day or month can be meant."""
    return {FINANCIAL: _day(_full(first), 4)} if _next(first, second) and (said or int(first) > 12) else {}


def _numbers(a: str, b: str, year: str) -> dict[str, date | None]:
    return {DAY_FIRST: _day(_full(year), int(b), int(a)), MONTH_FIRST: _day(_full(year), int(a), int(b))}


def _span(first: str, last: str, year: str) -> dict[str, date | None]:
    """Apr-Jun 2024, Nov 2023 to Jan 2024: a quarter by its months, in the year of the last."""
    begins = _month(first)
    return {SURE: _day(_full(year) - (begins > _month(last)), begins)} if (_month(last) - begins) % 12 == 2 else {}


def _week(year: str, number: str) -> dict[str, date | None]:
    try:
        return {SURE: date.fromisocalendar(int(year), int(number), 1)}
    except ValueError:
        return {}


def _sure(year: str, month: int, day: int = 1) -> dict[str, date | None]:
    return {SURE: _day(_full(year), month, day)}


def _serial(text: str) -> dict[str, date | None]:
    number = int(text)
    return {SERIAL: date(1899, 12, 30) + timedelta(number)} if number in _SERIALS else {}


_Make = Callable[..., Mapping[str, date | None]]
_PATTERNS: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})", lambda y, m, d: _sure(y, int(m), int(d))),
        (r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})", _numbers),
        (r"(\d{1,2})[- ./]?" + _MONTH + r"\.?,?[- ./]?'?(\d{4}|\d{2})", lambda d, m, y: _sure(y, _month(m), int(d))),
        (_MONTH + r"\.?[- ](\d{1,2}),? (\d{4})", lambda m, d, y: _sure(y, _month(m), int(d))),
        (_MONTH + r"\.?,?[- ./]*'?(\d{4}|\d{2})", lambda m, y: _sure(y, _month(m))),
        # As in the monthly files of NHS England: MSitAE-APRIL-2023.
        (r"[a-z&]+-" + _MONTH + r"-(\d{4})", lambda m, y: _sure(y, _month(m))),
        (r"(\d{4})[- ./]?" + _MONTH, lambda y, m: _sure(y, _month(m))),
        (r"(\d{1,2})[-/](\d{4})", lambda m, y: _sure(y, int(m))),
        (r"(\d{4})m(\d{1,2})", lambda y, m: _sure(y, int(m))),
        (r"(\d{4})-(\d{2}|\d{4})", _pair),
        (r"(\d{4}) ?[/] ?(\d{2}|\d{4})", _slashed),
        (r"(?:fy|f/y|financial year) ?(\d{4})[-/ ](\d{2}|\d{4})", _slashed),
        (r"(?:(fy|f/y|financial year) ?'?)?(\d{2})[-/](\d{2})", _short),
        (_Q + r"[ ,-]*(\d{4}) ?[-/] ?(\d{2}|\d{4})", lambda q, a, b: {SURE: _quarter(int(a), q, 4)} if _next(a, b) else {}),
        (
            r"(?:fy ?)?(\d{4}) ?[-/] ?(\d{2}|\d{4})[ ,-]*" + _Q,
            lambda a, b, q: {SURE: _quarter(int(a), q, 4)} if _next(a, b) else {},
        ),
        (_Q + r"[ ,-]*(\d{2}) ?[-/] ?(\d{2})", lambda q, a, b: {SURE: _quarter(_full(a), q, 4)} if _next(a, b) else {}),
        (r"(?:fy ?)?(\d{2}) ?[-/] ?(\d{2})[ ,-]+" + _Q, lambda a, b, q: {SURE: _quarter(_full(a), q, 4)} if _next(a, b) else {}),
        (_Q + r"[ ,-]*(\d{4})", lambda q, y: {SURE: _quarter(int(y), q, 1)}),
        (r"(\d{4})[ ,-]*" + _Q, lambda y, q: {SURE: _quarter(int(y), q, 1)}),
        (_MONTH + r" ?(?:-|to) ?" + _MONTH + r" (\d{4}|\d{2})", _span),
        (_MONTH + r" \d{4} ?(?:-|to) ?" + _MONTH + r" (\d{4}|\d{2})", _span),
        (r"(\d{4})-?w(?:eek)?[ -]?(\d{1,2})", _week),
        (r"(\d{4}) week (\d{1,2})", _week),
        (r"w(?:eek|k)? ?(\d{1,2})[ ,-]+(\d{4})", lambda w, y: _week(y, w)),
        (r"(\d{4})", lambda y: {YEAR: _day(int(y), 1)}),
        (r"(\d{4})(\d{2})", lambda y, m: {COMPACT: _day(int(y), int(m))} if 1950 <= int(y) <= 2100 else {}),
        (r"(\d{4})(\d{2})(\d{2})", lambda y, m, d: _sure(y, int(m), int(d)) if 1950 <= int(y) <= 2100 else {}),
        (r"(\d{5})(?:\.\d+)?", _serial),
    )
)
