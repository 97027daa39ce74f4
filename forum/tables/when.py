"""The dates of a table: the column that has them, or a year and a month that stand apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from forum.tables import dates
from forum.tables.columns import DATE, FIGURES, PART, TEXT, Column, best_date, parts_alone, years_alone
from forum.tables.figures import named
from forum.tables.results import Choice, Question, Refused, Wanted
from forum.tables.sheet import Table

Days = Sequence[date | None]
NO_YEAR = "The months have no year. Write them as March 2026, add a column with the year, or put the year over the figures."
#: The answers to how dates are meant, in words.
ANSWERS = {
    dates.DAY_FIRST: "The day comes first",
    dates.MONTH_FIRST: "The month comes first",
    dates.FINANCIAL: "Financial years, from April",
    dates.YEAR_MONTH: "Years and months",
    dates.CALENDAR: "Calendar years, from January",
}


@dataclass(frozen=True)
class When:
    """The date of each line, with what stood beside it; `taken` are the columns that said it, by `name`."""

    name: str
    days: Days
    marks: Sequence[str]
    taken: tuple[Column, ...]
    questions: tuple[Question, ...] = ()


def days_of(table: Table, columns: Sequence[Column], wanted: Wanted) -> When:
    """Return the dates of a table. Raises `Refused` where it has none."""
    when = named(columns, wanted.date, table) if wanted.date else best_date(_beside(table, columns, wanted))
    years = next((c for c in columns if years_alone(c)), None)
    parts = next((c for c in columns if parts_alone(c) and c is not years), None)
    apart = years is not None and parts is not None and PART.search(parts.words) and (when is None or when in {years, parts})
    if apart and years is not None and parts is not None and not wanted.date:
        return _joined(years, parts, wanted)
    if when is None and any(parts_alone(c) for c in columns):
        raise Refused(NO_YEAR)
    if when is None:
        raise Refused("There is no column of dates. Name one, or write dates as 2026-03-31, 31/03/2026 or March 2026.")
    found = dates.read(_merged(when, columns), wanted.dates)
    if found.mixed:
        raise Refused("Some dates have the day first, others the month. Write all alike, such as 2026-03-31.")
    asked = []
    if (day := dates.may_be_days(when.filled)) and not wanted.dates:
        month = Choice("A month and a year", (("dates", dates.YEAR_MONTH),))
        asked.append(Question(f"Is {day} a month and a year? A day needs its year: write it as 5 March 2026.", (month,)))
    if found.other:
        choices = tuple(Choice(ANSWERS.get(r, r), (("dates", r),)) for r in (found.reading, found.other))
        filled = next(c for c in when.filled if dates.SURE not in dates.readings(c)[0])
        asked.append(Question(f"How are dates such as {filled} meant?", choices, "" if found.equal else choices[0].words))
    others = [] if wanted.date else _others(when, columns)
    if others:
        choices = tuple(Choice(c.name, (("date", c.name),)) for c in (when, *others))
        asked.append(Question("Which column has the dates?", choices, when.name))
    return When(when.name, found.dates, found.marks, (when,), tuple(asked))


def _beside(table: Table, columns: Sequence[Column], wanted: Wanted) -> Sequence[Column]:
    """The columns from which the dates are taken: of tables side by side those of the one that has the figures wanted."""
    if not wanted.value:
        return columns
    place = named(columns, wanted.value, table).place
    last = max((c.place for c in columns if c.kind == FIGURES and c.place < place), default=-1)
    nearer = [c for c in columns if last < c.place < place]
    return nearer if best_date(nearer) else columns


def _others(when: Column, columns: Sequence[Column]) -> list[Column]:
    """Further columns with other dates, as fine as those; the year beside a month says nothing else."""
    dated = [c for c in columns if c is not when and c.named and c.kind == DATE and c.cells != when.cells]
    return [c for c in dated if len(set(c.filled)) >= len(set(when.filled))]


def _merged(when: Column, columns: Sequence[Column]) -> Sequence[str]:
    """The cells of dates, each filled from above where one cell stands over the lines of several series."""
    blank = len(when.cells) - len(when.filled)
    several = any(c.kind == TEXT and len(set(c.filled)) > 1 for c in columns)
    return down(when.cells) if several and blank >= 0.3 * len(when.cells) else when.cells


def _joined(years: Column, parts: Column, wanted: Wanted) -> When:
    """Years and months, or quarters, apart. Ask where they are in order only if a year that does not say so begins in April."""
    pairs = list(zip(down(years.cells), parts.cells, strict=True))
    calendar = [dates.joined(year, part) for year, part in pairs]
    financial = [dates.joined(year, part, dates.FINANCIAL) for year, part in pairs]
    asked = []
    if not wanted.dates and dates.out_of_order(financial) < dates.out_of_order(calendar):
        choices = tuple(Choice(ANSWERS[r], (("dates", r),)) for r in (dates.FINANCIAL, dates.CALENDAR))
        year = next(year for (year, _), one, other in zip(pairs, calendar, financial, strict=True) if one != other)
        asked.append(Question(f"The months do not begin in January. How is the year {year} meant?", choices))
    name = f"{years.name} and {parts.name}"
    days = financial if wanted.dates == dates.FINANCIAL else calendar
    return When(name, days, [""] * len(days), (years, parts), tuple(asked))


def down(cells: Sequence[str]) -> list[str]:
    """Cells that were merged over several lines, each saying what the first of them says."""
    found: list[str] = []
    for cell in cells:
        found.append(cell or (found[-1] if found else ""))
    return found
