"""Many case studies in one spreadsheet, saved as CSV: a row each, a column for each field by its name.

A list has its entries between semicolons. Rows and grids have one row a line, cells between upright bars in the order of the form; a
grid's line begins with its key. The column "key" names a row from one import to the next; without it the title does.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from forum.case_studies.record.values import ITEMS, normal
from forum.case_studies.transfer.read_file import ImportedText, texts_of
from forum.case_studies.transfer.unfit import unfit
from forum.kernel.text import clean, slugify
from forum.records.items import CHOICE, CHOICES, GRID, MONTH, NAMES, Field, Item, Part

LARGEST = 20_000_000
OTHER = {"key", "author", "source_url"}


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its number as a spreadsheet counts, and the text to import, or what is wrong with it.

    `wrong` is set where it cannot be read, `unfit` where it is no case study.
    """

    number: int
    text: ImportedText | None = None
    wrong: str = ""
    unfit: str = ""


def read_table(path: Path) -> Iterator[TableRow]:
    """Each row by itself. Raises ValueError for a table that cannot be read, and says which column is unknown."""
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        raise ValueError(f"the table has {len(raw):,} bytes; at most {LARGEST:,} are taken")
    rows = csv.reader(io.StringIO(clean(raw.decode("utf-8-sig")), newline=""))
    names = next(rows, [])
    if not any(names):
        raise ValueError("the table is empty")
    unknown = sorted({name for name in names if name not in ITEMS and name not in OTHER})
    if unknown or "title" not in names:
        problem = f"unknown columns: {', '.join(unknown)}" if unknown else "there is no column “title”"
        raise ValueError(f"{problem}; a column has the name of a field, such as title, problem or costs")
    seen: set[str] = set()
    for number, cells in enumerate(rows, 2):
        yield _row_of(path, number, dict(zip_longest(names, cells[: len(names)], fillvalue="")), seen, cells[len(names) :])


def _row_of(path: Path, number: int, cells: dict[str, str], seen: set[str], beyond: list[str]) -> TableRow:
    if any(cell.strip() for cell in beyond):
        return TableRow(number, wrong="it has more cells than there are columns")
    if not any(v.strip() for v in cells.values()):
        return TableRow(number, unfit="it is empty")
    try:
        text = _text(path, cells)
    except ValueError as error:
        return TableRow(number, wrong=str(error))
    why = unfit("", text.title, texts_of(text.record or {}))
    if why:
        return TableRow(number, unfit=why)
    if text.source_key in seen:
        return TableRow(number, wrong="it has the key or title of a row before it")
    seen.add(text.source_key)
    return TableRow(number, text)


def _text(path: Path, row: dict[str, str]) -> ImportedText:
    record = normal({name: value(item, row[name]) for name, item in ITEMS.items() if name in row})
    return ImportedText(
        source_key=f"{path.stem}:{row.get('key') or slugify(row['title'], 120)}",
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
        source_name=path.stem,
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
