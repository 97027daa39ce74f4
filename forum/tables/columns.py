"""What a column of a table is, by its heading and by what stands in it. No column is taken for the figures that nobody named so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from forum.tables import dates, values

#: Kinds of columns that are never the figures of a measure.
DATE, TARGET, LINE, NOTE, RANK, PHASE, FIGURES, TEXT, EMPTY = (
    "date", "target", "line", "note", "rank", "phase", "figures", "text", "empty",
)  # fmt: skip
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (TARGET, re.compile(r"\b(targets?|goals?|standard|threshold|trajectory|ambition|benchmark|plan(?:ned)?)\b")),
    (
        LINE,
        re.compile(r"\b(ucl|lcl|upl|lpl|unpl|lnpl|upper|lower|limits?|sigma|moving range|mr|centre ?line|center ?line|trend)\b"),
    ),
    (LINE, re.compile(r"^(mean|average|avg|median|cl|baseline|x-?bar|overall (?:mean|average)|process (?:mean|average))$")),
    (NOTE, re.compile(r"\b(notes?|comments?|remarks?|commentary|narrative|footnotes?)\b")),
    (
        RANK,
        re.compile(
            r"^(rank(?:ing)?|rag(?: status| rating)?|row|no\.?|s/?no\.?|#|index|sort(?: order)?|.*\b(?:code|id)|.*_(?:code|id))$"
        ),
    ),
    (PHASE, re.compile(r"\b(step change|phase|intervention|recalculate|re-?calc\w*|process change)\b")),
)
#: Cells that are looked at to tell what a long column is.
SAMPLE = 400
_DATE = re.compile(
    r"\b(date|month|week|period|day|quarter|qtr|year|time|w/e|w/c|fy|when|ending|commencing)\b|^(?:mth|yr|period_\w+)$"
)
#: What figures are counted against, and what is counted: where both words could be meant the sizes decide.
_BELOW = re.compile(
    r"\b(denominators?|out of|total|all|audited|eligible|attendances|attenders|discharges|admissions|population|sample|seen"
    r"|bed ?days|occupied|list size|patients|records|checked|reviewed|opportunities|expected|due|invited|possible|appointments"
    r"|caseload|n of)\b"
)
_ABOVE = re.compile(
    r"\b(numerators?|compliant|met|within|before|breach(?:es|ed)?|with|achieved|passed|completed|done|yes"
    r"|of (?:them|which|these|whom)|seen within|harm|late|missed|dna|success(?:ful)?)\b"
)
#: What nobody counts for its own sake: beside a count it is no second one.
_AGAINST = re.compile(
    r"\b(denominators?|out of|audited|eligible|population|sample|bed ?days|occupied|list size|opportunities|expected|possible"
    r"|n of)\b"
)
#: The rest of something, which is no part to be divided by another.
_REST = re.compile(r"\b(not|non|without|negative|no|un(?:seen|met)|remaining|other)\b")
_SHARE = re.compile(r"%|\b(percent(?:age)?|per cent|proportion|share|pct|compliance)\b")
_RATE = re.compile(r"\b(rate|per (?:1|10|100|1,?000|10,?000|100,?000)|per (?:bed|day|patient|head))\b")


@dataclass(frozen=True)
class Column:
    """A column: its place, from 0, its heading, and the cells of the lines with figures."""

    place: int
    name: str
    cells: tuple[str, ...]
    named: bool = True

    @cached_property
    def words(self) -> str:
        """Its heading in small letters, without the number of a footnote."""
        return " ".join(re.sub(r"[_\n]+|\[(?:note )?\w{1,3}\]|\(note \d+\)", " ", self.name.lower()).split())

    @cached_property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell.strip()]

    @cached_property
    def read(self) -> tuple[values.Value | None, ...]:
        return tuple(values.read(cell) for cell in self.cells)

    @cached_property
    def numbers(self) -> list[float]:
        return [v.number for v in self.read if v is not None and v.number is not None]

    @cached_property
    def sample(self) -> "Column":
        """The column by its first cells that say something, which tell what it holds."""
        return self if len(self.cells) <= SAMPLE else Column(self.place, self.name, tuple(self.filled[:SAMPLE]), self.named)

    @cached_property
    def dated(self) -> bool:
        """Whether all that is in it can be dates; bare numbers only where the heading says so or it comes first."""
        found = [dates.readings(cell)[0] for cell in self.filled]
        if not found or sum(map(bool, found)) < max(1, 0.5 * len(found)):
            return False
        if any(not set(f) <= {dates.YEAR, dates.SERIAL, dates.COMPACT} for f in found if f):
            return True
        return bool(_DATE.search(self.words)) or self.place == 0

    @cached_property
    def kind(self) -> str:
        if self.sample is not self:
            return self.sample.kind
        if not self.filled:
            return EMPTY
        if self.named:
            for kind, words in _WORDS:
                if words.search(self.words) and (kind not in {LINE, TARGET, RANK} or self.numbers or kind == RANK):
                    return kind
        if self.dated and not (self.numbers and self.named and not _DATE.search(self.words) and self.place):
            return DATE
        known, sure = sum(v is not None for v in self.read), len(self.numbers)
        return FIGURES if sure and known >= 0.5 * len(self.cells) and sure >= 0.2 * len(self.filled) else TEXT

    @property
    def below(self) -> bool:
        """Whether it is named as what is counted against."""
        return self.named and bool(_BELOW.search(self.words)) and not _ABOVE.search(self.words)

    @property
    def against(self) -> bool:
        """Whether it is named as what counts are divided by, and is none itself."""
        return self.named and bool(_AGAINST.search(self.words)) and not _ABOVE.search(self.words)

    @property
    def rest(self) -> bool:
        """Whether it is named as what is left of something."""
        return self.named and bool(_REST.search(self.words))

    @property
    def above(self) -> bool:
        """Whether it is named as a part of something."""
        return self.named and bool(_ABOVE.search(self.words))

    @property
    def share(self) -> bool:
        """Whether it holds percentages already, by its heading or its cells."""
        return (bool(_SHARE.search(self.words)) and self.named) or any(v is not None and v.percent for v in self.sample.read)

    @property
    def rate(self) -> bool:
        return self.named and bool(_RATE.search(self.words))

    @property
    def mixed(self) -> bool:
        """Whether some of its figures have a sign of percent and others none."""
        return len({v.percent for v in self.read if v is not None and v.number}) > 1

    @property
    def fractions(self) -> bool:
        """Whether everything in it lies between 0 and 1 and says nothing of percent."""
        parts = [v for v in self.read if v is not None and v.number is not None]
        return bool(parts) and not any(v.percent for v in parts) and all(0 <= (v.number or 0) <= 1 for v in parts)


def within(part: Column, whole: Column) -> bool:
    """Return whether one column is never more than another, line by line, and not the same."""
    pairs = [
        (a.number, b.number)
        for a, b in zip(part.read, whole.read, strict=True)
        if a is not None and b is not None and a.number is not None and b.number is not None
    ]
    return bool(pairs) and all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


def months_alone(column: Column) -> bool:
    """Return whether a column names months without years."""
    return bool(column.filled) and all(dates.month_number(cell) for cell in column.sample.filled)


def years_alone(column: Column) -> bool:
    """Return whether a column holds years: calendar or financial ones."""
    found = [set(dates.readings(cell)[0]) for cell in column.sample.filled]
    return bool(found) and all(f & {dates.YEAR, dates.FINANCIAL} for f in found)


def best_date(columns: Sequence[Column]) -> Column | None:
    """The column of dates: one that is named so before one that only looks so, the first of several."""
    dated = [c for c in columns if c.kind == DATE]
    return next((c for c in dated if _DATE.search(c.words)), dated[0] if dated else None)


def offered(columns: Sequence[Column]) -> dict[str, object]:
    """Return the target, limits and steps that stand beside the figures, as what they are."""
    found: dict[str, object] = {}
    for column in columns:
        if column.kind == TARGET and column.numbers:
            found.setdefault("target", column.numbers[-1])
        elif column.kind == LINE:
            found.setdefault("limits", column.name)
        elif column.kind == PHASE:
            found.setdefault("phases", column.name)
    return found


def down(cells: Sequence[str]) -> list[str]:
    """Cells that were merged over several lines, each saying what the first of them says."""
    found: list[str] = []
    for cell in cells:
        found.append(cell or (found[-1] if found else ""))
    return found
