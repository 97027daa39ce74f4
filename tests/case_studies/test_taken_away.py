"""What a reader takes away holds what the page shows them, and nothing that it does not."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from flask import Flask

from forum.access.actors import Visitor
from forum.case_studies.models import CaseStudy
from forum.case_studies.record.values import written
from forum.case_studies.transfer.bulk_export import export_all
from forum.case_studies.transfer.presentation import GONE, INVENTED, Leaving, markdown, word
from forum.demo.load import load
from forum.kernel.db import db
from forum.measures.queries import listed
from tests.adoptions.steps import share
from tests.case_studies.test_importing import no_bar
from tests.case_studies.test_round_trip import full
from tests.case_studies.uploads import ALT, drawing, end, picture, send, stored, upload
from tests.measures.steps import AFTER, BEFORE, lines, measure
from tests.page import Person
from tests.stories import published


def opened(by: Person, url: str) -> Document:
    return docx.Document(BytesIO(by.get(f"{url}/export.docx").data))


def words_of(document: Document) -> str:
    """What it says, a line for each paragraph and after each break."""
    parts = (p.iter(qn("w:t"), qn("w:br")) for p in document.element.body.iter(qn("w:p")))
    return "\n".join("".join("\n" if t.tag == qn("w:br") else t.text or "" for t in part) for part in parts)


def described(document: Document) -> list[str]:
    return [shape._inline.docPr.get("descr") for shape in document.inline_shapes]


def headings(document: Document, level: int = 1) -> list[str]:
    return [p.text for p in document.paragraphs if p.style and p.style.name == f"Heading {level}"]


def test_word_and_markdown_hold_everything(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = full(author, other, moderator)
    author.post(f"{url}/edit/plain-summary", {"plain_summary": "In short: it *worked*.", "action": "save"})
    send(author, url)
    measure(author, url, name="Falls each month")
    document, text = opened(visitor, url), visitor.get(f"{url}/export.md").text
    said = words_of(document)
    assert headings(document)[0] == "In plain language"
    assert headings(document)[-1] == "How to cite this"
    for heading in ("Measures", "Pictures and files", "Did it last?", "Who tried it elsewhere"):
        assert heading in headings(document)
        assert f"\n## {heading}\n" in text
    for there in (said, re.sub(r"[\\*]", "", text)):
        for words in ("It goes on. Two homes joined.", "Farville Surgery: adopted", "Ask the night staff first.", PART, "By Olu Other",
                      "A | bar and", "suppressed: <5", "Every fall in the incident system", "45.5 from 1 January 2023"):  # fmt: skip
            assert words in there.replace("&lt;", "<"), words
    assert described(document)[0].startswith("Chart of Falls each month. ")
    assert described(document)[1:] == ["A plan | of *the* ward", ALT]
    assert f"![{ALT}](http://localhost/case-studies/1/files/2)" in text
    assert "| 2023-01-01 | 96.395 | 77116 | 80000 |" in text
    assert "Audits\nHow it is counted" in said
    assert len(document.tables) > 6


PART = "The same GP every week"


def test_what_is_hidden_or_withdrawn_is_in_nobodys_file(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = full(author, other, moderator)
    end(author, url, "1")
    moderator.post("/moderation/update/1/hide", {"reason": "We look into it"}, on="/moderation/update/1/hide")
    other.post("/adoptions/1/withdraw", on="/adoptions/1")
    for person in (visitor, author, other, moderator):
        document, text = opened(person, url), person.get(f"{url}/export.md").text
        assert described(document) == ["A plan | of *the* ward"]
        for there in (words_of(document), text):
            for gone in ("Two homes", "Farville", "night staff", "ward.jpg", ALT, "ward office"):
                assert gone not in there, gone


def test_what_waits_for_a_moderator_is_not_in_it(author: Person, moderator: Person, visitor: Person, new: Person) -> None:
    url = published(author, moderator)
    share(new, url)
    upload(author, url, drawing())
    for person in (visitor, author, new):
        assert "Farville" not in words_of(opened(person, url)) + person.get(f"{url}/export.md").text
        assert described(opened(person, url)) == []


@pytest.fixture
def new(app: Flask) -> Person:
    from forum.accounts.models import Account
    from forum.kernel.db import transaction
    from tests.conftest import person

    with app.app_context(), transaction():
        db.session.query(Account).filter_by(email="olu@example.org").one().posts_approved = 0
    return person(app, "olu")


def test_twenty_pictures_and_one_that_is_missing(
    author: Person, moderator: Person, visitor: Person, app: Flask, tmp_path: Path
) -> None:
    from tests.case_studies.uploads import photo

    url = published(author, moderator)
    for n in range(20):
        upload(author, url, photo(f"#{n * 12:02x}4080"), alt=f"Picture number {n}", caption="")
    send(author, url)
    stored(app)[0].unlink()
    document = opened(visitor, url)
    assert len(described(document)) == 19
    assert words_of(document).count(GONE) == 1
    assert "Measures" not in headings(document)
    assert sum(f"Picture number {n}" in words_of(document) + " ".join(described(document)) for n in range(20)) == 20
    with app.app_context():
        exported = export_all(tmp_path / "out", no_bar)
    assert len(exported.missing) == 1
    assert len(list((tmp_path / "out/files/1").iterdir())) == 19
    assert (tmp_path / "out" / exported.missing[0]).name.endswith("-ward.jpg")


def test_a_long_series_is_where_its_page_says(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    days = "\n".join(f"20{20 + n // 336}-{n % 336 // 28 + 1:02}-{n % 28 + 1:02}\t{n % 7}" for n in range(150))
    at = measure(author, url, figures=days, every="day", **{"phases-0-start": "2020-02"})
    document = opened(visitor, url)
    assert f"All 150 figures are at http://localhost/case-studies/1/measures/{at.rpartition('/')[2]}" in words_of(document)
    assert len(described(document)) == 1
    assert visitor.get(f"{url}/export.md").text.count("\n| 2020-") == 150


def test_no_word_of_the_demo_is_lost(context: Flask) -> None:
    load(no_bar)
    cases = db.session.query(CaseStudy).filter_by(status="published").order_by(CaseStudy.id).all()
    assert len(cases) == 24
    for case in cases:
        leaving = Leaving(Visitor(), case)
        document = docx.Document(BytesIO(word(leaving)))
        said, text = words_of(document), markdown(leaving, lambda file: f"files/{file.id}")
        measures = [m.record for m in listed((case.kind, case.id)) if m.shown]
        texts = [*written(case.record).values(), *(m[name] for m in measures for name in ("name", "interpretation", "definition"))]
        # The numbers of lists are Word's own.
        wanted = {said for said in re.findall(r"\w+", " ".join(texts)) if not re.fullmatch(r"\d", said)}
        linked = " ".join(r.target_ref for r in document.part.rels.values() if r.is_external)
        assert sorted(wanted - set(re.findall(r"\w+", said + linked))) == []
        assert sorted(wanted - set(re.findall(r"\w+", text))) == []
        assert INVENTED in said
        assert INVENTED in text
        assert len(document.inline_shapes) == sum(len(m["points"]) > 5 for m in measures)
        assert all(descr.startswith("Chart of ") for descr in described(document))


@pytest.mark.skipif(shutil.which("soffice") is None or shutil.which("pdftotext") is None, reason="needs LibreOffice and poppler")
def test_a_page_of_paper_shows_every_word(
    author: Person, other: Person, moderator: Person, visitor: Person, tmp_path: Path
) -> None:
    url = full(author, other, moderator)
    measure(author, url, name="Falls each month", figures=lines(BEFORE + AFTER))
    picture(author, url, drawing(), alt="A last one")
    file = tmp_path / "case.docx"
    file.write_bytes(visitor.get(f"{url}/export.docx").data)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/office",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        tmp_path,
        file,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    shown = subprocess.run(["pdftotext", "-layout", tmp_path / "case.pdf", "-"], check=True, capture_output=True, text=True).stdout
    wanted = set(re.findall(r"\w+", words_of(docx.Document(file))))
    assert not wanted - set(re.findall(r"\w+", shown))
    assert re.search(r"Page 1 of [2-9]", shown)
