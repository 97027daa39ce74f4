"""Charts, diagrams and formulas of Word files, which its reader does not know: their figures and words stand where they stood."""

import docx
import pytest
from docx.oxml.ns import nsdecls

from forum.documents.uploads import pack, unpack
from forum.documents.word_reading import read, to_markdown
from tests.documents.test_word import saved, with_text

C = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def points(values: list[str]) -> str:
    return "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values) if value)


def chart(dates: list[str], values: list[str], format_: str = "General", of_dates: str = "mmm\\-yy") -> bytes:
    return (
        f"<c:chartSpace {C}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Falls by month</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        "<c:plotArea><c:lineChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>Falls</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        f"<c:cat><c:numRef><c:numCache><c:formatCode>{of_dates}</c:formatCode>{points(dates)}</c:numCache></c:numRef></c:cat>"
        f"<c:val><c:numRef><c:numCache><c:formatCode>{format_}</c:formatCode>{points(values)}</c:numCache></c:numRef></c:val>"
        "</c:ser></c:lineChart></c:plotArea></c:chart></c:chartSpace>"
    ).encode()


def with_part(kind: str, part: bytes) -> bytes:
    """A Word file of "Before.", a drawing that leads to a part, and "After."."""
    key = "dm" if kind == "diagram" else "id"
    file = "word/diagrams/data1.xml" if kind == "diagram" else "word/charts/chart1.xml"
    drawing = (
        f'<w:r {nsdecls("w", "wp", "a")}><w:drawing><wp:inline><wp:docPr id="7" name="{kind} 1"/><a:graphic><a:graphicData '
        f'uri="http://schemas.openxmlformats.org/drawingml/2006/{kind}"><x:{kind} xmlns:x="urn:x" xmlns:r="{OFFICE}" r:{key}="rId90"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    # The paragraphs of `with_text` stand in the opposite order.
    parts = unpack(with_text(f"<w:p><w:r><w:t>After.</w:t></w:r></w:p><w:p><w:r><w:t>Before.</w:t></w:r>{drawing}</w:p>"))
    leads = f'<Relationship Id="rId90" Type="{OFFICE}/{"diagramData" if kind == "diagram" else "chart"}" Target="{file[5:]}"/>'
    rels = "word/_rels/document.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", f"{leads}</Relationships>".encode())
    return pack(parts | {file: part})


def test_a_chart_leaves_its_title_and_its_figures_as_they_are_shown() -> None:
    data = with_part("chart", chart(["45292", "45323", "45352"], ["0.30000000000000004", "", "0.25"], "0%"))
    assert to_markdown(data) == (
        "Before.*Chart: Falls by month*\n\n|  | Falls |\n| --- | --- |\n| 2024-01-01 | 30% |\n| 2024-02-01 |  |\n| 2024-03-01 | 25% |\n\nAfter.\n"
    )


@pytest.mark.parametrize("part", [b"", b"<c:chart", b"<x/>", chart([str(n) for n in range(500)], ["1"] * 500)])
def test_a_chart_without_figures_that_can_be_read_leaves_its_gap(part: bytes) -> None:
    text = to_markdown(with_part("chart", part))
    assert text.startswith("Before.*Chart: ")
    assert "|" not in text


def test_a_diagram_leaves_its_words() -> None:
    point = "<d:pt modelId='{n}'{kind}><d:t><a:p><a:r><a:t>{words}</a:t></a:r></a:p></d:t></d:pt>"
    shapes = [("", "Ask"), ("", "Act & look"), (" type='pres'", "Ask again")]
    text = "".join(point.format(n=n, kind=kind, words=w.replace("&", "&amp;")) for n, (kind, w) in enumerate(shapes))
    spaces = 'xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    data = with_part("diagram", f"<d:dataModel {spaces}><d:ptLst>{text}</d:ptLst></d:dataModel>".encode())
    assert to_markdown(data) == "Before.*Diagram: Ask; Act & look*\n\nAfter.\n"


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


FORMULAS = [
    (f"<m:f><m:num>{run('1')}</m:num><m:den>{run('2')}</m:den></m:f>", "1/2"),
    (f"<m:f><m:num>{run('a + b')}</m:num><m:den>{run('2')}</m:den></m:f>", "(a + b)/2"),
    (f"<m:sSup><m:e>{run('x')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>{run(' + y')}", "x<sup>2</sup> + y"),
    (f"<m:sSub><m:e>{run('x')}</m:e><m:sub>{run('i')}</m:sub></m:sSub>", "x<sub>i</sub>"),
    (f"<m:rad><m:radPr/><m:deg/><m:e>{run('n')}</m:e></m:rad>", "√(n)"),
    (f"<m:d><m:dPr/><m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:d>", "(a\\|b)"),
    (f"<m:d><m:dPr><m:begChr m:val='{{'/><m:endChr m:val='}}'/></m:dPr><m:e>{run('a')}</m:e></m:d>", "{a}"),
    (f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>{run('i')}</m:sub><m:sup>{run('n')}</m:sup><m:e>{run('x')}</m:e></m:nary>", "∑<sub>i</sub><sup>n</sup>x"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "says"), FORMULAS, ids=range(len(FORMULAS)))
def test_formulas_are_read_on_one_line(formula: str, says: str) -> None:
    assert to_markdown(with_text(f"<w:p><m:oMath>{formula}</m:oMath></w:p>")) == f"{says}\n"


def test_markdown_that_was_pasted_into_word_is_markdown() -> None:
    document = docx.Document()
    for line in (
        "# A weekly call",
        "## The problem",
        "Long **waits**.",
        "- one",
        "- two",
        "| a | b |",
        "| --- | --- |",
        "| 1 | 2 |",
        "## Results",
        "*Fewer*.",
    ):
        document.add_paragraph(line)
    found = read(saved(document), lambda _: False)
    assert found.text == (
        "# A weekly call\n\n## The problem\n\nLong **waits**.\n\n- one\n- two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n## Results\n\n*Fewer*.\n"
    )
