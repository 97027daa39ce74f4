"""One reading of a table for a measure: which columns are what, the points, what was left out, and what has to be asked.

The likeliest choice is made already; a `Question` says what else it might be. Where two readings are equally likely, nothing is
chosen (`Question.equal`), so that no figures are read wrongly without a word.
"""

from collections.abc import Sequence
from datetime import date

from forum.kernel.wording import join_words, say_date
from forum.tables import dates
from forum.tables.columns import (
    DATE,
    FIGURES,
    NOTE,
    TEXT,
    Column,
    best_date,
    down,
    months_alone,
    offered,
    within,
    years_alone,
)
from forum.tables.results import Choice, Point, Question, Reading, Refused, Wanted
from forum.tables.sheet import LeftOut, Sheet, Table, table_of
from forum.tables.values import Value

SHARE, RATE = "percentage", "rate"
MOST_POINTS, MOST_SERIES, MOST_TOLD = 2_000, 60, 5
#: As a percentage, 0.62 is 62 % or 0.62 %.
FRACTIONS, AS_THEY_ARE = "fractions", "percent"
#: The answers to what is asked about all cells of a column, in words.
ANSWERS = {
    dates.DAY_FIRST: "The day comes first",
    dates.MONTH_FIRST: "The month comes first",
    dates.FINANCIAL: "Financial years, from April",
    dates.YEAR_MONTH: "Years and months",
    FRACTIONS: "Parts of 1: 0.62 is 62%",
    AS_THEY_ARE: "As they are: 0.62 is 0.62%",
}
_MISSING = "missing"
_NO_YEAR = "The months have no year. Write them as March 2026, or add a column with the year."


def read(sheets: Sequence[Sheet], measure: str, wanted: Wanted | None = None, upto: date | None = None) -> Reading:
    """Read the figures of a measure out of a workbook or text. Raises `Refused`, with words."""
    wanted = wanted or Wanted()
    full = [sheet for sheet in sheets if not sheet.empty]
    if not full:
        raise Refused("There is nothing in it.")
    tables = [(sheet, table_of(sheet)) for sheet in full]
    named = [(s, t) for s, t in tables if s.name == wanted.sheet] if wanted.sheet else [(s, t) for s, t in tables if t]
    if wanted.sheet and not named:
        raise Refused(f"There is no sheet called “{wanted.sheet}”. There are: {join_words([s.name for s in full])}.")
    if not named or named[0][1] is None:
        if any(dates.month_number(cell) and not cell.strip().isdigit() for s in full for line in s.lines for cell in line.cells):
            raise Refused(_NO_YEAR)
        raise Refused("There are no figures in it yet: no line with a date and a figure beside it.")
    sheet, table = max(named, key=lambda st: _fitness(st[1])) if not wanted.sheet else named[0]
    assert table is not None
    found = _Reader(table, measure, wanted, upto).read(sheet.name)
    others = [s.name for s, _ in tables if s.name != sheet.name]
    if others and not wanted.sheet:
        choices = tuple(Choice(s.name, (("sheet", s.name),)) for s, _ in tables)
        asked = Question("Which sheet has the figures?", choices, sheet.name)
        found = Reading(**{**vars(found), "questions": (*found.questions, asked), "read": {**found.read, "sheet": sheet.name}})
    return found


def _fitness(table: Table | None) -> tuple[bool, int]:
    """A sheet with one series before one with several: its dates are there once. Of those, the longest."""
    if table is None:
        return False, 0
    when = best_date(table.columns)
    cells = when.filled if when else []
    return len(set(cells)) == len(cells) and bool(cells), len(cells)


