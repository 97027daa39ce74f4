"""Tables of Word files as people lay them out: columns by what stands in them, a head on every page, no row cut in two."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

#: In twentieths of a point: a letter of the tables' size, one of a strong word that must not be broken, the room beside the words
#: of a cell, a line, and a page.
LETTER, STRONG, ROOM, LINE, PAGE = 98, 118, 230, 240, 13_000
#: No column has to have room for a longer word; a line as short as a date is not broken where there is room for all such.
LONGEST_WORD, SHORT_LINE = 22, 18
#: Rows that are looked at for the widths, and steps in which spare room is given away.
SAMPLE, STEPS = 40, 60
#: A table of so few lines stays on one page.
FEW_LINES = 7
#: Writes the words of a cell into its first paragraph.
Fill = Callable[[Paragraph], object]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words as far as they decide on the width, and what writes it."""

    text: str
    fill: Fill


@dataclass(frozen=True, slots=True)
class Look:
    """How a table is laid out: `head` for a first row that names the columns, else the first column names the rows; columns of
    numbers stand to the right."""

    style: str
    head: bool = True
    numbers: frozenset[int] = frozenset()


def add_table(document: Docx, rows: Sequence[Sequence[Cell]], look: Look, room: int) -> None:
    """Add a table in `room`; several of the same rows, each with the first column, where there are too many columns for one."""
    width = max(map(len, rows), default=0)
    for columns, widths in pieces([[cell.text for cell in row] for row in rows], width, room):
        _add(document, [[row[n] if n < len(row) else _NOTHING for n in columns] for row in rows], look, columns, widths)
        document.add_paragraph(style="Table End")


_NOTHING = Cell("", lambda _: None)


def _add(document: Docx, rows: Sequence[Sequence[Cell]], look: Look, columns: Sequence[int], widths: Sequence[int]) -> None:
    table: Table = document.add_table(0, len(widths), look.style)
    _frame(table, look, widths)
    heights = [max(_lines(cell.text, w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    short = sum(heights) <= FEW_LINES
    styles = [document.styles[name].style_id for name in ("Table Text", "Table Head")]
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        head = look.head and not number
        line = OxmlElement("w:tr")
        about = OxmlElement("w:trPr")
        # What is longer than half a page may be cut: else it would leave the rest of a page empty.
        if height * LINE < PAGE / 2:
            about.append(OxmlElement("w:cantSplit"))
            about.extend([OxmlElement("w:tblHeader")] if head else [])
        line.append(about)
        table._tbl.append(line)
        follows = (head or short) and number < len(rows) - 1
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            named = head or (not look.head and not place)
            paragraph = _cell(table, line, width, styles[named])
            if follows:
                paragraph.paragraph_format.keep_with_next = True
            if columns[place] in look.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            cell.fill(paragraph)


def _cell(table: Table, line: Any, width: int, style: str) -> Paragraph:
    element, about, size = OxmlElement("w:tc"), OxmlElement("w:tcPr"), OxmlElement("w:tcW")
    size.set(qn("w:w"), str(width))
    size.set(qn("w:type"), "dxa")
    about.append(size)
    element.append(about)
    element.append(OxmlElement("w:p"))
    line.append(element)
    # By its id: a name would be looked up once more for each of thousands of cells.
    element[-1].style = style
    return Paragraph(element[-1], table)


def _frame(table: Table, look: Look, widths: Sequence[int]) -> None:
    """Fixed widths, and for those who listen whether the first row or the first column names the others."""
    table.autofit = False
    about = table._tbl.tblPr
    size = about.find(qn("w:tblW"))
    size.set(qn("w:w"), str(sum(widths)))
    size.set(qn("w:type"), "dxa")
    marks = about.find(qn("w:tblLook"))
    for name, value in (("firstRow", look.head), ("firstColumn", not look.head), ("noHBand", True), ("noVBand", True)):
        marks.set(qn(f"w:{name}"), str(int(value)))
    marks.set(qn("w:val"), "0620" if look.head else "0680")
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))


def pieces(rows: Sequence[Sequence[str]], width: int, room: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield (columns, their widths) of each piece that a table of these texts is cut into: one, unless its words need more room."""
    texts = [[row[n] if n < len(row) else "" for row in rows] for n in range(width)]
    least = [min(room // 2, ROOM + STRONG * min(LONGEST_WORD, _longest(words for t in ts for words in t.split()))) for ts in texts]
    whole = [
        max(low, ROOM + LETTER * _longest(line for t in ts for line in t.split("\n") if len(line) <= SHORT_LINE))
        for ts, low in zip(texts, least, strict=True)
    ]
    least = whole if sum(whole) <= room else least
    columns = list(range(width))
    while columns:
        taken, used = list[int](), 0
        for n in columns:
            if taken and used + least[n] > room:
                break
            taken.append(n)
            used += least[n]
        rest = columns[len(taken) :]
        yield taken, _widths([texts[n] for n in taken], [least[n] for n in taken], room)
        columns = [columns[0], *rest] if rest and least[columns[0]] + least[rest[0]] <= room else rest


def _widths(texts: Sequence[Sequence[str]], least: Sequence[int], room: int) -> list[int]:
    """What each column gets: all that its lines need where there is room for all, else what keeps the table shortest."""
    wanted = [
        max(low, ROOM + LETTER * _longest(line for t in ts for line in t.split("\n"))) for ts, low in zip(texts, least, strict=True)
    ]
    if sum(wanted) <= room:
        wider = min(1.25, room / sum(wanted))
        return [int(width * wider) for width in wanted]
    widths = [min(low, room) for low in least]
    step = max(1, (room - sum(widths)) // STEPS)
    rows = _sample(texts)
    while sum(widths) + step <= room:
        gains = [_height(rows, widths, n, step) if widths[n] < wanted[n] else float("inf") for n in range(len(widths))]
        widths[min(range(len(widths)), key=gains.__getitem__)] += step
    return widths


def _sample(texts: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Some of the rows, from all over the table, and of each column the one with most in it."""
    rows = list(zip(*texts, strict=True))
    full = [column.index(max(column, key=len)) for column in texts]
    return [rows[n] for n in sorted({*range(0, len(rows), max(1, len(rows) // SAMPLE)), *full})]


def _height(rows: Sequence[Sequence[str]], widths: Sequence[int], wider: int, step: int) -> float:
    """How high the rows are once a column is so much wider; what all cells hold decides between equals."""
    total = 0.0
    for row in rows:
        parts = [
            len(t) * LETTER / (w - ROOM + (step if n == wider else 0)) for n, (t, w) in enumerate(zip(row, widths, strict=True))
        ]
        total += max(1.0, *parts) + 0.01 * sum(parts)
    return total


def _lines(text: str, width: int) -> int:
    return sum(1 + len(line) * LETTER // max(width - ROOM, LETTER) for line in text.split("\n"))


def _longest(texts: Iterator[str]) -> int:
    return max(map(len, texts), default=1)
