"""Which columns of a table hold the figures of a measure, and how these are meant."""

import re
from collections.abc import Sequence

from forum.kernel.wording import join_words
from forum.tables.columns import FIGURES, Column, within
from forum.tables.results import Choice, Question, Refused, Wanted
from forum.tables.sheet import Table
from forum.tables.values import COMMA, MIXED, POINT

SHARE, RATE = "percentage", "rate"
MOST_SERIES = 60
#: As a percentage, 0.62 is 62 % or 0.62 %.
FRACTIONS, AS_THEY_ARE = "fractions", "percent"
#: Columns by which a file of figures is known that this site wrote: its decimals have points.
_OURS = {"date", "value", "unit", "licence", "citation"}
Parts = tuple[Column | None, Column | None, Column | None]


class Figures:
    """The choice of columns for a measure: `taken` is (value, numerator, denominator), `names` what they are called.

    `questions` says what else might be meant. Raises `Refused` where no column will do.
    """

    def __init__(self, table: Table, columns: Sequence[Column], measure: str, wanted: Wanted, separator: str) -> None:
        self.table, self.columns, self.measure, self.wanted, self.separator = table, columns, measure, wanted, separator
        self.questions: list[Question] = []
        self.names: dict[str, str] = {}
        self.taken: Parts = self._figures()
        self.scale = 1.0
        if not any(q.equal for q in self.questions):
            self._look()

    def _look(self) -> None:
        """Ask how the figures that were chosen are meant. Raises `Refused` where nobody can tell."""
        value, top, bottom = self.taken
        for column in self.taken:
            if column is not None:
                self._look_at(column)
        self.scale = self._scale(value, top, bottom)
        self._ask_parts(top, bottom)

    def _look_at(self, column: Column) -> None:
        if column.mixed:
            raise Refused(f"Some figures of “{column.name}” have a sign of percent, others none. Write all alike.")
        if column.decimals == MIXED:
            raise Refused(f"Some figures of “{column.name}” have a decimal point, others a decimal comma. Write all alike.")
        self._look_beside(column)
        self._ask_of_signs(column)
        if millions := column.millions:
            raise Refused(f"“{millions}” in the column “{column.name}” may be millions, minutes or metres. Write the number out.")

    def _ask_of_signs(self, column: Column) -> None:
        """Ask whether 1.234 is a thousand, in a text; where semicolons are between the columns, so 1,234 as well."""
        pointed = column.open_sign(".")
        # A column of which every figure has three decimals is likelier one of decimals than of thousands.
        even = bool(pointed) and all("." in cell or not re.search(r"\d", cell) for cell in column.filled)
        found = pointed or (column.open_sign(",") if self.separator == ";" else "")
        if not found or not self.separator or self.wanted.decimals or (even and self.separator == ","):
            return
        if {c.words for c in self.table.columns} >= _OURS:
            return
        thousands, parts = found.replace(".", ","), found.replace(",", ".")
        comma = Choice(f"{found} is {thousands if pointed else f'{parts[:-4]} and a part'}", (("decimals", COMMA),))
        point = Choice(f"{found} is {f'{parts[:-4]} and a part' if pointed else thousands}", (("decimals", POINT),))
        likelier = (comma if self.separator == ";" else point).words if even else ""
        self.questions.append(Question(f"What does {found} mean?", (point, comma), likelier))

    def _look_beside(self, column: Column) -> None:
        """Raise `Refused` where a thousand that nobody put in quotes was parted by the comma between the columns."""
        beside = next((c for c in self.table.columns if c.place == column.place + 1), None)
        if self.separator != "," or beside is None or (not self.table.headed and self.measure in {SHARE, RATE}):
            return
        for n, (one, more) in enumerate(zip(column.cells, beside.cells, strict=True)):
            parted = re.fullmatch(r"[-£]?\d+", one) and re.fullmatch(r"\d+(\.\d+)?", more) and n in self.table.longer
            if parted or (not beside.named and re.fullmatch(r"[-£]?\d{1,3}", one) and re.fullmatch(r"\d{3}(\.\d+)?", more)):
                raise Refused(f"“{one},{more}” may be one number or two. Put it in quotes, or leave out the comma within it.")

    def column(self, name: str) -> Column:
        """The column of that name. Raises `Refused`, and says what there is."""
        return named(self.columns, name, self.table)

    def _figures(self) -> Parts:
        """(value, numerator, denominator), of which those that the measure is made of are there."""
        w = self.wanted
        if w.value or w.numerator or w.denominator:
            chosen = [self.column(name) if name else None for name in (w.value, w.numerator, w.denominator)]
            if (chosen[1] is None) != (chosen[2] is None):
                raise Refused("Name the numerator and the denominator.")
            return self._take(*chosen)
        free = [c for c in self.columns if c.kind == FIGURES]
        named_so = {c.words: c for c in free}
        if "value" in named_so:
            parts = (named_so.get("numerator"), named_so.get("denominator"))
            return self._take(named_so["value"], *(parts if all(parts) else (None, None)))
        unread = next((c for c in self.columns if c.named and c.unread), None)
        if unread is not None:
            what = f"“{unread.unread}” in the column “{unread.name}” is not a number."
            raise Refused(f"{what} Put its figures right, or say which column has them.")
        if not free:
            raise Refused(
                f"None of the columns holds figures: {join_words([c.name for c in self.columns]) or 'there is only one column'}."
            )
        if self.measure in {SHARE, RATE}:
            return self._divided(free)
        return self._counted(free)

    def _take(self, value: Column | None, top: Column | None, bottom: Column | None) -> Parts:
        for name, column in (("value", value), ("numerator", top), ("denominator", bottom)):
            if column is not None:
                self.names[name] = column.name
        return value, top, bottom

    def _counted(self, free: list[Column]) -> Parts:
        if self.measure == "count":
            free = [c for c in free if not c.share and not c.rate] or free
        meant = sorted([c for c in free if not c.against] or free, key=lambda c: c.summed)
        if not self.table.headed and len(meant) > 1:
            # What never changes is likelier a target or a limit.
            meant = sorted(meant, key=lambda c: len(set(c.numbers)) < 2)[:1]
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

    def _divided(self, free: list[Column]) -> Parts:
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

    def _ask_parts(self, top: Column | None, bottom: Column | None) -> None:
        """Three columns without a heading may be a value and a note as well."""
        if not self.table.headed and self.measure == SHARE and top is not None:
            words = "Numerator and denominator, or value and note?"
            both = Choice("Numerator and denominator", (("numerator", top.name), ("denominator", bottom.name if bottom else "")))
            self.questions.append(Question(words, (both, Choice("Value and note", (("value", top.name),))), both.words))


def named(columns: Sequence[Column], name: str, table: Table) -> Column:
    """The column of that name. Raises `Refused`, and says what there is."""
    wanted = " ".join(name.split()).lower()
    found = next((c for c in columns if c.name.lower() == wanted), None) or next((c for c in columns if c.words == wanted), None)
    if found is None:
        raise Refused(f"There is no column “{name}”. There are: {join_words([c.name for c in table.columns])}.")
    return found
