"""Workbooks as sheets of cells in which each cell says what Excel shows, so that an upload and a paste of the same sheet agree.

openpyxl reads .xlsx, xlrd reads .xls: both give the formats of numbers, without which 0.6 is not 60%. Formulas count by the values
that were stored with them.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from forum.tables.sheet import WIDEST, Line, Sheet

#: What a workbook may unpack to: a small file can hold a very large one.
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_SHEETS, MOST_LINES, MOST_CELLS = 40, 10_100, 700_000
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECIMALS = re.compile(r"0\.(0+)")
_COLUMN, _ENDS = re.compile(rb"<col\b[^>]{1,400}>"), re.compile(rb'\b(min|max)="(\d{1,6})"')
_ROW, _NUMBER, _HIDDEN = re.compile(rb"<row\b[^>]{1,400}>"), re.compile(rb'\br="(\d{1,7})"'), re.compile(rb'\bhidden="(?:1|true)"')


class Unreadable(ValueError):
    """The file is no workbook that can be read; the message says of what kind it is, and what to do."""


def sheets_of(data: bytes) -> list[Sheet]:
    """Return the sheets of a workbook that somebody can see, in its order. Raises `Unreadable`."""
    if data[:8] == _OLD:
        return _old(data)
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Unreadable("The workbook is too large to read. Keep the sheet that is needed, or save it as CSV.")
    except BadZipFile as error:
        raise Unreadable("The file is cut off or damaged. Save it again as .xlsx, then upload that.") from error
    from openpyxl import load_workbook  # late: few processes ever read a workbook

    try:
        # Line by line: a book as a whole takes fifty times its size.
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        with ZipFile(BytesIO(data)) as archive:
            visible = [sheet for sheet in book.worksheets[:MOST_SHEETS] if sheet.sheet_state == "visible"]
            return [_sheet(sheet, archive) for sheet in visible]
    except Unreadable:
        raise
    except Exception as error:
        # A workbook can be wrong in as many ways as its reader has assumptions.
        raise Unreadable("Excel's file cannot be read. Open it, save it again as .xlsx, and upload that.") from error


def _sheet(sheet: Any, archive: ZipFile) -> Sheet:
    # What is read line by line does not tell what is hidden.
    source = archive.read(sheet._worksheet_path.lstrip("/"))
    hidden = _hidden_lines(source)
    lines, count = [], 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = tuple(shown(cell.value, cell.number_format) if cell.value is not None else "" for cell in row[:WIDEST])
        count += len(row)
        if any(cells):
            lines.append(Line(number, cells, number in hidden))
        if number >= MOST_LINES or count >= MOST_CELLS:
            break
    return Sheet(sheet.title, tuple(lines), _hidden_columns(source))


def _hidden_lines(source: bytes) -> set[int]:
    return {int(number[1]) for row in _ROW.findall(source) if _HIDDEN.search(row) and (number := _NUMBER.search(row))}


def _hidden_columns(source: bytes) -> frozenset[int]:
    found: set[int] = set()
    for column in _COLUMN.findall(source.partition(b"<sheetData")[0]):
        ends = dict(_ENDS.findall(column))
        if _HIDDEN.search(column) and len(ends) == 2:
            found.update(range(int(ends[b"min"]) - 1, min(int(ends[b"max"]), WIDEST)))
    return frozenset(found)


def shown(value: Any, form: str) -> str:
    """Return what Excel shows for a value in that format of numbers: dates in ISO form, numbers with their decimals and percent."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    if not isinstance(value, int | float):
        return str(value)
    form = form.partition(";")[0]
    percent = "%" in re.sub(r'"[^"]*"|\\.', "", form)
    number = value * 100 if percent else value
    found = _DECIMALS.search(form)
    if found or (re.search(r"0(?!\.)", form.replace("General", "")) and isinstance(value, float)):
        text = f"{number:.{len(found[1]) if found else 0}f}"
    else:
        text = str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(f"{number:.12g}"))
    return text + ("%" if percent else "")


def _old(data: bytes) -> list[Sheet]:
    """A workbook of Excel 97 to 2003."""
    import xlrd  # late, as above

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise Unreadable("The workbook has a password. Save a copy without one, then upload that.") from error
        raise Unreadable("This is no Excel workbook. Save it as .xlsx or CSV, then upload that.") from error
    except Exception as error:
        # As for the newer kind.
        raise Unreadable("Excel's file cannot be read. Open it, save it again as .xlsx, and upload that.") from error
    visible = [sheet for sheet in book.sheets()[:MOST_SHEETS] if sheet.visibility == 0]
    return [Sheet(sheet.name, tuple(_old_lines(book, sheet)), _old_hidden(sheet)) for sheet in visible]


def _old_hidden(sheet: Any) -> frozenset[int]:
    return frozenset(n for n, about in sheet.colinfo_map.items() if about.hidden and n < WIDEST)


def _old_lines(book: Any, sheet: Any) -> Iterator[Line]:
    for n in range(min(sheet.nrows, MOST_LINES)):
        cells = tuple(_old_cell(book, cell) for cell in sheet.row(n)[:WIDEST])
        if any(cells):
            about = sheet.rowinfo_map.get(n)
            yield Line(n + 1, cells, bool(about is not None and about.hidden))


def _old_cell(book: Any, cell: Any) -> str:
    import xlrd

    if cell.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
        return ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_DATE:
        return shown(xlrd.xldate_as_datetime(cell.value, book.datemode), "")
    form = book.format_map[book.xf_list[cell.xf_index].format_key].format_str if cell.ctype == xlrd.XL_CELL_NUMBER else ""
    return shown(cell.value, form)
