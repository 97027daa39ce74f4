"""Many case studies in one spreadsheet, as a workbook or CSV: a row each, a column for each field by its name or as the form asks for it.

A list has its entries between semicolons. Rows and grids have one row a line, cells between upright bars in the order of the form; a
grid's line begins with its key. The column "key" names a row from one import to the next; without it the title does.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from forum.case_studies.record.values import ITEMS, normal
from forum.case_studies.transfer.read_file import ImportedText, texts_of
from forum.case_studies.transfer.unfit import unfit
from forum.documents.uploads import size_in_words
from forum.kernel.kinds import IN_WORDS, kind_of, text_of
from forum.kernel.text import clean, slugify
from forum.records.items import CHOICE, CHOICES, GRID, MONTH, NAMES, Field, Item, Part
from forum.tables.sheet import WIDEST
from forum.tables.workbook import sheets_of

LARGEST = 20_000_000
#: The endings of files that are tables.
TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xls"})
MOST_ROWS = 10_000
SEPARATORS = ",;\t"
OTHER = ("key", "author", "source_url")


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())


#: What may stand over a column, in small letters and without marks → its name. A field's own name counts before another's question.
BY_HEADING = {
    **{_plain(item.heading): name for name, item in ITEMS.items()},
    **{_plain(item.question): name for name, item in ITEMS.items()},
    **{_plain(name): name for name in (*ITEMS, *OTHER)},
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its number as a spreadsheet counts, and the text to import, or what is wrong with it.

    `wrong` is set where it cannot be read, `unfit` where it is no case study.
    """

    number: int
    text: ImportedText | None = None
    wrong: str = ""
    unfit: str = ""


def read_table(data: bytes, name: str) -> Iterator[TableRow]:
    """Each row by itself; `name` is the table's own. Raises ValueError for a table that cannot be read, and says what to do."""
    if len(data) > LARGEST:
        raise ValueError(f"the table has {size_in_words(len(data))}; at most {size_in_words(LARGEST)} are taken. Split it in two.")
    kind = kind_of(data)
    if kind in {"xlsx", "xls"}:
        yield from _of_workbook(data, name)
        return
    text = text_of(data)
    if kind == "empty":
        raise ValueError("the table is empty")
    if kind != "text" or text is None:
        raise ValueError(f"it is {IN_WORDS[kind]}, whatever its name says. Save it as .xlsx or CSV from the program that made it.")
    yield from _table(name, enumerate(_rows(*_separated(clean(text))), 1))


def _of_workbook(data: bytes, name: str) -> Iterator[TableRow]:
    """The rows of the sheet with the most headings of ours; what else there is in it is told."""
    sheets = [sheet for sheet in sheets_of(data) if sheet.lines]
    if not sheets:
        raise ValueError("the table is empty")
    sheet = max(sheets, key=lambda s: _known(s.lines[0].cells))
    if len(sheet.lines) >= MOST_ROWS or max(len(line.cells) for line in sheet.lines) >= WIDEST:
        raise ValueError(f"the sheet “{sheet.name}” has too many rows or columns to be read whole. Split it, or save it as CSV.")
    if others := [f"“{s.name}”" for s in sheets if s is not sheet]:
        yield TableRow(1, unfit=f"the sheet “{sheet.name}” is read; these are not: {', '.join(others)}")
    yield from _table(name, ((line.number, [clean(cell) for cell in line.cells]) for line in sheet.lines))


def _table(name: str, rows: Iterator[tuple[int, list[str]]]) -> Iterator[TableRow]:
    names = _names(next(rows, (1, []))[1])
    seen: set[str] = set()
    for number, cells in rows:
        yield _row_of(name, number, dict(zip_longest(names, cells[: len(names)], fillvalue="")), seen, cells[len(names) :])


def _known(headings: Iterable[str]) -> int:
    return sum(_plain(heading) in BY_HEADING for heading in headings)


