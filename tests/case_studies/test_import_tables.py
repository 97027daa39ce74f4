"""Tables as spreadsheets write them: every encoding and separator, headings as people see them, and words about what is wrong."""

import html
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook

from forum.case_studies.models import CaseStudy
from forum.case_studies.transfer.bulk_import import import_all
from forum.case_studies.transfer.table import read_table
from forum.kernel.db import db
from tests.case_studies.test_importing import no_bar
from tests.documents.test_kinds import RTF, packed
from tests.page import Page, Person

ROWS = [
    ["Title", "The result in one line", "What was the problem?", "What we did", "KEY"],
    ["A weekly call – in cafés", "Fewer visits", "People waited £5 each way", "We rang; then, again", "a1"],
    ["", "", "", "", ""],
    ["A tea trolley for carers", "40 talks", "Carers sat alone", "A volunteer comes", "a2"],
]


def table(separator: str, first: str = "") -> str:
    return first + "".join(separator.join(f'"{cell}"' for cell in row) + "\r\n" for row in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_way_in_which_a_spreadsheet_writes(encoding: str, separator: str) -> None:
    rows = list(read_table(table(separator).encode(encoding), "many"))
    assert [(r.number, r.unfit, r.wrong) for r in rows] == [(2, "", ""), (3, "it is empty", ""), (4, "", "")]
    first = rows[0].text
    assert first is not None
    assert first.source_key == "many:a1"
    assert first.record is not None
    told = {name: first.record[name] for name in ("title", "summary", "problem", "actions")}
    assert list(told.values()) == ROWS[1][:4]


def test_a_table_that_says_its_separator() -> None:
    assert [bool(row.text) for row in read_table(table("|", "sep=|\r\n").encode(), "many")] == [True, False, True]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Title,Costs per ward\nA,1\n", "row 1: unknown columns: “Costs per ward”. A column is headed as the form asks"),
        (b"problem,actions\nA,1\n", "row 1: there is no column “Title”"),
        (b"title,Title,problem\nA,B,C\n", "row 1: these columns mean the same: “Title”, “title”. Put them into one."),
        (b",,\n", "no headings in its first row"),
        (b"", "the table is empty"),
        (RTF, "it is a rich text file (.rtf), whatever its name says. Save it as .xlsx or CSV"),
        (packed({"a.txt": b"x"}), "it is an archive of other files, such as .zip, whatever its name says"),
        (packed({"xl/workbook.xml": b"<x/>"}), "Excel's file cannot be read. Open it, save it again as .xlsx"),
        (b'title,problem\nA,"never closed ' + b"words\n" * 30_000, "a quotation mark before it is never closed"),
    ],
)
def test_what_is_wrong_is_told_in_words(context: Flask, tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "many.csv").write_bytes(data)
    (outcome,) = import_all([tmp_path / "many.csv"], True, no_bar)
    assert (outcome.file, outcome.result) == ("many.csv", "failed")
    assert words in outcome.detail
    assert "codec" not in outcome.detail


def test_columns_without_a_heading_and_without_words_are_no_matter() -> None:
    rows = list(read_table(b"Title;Problem;;\nA first title of a row;Waits;;\nAnother title of a row;Beds;;lost?\n", "many"))
    assert [(bool(r.text), r.wrong) for r in rows] == [(True, ""), (False, "it has more cells than there are columns")]


def workbook(rows: list[list[str]]) -> bytes:
    book, out = Workbook(), BytesIO()
    book.active.title = "Notes"
    book.active.append(["Sent by Sam Lee"])
    sheet = book.create_sheet("Work")
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_and_its_other_sheets_are_told(context: Flask, tmp_path: Path) -> None:
    (tmp_path / "many.xlsx").write_bytes(workbook(ROWS))
    found = [(o.file.split(":")[0], o.result, o.detail) for o in import_all([tmp_path / "many.xlsx"], True, no_bar)]
    assert found == [
        ("many.xlsx, row 1", "left out", "the sheet “Work” is read; these are not: “Notes”"),
        ("many.xlsx, row 2", "new", ""),
        ("many.xlsx, row 4", "new", ""),
    ]
    record = db.session.query(CaseStudy).filter_by(title="A weekly call – in cafés").one().record
    assert record["actions"] == "We rang; then, again"


def bring(author: Person, data: bytes, name: str) -> tuple[int, str]:
    hidden = author.hidden("/case-studies/import", "/case-studies/import")
    form = {**hidden, "file": (BytesIO(data), name)}
    answer = author.client.post("/case-studies/import", data=form, follow_redirects=True)
    return answer.status_code, html.unescape(answer.text)


def test_the_shared_table_both_ways(app: Flask, author: Person, tmp_path: Path, shared: Path) -> None:
    shutil.copy(shared / "cases/files/windows.csv", tmp_path)
    with app.app_context():
        outcomes = import_all([tmp_path / "windows.csv"], True, no_bar)
        assert [(o.result, o.detail) for o in outcomes] == [("new", ""), ("left out", "it is empty")]
        assert db.session.query(CaseStudy).one().title == "A weekly call – in cafés"
    status, page = bring(author, (tmp_path / "windows.csv").read_bytes(), "windows.csv")
    assert status == 200
    assert "Left out of “windows.csv”: row 3 (it is empty)." in page
    with app.app_context():
        draft = db.session.query(CaseStudy).filter_by(status="draft").one().working
    assert draft is not None
    assert (draft["title"], draft["problem"]) == ("A weekly call – in cafés", "People waited £5 each way")


def test_the_page_takes_one_case_study_and_says_where_others_and_figures_go(author: Person) -> None:
    one = b"Title,Problem,Author\nA first title of a row,Waits,Sam Lee\n"
    assert bring(author, one, "one.csv")[0] == 200
    status, page = bring(author, table(";").encode("cp1252"), "many.csv")
    assert (status, "“many.csv” has 2 case studies. Take the others out" in page, "forum import" in page) == (422, True, True)
    assert bring(author, workbook(ROWS[:2]), "one.xlsx")[0] == 200
    status, page = bring(author, "Month\tFalls\nMay\t7\n".encode("utf-16"), "falls.csv")
    assert (status, "Figures go on the page of a measure" in page) == (422, True)
    status, page = bring(author, workbook([["Month", "Falls"], ["May", "7"]]), "falls.xlsx")
    assert (status, "“falls.xlsx” is a table, and not one of case studies" in page, "page of a measure" in page) == (
        422,
        True,
        True,
    )
    status, page = bring(author, b"Title,Problem\n,\n", "none.csv")
    assert (status, "has no case study in it: row 2: it is empty." in page) == (422, True)
    assert Page(page).h1 == ["Bring in a file"]