class _Reader:
    def __init__(self, table: Table, measure: str, wanted: Wanted, upto: date | None) -> None:
        self.table, self.measure, self.wanted, self.upto = table, measure, wanted, upto
        self.columns = list(table.columns)
        self.questions: list[Question] = []
        self.left = list(table.left_out)
        self.names: dict[str, str] = {}
        self.keep = list(range(len(table.lines)))

    def read(self, sheet: str) -> Reading:
        days, marks = self._dates()
        self._narrow(days)
        value, top, bottom = self._figures()
        if any(q.equal for q in self.questions):
            return self._done(sheet, ())
        if self.table.turned:
            self.questions.append(Question("The dates stand across. Turn the table?", (Choice("Turn it", ()),), "Turn it"))
        scale = self._scale(value, top, bottom)
        self._ask_parts(top, bottom)
        points = self._points(days, marks, (value, top, bottom), scale)
        if not points:
            raise Refused("There are no figures in it yet.")
        return self._done(sheet, points)

    def _done(self, sheet: str, points: Sequence[Point]) -> Reading:
        used = set(self.names.values())
        spare = tuple(c.name for c in self.columns if c.name not in used and c.kind not in {NOTE, DATE} and c.named)
        return Reading(
            sheet,
            self.table,
            tuple(points),
            dict(self.names),
            spare,
            offered(self.columns),
            tuple(self.left),
            tuple(self.questions),
        )

    def _column(self, name: str) -> Column:
        wanted = " ".join(name.split()).lower()
        found = next((c for c in self.columns if c.words == wanted or c.name.lower() == wanted), None)
        if found is None:
            raise Refused(f"There is no column “{name}”. There are: {join_words([c.name for c in self.table.columns])}.")
        return found

    def _dates(self) -> tuple[tuple[date | None, ...], tuple[str, ...]]:
        when = self._column(self.wanted.date) if self.wanted.date else best_date(self.columns)
        years = next((c for c in self.columns if years_alone(c)), None)
        months = next((c for c in self.columns if months_alone(c) and c is not years), None)
        apart = years is not None and months is not None and "month" in months.words
        if (
            not self.wanted.date
            and apart
            and years is not None
            and months is not None
            and (when is None or when in {years, months})
        ):
            self.names["date"] = f"{years.name} and {months.name}"
            self.columns = [c for c in self.columns if c not in {years, months}]
            return self._joined(years, months)
        if when is None and any(months_alone(c) for c in self.columns):
            raise Refused(_NO_YEAR)
        if when is None:
            raise Refused("There is no column of dates. Name one, or write dates as 2026-03-31, 31/03/2026 or March 2026.")
        self.names["date"] = when.name
        found = dates.read(self._merged(when), self.wanted.dates)
        self.columns = [c for c in self.columns if c is not when]
        if found.other:
            both = (found.reading, found.other)
            choices = tuple(Choice(ANSWERS.get(r, r), (("dates", r),)) for r in both)
            filled = next(c for c in when.filled if dates.SURE not in dates.readings(c)[0])
            self.questions.append(
                Question(f"How are dates such as {filled} meant?", choices, "" if found.equal else choices[0].words)
            )
        return found.dates, found.marks

    def _merged(self, when: Column) -> Sequence[str]:
        """The cells of dates, each filled from above where one cell stands over the lines of several series."""
        blank = len(when.cells) - len(when.filled)
        several = any(c.kind == TEXT and len(set(c.filled)) > 1 for c in self.columns)
        return down(when.cells) if several and blank >= 0.3 * len(when.cells) else when.cells

    def _joined(self, years: Column, months: Column) -> tuple[tuple[date | None, ...], tuple[str, ...]]:
        days: list[date | None] = []
        for year, month in zip(down(years.cells), months.cells, strict=True):
            found, number = dates.readings(year)[0], dates.month_number(month)
            if dates.FINANCIAL in found and number:
                days.append(date(found[dates.FINANCIAL].year + (number < 4), number, 1))
            else:
                days.append(date(found[dates.YEAR].year, number, 1) if dates.YEAR in found and number else None)
        return tuple(days), ("",) * len(days)

    def _narrow(self, days: Sequence[date | None]) -> None:
        """Keep the lines of one series, by what was chosen; ask where the table holds several."""
        for name, value in self.wanted.where:
            column = self._column(name)
            self.keep = [n for n in self.keep if column.cells[n].lower() == value.lower()]
            if not self.keep:
                raise Refused(f"No line has “{value}” in the column “{name}”.")
            self.names[f"where {column.name}"] = value
        seen = [days[n] for n in self.keep if days[n] is not None]
        if len(set(seen)) == len(seen):
            return
        fixed = {name.lower() for name, _ in self.wanted.where}
        apart = [c for c in self.columns if c.kind in {TEXT, "rank"} and c.name.lower() not in fixed]
        apart = [c for c in apart if 1 < len({c.cells[n] for n in self.keep}) <= MOST_SERIES]
        # Sites and wards may have numbers for names.
        numbers = [c for c in self.columns if c.kind == FIGURES and c.name.lower() not in fixed]
        apart = apart or [
            c for c in numbers[:-1] if len({c.cells[n] for n in self.keep}) <= MOST_SERIES and not self._doubles(days, c)
        ]
        if not apart:
            return
        by = min(apart, key=lambda c: (self._doubles(days, c), c.place))
        options = sorted({by.cells[n] for n in self.keep if by.cells[n]})
        kept = tuple((name, value) for name, value in self.wanted.where)
        choices = tuple(Choice(o, (*(("where", f"{n}={v}") for n, v in kept), ("where", f"{by.name}={o}"))) for o in options)
        self.questions.append(Question(f"The table holds several series. Which {by.name}, or a measure of each?", choices))

    def _doubles(self, days: Sequence[date | None], by: Column) -> int:
        pairs = [(days[n], by.cells[n]) for n in self.keep]
        return len(pairs) - len(set(pairs))

    def _figures(self) -> tuple[Column | None, Column | None, Column | None]:
        """(value, numerator, denominator), of which those that the measure is made of are there."""
        w = self.wanted
        if w.value or w.numerator or w.denominator:
            chosen = [self._column(name) if name else None for name in (w.value, w.numerator, w.denominator)]
            if (chosen[1] is None) != (chosen[2] is None):
                raise Refused("Name the numerator and the denominator.")
            return self._take(*chosen)
        free = [c for c in self.columns if c.kind == FIGURES]
        if not free:
            raise Refused(
                f"None of the columns holds figures: {join_words([c.name for c in self.columns]) or 'there is only one column'}."
            )
        named = {c.words: c for c in free}
        if "value" in named:
            parts = (named.get("numerator"), named.get("denominator"))
            return self._take(named["value"], *(parts if all(parts) else (None, None)))
        if self.measure in {SHARE, RATE}:
            return self._divided(free)
        return self._counted(free)

    def _take(
        self, value: Column | None, top: Column | None, bottom: Column | None
    ) -> tuple[Column | None, Column | None, Column | None]:
        for name, column in (("value", value), ("numerator", top), ("denominator", bottom)):
            if column is not None:
                self.names[name] = column.name
        return value, top, bottom

    def _counted(self, free: list[Column]) -> tuple[Column | None, Column | None, Column | None]:
        if self.measure == "count":
            free = [c for c in free if not c.share and not c.rate] or free
        meant = [c for c in free if not c.against] or free
        if not self.table.headed and len(meant) > 1:
            meant = meant[:1]
            self._ask_value(free, meant[0])
        elif len(meant) > 1:
            self._ask_value(free, meant[0], equal=self.table.turned)
        if any(q.equal for q in self.questions):
            return None, None, None
        return self._take(meant[0], None, None)

    def _ask_value(self, columns: Sequence[Column], first: Column, equal: bool = False) -> None:
        choices = tuple(Choice(c.name, (("value", c.name),)) for c in columns)
        words = "Which line has the figures?" if self.table.turned else f"Which of {join_words([c.name for c in columns])}?"
        self.questions.append(Question(words, choices, "" if equal else first.name))

    def _divided(self, free: list[Column]) -> tuple[Column | None, Column | None, Column | None]:
        ready = [c for c in free if (c.share if self.measure == SHARE else c.rate)]
        parts = [c for c in free if c not in ready]
        pair = self._pair(parts) if len(parts) == 2 else None
        if ready:
            if len(ready) > 1:
                self._ask_value(ready, ready[0])
            return self._take(ready[0], *(pair or (None, None)))
        if len(free) == 1:
            return self._take(free[0], None, None)
        if pair is None:
            pair = self._of_several(parts)
        if pair is None or any(q.equal for q in self.questions):
            return None, None, None
        return self._take(None, *pair)

    def _pair(self, two: Sequence[Column]) -> tuple[Column, Column] | None:
        """(numerator, denominator) where words or sizes tell; None where they do not."""
        a, b = two
        if self.measure == SHARE and (a.rest or b.rest):
            raise Refused(f"“{a.name}” and “{b.name}” look like two parts of one whole. Add a column with the whole of it.")
        for top, bottom in ((a, b), (b, a)):
            if "numerator" in top.words and "denominator" in bottom.words:
                return top, bottom
            fits = within(top, bottom) if self.measure == SHARE else True
            other = within(bottom, top) if self.measure == SHARE else False
            if fits and not other and (bottom.below or top.above) and not (top.below and not bottom.below):
                return top, bottom
        if self.measure == SHARE:
            tops = [(t, u) for t, u in ((a, b), (b, a)) if within(t, u)]
            if len(tops) == 1 and self.table.headed:
                self._ask_pair(two, f"{tops[0][0].name} of {tops[0][1].name}")
            return tops[0] if len(tops) == 1 else None
        return None

    def _of_several(self, parts: Sequence[Column]) -> tuple[Column, Column] | None:
        pairs = [(t, b) for t in parts for b in parts if t is not b and (self.measure != SHARE or within(t, b))]
        if not pairs:
            raise Refused(f"Say which column is the numerator and which the denominator: {join_words([c.name for c in parts])}.")
        self._ask_pair(parts, "")
        return None

    def _ask_pair(self, parts: Sequence[Column], chosen: str) -> None:
        """Ask what is divided by what; `chosen` is what the sizes of the figures tell, where no word does."""
        pairs = [(t, b) for t in parts for b in parts if t is not b and (chosen or self.measure != SHARE or within(t, b))]
        choices = tuple(
            Choice(f"{t.name} of {b.name}", (("numerator", t.name), ("denominator", b.name))) for t, b in pairs[:MOST_SERIES]
        )
        self.questions.append(Question("Which is counted, and out of which?", choices, chosen))

    def _scale(self, value: Column | None, top: Column | None, bottom: Column | None) -> float:
        if self.measure == SHARE and value is not None and value.mixed:
            raise Refused(f"Some figures of “{value.name}” have a sign of percent, others none. Write all alike.")
        if self.measure != SHARE or value is None or not value.fractions:
            return 1.0
        unit = next((set(c.filled) for c in self.columns if c.words == "unit"), set())
        if unit == {"%"} and not self.wanted.scale:
            return 1.0
        if self.wanted.scale:
            return 100.0 if self.wanted.scale == FRACTIONS else 1.0
        if top is not None and bottom is not None and top.numbers and bottom.numbers and bottom.numbers[0]:
            return 100.0 if abs(value.numbers[0] - top.numbers[0] / bottom.numbers[0]) < 0.01 else 1.0
        some = f"{value.numbers[0]:g}"
        choices = (
            Choice(f"{some} is {100 * value.numbers[0]:g}%", (("scale", FRACTIONS),)),
            Choice(f"{some} is {some}%", (("scale", AS_THEY_ARE),)),
        )
        self.questions.append(Question("All figures lie between 0 and 1. What do they mean as a percentage?", choices))
        return 1.0

    def _points(
        self, days: Sequence[date | None], marks: Sequence[str], parts: Sequence[Column | None], scale: float
    ) -> list[Point]:
        """The points in order of date. Raises `Refused` with everything that is wrong in the lines."""
        notes = next((c for c in self.columns if c.kind == NOTE), None)
        found: dict[date, Point] = {}
        unfilled, wrong = 0, list[str]()
        last = max((n for n in self.keep if self._filled(n, *parts) or self._explained(n, notes, days[n])), default=-1)
        for n in self.keep:
            line, day = self.table.lines[n], days[n]
            if day is None:
                self.left.append(LeftOut(line, self._said(n), "no date"))
                continue
            if n > last:
                unfilled += 1
                continue
            if self.upto is not None and day > self.upto:
                wrong.append(f"Line {line}: {say_date(day)} lies in the future. Give figures up to today.")
                continue
            if day in found:
                wrong.append(f"Line {line}: {say_date(day)} is there twice. Keep one of them.")
                continue
            note = notes.cells[n] if notes else ""
            try:
                cells = [self._value(c, n, line) for c in parts]
                found[day] = self._point(line, day, cells, (marks[n], note), scale)
            except Refused as problem:
                wrong.append(str(problem))
        if wrong:
            more = f" And {len(wrong) - MOST_TOLD} more lines." if len(wrong) > MOST_TOLD else ""
            raise Refused(" ".join(wrong[:MOST_TOLD]) + more)
        if unfilled:
            months = f"{unfilled} {'month' if unfilled == 1 else 'months'} without a figure"
            self.left.append(LeftOut(0, months, "not filled in yet"))
        if len(found) > MOST_POINTS:
            raise Refused(f"There are {len(found):,} points; at most {MOST_POINTS:,} can be kept.")
        return [found[day] for day in sorted(found)]

    def _ask_parts(self, top: Column | None, bottom: Column | None) -> None:
        """Three columns without a heading may be a value and a note as well."""
        if not self.table.headed and self.measure == SHARE and top is not None:
            words = "Numerator and denominator, or value and note?"
            both = Choice("Numerator and denominator", (("numerator", top.name), ("denominator", bottom.name if bottom else "")))
            self.questions.append(Question(words, (both, Choice("Value and note", (("value", top.name),))), both.words))

    def _filled(self, n: int, *columns: Column | None) -> bool:
        return any(c is not None and c.cells[n].strip() for c in columns)

    def _explained(self, n: int, notes: Column | None, day: date | None) -> bool:
        """Whether a note stands where a figure could be by now: it says why there is none."""
        return notes is not None and self._filled(n, notes) and day is not None and (self.upto is None or day <= self.upto)

    def _said(self, n: int) -> str:
        return " ".join(c.cells[n] for c in self.table.columns if c.cells[n])[:120]

    def _value(self, column: Column | None, n: int, line: int) -> Value | None:
        if column is None:
            return None
        found = column.read[n]
        if found is None:
            raise Refused(f"Line {line}: “{column.cells[n][:40]}” in the column “{column.name}” is not a number.")
        return Value(None, _MISSING) if found.number is None and not found.note else found

    def _point(self, line: int, day: date, cells: Sequence[Value | None], said: tuple[str, str], scale: float) -> Point:
        value, top, bottom = cells
        notes = dict.fromkeys(text for text in (*(v.note for v in cells if v is not None), *said) if text)
        # That a cell is empty is told only where nothing says more.
        note = "; ".join(text for text in notes if text != _MISSING) or (_MISSING if _MISSING in notes else "")
        over, under = top.number if top else None, bottom.number if bottom else None
        if under is not None and under <= 0:
            raise Refused(f"Line {line}: the denominator is {under:g}; it has to be more than 0.")
        if value is not None:
            number = None if value.number is None else value.number * scale
            return Point(line, day, number, note, over if under is not None else None, under if over is not None else None)
        if over is None or under is None:
            return Point(line, day, None, note)
        return Point(line, day, (100 if self.measure == SHARE else 1) * over / under, note, over, under)
