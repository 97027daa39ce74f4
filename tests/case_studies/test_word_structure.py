"""A Word file keeps the structure that its author gave it, however it was given: headings, the title, a form, gaps of pictures."""

import json
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image

from forum.case_studies.transfer.pieces import Pieces, cut_up


def brought_in(document: Document, name: str = "a-file.docx") -> Pieces:
    out = BytesIO()
    document.save(out)
    return cut_up(out.getvalue(), name)


def guesses(found: Pieces) -> dict[str, str]:
    """The headings and the fields that they were taken for."""
    return {p.heading: p.guess for p in found.pieces}


def outline(level: int) -> object:
    return parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{level}"/>')


def strong(document: Document, text: str) -> None:
    document.add_paragraph().add_run(text).bold = True


def picture() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (64, 48)).save(out, "PNG")
    out.seek(0)
    return out


CASES = [
    "title-subtitle-picture.docx", "headings-by-bold-and-capitals.docx", "question-and-answer-table.docx", "headings-by-style.docx",
    "one-heading-1-over-heading-2s.docx",
]  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_small_files_that_failed(shared: Path, name: str) -> None:
    folder = shared / "cases/files"
    right = next(case["right"] for case in json.loads((folder / "files.json").read_text("utf-8")) if case["file"] == name)
    found = cut_up((folder / name).read_bytes(), name)
    texts: dict[str, list[str]] = {}
    for piece in found.pieces:
        texts.setdefault(piece.guess, []).append(piece.text)
    problem = "\n".join(texts["problem"])
    assert problem == right["problem"] if "aim" not in right else right["aim"] in problem and right["problem"] in problem
    assert texts["actions"] == [right["actions"]]
    assert texts.get("results", [""])[0].startswith(right.get("results", right.get("results begins", "")))
    assert found.by_name == (right.get("title", "asked").endswith("asked"))
    assert found.by_name or found.title == right["title"]
    assert len(found.pictures) == right.get("pictures", 0)
    if "caption" in right:
        assert texts["results"][0].endswith("[Picture 1]")
        assert found.pictures[0].caption == right["caption"]


def test_a_style_is_a_heading_by_what_it_is_based_on_or_by_its_level() -> None:
    document = docx.Document()
    based = document.styles.add_style("Ward Words", WD_STYLE_TYPE.PARAGRAPH)
    based.base_style = document.styles["Heading 2"]
    levelled = document.styles.add_style("Strip", WD_STYLE_TYPE.PARAGRAPH)
    levelled.element.get_or_add_pPr().append(outline(1))
    none = document.styles.add_style("Contents Words", WD_STYLE_TYPE.PARAGRAPH)
    none.base_style = document.styles["Heading 1"]
    none.element.get_or_add_pPr().append(outline(9))
    document.add_paragraph("Contents", "Contents Words")
    for style, heading in (("Ward Words", "Background"), ("Strip", "What we did"), ("Normal", "Results")):
        document.add_paragraph(heading, style)
        if style == "Normal":
            document.paragraphs[-1]._p.get_or_add_pPr().append(outline(1))
        document.add_paragraph(f"Words of {heading}.")
    assert guesses(brought_in(document)) == {"": "problem", "Background": "problem", "What we did": "actions", "Results": "results"}


def test_strong_words_capitals_and_numbers_are_headings_where_they_stand_alone() -> None:
    document = docx.Document()
    strong(document, "Fewer falls on one ward")
    strong(document, "Background")
    document.add_paragraph("Falls were many.").add_run(" Very many.").bold = True
    document.add_paragraph("WHAT WE DID")
    document.add_paragraph("We moved the beds.")
    strong(document, "This whole sentence is strong and is said loudly.")
    document.add_paragraph("3. Results")
    document.add_paragraph("They fell.")
    found = brought_in(document)
    assert (found.title, found.by_name) == ("Fewer falls on one ward", False)
    assert [(p.heading, p.guess) for p in found.pieces] == [("Background", "problem"), ("WHAT WE DID", "actions")]
    assert "said loudly" in found.pieces[1].text


def test_numbered_lines_with_text_below_are_headings_and_a_list_is_none() -> None:
    document = docx.Document()
    for heading in ("1. Background", "2. What we did", "3. Results"):
        document.add_paragraph(heading)
        document.add_paragraph(f"Words below {heading[3:]}, and more of them.")
    assert list(guesses(brought_in(document)).values()) == ["problem", "actions", "results"]
    listed = docx.Document()
    listed.add_heading("Background")
    for line in ("1. Beds", "2. Chairs", "3. Tables"):
        listed.add_paragraph(line)
    listed.add_heading("Results")
    listed.add_paragraph("Good ones.")
    assert list(guesses(brought_in(listed))) == ["Background", "Results"]


