"""Figures out of an uploaded file: CSV or an Excel workbook becomes the lines that the form shows, to be looked at first."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from forum.kernel.errors import Invalid
from forum.spc.read.series import LONGEST, MOST_POINTS

LARGEST = 2 * 1024 * 1024
#: What a workbook may unpack to: a small file can hold a very large one.
LARGEST_UNPACKED = 60 * 1024 * 1024
WIDEST = 20
_WRONG = "This file cannot be read. Save it as CSV or as an Excel workbook (.xlsx), or paste the two columns below."


def lines_of_file(data: bytes) -> str:
    """A line for each row of the first sheet that has any, cells parted by tabs. Raises `Invalid`, with words."""
    if not data:
        raise Invalid("The file is empty.", "file")
    if len(data) > LARGEST:
        raise Invalid("The file is larger than 2 MB. Keep the two columns that are needed, or paste them below.", "file")
    text = _workbook(data) if data[:4] == b"PK\x03\x04" else _text(data)
    if len(text) > LONGEST:
        raise Invalid(f"There is far more in it than {MOST_POINTS:,} points. Keep the two columns that are needed.", "file")
    return text


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid(_WRONG, "file")


def _workbook(data: bytes) -> str:
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise Invalid(_WRONG, "file")
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(nrows=MOST_POINTS + 50)
            lines = ["\t".join(_cell(cell) for cell in row[:WIDEST]).strip() for row in rows]
            if any(lines):
                return "\n".join(lines)
    except (CalamineError, BadZipFile, ValueError) as error:
        raise Invalid(_WRONG, "file") from error
    raise Invalid("There is nothing in the file.", "file")


def _cell(value: int | float | str | bool | time | date | datetime | timedelta) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return " ".join(str(value).split())
