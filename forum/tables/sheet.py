"""Sheets, their lines, and the table that was found in one: `finding` finds it."""

import re
from dataclasses import dataclass, field

from forum.tables import dates
from forum.tables.columns import Column

TOTALS = re.compile(
    r"^(?:grand |sub-?|year |ytd |running )?(?:totals?|sum|average|mean|overall|ytd|year to date|cumulative)\b[: ]*", re.I
)
_SOURCE = re.compile(
    r"^(?:source|notes?|n\.?b\.?|contact|published|last updated|produced|prepared|data (?:source|from)|copyright|©)\b", re.I
)
#: Lines looked through for a heading, and columns taken of each line.
MOST_ABOVE, WIDEST = 60, 200
#: Why lines are left out that stand around the figures.
TITLE, TOTAL, SOURCE = "title", "total", "source or note"
AROUND = (TITLE, TOTAL, SOURCE)
HIDDEN = "hidden in the sheet"
#: What stands across of a table that was turned.
DATES, YEARS = "dates", "months and years"
#: A choice of heading for a table that has none.
NO_HEADING = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table, numbered from 1 as a spreadsheet does, with its cells as they are shown."""

    number: int
    cells: tuple[str, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line, or several, that say no point of the series, and why; 0 for several."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or a text that was pasted."""

    name: str
    lines: tuple[Line, ...]
    #: The places, from 0, of columns that nobody sees.
    hidden: frozenset[int] = frozenset()
    #: What parted the cells of a text; "" for a workbook, whose cells are sure.
    separator: str = ""

    @property
    def empty(self) -> bool:
        return not any(any(cell.strip() for cell in line.cells) for line in self.lines)


@dataclass(frozen=True)
class Table:
    """The table of a sheet: its columns with the lines that have figures, and what was left out around them.

    `heads` are the lines of its heading, `across` says what of its dates stood across (`DATES`, or `YEARS` where months stood
    down or the other way round), `others` are the headings of further tables in the sheet. `wrong` is why it cannot be read.
    """

    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    left_out: tuple[LeftOut, ...] = field(default=())
    heads: tuple[int, ...] = ()
    across: str = ""
    others: tuple[LeftOut, ...] = ()
    wrong: str = ""
    #: Lines of a word or two among the figures, which may begin another series.
    labels: tuple[LeftOut, ...] = ()
    #: Which of its lines, from 0, have more cells than the heading.
    longer: frozenset[int] = frozenset()

    @property
    def headed(self) -> bool:
        """Whether a heading stands over the columns."""
        return bool(self.heads)

    @property
    def turned(self) -> bool:
        """Whether dates stood across, so that each of its lines is a column here."""
        return bool(self.across)

    @property
    def bare(self) -> bool:
        """Whether it is two columns of figures and nothing else: no heading, no title, no source."""
        around = any(out.why in AROUND for out in self.left_out)
        return not (self.headed or self.turned or around) and len(self.columns) <= 2


def cell_of(line: Line, place: int) -> str:
    """The cell at a place, from 0; "" beyond its end."""
    return line.cells[place] if place < len(line.cells) else ""


def filled(line: Line) -> list[str]:
    """The cells of a line that say something."""
    return [cell for cell in line.cells if cell]


def text_of(line: Line) -> str:
    """A line in words, cut where it is long."""
    return " ".join(filled(line))[:120]


def why_around(line: Line) -> str:
    """Why a line is none of the figures by its first words: a total, or a source; "" for neither."""
    cells = filled(line)
    if dates.is_date(cells[0]):
        return ""
    return TOTAL if TOTALS.match(cells[0]) else SOURCE if _SOURCE.match(cells[0]) else ""
