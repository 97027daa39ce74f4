"""Word files come in and go out without losing a word."""

import random
import re
import time
from io import BytesIO
from zipfile import ZipFile

import docx as word
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from forum.documents.markdown import TooComplex, plain, render
from forum.documents.uploads import accept, pack, unpack
from forum.documents.word_reading import to_markdown
from tests.documents.word_files import word_file

TEXT = """# First

Some **bold**, *slanted* and `code words` with [a link](https://www.nhs.uk/a?b=1&c=2), H~~gone~~ and 10<sup>6</sup>.

- one
- two
    - two a
    - two b
- three

1. first
2. second

Between.

1. again first

> Quoted words

| Measure | Before | After |
| --- | --- | --- |
| Wait | 12 | **4** |
| Falls | 3 | 1 |

```
if a_b < c:
    stop()
```

A note[^1].

[^1]: The note's text.
"""


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def saved(document: object) -> bytes:
    out = BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def with_text(xml: str, **more: bytes) -> bytes:
    """A document with this XML in its body, and more parts of the folder `word`."""
    document = word.Document()
    names = (
        nsdecls("w", "wp", "a", "r", "m") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    for element in list(parse_xml(f"<w:body {names}>{xml}</w:body>")):
        document.element.body.insert(0, element)
    return pack(unpack(saved(document)) | {f"word/{name}.xml": part for name, part in more.items()})


def shown(data: bytes) -> str:
    return render(to_markdown(data), limit=400_000)


def test_every_word_of_a_document_is_found() -> None:
    document = word.Document()
    document.add_heading("Fewer falls", 0)
    document.add_heading("What we did*", 1)
    document.add_heading("Deep C#", 8)
    document.add_paragraph("A ").add_run("bold, ").bold = True
    document.paragraphs[-1].add_run("slanted").italic = True
    document.paragraphs[-1].add_run("\ttab\nbreak")
    for style, text in [
        ("List Bullet", "tea"),
        ("List Bullet 2", "green"),
        ("List Number", "one"),
        ("List Number 2", "deep"),
        ("Quote", "said"),
    ]:
        document.add_paragraph(text, style)
    table = document.add_table(3, 3)
    for n, cell in enumerate(c for row in table.rows for c in row.cells):
        cell.text = f"cell{n} | pipe\nline{n}"
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(2, 2).add_table(1, 1).cell(0, 0).text = "nested"
    picture = BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    picture.seek(0)
    shape = document.add_picture(picture)
    shape._inline.docPr.set("descr", "A bed by a window")
    markdown = to_markdown(saved(document))
    said = "\n".join([p.text for p in document.paragraphs] + [c.text for row in table.rows for c in row.cells])
    assert words(said) | {"nested"} <= words(markdown)
    assert words(said) | {"nested"} <= words(plain(render(markdown)))
    assert "# Fewer falls" in markdown
    assert "###### Deep C\\#" in markdown
    assert "**bold,** *slanted* tab  \nbreak" in markdown
    assert "- tea\n    - green" in markdown
    assert "*Picture: A bed by a window*" in markdown.splitlines()
    html = render(markdown)
    assert html.count("<table>") == 1
    assert len(set(re.findall(r"(?:<t[hd][^>]*>(?:(?!</tr>).)*){3}</tr>", html, re.S))) == 3


NOTES = (
    f"<w:footnotes {nsdecls('w')}><w:footnote w:id='2'><w:p><w:r><w:t>Counted by hand</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>and twice</w:t></w:r></w:p></w:footnote></w:footnotes>"
).encode()


def test_footnotes_stand_at_the_end() -> None:
    data = with_text("<w:p><w:r><w:t>Falls</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>", footnotes=NOTES)
    assert to_markdown(data) == "Falls[^foot2]\n\n[^foot2]: Counted by hand\n\n    and twice\n"
    assert "and twice" in shown(data).split('class="footnote"')[1]


BOX = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
SHAPE = f"<w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
OLD_SHAPE = f"<w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict>"
KEPT = [
    ("<w:r><w:t>old</w:t></w:r><w:ins w:author='x'><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>", "oldnew"),
    ("<w:moveTo><w:r><w:t>here</w:t></w:r></w:moveTo><w:moveFrom><w:r><w:t>there</w:t></w:r></w:moveFrom>", "here"),
    ("<w:fldSimple w:instr='PAGE'><w:r><w:t>seven</w:t></w:r></w:fldSimple>", "seven"), ("<w:r><w:t>a</w:t><w:cr/><w:t>b</w:t></w:r>", "a  \nb"),
    ("<m:oMath><m:f><m:num><m:r><m:t>top</m:t></m:r></m:num></m:f></m:oMath>", "top"), (f"<w:r>{SHAPE}</w:r>", "boxed"), (f"<w:r>{OLD_SHAPE}</w:r>", "boxed"),
    (f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{SHAPE}</mc:Choice><mc:Fallback>{OLD_SHAPE}</mc:Fallback></mc:AlternateContent></w:r>", "boxed"),
    ("<w:r><w:t>said</w:t></w:r><w:r><w:commentReference w:id='1'/></w:r>", "said"), ("<w:sdt><w:sdtContent><w:r><w:t>held</w:t></w:r></w:sdtContent></w:sdt>", "held"),
    ("<w:r><w:t>m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>2</w:t></w:r>", "m<sup>2</sup>"),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "markdown"), KEPT, ids=range(len(KEPT)))
def test_what_word_hides_is_found(xml: str, markdown: str) -> None:
    assert to_markdown(with_text(f"<w:p>{xml}</w:p>")) == f"{markdown}\n"


LITERAL = [
    "# not a heading", "- not a list", "1. not a list", "2) nor this", "+ plus", "*stars* and **more**", "_under_ snake_case_name", "a | b | c", "<script>alert(1)</script>",
    "[link](https://x.example)", "![x](y)", "`code`", "~~gone~~", "&amp; &lt; AT&T", "> quote", "=== line", "---", "***", "[^1]: note", "~~~", "back\\slash \\*", "[x]: https://x", "- - -",
]  # fmt: skip


@pytest.mark.parametrize("text", LITERAL)
def test_marks_in_a_text_stay_text(text: str) -> None:
    document = word.Document()
    document.add_paragraph("before\n" + text)
    document.add_paragraph(text)
    document.add_table(1, 1).cell(0, 0).text = text
    document.add_paragraph("Item", "List Bullet").add_run(f" {text}")
    html = shown(saved(document))
    assert plain(html) == plain(f"before {'<p>'.join([text.replace('&', '&amp;').replace('<', '&lt;')] * 3)} Item ") + " " + text
    assert not re.search("<(?:em|strong|code|del|hr|h3|blockquote|script|pre)", html)


def test_what_is_no_document_is_refused() -> None:
    good = saved(word.Document())
    wrong = pack(unpack(good) | {"word/document.xml": b"<w"})
    footless = with_text("<w:p><w:r><w:footnoteReference w:id='9'/></w:r></w:p>")
    for data in (
        b"",
        b"Hello",
        b"PK\x03\x04",
        good[:3_000],
        pack({"a.xml": b"<x/>"}),
        b"\xd0\xcf\x11\xe0" + bytes(600),
        wrong,
        footless,
    ):
        with pytest.raises(ValueError, match=r"save it again as \.docx"):
            to_markdown(data)
    for text, says in (("word " * 90_000, "400,000"), (random.Random(1).randbytes(11_000_000).hex(), "too large")):
        part = f"<w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
        with pytest.raises(ValueError, match=says):
            to_markdown(pack(unpack(good) | {"word/document.xml": part.encode(), "word/media/a.jpg": bytes(range(256)) * 2_000}))
    with pytest.raises(ValueError, match="unpacks"):
        to_markdown(pack(unpack(good) | {"word/a.xml": bytes(101_000_000)}))


def test_a_document_is_well_made() -> None:
    data = word_file(
        [("Aim", TEXT), ("Result", "Good.")], "Fewer falls", [("Team", "Ward 7"), ("Region", "North")], "Shared Practice, 3 May"
    )
    document = word.Document(BytesIO(data))
    styles = [p.style.name for p in document.paragraphs if p.style]
    assert styles[0] == "Title"
    assert [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"] == ["Aim", "Result"]
    for style in ("Heading 2", "List Bullet", "List Bullet 2", "List Number", "Quote", "Code"):
        assert style in styles
    facts, measures = document.tables
    assert facts.rows[0].cells[0].paragraphs[0].style.name == "Table Head"
    look = facts._tbl.tblPr.find(qn("w:tblLook"))
    assert (look.get(qn("w:firstColumn")), look.get(qn("w:firstRow"))) == ("1", "0")
    assert [c.text for c in measures.rows[1].cells] == ["Wait", "12", "4"]
    assert measures._tbl.find(f".//{qn('w:tblHeader')}") is not None
    numbers = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style and p.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2], "the second list starts again"
    link = document.element.body.find(f".//{qn('w:hyperlink')}")
    assert document.part.rels[link.get(qn("r:id"))].target_ref == "https://www.nhs.uk/a?b=1&c=2"
    about, section = document.core_properties, document.sections[0]
    said = (about.title, about.author, about.last_modified_by, about.comments, about.created.year)
    assert said == ("Fewer falls", "", "", "", 2000)
    foot = "".join(t.text for t in section.footer.paragraphs[0]._p.iter(qn("w:t")))
    size = (round(section.page_width.cm), round(section.page_height.cm, 1))
    assert (*size, foot) == (21, 29.7, "Shared Practice, 3 May Page 1 of 1")
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    assert data == word_file(
        [("Aim", TEXT), ("Result", "Good.")], "Fewer falls", [("Team", "Ward 7"), ("Region", "North")], "Shared Practice, 3 May"
    )
    assert accept(data, "x.docx").kind == "docx"
    assert ZipFile(BytesIO(data)).testzip() is None


def test_there_and_back() -> None:
    back = to_markdown(word_file([("Aim", TEXT)], "Fewer falls", [("Team", "Ward_7")], "foot"))
    for line in (
        "# Fewer falls",
        "# Aim",
        "## First",
        "- two",
        "    - two b",
        "2. second",
        "> Quoted words",
        "| Wait | 12 | **4** |",
        "if a_b < c:",
        "    stop()",
    ):
        assert line in back.splitlines(), line
    assert "**bold**, *slanted* and `code words` with [a link](https://www.nhs.uk/a?b=1&c=2), H~~gone~~ and 10<sup>6</sup>." in back
    assert words(plain(render(TEXT))) <= words(plain(render(back)))


def test_hostile_words_are_written() -> None:
    bad = "a\x00b\x0bc\x1f\ud800d\ufffee\U0001f600"
    data = word_file([(bad, bad)], bad, [(bad, bad)], bad)
    assert len(re.findall("ab(?:<br>|\\s)c de\U0001f600", to_markdown(data))) == 5, "the footer is no part of the text"
    deep = "".join(f"{' ' * 4 * n}- x{n}\n" for n in range(15))
    assert words(deep) <= words(to_markdown(word_file([("h", deep), ("h", "[" * 5_000 + " word")], "", [], "")))


def test_tiresome_documents_end() -> None:
    start = time.monotonic()
    spaces = f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>a{' ' * 300_000}b</w:t></w:r></w:p>"
    assert to_markdown(with_text(spaces)) == "**a b**\n"
    wide = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='900000000'/></w:tcPr><w:p><w:r><w:t>wide</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    assert "| wide |" in to_markdown(with_text(wide))
    deep = f"<w:document {nsdecls('w')}>{'<w:smartTag>' * 90_000}{'</w:smartTag>' * 90_000}</w:document>".encode()
    with pytest.raises(ValueError, match="save it again"):
        to_markdown(pack(unpack(saved(word.Document())) | {"word/document.xml": deep, "word/media/a.jpg": bytes(range(256)) * 400}))
    assert time.monotonic() - start < 30


def test_a_long_text_is_written_soon() -> None:
    text = "\n\n".join(f"Paragraph {n} says **this** and that, again and again, to be long." for n in range(1_500))
    start = time.monotonic()
    assert len(text) > 95_000
    assert "Paragraph 1499" in to_markdown(word_file([("Long", text)], "t", [], "f"))
    assert time.monotonic() - start < 60


PIECES = st.sampled_from(["word", "two words", " ", "\n", "\n\n", "*", "**", "_", "`", "# ", "- ", "1. ", "    ", "| a | b |\n| --- | --- |\n", "> ", "[x](https://x.example)", "<b>", "<", "&", "~~", "\\", "[^1]", "[^1]: n", "é", "```\n", "|", "[ ] ", "=", "-"])  # fmt: skip


@given(st.lists(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60), min_size=8, max_size=16))
@settings(deadline=None, max_examples=6)
def test_no_text_loses_a_word(texts: list[str]) -> None:
    """Several texts in one document, as making and reading one takes long."""
    file = word_file([(f"Part {n}", text) for n, text in enumerate(texts)], "Title", [("a", text) for text in texts], "f")
    parts = re.split(r"^# Part \d+$", to_markdown(file), flags=re.M)[1:]
    assert len(parts) == len(texts)
    for text, part in zip(texts, parts, strict=True):
        try:
            said = plain(render(text))
        except TooComplex:
            said = ""
        assert words(said) <= words(plain(render(part, limit=400_000)))
