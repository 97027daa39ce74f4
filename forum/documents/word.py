"""Word files of a text, by way of the HTML that the site shows of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import lxml.html  # type: ignore[import-untyped]
from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from forum.documents.html_markdown import HEADINGS, SPACES, paragraphed
from forum.documents.markdown import TooComplex, render
from forum.documents.uploads import pack, unpack

#: A text without the characters that XML refuses; those that part words leave a blank.
_kept = partial(re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").sub, lambda m: " " * m[0].isspace())
_BULLETS, _NUMBERS = 90, 91
_FONT = {"strong": "bold", "em": "italic", "del": "strike", "sup": "superscript", "sub": "subscript"}
_BLUE = RGBColor(0x00, 0x5E, 0xB8)


def from_markdown(blocks: Sequence[tuple[str, str]], title: str, facts: Sequence[tuple[str, str]], footer: str) -> bytes:
    """A .docx of a title, a table of facts, and each heading with its Markdown text as the site shows it."""
    document = Document()
    _set_up(document, _kept(title), _kept(footer))
    document.add_heading(_kept(title), 0)
    if facts:
        table = _new_table(document, len(facts), 2, head=False)
        for row, fact in zip(table.rows, facts, strict=True):
            name, value = row.cells
            name.paragraphs[0].add_run(_kept(fact[0])).bold = True
            value.paragraphs[0].add_run(_kept(fact[1]))
    for heading, text in blocks:
        document.add_heading(_kept(heading), 1)
        _Writer(document).write(paragraphed(_tree(text)))
    out = BytesIO()
    document.save(out)
    return pack(unpack(out.getvalue()))


def _tree(text: str) -> Element:
    """The elements of what the site shows for a text; of its plain paragraphs where it cannot show it."""
    try:
        html = render(text, limit=max(len(text), 1))
    except TooComplex:
        html = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in re.split(r"\n\s*\n", text))
    tree = lxml.html.fragment_fromstring(_kept(html), create_parent="div")
    return ElementTree.fromstring(lxml.html.tostring(tree, method="xml", encoding="unicode"))


def _set_up(document: Docx, title: str, footer: str) -> None:
    """A4, the language, the styles, the properties and the foot of every page."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.2)
    section.footer.paragraphs[0].add_run(footer)
    for name in ("Normal", "Title", *(f"Heading {n}" for n in range(1, 7)), "Quote"):
        style: Any = document.styles[name]
        style.element.get_or_add_rPr()._remove_rFonts()
        style.font.name = "Arial"
        style.font.color.rgb = None if name in {"Normal", "Quote"} else _BLUE
    new = document.styles.add_style
    link: Any = new("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = _BLUE, True
    for style in (new("Code", WD_STYLE_TYPE.PARAGRAPH), new("Code Words", WD_STYLE_TYPE.CHARACTER)):
        style.font.name, style.font.size = "Courier New", Pt(10)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    properties = document.core_properties
    properties.title, properties.language = title[:255], "en-GB"
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = datetime(2000, 1, 1)
    numbering = document.part.numbering_part.element
    for number, ordered in ((_BULLETS, False), (_NUMBERS, True)):
        numbering.insert(0, parse_xml(_levels(number, ordered)))


def _levels(number: int, ordered: bool) -> str:
    """Nine levels of a list, in XML: its marks, and how far each goes in."""
    kind, sign, levels = ("decimal", "%{}.", "") if ordered else ("bullet", "•", "")
    for n in range(9):
        levels += (
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{sign.format(n + 1)}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{(n + 1) * 420}" w:hanging="420"/></w:pPr></w:lvl>'
        )
    return f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{levels}</w:abstractNum>'


def _new_table(document: Docx, rows: int, columns: int, head: bool) -> Table:
    """A table with lines, of which readers aloud know whether its first row or its first column names the others."""
    table: Table = document.add_table(rows, columns, "Table Grid")
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    for name, value in (("firstRow", head), ("firstColumn", not head), ("noHBand", True), ("noVBand", True)):
        look.set(qn(f"w:{name}"), str(int(value)))
    look.set(qn("w:val"), "0620" if head else "0680")
    return table


@dataclass
class _Writer:
    """Writes elements of HTML as paragraphs, lists and tables of one document."""

    document: Docx

    def write(self, blocks: Iterable[Element], style: str = "Normal", depth: int = 0) -> None:
        """Blocks, in a style for their paragraphs and at a depth of lists."""
        for element in blocks:
            tag = element.tag
            if tag in HEADINGS | {"p", "dt", "pre"}:
                own = "Code" if tag == "pre" else f"Heading {max(2, int(tag[1]) - 1)}" if tag in HEADINGS else style
                self.paragraph(element, own)
            elif tag in {"ul", "ol"}:
                self.list(element, depth)
            elif tag == "table":
                self.table(element)
            else:
                if element.get("class") == "footnote":
                    self.document.add_heading("Notes", 2)
                self.write(paragraphed(element), "Quote" if tag == "blockquote" else style, depth)

    def paragraph(self, element: Element, style: str) -> Paragraph | None:
        """A paragraph, unless nothing would be in it."""
        if not "".join(element.itertext()).strip() and element.find(".//input") is None:
            return None
        paragraph = self.document.add_paragraph(style=style)
        self.runs(paragraph, element, {"pre": element.tag == "pre", "bold": element.tag == "dt"})
        return paragraph

    def list(self, element: Element, depth: int) -> None:
        ordered, level = element.tag == "ol", min(depth, 8)
        # Each list is one of its own, so that its numbers start again.
        number = self.document.part.numbering_part.element.add_num(_NUMBERS if ordered else _BULLETS)
        start = re.fullmatch(r"\d{1,6}", element.get("start", "1"))
        number.add_lvlOverride(level).add_startOverride(int(start[0]) if start else 1)
        style = ("List Number" if ordered else "List Bullet") + (f" {level + 1}" if level in {1, 2} else "")
        for item in element.findall("li"):
            marked = False
            for block in paragraphed(item):
                if not marked and block.tag == "p" and (paragraph := self.paragraph(block, style)):
                    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                    properties.get_or_add_numId().val = number.numId
                    properties.get_or_add_ilvl().val = level
                    marked = True
                elif block.tag != "p" or marked:
                    self.write([block], "List Continue", depth + 1)

    def table(self, element: Element) -> None:
        rows = [list(row) for row in element.iter("tr")]
        table = _new_table(self.document, 0, max(map(len, rows), default=1), head=True)
        for number, cells in enumerate(rows):
            row = table.add_row()  # type: ignore[no-untyped-call]
            if not number:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for place, cell in zip(row.cells, cells, strict=False):
                self.runs(place.paragraphs[0], cell, {"bold": not number})
        self.document.add_paragraph()

    def runs(self, paragraph: Paragraph, element: Element, marks: dict[str, bool], inside: Any = None) -> None:
        """The words of an element, with the marks of all around them."""
        self.run(paragraph, element.text, marks, inside)
        for child in element:
            tag, around = child.tag, inside
            if tag == "br":
                paragraph.add_run().add_break()
            elif tag == "input":
                self.run(paragraph, "☑ " if "checked" in child.attrib else "☐ ", marks, inside)
            elif tag == "a" and re.match(r"https?:|mailto:", child.get("href", ""), re.I):
                around = OxmlElement("w:hyperlink")
                link = paragraph.part.relate_to(child.get("href", ""), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                around.set(qn("r:id"), link)
                paragraph._p.append(around)
            if child.get("class") != "footnote-backref":
                self.runs(paragraph, child, {**marks, _FONT.get(tag, tag): True}, around)
            self.run(paragraph, child.tail, marks, inside)

    def run(self, paragraph: Paragraph, text: str | None, marks: dict[str, bool], inside: Any) -> None:
        if not text:
            return
        run = paragraph.add_run(text.strip("\n") if marks.get("pre") else SPACES.sub(" ", text))
        for name in _FONT.values():
            if marks.get(name):
                setattr(run.font, name, True)
        if marks.get("code") and not marks.get("pre"):
            run.style = "Code Words"
        if inside is not None:
            run.style = "Hyperlink"
            inside.append(run._r)
