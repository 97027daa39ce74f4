"""A file of figures, of whatever kind, as sheets."""

from forum.tables.sheet import Sheet
from forum.tables.text import decode, sheet_of_text
from forum.tables.workbook import Unreadable, is_workbook, sheets_of

__all__ = ["Unreadable", "sheets_of_file"]


def sheets_of_file(data: bytes) -> list[Sheet]:
    """Return the sheets of a workbook, or the one of a text. Raises `Unreadable`, with words for whoever sent it."""
    if not data.strip():
        raise Unreadable("The file is empty.")
    if is_workbook(data):
        return sheets_of(data)
    if data.startswith(b"%PDF"):
        raise Unreadable("This is a PDF. Copy the table out of it and paste it below, or ask for the workbook it was made from.")
    if data.startswith(b"{\\rtf"):
        raise Unreadable("This is a Rich Text file. Copy the table out of it and paste it below.")
    if data[:2] == b"\xff\xd8" or data.startswith(b"\x89PNG"):
        raise Unreadable("This is a picture. Upload the workbook or CSV file that has the figures.")
    text = decode(data)
    if "\x00" in text or sum(not c.isprintable() and c not in "\r\n\t" for c in text[:2_000]) > 20:
        raise Unreadable("This is no text and no workbook. Save the table as .xlsx or CSV, then upload that.")
    return [sheet_of_text(text)]
