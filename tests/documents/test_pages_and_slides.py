"""The text of PDF and PowerPoint files: headings, paragraphs, lists, tables; nothing else, and never for ever."""

from io import BytesIO

import pytest
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from forum.documents import reading_child
from forum.documents.reading import read_document
from forum.documents.uploads import Refused
from tests.documents.pages import Line, pdf

BODY = "Twelve people fell each month on a ward with few places to sit, and"


def of_pages(*pages: list[Line]) -> str:
    return read_document(pdf(*pages), "pdf", lambda _: False).text


def lines(*texts: str, size: float = 11, strong: bool = False, first: float = 24) -> list[Line]:
    return [(text, size, strong, first if n == 0 else 14) for n, text in enumerate(texts)]


def test_headings_are_told_by_their_size_or_their_strength_and_lines_are_joined() -> None:
    text = of_pages(
        [
            *lines("Fewer falls on Ward 7", size=20),
            *lines("The problem", size=14),
            *lines(BODY, "half of them at night. We wrote it down in the cor-", "ridor book."),
            *lines("A second paragraph begins here."),
            *lines("What we did", strong=True),
            *lines("- First we moved the beds", "- Then we asked families"),
            *lines("1. Look", "2. Act"),
        ]
    )
    assert text.split("\n\n") == [
        "# Fewer falls on Ward 7",
        "## The problem",
        f"{BODY} half of them at night. We wrote it down in the corridor book.",
        "A second paragraph begins here.",
        "### What we did",
        "- First we moved the beds",
        "- Then we asked families",
        "1. Look",
        "2. Act",
    ]


def test_heads_feet_and_numbers_of_pages_are_told_once_and_a_sentence_goes_on_over_the_page() -> None:
    page = lambda n, *texts: [*lines("Ward 7 report"), *lines(*texts), *lines(f"Page {n} of 3")]  # noqa: E731
    found = read_document(
        pdf(page(1, BODY), page(2, "half of them at night."), page(3, "The end of it came soon.")), "pdf", lambda _: False
    )
    assert found.text == f"{BODY} half of them at night.\n\nThe end of it came soon."
    assert found.subtitles == ("Ward 7 report",)
    assert "Look through every part" in found.check


def test_numbers_and_lines_within_a_page_stay() -> None:
    page = lines(
        "Ward 7", "Falls that were counted in this month", "Month 1", "12", "Month 2", "7", "All were looked at", "The end"
    )
    text = of_pages(page, page, page)
    assert text.count("12") == 3
    assert text.count("Month 2") == 3


def test_marks_of_markdown_in_a_pdf_stay_text() -> None:
    assert of_pages(lines(f"# {BODY} *twice* [x](http://y.example)")).startswith("\\# Twelve") or "\\*twice\\*" in of_pages(
        lines(f"{BODY} *twice* [x](http://y.example)")
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [(pdf([]), "no text"), (pdf(*[lines(BODY)] * 201), "more than 200 pages"), (b"%PDF-1.4 nothing", "cannot read this PDF")],
    ids=["a scan", "a book", "broken"],
)
def test_a_pdf_that_cannot_be_read(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_document(data, "pdf", lambda _: False)


def test_a_file_that_takes_too_long_or_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_child, "LONGEST", 0.01)
    with pytest.raises(Refused, match="within a sensible time"):
        read_document(pdf(lines(BODY)), "pdf", lambda _: False)


def photo(colour: str) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    out.seek(0)
    return out


def talk() -> bytes:
    show, out = Presentation(), BytesIO()
    first = show.slides.add_slide(show.slide_layouts[0])
    first.shapes.title.text, first.placeholders[1].text = "Fewer falls", "The therapy team"
    second = show.slides.add_slide(show.slide_layouts[1])
    second.shapes.title.text = "What we did"
    frame = second.placeholders[1].text_frame
    frame.text = "Moved the *beds*"
    deeper = frame.add_paragraph()
    deeper.text, deeper.level = "At night first", 1
    second.notes_slide.notes_text_frame.text = "Say who paid."
    third = show.slides.add_slide(show.slide_layouts[5])
    third.shapes.title.text = "Results"
    table = third.shapes.add_table(2, 2, Cm(1), Cm(4), Cm(8), Cm(2)).table
    for n, text in enumerate(("Month", "Falls", "January", "12")):
        table.cell(n // 2, n % 2).text = text
    figures = CategoryChartData()
    figures.categories = ["Before", "After"]
    figures.add_series("Falls a month", (12, 7.5))
    third.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(7), Cm(8), Cm(5), figures)
    picture = third.shapes.add_picture(photo("teal"), Cm(1), Cm(13))
    picture._element.nvPicPr.cNvPr.set("descr", "The ward")
    hidden = show.slides.add_slide(show.slide_layouts[5])
    hidden.shapes.title.text = "Not shown"
    hidden._element.set("show", "0")
    show.save(out)
    return out.getvalue()


def test_slides_become_headings_with_their_words_tables_figures_and_pictures() -> None:
    found = read_document(talk(), "pptx", lambda _: False)
    assert found.title == "Fewer falls"
    assert found.text.strip().split("\n\n") == [
        "The therapy team",
        "## What we did",
        "- Moved the \\*beds\\*\n    - At night first",
        "*Notes of slide 2:* Say who paid.",
        "## Results",
        "| Month | Falls |\n| --- | --- |\n| January | 12 |",
        "*Chart: no description*",
        "|  | Falls a month |\n| --- | --- |\n| Before | 12 |\n| After | 7.5 |",
        "[Picture 1]",
    ]
    assert [(p.alt, p.accepted.width) for p in found.pictures] == [("The ward", 64)]
    assert "Not shown" not in found.text
    assert found.check.endswith("1 hidden slide is left out.")
