"""One reading of a table for a measure: which columns are what, the points, what was left out, and what has to be asked.

The likeliest choice is made already; a `Question` says what else it might be. Where two readings are equally likely, nothing is
chosen (`Question.equal`), so that no figures are read wrongly without a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from forum.kernel.wording import join_words
from forum.tables import dates
from forum.tables.columns import DATE, FIGURES, LINE, NOTE, PHASE, TARGET, TEXT, Column, best_date, parts_alone
from forum.tables.figures import AS_THEY_ARE, FRACTIONS, MOST_SERIES, RATE, SHARE, Figures, named
from forum.tables.finding import table_of
from forum.tables.points import points_of
from forum.tables.results import Choice, Point, Question, Reading, Refused, Wanted
from forum.tables.sheet import YEARS, LeftOut, Sheet, Table
from forum.tables.values import COMMA, POINT
from forum.tables.when import ANSWERS as OF_DATES
from forum.tables.when import NO_YEAR, Days, days_of, down

__all__ = ["ANSWERS", "MOST_EACH", "RATE", "SHARE", "One", "each", "fitting", "read"]

#: The answers to the question whether a table may be read that has dates across.
TURN, AS_ONE = "Turn it", "Read them"
#: Of so many series a measure of each can be made at once.
MOST_EACH = 12
#: The answers to what is asked about all cells of a column, in words.
ANSWERS = {
    **OF_DATES,
    FRACTIONS: "Parts of 1: 0.62 is 62%",
    AS_THEY_ARE: "As they are: 0.62 is 0.62%",
    POINT: "A point is before decimals",
    COMMA: "A comma is before decimals",
}


def read(sheets: Sequence[Sheet], measure: str, wanted: Wanted | None = None, upto: date | None = None) -> Reading:
    """Read the figures of a measure out of a workbook or text. Raises `Refused`, with words."""
    found = _choose(sheets, wanted or Wanted())
    return _with_sheets(found, _Reader(found, measure, wanted or Wanted(), upto).read())


@dataclass(frozen=True)
class One:
    """One of several series of a table: what it is called, and its reading or, where there is none, why."""

    name: str
    reading: Reading | None
    problem: str = ""


def each(sheets: Sequence[Sheet], measure: str, wanted: Wanted, upto: date | None = None) -> tuple[Reading, tuple[One, ...]]:
    """Read every series of a table that holds several; also the reading that asks which. No series where it asks nothing such.

    Raises `Refused` where the table cannot be read at all.
    """
    found = _choose(sheets, wanted)
    first = _Reader(found, measure, wanted, upto).read()
    return _with_sheets(found, first), tuple(_series(found, measure, wanted, upto, first, ""))


def fitting(sheets: Sequence[Sheet], wanted: Wanted) -> Wanted:
    """What is wanted, without the columns that the sheet and the heading it names do not have. Raises `Refused`."""
    table = _choose(sheets, wanted).table
    names = {name for c in table.columns for name in (c.name.lower(), c.words)}

    def has(name: str) -> bool:
        return " ".join(name.split()).lower() in names

    chosen = {part: name if has(name := getattr(wanted, part)) else "" for part in ("date", "value", "numerator", "denominator")}
    return replace(wanted, **chosen, where=tuple(pair for pair in wanted.where if has(pair[0])))


def _series(found: "_Chosen", measure: str, wanted: Wanted, upto: date | None, asked: Reading, begins: str) -> list[One]:
    question = asked.several
    series: list[One] = []
    for choice in [c for c in question.choices if c.option] if question else ():
        name = f"{begins}, {choice.words}" if begins else choice.words
        where = tuple(tuple(value.split("=", 1)) for option, value in choice.option if option == "where")
        value = dict(choice.option).get("value", wanted.value)
        narrowed = replace(wanted, where=where or wanted.where, value=value)  # type: ignore[arg-type]
        try:
            one = _Reader(found, measure, narrowed, upto).read()
        except Refused as problem:
            series.append(One(name, None, str(problem)))
            continue
        deeper = one.open is not None and one.open is one.several
        series += _series(found, measure, narrowed, upto, one, name) if deeper else [One(name, one)]
        if len(series) > MOST_EACH:
            break
    return series


@dataclass(frozen=True)
class _Chosen:
    sheet: Sheet
    table: Table
    full: tuple[str, ...]


def _choose(sheets: Sequence[Sheet], wanted: Wanted) -> _Chosen:
    """The sheet that was asked for, or that fits best, with its table."""
    full = [sheet for sheet in sheets if not sheet.empty]
    if not full:
        raise Refused("There is nothing in it.")
    tables = [(sheet, table_of(sheet, wanted.heading)) for sheet in full]
    chosen = [(s, t) for s, t in tables if s.name == wanted.sheet] if wanted.sheet else [(s, t) for s, t in tables if t]
    if wanted.sheet and not chosen:
        raise Refused(f"There is no sheet called “{wanted.sheet}”. There are: {join_words([s.name for s in full])}.")
    if not chosen or chosen[0][1] is None:
        if wanted.heading:
            raise Refused(f"With line {wanted.heading} as the heading there are no figures under it. Choose another.")
        if any(dates.month_number(cell) and not cell.strip().isdigit() for s in full for line in s.lines for cell in line.cells):
            raise Refused(NO_YEAR)
        raise Refused("There are no figures in it yet: no line with a date and a figure beside it.")
    sheet, table = max(chosen, key=lambda st: _fitness(st[1])) if not wanted.sheet else chosen[0]
    assert table is not None
    if table.wrong:
        raise Refused(table.wrong)
    return _Chosen(sheet, table, tuple(s.name for s in full))


def _with_sheets(found: _Chosen, reading: Reading) -> Reading:
    """The reading, with a question about what else there is in the file: other sheets, other tables."""
    asked = list(reading.questions)
    if found.table.others:
        lines = [("first", ""), *((other.text, str(other.line)) for other in found.table.others)]
        choices = tuple(Choice(words, (("heading", line),) if line else ()) for words, line in lines)
        asked.append(Question("There is more than one table. Which has the figures?", choices, choices[0].words))
    if found.table.labels:
        label = found.table.labels[0]
        words = f"Line {label.line} says “{label.text}”. Do the figures under it belong to the same series?"
        asked.append(Question(words, (Choice("Yes", ()),), "Yes"))
    return replace(reading, questions=tuple(asked))


def _fitness(table: Table | None) -> tuple[bool, int]:
    """A sheet with one series before one with several: its dates are there once. Of those, the longest."""
    if table is None or table.wrong:
        return False, 0
    when = best_date(table.columns)
    cells = when.filled if when else []
    return len(set(cells)) == len(cells) and bool(cells), len(cells)


class _Reader:
    """Reads the table that was chosen, for one measure, by what is wanted of it."""

    def __init__(self, found: _Chosen, measure: str, wanted: Wanted, upto: date | None) -> None:
        self.found, self.table, self.measure, self.wanted, self.upto = found, found.table, measure, wanted, upto
        self.columns = [replace(c, said_decimals=wanted.decimals) if wanted.decimals else c for c in self.table.columns]
        self.questions: list[Question] = []
        self.left = list(self.table.left_out)
        self.names: dict[str, str] = {}
        self.keep = list(range(len(self.table.lines)))

    def read(self) -> Reading:
        """Read it as far as it can be read before a question is answered. Raises `Refused`."""
        when = days_of(self.table, self.columns, self.wanted)
        self.names["date"] = when.name
        self.columns = [c for c in self.columns if c not in when.taken]
        self.questions += when.questions
        self._narrow(when.days)
        figures = Figures(self.table, self.columns, self.measure, self.wanted, self.found.sheet.separator)
        self.names |= figures.names
        self.questions += figures.questions
        if any(q.equal for q in self.questions):
            return self._done(())
        if self.table.turned:
            self.questions.append(_of_turned(self.table))
        points = points_of(self.table, self.keep, when, figures, self.columns, self.upto, self.left)
        if not points:
            raise Refused("There are no figures in it yet.")
        return self._done(points)

    def _done(self, points: Sequence[Point]) -> Reading:
        used = set(self.names.values())
        spare = tuple(c.name for c in self.columns if c.name not in used and c.kind not in {NOTE, DATE} and c.named)
        asked = list(self.questions)
        if len(self.found.full) > 1 and not self.wanted.sheet:
            choices = tuple(Choice(name, (("sheet", name),)) for name in self.found.full)
            asked.append(Question("Which sheet has the figures?", choices, self.found.sheet.name))
            self.names["sheet"] = self.found.sheet.name
        return Reading(
            self.found.sheet.name,
            self.table,
            tuple(points),
            dict(self.names),
            spare,
            self._offers(),
            tuple(self.left),
            tuple(asked),
        )

    def _narrow(self, days: Days) -> None:
        """Keep the lines of one series, by what was chosen; ask where the table holds several."""
        for name, value in self.wanted.where:
            column = named(self.columns, name, self.table)
            cells = _labels(column)
            unnamed = [n for n in self.keep if not cells[n]]
            self.left += [LeftOut(self.table.lines[n], _text(self.table, n), f"no {column.name}") for n in unnamed]
            self.keep = [n for n in self.keep if cells[n].lower() == value.lower()]
            if not self.keep:
                raise Refused(f"No line has “{value}” in the column “{name}”.")
            self.names[f"where {column.name}"] = value
        seen = [days[n] for n in self.keep if days[n] is not None]
        if len(set(seen)) == len(seen):
            self._ask_of_blocks()
            return
        fixed = {name.lower() for name, _ in self.wanted.where}
        apart = [c for c in self.columns if c.kind in {TEXT, "rank"} and c.name.lower() not in fixed]
        apart = [c for c in apart if 1 < len({c.cells[n].lower() for n in self.keep if c.cells[n]}) <= MOST_SERIES]
        # Sites and wards may have numbers for names.
        numbers = [c for c in self.columns if c.kind == FIGURES and c.name.lower() not in fixed]
        apart = apart or [
            c for c in numbers[:-1] if len({c.cells[n] for n in self.keep}) <= MOST_SERIES and not self._doubles(days, c)
        ]
        if not apart:
            return
        by = min(apart, key=lambda c: (self._doubles(days, c), c.place))
        labels = _labels(by)
        options = sorted({labels[n].lower(): labels[n] for n in reversed(self.keep) if labels[n]}.values())
        kept = tuple((name, value) for name, value in self.wanted.where)
        choices = tuple(Choice(o, (*(("where", f"{n}={v}") for n, v in kept), ("where", f"{by.name}={o}"))) for o in options)
        self.questions.append(Question(f"The table holds several series. Which {by.name}, or a measure of each?", choices))

    def _ask_of_blocks(self) -> None:
        """Ask where a column says first one thing and then another: one series, or two whose dates follow each other."""
        fixed = {name.lower() for name, _ in self.wanted.where}
        for column in [
            c for c in self.columns if c.kind == TEXT and c.named and not parts_alone(c) and c.name.lower() not in fixed
        ]:
            labels = _labels(column)
            blocks = [(name, len(list(lines))) for name, lines in groupby(labels[n] for n in self.keep)]
            names = [name for name, _ in blocks]
            if 1 < len(blocks) <= MOST_EACH and len(set(names)) == len(names) and all(n > 1 and name for name, n in blocks):
                kept = tuple(("where", f"{name}={value}") for name, value in self.wanted.where)
                options = tuple(Choice(name, (*kept, ("where", f"{column.name}={name}"))) for name in names)
                words = f"“{column.name}” says {names[0]}, then {names[1]}. Is it one series?"
                self.questions.append(Question(words, (Choice("One series", ()), *options), "One series"))
                return

    def _doubles(self, days: Days, by: Column) -> int:
        labels = _labels(by)
        pairs = [(days[n], labels[n].lower()) for n in self.keep]
        return len(pairs) - len(set(pairs))

    def _offers(self) -> dict[str, object]:
        """The target, limits and steps that stand beside the figures, as what they are."""
        found: dict[str, object] = {}
        for column in self.columns:
            targets = [v.number for n in self.keep if (v := column.read[n]) is not None and v.number is not None]
            if column.kind == TARGET and targets:
                found.setdefault("target", targets[-1])
            elif column.kind == LINE:
                found.setdefault("limits", column.name)
            elif column.kind == PHASE:
                found.setdefault("phases", column.name)
        return found


def _text(table: Table, n: int) -> str:
    return " ".join(c.cells[n] for c in table.columns if c.cells[n])[:120]


def _labels(column: Column) -> Sequence[str]:
    """What each line says of its series; a cell that was merged over several lines counts for all of them."""
    blank = len(column.cells) - len(column.filled)
    return down(column.cells) if column.cells[:1] != ("",) and blank >= 0.3 * len(column.cells) else column.cells


def _of_turned(table: Table) -> Question:
    if table.across == YEARS:
        words = "Months and years stand across each other. Read them as one series, in order of date?"
        return Question(words, (Choice(AS_ONE, ()),), AS_ONE)
    return Question("The dates stand across. Turn the table?", (Choice(TURN, ()),), TURN)
