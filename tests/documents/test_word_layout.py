"""How Word files look: columns by what stands in them, heads on every page, an organisation's own styles, pictures with words."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import docx as word
import pytest
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.shared import Cm, RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forum.config import Settings, SettingsError
from forum.documents.uploads import accept, pack, unpack
from forum.documents.word_file import WordFile
from forum.documents.word_reading import to_markdown
from forum.documents.word_tables import pieces
from forum.documents.word_template import SHIPPED
from tests.documents.word_files import word_file

ROOT = Path(__file__).resolve().parents[2]
ROOM = 9_400
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


def opened(data: bytes) -> Docx:
    return word.Document(BytesIO(data))


def widths(table: Any) -> list[int]:
    return [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.gridCol_lst]


def pipes(*rows: list[str]) -> str:
    head, *below = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, f"|{' --- |' * len(rows[0])}", *below])


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    long = "A whole sentence about what happened in the ward while nobody was there to look after it. " * 3
    table = opened(
        word_file([("Aim", pipes(["Kind", "How much", "What happened"], ["Staff", "12", long], ["IT", "4", "Short."]))])
    ).tables[0]
    kind, amount, story = widths(table)
    assert story > 3 * kind
    assert abs(kind - amount) < kind
    assert sum(widths(table)) <= ROOM + 60
    assert table._tbl.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"
    assert [cell.paragraphs[0].alignment for cell in table.rows[1].cells] == [None, 2, None], "numbers stand to the right"
    short = opened(word_file([("Aim", pipes(["A", "B"], ["one", "two"]))])).tables[0]
    assert sum(widths(short)) < ROOM / 3, "a small table is no wider than it needs to be"


def test_what_stands_far_down_has_room_as_well() -> None:
    rows = [
        ["When", "Value", "Note"],
        *[[f"22 September {n}", "50%", ""] for n in range(100)],
        ["1 May 2026", "1%", "A note of some length. " * 6],
    ]
    when, value, note = widths(opened(word_file([("Aim", pipes(*rows))])).tables[0])
    assert note > 2 * when > 2 * value
    assert when >= 230 + 98 * len("22 September 99"), "a date stays on one line"


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=12)))
def test_every_column_has_a_place_within_the_lines(rows: list[list[str]]) -> None:
    made = list(pieces(rows, len(rows[0]), ROOM))
    assert {n for columns, _ in made for n in columns} == set(range(len(rows[0])))
    for columns, sizes in made:
        assert len(columns) == len(sizes)
        assert sum(sizes) <= ROOM
        assert all(size > 230 for size in sizes)


def test_sixty_columns_are_several_tables_that_begin_alike() -> None:
    rows = [[f"cell{row}x{n}" for n in range(60)] for row in range(4)]
    document = opened(word_file([("Aim", pipes(*rows))]))
    assert len(document.tables) > 3
    assert all(sum(widths(table)) <= ROOM + 60 for table in document.tables)
    assert {table.rows[1].cells[0].text for table in document.tables} == {"cell1x0"}
    assert {cell.text for table in document.tables for row in table.rows for cell in row.cells} == {c for row in rows for c in row}


def test_no_table_is_parted_from_its_head_and_no_row_cut() -> None:
    rows = [["When", "What"], *[[f"May {2000 + n}", "word " * 12] for n in range(40)], ["Long", "word " * 3_000]]
    document = opened(word_file([("Aim", "Before it.\n\n" + pipes(*rows))]))
    table = document.tables[0]
    marks = [{mark.tag for mark in row._tr.trPr} for row in table.rows]
    assert marks[0] == {qn("w:cantSplit"), qn("w:tblHeader")}
    assert all(found == {qn("w:cantSplit")} for found in marks[1:-1])
    assert marks[-1] == set(), "a row that is longer than a page goes on over the next"
    assert all(p.paragraph_format.keep_with_next for cell in table.rows[0].cells for p in cell.paragraphs)
    assert not table.rows[1].cells[0].paragraphs[0].paragraph_format.keep_with_next
    assert document.styles["Heading 1"].paragraph_format.keep_with_next
    assert next(p for p in document.paragraphs if p.text == "Before it.").paragraph_format.keep_with_next


def test_a_question_stays_with_its_answer() -> None:
    document = opened(word_file([("Aim", "**Who did it?**\n\nA nurse.\n\nA **nurse** again.\n\nEnd.")]))
    kept = {p.text: bool(p.paragraph_format.keep_with_next) for p in document.paragraphs[-4:]}
    assert kept == {"Who did it?": True, "A nurse.": False, "A nurse again.": False, "End.": False}


def test_a_picture_has_words_and_fits() -> None:
    out = BytesIO()
    Image.new("RGB", (1_600, 3_000), "#005eb8").save(out, "PNG")
    file = WordFile("Title")
    assert file.picture(out.getvalue(), "A “blue” bed & a\x07 window", "Figure 1")
    assert not file.picture(b"no picture", "x")
    assert not file.picture(out.getvalue()[:40], "x")
    document = opened(file.data())
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "A “blue” bed & a window"
    assert shape.height < Cm(14)
    assert shape.width / shape.height == pytest.approx(1_600 / 3_000, rel=0.01)
    assert document.paragraphs[-1].text == "Figure 1"


def test_the_shipped_template_is_what_its_tool_makes(tmp_path: Path) -> None:
    before = SHIPPED.read_bytes()
    subprocess.run([sys.executable, ROOT / "tools/word-template.py", tmp_path / "made.docx"], check=True)
    assert unpack((tmp_path / "made.docx").read_bytes()) == unpack(before)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An organisation's template: a line at the head, wide margins, a green heading, and few styles."""
    document = word.Document()
    document.sections[0].left_margin = Cm(5)
    document.sections[0].header.paragraphs[0].text = "Anytown Trust"
    document.styles["Heading 1"].font.color.rgb = RGBColor(0x00, 0x96, 0x39)
    document.add_paragraph("Words of the template")
    part = document.part
    numbering = next(key for key, rel in part.rels.items() if rel.reltype.endswith("/numbering"))
    del part.rels[numbering]
    document.save(str(tmp_path / "own.docx"))
    return tmp_path / "own.docx"


