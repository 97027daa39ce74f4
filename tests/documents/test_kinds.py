"""What kind a file is, by its bytes; and that what is stored tells its sender what it is and what to do."""

import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from PIL import Image

from forum.documents.file_words import words_of
from forum.documents.uploads import Refused, accept
from forum.kernel.kinds import FileKind, kind_of, text_of

RTF = rb"{\rtf1\ansi{\b Reducing falls}\par We moved the beds.}"


def packed(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def old(*streams: str) -> bytes:
    """The beginning of an old Office file, with a directory of these streams."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join(f"{s}\0".encode("utf-16-le").ljust(128, b"\0") for s in streams)
    )


def word() -> bytes:
    out, document = BytesIO(), docx.Document()
    document.add_paragraph("Our ward round")
    document.save(out)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (20, 10), "navy").save(out, kind)
    return out.getvalue()


def opened(kind: str) -> bytes:
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<x/>"})


FILES: list[tuple[FileKind, bytes]] = [
    ("empty", b""), ("empty", b"\xef\xbb\xbf \r\n"), ("empty", "\ufeff\r\n".encode("utf-16-le")), ("empty", bytes(4_096)),
    ("text", b"# Words"), ("text", "Café – £5".encode("cp1252")), ("text", "Café – £5".encode("utf-16")), ("text", b"BMI falls by 2."),
    ("text", b"II* is no picture"), ("rtf", RTF), ("rtf", b"\xef\xbb\xbf\n" + RTF), ("xml", b'<?xml version="1.0"?><w:wordDocument/>'),
    ("json", b'\n{"title": "Falls"}'), ("json", b'[1, 2]'), ("text", b"[A link](https://a.example) [1, 2]"), ("text", b"{.box}"),
    ("picture", picture("PNG")), ("picture", picture("JPEG")), ("picture", picture("GIF")), ("picture", picture("WEBP")),
    ("other picture", picture("TIFF")), ("other picture", picture("BMP")), ("phone picture", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
    ("pdf", b"%PDF-1.7\n"), ("docx", word()), ("docx", packed({"word/document.xml": b"<x/>"})), ("xlsx", packed({"xl/workbook.xml": b"<x/>"})),
    ("pptx", packed({"ppt/presentation.xml": b"<x/>"})), ("odt", opened("text")), ("ods", opened("spreadsheet")), ("odp", opened("presentation")),
    ("odt", opened("text-template")), ("iwork", packed({"Index/Document.iwa": b"x"})), ("archive", packed({"a.txt": b"x"})), ("archive", packed({})),
    ("archive", b"7z\xbc\xaf\x27\x1c\0\x04"), ("broken package", word()[:2_000]), ("doc", old("Root Entry", "WordDocument", "Workbook")),
    ("xls", old("Root Entry", "Workbook")), ("ppt", old("PowerPoint Document")), ("locked", old("EncryptionInfo", "EncryptedPackage")),
    ("outlook", old("__properties_version1.0")), ("old office", old("Root Entry")), ("other", b"MZ\x90\0\x03"), ("other", b"\0\0\0\x18ftypmp42\0"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data"), FILES, ids=[f"{k}-{n}" for n, (k, _) in enumerate(FILES)])
def test_the_kind_of_a_file(kind: FileKind, data: bytes) -> None:
    assert kind_of(data) == kind


def test_a_package_with_a_password_is_locked() -> None:
    data = bytearray(word())
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert kind_of(bytes(data)) == "locked"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_every_encoding_that_a_spreadsheet_writes(encoding: str) -> None:
    assert text_of("Café – £5;“x”\r\n".encode(encoding)) == "Café – £5;“x”\r\n"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00ba", b"a\x00b", b"\x81\xff\x04", b"\xff\xfea\x00\x00\x00"])
def test_bytes_that_are_no_text_are_none(data: bytes) -> None:
    assert text_of(data) is None


@pytest.mark.parametrize(
    ("data", "named", "instead"),
    [
        (RTF, "rich text file", ".docx or PDF"), (opened("text"), ".odt", ".docx or PDF"), (opened("spreadsheet"), ".ods", ".xlsx or CSV"),
        (old("WordDocument"), "old Word file", ".docx"), (old("EncryptedPackage"), "a password", "without"), (picture("TIFF"), "TIFF", "JPEG"),
        (packed({"Index/Document.iwa": b"x"}), "Pages", "Export To"), (packed({"a.txt": b"x"}), "archive", "Unpack"), (word()[:2_000], "cut off", "again"),
        (old("__properties_version1.0"), "Outlook", "PDF"), (b"x" * 10_000_001, "10.1 MB, which is larger than 10 MB", "Compress Pictures"),
    ],
)  # fmt: skip
def test_what_is_not_stored_is_named_with_what_to_do(data: bytes, named: str, instead: str) -> None:
    with pytest.raises(Refused) as told:
        accept(data, "a-file.docx")
    assert named in str(told.value)
    assert instead in str(told.value)
    assert kind_of(data) == "broken package" or "damaged" not in str(told.value)


@pytest.mark.parametrize(
    ("data", "word", "whole"),
    [("Café".encode(), "Café", True), (RTF, "Reducing falls", False), (word(), "Our ward round", False), (picture("PNG"), "", False), (b"", "", True), (b'["Falls"]', "Falls", True)],
)  # fmt: skip
def test_the_words_of_a_stored_file(data: bytes, word: Any, whole: bool) -> None:
    text, all_of_it = words_of(data)
    assert word in text
    assert all_of_it is whole
