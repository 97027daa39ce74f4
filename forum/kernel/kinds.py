"""What kind of file some bytes are, told from the bytes and never from a name: one answer for every way in.

A kind is named here and nothing more. Whether a file of a kind is whole, and whether it is taken, is for those who open it.
"""

import json
import re
import zipfile
import zlib
from io import BytesIO
from struct import error as StructError
from typing import Literal

FileKind = Literal[
    "empty", "text", "rtf", "xml", "json", "picture", "phone picture", "other picture", "pdf", "docx", "xlsx", "pptx",
    "odt", "ods", "odp", "iwork", "archive", "doc", "xls", "ppt", "locked", "outlook", "old office", "broken package", "other",
]  # fmt: skip

#: Each kind as a sentence names it.
IN_WORDS: dict[FileKind, str] = {
    "empty": "an empty file",
    "text": "plain text",
    "rtf": "a rich text file (.rtf)",
    "xml": "an XML file",
    "json": "a file of data for programs (JSON)",
    "picture": "a picture",
    "phone picture": "a HEIC or AVIF picture",
    "other picture": "a TIFF or BMP picture",
    "pdf": "a PDF",
    "docx": "a Word file (.docx)",
    "xlsx": "an Excel file (.xlsx)",
    "pptx": "a PowerPoint file (.pptx)",
    "odt": "an OpenDocument text (.odt)",
    "ods": "an OpenDocument spreadsheet (.ods)",
    "odp": "an OpenDocument presentation (.odp)",
    "iwork": "a file of Pages, Numbers or Keynote",
    "archive": "an archive of other files, such as .zip",
    "doc": "an old Word file (.doc)",
    "xls": "an old Excel file (.xls)",
    "ppt": "an old PowerPoint file (.ppt)",
    "locked": "a file with a password",
    "outlook": "a message saved from Outlook (.msg)",
    "old office": "a file of an old Office program",
    "broken package": "a Word, Excel or other packed file that is cut off or damaged",
    "other": "a kind of file that the site cannot read",
}

_STARTS: tuple[tuple[re.Pattern[bytes], FileKind], ...] = (
    (re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}WEBP", re.S), "picture"),
    (re.compile(rb".{4}ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1|avi[fs])", re.S), "phone picture"),
    (re.compile(rb"II\*\x00|MM\x00\*|BM.{4}\x00{4}", re.S), "other picture"),
    (re.compile(rb"%PDF-"), "pdf"),
    (re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b\x08"), "archive"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}\{\\rtf"), "rtf"),
)
_PACKAGE = b"PK\x03\x04"
_NOTHING_PACKED = b"PK\x05\x06"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What an old file calls the part that its program reads; the first of them is of the file itself, not of one inside it.
_STREAMS: dict[str, FileKind] = {
    "WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt", "EncryptedPackage": "locked",
    "__properties_version1.0": "outlook",
}  # fmt: skip
_STREAM = re.compile(b"|".join(re.escape(f"{name}\0".encode("utf-16-le")) for name in _STREAMS))
_OPEN_DOCUMENT: tuple[tuple[bytes, FileKind], ...] = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
)
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_of(data: bytes) -> FileKind:
    """The kind of a file. What is not known by its first bytes and reads as text is text."""
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\t\r\n \x00"):
        return "empty"
    for start, kind in _STARTS:
        if start.match(data):
            return kind
    if data.startswith((_PACKAGE, _NOTHING_PACKED)):
        return _package(data)
    if data.startswith(_OLD_OFFICE):
        found = _STREAM.search(data)
        return _STREAMS[found[0].decode("utf-16-le").rstrip("\0")] if found else "old office"
    text = text_of(data)
    if text is None:
        return "other"
    if text.lstrip().startswith("<?xml"):
        return "xml"
    return "json" if _is_json(text) else "text"


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def text_of(data: bytes) -> str | None:
    """The text in one of the encodings that word processors and spreadsheets write; None for what is no text."""
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        # Five bytes, such as 0x81, are not defined in Windows-1252, so that most files that are not text fail here.
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _HIDDEN.search(text) else text
    return None


#: The program that a package of XML parts is for, as its list of types says; templates and files with macros count as its own.
_PROGRAMS: tuple[tuple[re.Pattern[bytes], str, FileKind], ...] = (
    (re.compile(rb"wordprocessingml\.\w+\.main\+xml|vnd\.ms-word\.\w+\.macroenabled", re.I), "word/document.xml", "docx"),
    (re.compile(rb"spreadsheetml\.\w+\.main\+xml|vnd\.ms-excel\.\w+\.macroenabled", re.I), "xl/workbook.xml", "xlsx"),
    (re.compile(rb"presentationml\.\w+\.main\+xml|vnd\.ms-powerpoint\.\w+\.macroenabled", re.I), "ppt/presentation.xml", "pptx"),
)
_TYPES = "[Content_Types].xml"
_MOST_TYPES = 1_000_000


def _package(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            entries = packed.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                return "locked"
            names = {entry.filename for entry in entries}
            declared = _beginning(packed, "mimetype") if "mimetype" in names else b""
            types = _beginning(packed, _TYPES) if _TYPES in names else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError, StructError):
        return "broken package"
    found = [kind for start, kind in _OPEN_DOCUMENT if declared.startswith(start)]
    found += [kind for program, part, kind in _PROGRAMS if program.search(types) or part in names]
    iwork = any(name.endswith((".iwa", "index.apxl")) or name in {"Index.zip", "index.xml.gz"} for name in names)
    return found[0] if found else "iwork" if iwork else "archive"


def _beginning(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as part:
        return part.read(_MOST_TYPES)
