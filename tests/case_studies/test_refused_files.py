"""A file that cannot be brought in is refused by its name, with what it is and what to do, whichever way it comes."""

import html
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.case_studies.transfer.bulk_import import import_all
from forum.documents.conversion import CONVERTED, program
from forum.kernel.db import db
from forum.kernel.kinds import FileKind, kind_of
from tests.case_studies.test_importing import no_bar
from tests.documents.pages import pdf
from tests.documents.test_kinds import RTF, old, opened, packed, picture, word
from tests.page import Page, Person

FILES: list[tuple[str, FileKind, bytes, str]] = [
    ("talk.doc", "doc", old("WordDocument"), "Save it as .docx"),
    ("talk.rtf", "rtf", RTF, "Save it as .docx"),
    ("talk.odt", "odt", opened("text"), "Save it as .docx"),
    ("talk.pages", "iwork", packed({"Index/Document.iwa": b"x"}), "Export To, Word"),
    ("falls.docx", "xlsx", packed({"xl/workbook.xml": b"<x/>"}), "Figures go on the page of a measure"),
    ("falls.doc", "xls", old("Workbook"), "many case studies in one table go through forum import"),
    ("ward.jpg", "picture", picture("JPEG"), "pictures are then added to the draft"),
    ("all.zip", "archive", packed({"a.md": b"# Words"}), "Unpack it"),
    ("secret.docx", "locked", old("EncryptedPackage"), "without a password"),
    ("empty.docx", "empty", b"", "Open it to see that it has something in it"),
    ("cut.docx", "broken package", word()[:2_000], "save it again"),
    ("falls.json", "json", b'{"falls": [1, 2]}', "Bring in a Word file"),
    ("run.exe", "other", b"MZ\x90\x00\x03", "Bring in a Word file"),
]
#: What no reader is ever shown of a file: control words, and the beginnings of binary files.
RAW = ("\\rtf", "\\par", "PK\x03", "\ufffd", "%%EOF")


def sent(author: Person, data: bytes, name: str) -> str:
    hidden = author.hidden("/case-studies/import", "/case-studies/import")
    answer = author.client.post("/case-studies/import", data={**hidden, "file": (BytesIO(data), name)})
    assert answer.status_code == 422
    return html.unescape(answer.text)


@pytest.mark.parametrize(("name", "kind", "data", "instead"), FILES, ids=[f[0] for f in FILES])
def test_the_page_says_what_it_is_and_what_to_do(author: Person, name: str, kind: FileKind, data: bytes, instead: str) -> None:
    if kind in CONVERTED and program():
        pytest.skip("LibreOffice is installed here, so that this file is converted and not refused")
    page = sent(author, data, name)
    assert f"“{name}” is a" in page
    assert instead in page
    assert not any(raw in page for raw in RAW)
    assert ("damaged" in page) == (kind_of(data) == "broken package")
    assert 'action="/case-studies/import"' in page, "another file can be chosen at once"


def test_the_command_says_the_same_of_each(context: Flask, tmp_path: Path) -> None:
    files = [f for f in FILES if f[1] not in CONVERTED or not program()]
    for name, _, data, _ in files:
        (tmp_path / name).write_bytes(data)
    told = {o.file: o for o in import_all([tmp_path / name for name, *_ in files], True, no_bar)}
    for name, kind, _, instead in files:
        assert told[name].result == ("left out" if kind == "empty" else "failed")
        assert ("there is no text in it" if kind == "empty" else instead) in told[name].detail
        assert not any(raw in told[name].detail for raw in RAW)
    assert db.session.query(CaseStudy).count() == 0


@pytest.mark.parametrize(
    ("name", "data", "instead"),
    [
        ("talk.pptx", packed({"ppt/presentation.xml": b"<x/>"}), "Open it in PowerPoint, save it again as .pptx"),
        ("talk.pdf", b"%PDF-1.7\n%%EOF", "Choose the Word file that it was made from"),
        ("scan.pdf", pdf([]), "There are pictures of pages in this PDF and no text"),
    ],
    ids=["slides", "PDF", "scan"],
)
def test_slides_and_pages_that_cannot_be_read(
    author: Person, context: Flask, tmp_path: Path, name: str, data: bytes, instead: str
) -> None:
    assert instead in sent(author, data, name)
    (tmp_path / name).write_bytes(data)
    (told,) = import_all([tmp_path / name], True, no_bar)
    assert told.result == "failed"
    assert "Bring it in on the page “Bring in a file”" in told.detail


def test_a_file_over_the_limit_is_told_its_size_on_the_same_page(author: Person) -> None:
    page = sent(author, b"x" * 10_500_000, "long.docx")
    assert "“long.docx” has 10.5 MB; at most 10 MB are taken. Make it smaller: in Word choose a picture" in page
    hidden = author.hidden("/case-studies/import", "/case-studies/import")
    answer = author.client.post("/case-studies/import", data={**hidden, "file": (BytesIO(bytes(33_000_000)), "huge.docx")})
    assert answer.status_code == 413
    assert Page(answer.text).h1 == ["Bring in a file"]
    assert "The file has 33.1 MB; at most 10 MB are taken. Make it smaller" in answer.text
    assert 'href="#file"' in answer.text


def test_text_of_an_old_editor_is_read(author: Person) -> None:
    hidden = author.hidden("/case-studies/import", "/case-studies/import")
    text = "# A weekly call – in cafés\n\n## The problem\n\nPeople waited £5 each way."
    for encoding in ("cp1252", "utf-16"):
        data = {**hidden, "file": (BytesIO(text.encode(encoding)), "call.txt")}
        answer = author.client.post("/case-studies/import", data=data)
        assert answer.status_code == 200
        assert "A weekly call – in cafés" in answer.text
        assert "People waited £5 each way." in answer.text


def test_rich_text_of_the_shared_cases_shows_no_control_words(author: Person, shared: Path) -> None:
    if program():
        pytest.skip("LibreOffice is installed here, so that this file is converted and not refused")
    page = sent(author, (shared / "cases/files/says-rtf.rtf").read_bytes(), "says-rtf.rtf")
    assert "“says-rtf.rtf” is a rich text file (.rtf). Save it as .docx in your word processor, then upload that." in page
    assert "\\rtf1" not in page