def test_an_organisation_has_its_own_page_and_styles(own: Path) -> None:
    file = WordFile("Title", "Foot.", own)
    file.heading("Aim")
    file.markdown("- one\n\n1. two\n\n| A | B |\n| --- | --- |\n| `x` | [y](https://example.org) |\n\n> said")
    data = file.data()
    document = opened(data)
    assert document.sections[0].header.paragraphs[0].text == "Anytown Trust"
    assert document.styles["Heading 1"].font.color.rgb == RGBColor(0x00, 0x96, 0x39)
    assert document.styles["Table Text"].font.size == opened(word_file([])).styles["Table Text"].font.size
    assert "Words of the template" not in "".join(p.text for p in document.paragraphs)
    assert sum(widths(document.tables[0])) <= 8_000
    assert "- one" in to_markdown(data)
    assert accept(data, "x.docx").kind == "docx"


def test_a_template_that_cannot_be_used_stops_the_start(own: Path, tmp_path: Path) -> None:
    assert Settings.from_env({"FORUM_WORD_TEMPLATE": str(own)}).word_template == own
    assert Settings.from_env({}).word_template is None
    parts = unpack(own.read_bytes())
    types = parts["[Content_Types].xml"].replace(b"document.main", b"template.main")
    (tmp_path / "own.dotx").write_bytes(pack(parts | {"[Content_Types].xml": types}))
    (tmp_path / "words.docx").write_text("words")
    for name in ("own.dotx", "words.docx", "missing.docx", "."):
        with pytest.raises(SettingsError, match=r"save|Save the template as \.docx"):
            Settings.from_env({"FORUM_WORD_TEMPLATE": str(tmp_path / name)})


@pytest.mark.parametrize(
    "text",
    ["a\x00b\x07c\ufffed", "المريض أولا", "👩🏽‍⚕️ 😀" * 50, "word " * 80_000, "x" * 400_000, "| a |" * 3_000, "> " * 300 + "deep"],
    ids=["control", "right to left", "emoji", "long", "one word", "bars", "deep"],
)
def test_hostile_texts_become_a_file_that_opens(text: str) -> None:
    file = WordFile(text[:200], text[:200])
    file.facts([(text[:50], text[:2_000])])
    file.markdown(text)
    file.table(["A", "B"], [[text[:5_000], text[:50]]])
    said = "".join(t.text or "" for t in opened(file.data()).element.body.iter(qn("w:t")))
    assert sum(map(str.isalnum, said)) >= sum(map(str.isalnum, text))
