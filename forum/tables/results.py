"""What is asked of a table, and what comes of reading it: points, questions, and what was left out."""

from dataclasses import dataclass, field
from datetime import date

from forum.tables.sheet import LeftOut, Table


class Refused(ValueError):
    """The table cannot be read for this measure. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody has chosen; "" for what the table decides. `where` narrows it to lines with these cells, by column."""

    sheet: str = ""
    date: str = ""
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    where: tuple[tuple[str, str], ...] = ()
    dates: str = ""
    scale: str = ""
    #: The number of the line that is the heading, or `sheet.NO_HEADING`.
    heading: str = ""
    decimals: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to a question: its words, and the option that gives it, such as ("where", "org_code=AAA")."""

    words: str
    option: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the table leaves open. `chosen` is the answer that is taken; "" where two are equally likely."""

    words: str
    choices: tuple[Choice, ...]
    chosen: str = ""

    @property
    def equal(self) -> bool:
        return not self.chosen

    @property
    def about(self) -> str:
        """The first option that answers it, a name of `Wanted`'s fields; "" where there is nothing to choose."""
        return next((option[0][0] for choice in self.choices if (option := choice.option)), "")


@dataclass(frozen=True, slots=True)
class Point:
    """A point as the table gives it. Without a value, `note` says why."""

    line: int
    date: date
    value: float | None
    note: str = ""
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class Reading:
    """What was read of one sheet. `read` names the columns by what they were taken for, `offered` what else the table says."""

    sheet: str
    table: Table
    points: tuple[Point, ...] = ()
    read: dict[str, str] = field(default_factory=dict)
    not_read: tuple[str, ...] = ()
    offered: dict[str, object] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def open(self) -> Question | None:
        """The first question without an answer: no points before it has one."""
        return next((q for q in self.questions if q.equal), None)

    @property
    def several(self) -> Question | None:
        """The question which of several series is meant: of lines, or else of columns of figures."""
        asked = [q for about in ("where", "value") for q in self.questions if q.about == about]
        return next((q for q in asked if len(q.choices) > 1), None)
