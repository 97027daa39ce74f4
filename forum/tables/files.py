"""A file of figures, of whatever kind, as sheets."""

from forum.kernel.kinds import IN_WORDS, FileKind, kind_of
from forum.tables.sheet import Sheet
from forum.tables.text import decode, sheet_of_text
from forum.tables.workbook import Unreadable, sheets_of

__all__ = ["Unreadable", "sheets_of_file"]

_PASTE = "Copy the table out of it and paste it below."
_SAVE = "Save the table as .xlsx or CSV, then upload that."
#: What to do with a file of another kind; of those that are not here the same as for most.
_INSTEAD: dict[FileKind, str] = {
    **dict.fromkeys(("pdf", "rtf", "docx", "doc", "odt", "pptx", "ppt"), _PASTE),
    "iwork": "Choose File, Export To, Excel or CSV there, then upload that.",
    "locked": "Save a copy without the password, then upload that.",
    "broken package": "Save it again as .xlsx, then upload that.",
    "picture": "Upload the workbook or CSV file that has the figures.",
}


def sheets_of_file(data: bytes) -> list[Sheet]:
    """Return the sheets of a workbook, or the one of a text. Raises `Unreadable`, with words for whoever sent it."""
    kind = kind_of(data)
    if kind == "empty":
        raise Unreadable("The file is empty.")
    if kind in {"xlsx", "xls"}:
        return sheets_of(data)
    text = decode(data) if kind in {"text", "other"} else ""
    if not text or "\x00" in text or sum(not c.isprintable() and c not in "\r\n\t" for c in text[:2_000]) > 20:
        raise Unreadable(f"This is {IN_WORDS[kind]}. {_INSTEAD.get(kind, _SAVE)}")
    return [sheet_of_text(text)]