def test_strong_lines_under_headings_stay_below_them() -> None:
    document = docx.Document()
    document.add_heading("What we did", 1)
    strong(document, "The first month")
    document.add_paragraph("We moved the beds.")
    strong(document, "The second month")
    document.add_paragraph("We asked families.")
    document.add_heading("Results", 1)
    document.add_paragraph("Falls fell.")
    found = brought_in(document)
    assert guesses(found) == {"What we did": "actions", "Results": "results"}
    assert "## The second month" in found.pieces[0].text


def test_an_address_in_strong_lines_is_no_plan_of_the_text() -> None:
    document = docx.Document()
    for line in ("Ward 7", "General Hospital", "Example Street", "Exampletown"):
        strong(document, line)
    document.add_paragraph("We moved the beds, and falls fell.")
    assert list(guesses(brought_in(document))) == [""]


@pytest.mark.parametrize(
    ("named", "title", "by_name"),
    [
        ("Fewer falls on Ward 7", "Fewer falls on Ward 7", False),
        ("Microsoft Word - Document1", "Falls 2024 final", True),
        ("falls-2024-final", "Falls 2024 final", True),
        ("Project report template", "Falls 2024 final", True),
        ("", "Falls 2024 final", True),
    ],
)
def test_the_title_among_the_properties_counts_where_it_is_one(named: str, title: str, by_name: bool) -> None:
    document = docx.Document()
    document.core_properties.title = named
    document.add_heading("Background", 1)
    document.add_paragraph("Falls were many.")
    document.add_heading("Results", 1)
    document.add_paragraph("They fell.")
    found = brought_in(document, "falls 2024 final.docx")
    assert (found.title, found.by_name) == (title, by_name)


def test_the_titles_of_a_file_stay_readable_and_are_no_section() -> None:
    document = docx.Document()
    document.add_paragraph("Fewer falls", "Title")
    document.add_paragraph("on Ward 7", "Title")
    document.add_paragraph("A project of one year", "Subtitle")
    document.add_paragraph("Ann Example, nurse")
    document.add_heading("How we did it on Ward 7", 1)
    for heading in ("Background", "Results"):
        document.add_heading(heading, 2)
        document.add_paragraph(f"Words of {heading}.")
    found = brought_in(document)
    assert found.title == "Fewer falls on Ward 7"
    assert [p.guess for p in found.pieces] == ["problem", "results", "source_facts"]
    for words in ("A project of one year", "Ann Example, nurse", "How we did it on Ward 7"):
        assert words in found.pieces[-1].text


FORM = [
    ("Project title", "A tea trolley for carers"), ("Team", "Ward 7"), ("Background", "Carers sat alone."),
    ("What did you do?\nSay it in a few lines.", "First line\nsecond line"), ("What changed?", ""), ("Would you do it again?", "Yes, all of us would."),
]  # fmt: skip


def test_a_form_of_questions_becomes_headings_with_texts() -> None:
    document = docx.Document()
    table = document.add_table(len(FORM), 2)
    for row, (label, answer) in zip(table.rows, FORM, strict=True):
        first, *more = label.split("\n")
        row.cells[0].text = first
        for line in more:
            row.cells[0].add_paragraph(line)
        row.cells[1].text = answer
    table.cell(3, 1).add_paragraph("an item", "List Bullet")
    found = brought_in(document)
    assert found.title == "A tea trolley for carers"
    by_heading = {p.heading: p.text for p in found.pieces}
    assert by_heading["What did you do?"] == "Say it in a few lines.\n\nFirst line  \nsecond line\n\n- an item"
    assert by_heading["Would you do it again?"] == "Yes, all of us would."
    assert {"Background", "What changed?"} <= set(by_heading)
    assert "Project title" in by_heading[""]


@pytest.mark.parametrize(
    "rows",
    [
        [("Measure", "Value"), ("Results", "12"), ("Outcomes", "14 %"), ("Benefits", "3 days")],
        [("Month", "Falls"), ("January", "Twelve falls on the ward"), ("May", "Seven falls on the ward")],
    ],
)
def test_a_table_of_figures_stays_a_table(rows: list[tuple[str, str]]) -> None:
    document = docx.Document()
    table = document.add_table(len(rows), 2)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    (piece,) = brought_in(document).pieces
    assert next(line for line in piece.text.split("\n") if line.startswith("| ")) == f"| {rows[0][0]} | {rows[0][1]} |"


