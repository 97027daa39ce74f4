"""Files of figures: what a cell shows is what it means; what is no table is refused by its name."""

import json
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from forum.cli import main
from forum.tables.files import Unreadable, sheets_of_file
from forum.tables.reading import read

MONTHS = [datetime(2024, month, 1) for month in range(1, 7)]


def workbook(rows: list[list[Any]], form: str = "", hidden: tuple[int, ...] = (), epoch_1904: bool = False) -> bytes:
    book = Workbook()
    if epoch_1904:
        book.epoch = datetime(1904, 1, 1)  # type: ignore[assignment]
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for n in range(2, len(rows) + 1):
        if form:
            sheet.cell(n, 2).number_format = form
    for n in hidden:
        sheet.row_dimensions[n].hidden = True
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def points(data: bytes, measure: str = "count") -> list[tuple[date, float | None]]:
    return [(p.date, p.value) for p in read(sheets_of_file(data), measure).points]


@pytest.mark.parametrize(
    ("form", "stored", "measure", "shown"),
    [
        ("0%", 0.62, "percentage", 62),
        ("0.0%", 0.6166, "percentage", 61.7),
        ("0.00", 0.4167, "rate", 0.42),
        ("General", 5.5, "rate", 5.5),
    ],
)
def test_a_cell_counts_as_what_it_shows(form: str, stored: float, measure: str, shown: float) -> None:
    found = points(workbook([["Month", "Figure"], *([day, stored] for day in MONTHS)], form), measure)
    assert [value for _, value in found] == [shown] * 6


def test_dates_from_1904_and_hidden_lines() -> None:
    data = workbook([["Month", "n"], *([day, 5] for day in MONTHS)], hidden=(3,), epoch_1904=True)
    assert [day for day, _ in points(data)] == [day.date() for n, day in enumerate(MONTHS) if n != 1]
    assert [(left.line, left.why) for left in read(sheets_of_file(data), "count").left_out] == [(3, "hidden in the sheet")]


def test_hidden_columns_are_left_out_and_told() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["Month", "Old falls", "Falls"], *([day, 90, n] for n, day in enumerate(MONTHS, 3))]:
        sheet.append(row)
    sheet.column_dimensions["B"].hidden = True
    out = BytesIO()
    book.save(out)
    found = read(sheets_of_file(out.getvalue()), "count")
    assert [p.value for p in found.points] == [3, 4, 5, 6, 7, 8]
    assert [(left.line, left.text, left.why) for left in found.left_out] == [(0, "column “Old falls”", "hidden in the sheet")]


def test_formulas_count_by_their_stored_values_and_errors_are_gaps() -> None:
    found = read(sheets_of_file(workbook([["Month", "n"], [MONTHS[0], 5], [MONTHS[1], "#DIV/0!"], [MONTHS[2], 7]])), "count")
    assert [(p.value, p.note) for p in found.points] == [(5, ""), (None, "error: #DIV/0!"), (7, "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_encoding_that_excel_writes(encoding: str) -> None:
    assert points("Month,Café visits – all\nJan 2024,5\nFeb 2024,6".encode(encoding)) == [
        (date(2024, 1, 1), 5),
        (date(2024, 2, 1), 6),
    ]


def packed(*names: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"{\\rtf1 Falls}", "This is a rich text file"),
        (b"\x89PNG\r\n\x1a\n", "This is a picture"),
        (packed("Index/Document.iwa"), "Pages, Numbers or Keynote"),
        (packed("word/document.xml"), "Word file .* paste it below"),
        (packed("content.xml"), "an archive of other files"),
        (packed("readme.txt"), "an archive of other files"),
        (packed("xl/workbook.xml")[:60], "cut off or damaged"),
        (packed("xl/workbook.xml"), "cannot be read"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le"),
            "a file with a password",
        ),
        (bytes(range(256)) * 20, "a kind of file that the site cannot read"),
    ],
    # Names of their own: the bytes of an archive hold the second of its making, and each worker makes its own.
    ids=["empty", "pdf", "rtf", "picture", "numbers", "word", "opendocument", "archive", "cut", "hollow", "locked", "bytes"],
)
def test_what_is_no_table_is_refused_by_its_name(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        sheets_of_file(data)


def test_a_bomb_is_not_unpacked() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 70_000_000)
    with pytest.raises(Unreadable, match="too large"):
        sheets_of_file(out.getvalue())


def spc(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["spc", *arguments])
    return done.exit_code, done.output


def test_the_command_reads_asks_and_refuses(tmp_path: Path) -> None:
    file = tmp_path / "wards.csv"
    file.write_text("Month,Ward,n\nJan 2024,North,5\nJan 2024,West Wing,6\nFeb 2024,North,7\nFeb 2024,West Wing,<5\n")
    code, told = spc(str(file), "--json")
    assert code == 3
    assert '"option": "--where \\"Ward=West Wing\\""' in told
    code, told = spc(str(file), "--where", "Ward=West Wing", "--json")
    assert code == 0
    assert '"note": "suppressed: <5"' in told
    assert '"asked": false' in told
    assert spc(str(file), "--where", "Ward=East")[0] == 2
    file.write_text("Ward 7\nMonth,n\nJan 2024,5\nFeb 2024,6\n")
    assert json.loads(spc(str(file), "--json")[1])["read"]["heading"] == [2]
    told = json.loads(spc(str(file), "--heading", "3", "--json")[1])
    assert [(point["date"], point["value"]) for point in told["points"]] == [("2024-02-01", 6)]
    assert "Heading: row 2" in spc(str(file), "--heading", "2")[1]
    assert [p["value"] for p in json.loads(spc(str(file), "--heading", "none", "--json")[1])["points"]] == [5, 6]
    assert spc(str(file), "--heading", "9")[0] == 2
    file.write_text("nothing here")
    assert spc(str(file)) == (2, "There are no figures in it yet: no line with a date and a figure beside it.\n")