def _separated(text: str) -> tuple[str, str]:
    """The table and what stands between its cells: what it says itself, or else what finds the most headings in its first row."""
    first, _, below = text.partition("\n")
    if said := re.fullmatch(r"sep=(.)\s*", first, re.I):
        return below, said[1]

    def found(separator: str) -> tuple[int, int]:
        names = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        return _known(names), len(names)

    return text, max(SEPARATORS, key=found)


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from rows
    except csv.Error as error:
        problem = "a cell is too long to be read, perhaps because a quotation mark before it is never closed"
        raise ValueError(f"line {rows.line_num}: {problem}") from error


def _names(headings: list[str]) -> list[str]:
    """The names of the columns. Raises ValueError over one that is none of ours, one that comes twice, and a missing title."""
    while headings and not headings[-1].strip():
        headings = headings[:-1]
    if not headings:
        raise ValueError("the table has no headings in its first row")
    such = "A column is headed as the form asks, or by the field's name, such as “Title”, “What was the problem?” or “problem”"
    if unknown := sorted({h.strip() for h in headings if _plain(h) not in BY_HEADING}):
        raise ValueError(f"row 1: unknown columns: {', '.join(f'“{h}”' for h in unknown)}. {such}. Rename them or take them out.")
    names = [BY_HEADING[_plain(heading)] for heading in headings]
    if twice := sorted({h.strip() for h, name in zip(headings, names, strict=True) if names.count(name) > 1}):
        raise ValueError(f"row 1: these columns mean the same: {', '.join(f'“{h}”' for h in twice)}. Put them into one.")
    if "title" not in names:
        raise ValueError(f"row 1: there is no column “Title”. {such}.")
    return names


def _row_of(table: str, number: int, cells: dict[str, str], seen: set[str], beyond: list[str]) -> TableRow:
    if any(cell.strip() for cell in beyond):
        return TableRow(number, wrong="it has more cells than there are columns")
    if not any(v.strip() for v in cells.values()):
        return TableRow(number, unfit="it is empty")
    try:
        text = _text(table, cells)
    except ValueError as error:
        return TableRow(number, wrong=str(error))
    why = unfit("", text.title, texts_of(text.record or {}))
    if why:
        return TableRow(number, unfit=why)
    if text.source_key in seen:
        return TableRow(number, wrong="it has the key or title of a row before it")
    seen.add(text.source_key)
    return TableRow(number, text)


def _text(table: str, row: dict[str, str]) -> ImportedText:
    record = normal({name: value(item, row[name]) for name, item in ITEMS.items() if name in row})
    return ImportedText(
        source_key=f"{table}:{row.get('key') or slugify(row['title'], 120)}",
        digest=hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest(),
        title=record.get("title", ""),
        summary=record.get("summary", ""),
        published=None,
        author=row.get("author", ""),
        tags=(),
        fields={},
        rest="",
        about="",
        licence=record.get("licence", ""),
        source_name=table,
        source_url=row.get("source_url", "") if row.get("source_url", "").startswith("https://") else "",
        warnings=(),
        record=record,
    )


def value(item: Item, text: str) -> object:
    """A cell of the spreadsheet as the value of an item; labels of choices are taken as well as their short names."""
    if isinstance(item, Field) or item.shape == MONTH:
        return text
    if item.shape == CHOICE:
        return _slug(item, text.strip())
    if item.shape in {CHOICES, NAMES}:
        entries = [entry.strip() for entry in text.split(";") if entry.strip()]
        return entries if item.shape == NAMES else [_slug(item, entry) for entry in entries]
    return [_row(item, line) for line in text.split("\n") if line.strip()]


def _slug(part: Part, text: str) -> str:
    return {label.casefold(): slug for slug, label in part.options.labels().items()}.get(text.casefold(), text)


def _row(part: Part, line: str) -> dict[str, str]:
    cells = [cell.strip() for cell in line.split("|")]
    names = (["key"] if part.shape == GRID else []) + [c.name for c in part.columns]
    if len(cells) > len(names):
        raise ValueError(
            f"a line of “{part.name}” has {len(cells)} parts between bars; it can have {len(names)}: {', '.join(names)}"
        )
    return dict(zip(names, cells, strict=False))