CHART = (
    f'<w:r {nsdecls("w", "wp", "a")}><w:drawing><wp:inline><wp:docPr id="7" name="Chart 1" descr="Falls by month"/><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/></a:graphic></wp:inline></w:drawing></w:r>'
)


def test_pictures_and_charts_leave_a_gap_with_their_words_and_are_counted() -> None:
    document = docx.Document()
    document.add_paragraph("Before.")
    document.add_picture(picture())
    document.add_paragraph("Figure 1. The ward", "Caption")
    document.add_paragraph("Between.").add_run()._r.addnext(parse_xml(CHART))
    document.add_picture(picture())
    found = brought_in(document)
    assert [(p.alt, p.caption) for p in found.pictures] == [("", "Figure 1. The ward")], "the same picture comes once"
    assert found.left_behind == "1 chart"
    assert found.pieces[0].text == "Before.\n\n[Picture 1]\n\nBetween.*Chart: Falls by month*\n\n[Picture 1]"


def test_markdown_with_capitals_as_headings() -> None:
    found = cut_up(b"BACKGROUND\n\nLong waits.\n\n**What we did**\n\nA hub.\n\nRESULTS:\n\nShort waits.\n", "a.md")
    assert list(guesses(found).values()) == ["problem", "actions", "results"]


def test_a_file_whose_headings_all_have_the_style_of_a_title_has_none() -> None:
    document = docx.Document()
    for heading in ("Background", "Results"):
        document.add_paragraph(heading, "Title")
        document.add_paragraph(f"Words of {heading}.")
    found = brought_in(document)
    assert (found.by_name, guesses(found)) == (True, {"Background": "problem", "Results": "results"})


def test_a_form_in_markdown_becomes_headings_and_one_of_figures_or_in_code_stays() -> None:
    form = "| Title | A tea trolley |\n| --- | --- |\n| What was the problem? | Carers sat alone there. |\n| **What did you do?** | A \\| B came. |\n"
    found = cut_up(form.encode(), "a.md")
    assert found.title == "A tea trolley"
    assert [(p.heading, p.text) for p in found.pieces[:2]] == [
        ("What was the problem?", "Carers sat alone there."),
        ("What did you do?", "A \\| B came."),
    ]
    for table in ("| Month | Results |\n| --- | --- |\n| May | 12 |\n| June | 9 |", f"```\n{form}```"):
        (piece,) = cut_up(f"Words before.\n\n{table}\n".encode(), "a.md").pieces
        assert table in piece.text


def test_underlined_headings_and_a_form_whose_questions_are_counted() -> None:
    document = docx.Document()
    for heading, words in (("Background", "Letters went out late."), ("What we did", "We wrote them in clinic.")):
        document.add_paragraph().add_run(heading).underline = True
        document.add_paragraph(words)
    assert guesses(brought_in(document)) == {"Background": "problem", "What we did": "actions"}
    form = docx.Document()
    rows = [("1", "What was the problem?", "Carers sat alone there."), ("2.", "What did you do?", "A volunteer comes at three.")]
    table = form.add_table(2, 3)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    assert list(guesses(brought_in(form)).values()) == ["problem", "actions"]
    bars = "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], ("---",) * 3, rows[1]))
    assert [p.guess for p in cut_up(f"# A trolley\n\n{bars}\n".encode(), "a.md").pieces] == ["problem", "actions"]


def test_names_of_parts_at_the_beginning_of_paragraphs_are_headings() -> None:
    text = b"# A hub\n\n**Background:** Long waits.\n\n**What we did**: A hub.\n\nMore of it.\n\n**Cost.** None.\n"
    found = cut_up(text, "a.md")
    assert [(p.heading, p.text, p.guess) for p in found.pieces][:2] == [
        ("Background", "Long waits.", "problem"),
        ("What we did", "A hub.\n\nMore of it.", "actions"),
    ]
    kept = cut_up(b"# A hub\n\n## The problem\n\n**Background:** Long waits.\n\n## What we did\n\n**Method:** A hub.\n", "a.md")
    assert [p.text for p in kept.pieces] == ["**Background:** Long waits.", "**Method:** A hub."]
