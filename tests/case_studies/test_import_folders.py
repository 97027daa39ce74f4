"""Folders as people keep them: Markdown, R Markdown and Quarto, Word files, and files that cannot be read among them."""

import re
import shutil
from io import BytesIO
from pathlib import Path

import docx
from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.case_studies.transfer.bulk_import import import_all
from forum.case_studies.transfer.read_file import read_file
from forum.documents.conversion import program
from forum.kernel.db import db
from tests.case_studies.test_importing import no_bar, write
from tests.documents.test_kinds import RTF, picture
from tests.page import Person

RMD = (
    "---\ntitle: Fewer falls on a long ward\nauthor: Sam Lee\noutput: html_document\n---\n\n```{r setup, include=FALSE}\n"
    "library(runcharter)\n```\n\n## Background\n\nTwelve falls a month.\n\n```{r, echo=FALSE}\nplot(falls)\n```\n\n"
    "## Results\n\nSeven falls a month.\n"
)


def word_file(path: Path, title: str, *, with_picture: bool = False) -> None:
    document = docx.Document()
    document.add_heading(title, 1)
    document.add_heading("Background", 2)
    document.add_paragraph("Letters went out late.")
    if with_picture:
        document.add_picture(BytesIO(picture("PNG")))
    document.add_heading("Results", 2)
    document.add_paragraph("From nine days to two.")
    document.save(str(path))


def test_a_folder_of_many_kinds(context: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    (folder / "word").mkdir(parents=True)
    write(folder, "plain.md", "# A title of some words\n\nWords of a real text about a ward.")
    write(folder, "falls.Rmd", RMD)
    write(folder, "quarto.qmd", RMD.replace("Fewer falls on", "Fewer waits on"))
    word_file(folder / "word" / "letters.docx", "Letters go out in two days", with_picture=True)
    (folder / "word" / "~$letters.docx").write_bytes(b"\x05Sam Lee")
    (folder / "word" / "talk.rtf").write_bytes(RTF)
    write(folder, "analysis.R", "plot(falls)")
    write(folder, "latin.md", "")
    (folder / "windows.md").write_bytes("# A weekly call – in cafés\n\nPeople waited £5 each way.".encode("cp1252"))
    outcomes = {o.file: o for o in import_all([folder], True, no_bar)}
    rtf = outcomes.pop("word/talk.rtf")
    assert {name: o.result for name, o in outcomes.items()} == {
        "plain.md": "new", "falls.Rmd": "new", "quarto.qmd": "new", "word/letters.docx": "new", "latin.md": "left out", "windows.md": "new",
    }  # fmt: skip
    assert outcomes["word/letters.docx"].detail == "pictures left out: 1"
    assert program() or (rtf.result, "Save it as .docx" in rtf.detail) == ("failed", True)
    letters = db.session.query(CaseStudy).filter_by(title="Letters go out in two days").one().record
    assert "Letters went out late." in letters["problem"]
    assert "From nine days to two." in letters["results"]
    assert db.session.query(CaseStudy).filter_by(title="A weekly call – in cafés").count() == 1
    assert {o.result for o in import_all([folder], True, no_bar)} <= {"unchanged", "left out", "failed"}


def test_code_is_folded_away_and_facts_stay(tmp_path: Path) -> None:
    read = read_file(write(tmp_path, "falls.Rmd", RMD), tmp_path, {})
    assert (read.title, read.author, read.rest) == ("Fewer falls on a long ward", "Sam Lee", "")
    assert read.fields == {"problem": "# Background\n\nTwelve falls a month.", "results": "# Results\n\nSeven falls a month."}
    assert read.about == "- output: html_document\n\n```r\nlibrary(runcharter)\n```\n\n```r\nplot(falls)\n```"


def test_the_page_folds_code_as_well(author: Person) -> None:
    hidden = author.hidden("/case-studies/import", "/case-studies/import")
    page = author.client.post(
        "/case-studies/import", data={**hidden, "file": (BytesIO(RMD.replace("\n", "\r\n").encode()), "falls.Rmd")}
    )
    texts = {text.strip() for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.S)}
    assert texts >= {"Twelve falls a month.", "```r\nlibrary(runcharter)\n```\n\n```r\nplot(falls)\n```"}
    assert page.text.count('value="source_facts" selected') == 2, "the facts of the file and its code"


def test_an_empty_file_of_the_shared_cases_is_told_as_empty(context: Flask, tmp_path: Path, shared: Path) -> None:
    shutil.copy(shared / "cases/files/empty.md", tmp_path)
    (outcome,) = import_all([tmp_path / "empty.md"], True, no_bar)
    assert (outcome.result, outcome.detail) == ("left out", "there is no text in it")
    assert db.session.query(CaseStudy).count() == 0
