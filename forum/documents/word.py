"""Word files to the Markdown of this site and back. Both ways go through HTML, so that each has one reading of a text."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from html import escape
from io import BytesIO
from typing import Any, TypeVar
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import lxml.html  # type: ignore[import-untyped]
import mammoth  # type: ignore[import-untyped]
from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from forum.documents.markdown import TooComplex, render
from forum.documents.uploads import Refused, pack, unpack
from forum.documents.word_headings import DEEPEST, HEADING
from forum.documents.word_structure import WordText, name_pictures, open_forms, take_title
from forum.documents.word_xml import property_title, readable

#: Bounded, because an XML parser needs many times the size of the text in memory.
MOST_XML = 20_000_000
_NOT_WORD = "The site cannot read this as a Word file. Open it in Word, save it again as .docx without a password, and upload that."
_STYLES = (
    "".join(f"p.{HEADING}{n} => h{n}:fresh\n" for n in range(1, DEEPEST + 1))
    + """
p.SiteTitle => h1.title:fresh
p.SiteSubtitle => p.subtitle:fresh
p.SiteCaption => p.caption:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Code'] => pre:separator('\\n')
r[style-name='Code Words'] => code
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
br[type='page'] => br
br[type='column'] => br
"""
)


def to_markdown(data: bytes) -> str:
    """A .docx as Markdown: what it says, without deleted text, comments and pictures. Raises `ValueError` for its sender."""
    return _understood(data, lambda root, _: "\n\n".join(_blocks(root)) + "\n")


def read(data: bytes, asks: Callable[[str], bool]) -> WordText:
    """A .docx as its parts; `asks` says of a label whether it asks for a part of the text. Raises `ValueError` for its sender."""

    def parts(root: Element, property_title: str) -> WordText:
        title, subtitles = take_title(root)
        name_pictures(root)
        open_forms(root, asks)
        return WordText(title, tuple(subtitles), property_title, "\n\n".join(_blocks(root)) + "\n")

    return _understood(data, parts)


_Read = TypeVar("_Read")


def _understood(data: bytes, use: Callable[[Element, str], _Read]) -> _Read:
    """What is made of the file's HTML and the title among its properties. Raises `ValueError` for its sender."""
    if not data.startswith(b"PK"):
        raise Refused(_NOT_WORD)
    parts = unpack(data)
    if sum(len(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))) > MOST_XML:
        raise Refused("The Word file is too large to read. Split it in two.")
    try:
        file = BytesIO(pack(readable(parts)))
        no_picture = mammoth.images.img_element(lambda _: {"src": ""})
        html = mammoth.convert_to_html(file, style_map=_STYLES, include_embedded_style_map=False, convert_image=no_picture).value
        return use(ElementTree.fromstring(f"<div>{html}</div>"), property_title(parts))
    except Refused:
        raise
    except Exception as error:
        # A file can be wrong in as many ways as the reader has assumptions.
        raise Refused(_NOT_WORD) from error


_NOTE = re.compile(r"#?(foot|end)note-(ref-)?(-?\d+)")
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_CELLS = {"table", "thead", "tbody", "tr", "td", "th"}
_BLOCKS = _HEADINGS | _CELLS | {"p", "ul", "ol", "li", "blockquote", "pre", "div", "dl", "dt", "dd", "hr"}
#: Stands for a line break until it is known what a break is written as there; no document can hold it.
_BREAK = "\x00"
_SPACES = re.compile(r"[\t\n\r ]+")


def _paragraphed(parent: Element) -> Iterator[Element]:
    """The blocks in an element, words between them made paragraphs."""
    loose = Element("p")
    loose.text = parent.text
    for child in parent:
        if child.tag not in _BLOCKS:
            loose.append(child)
            continue
        yield loose
        yield child
        loose = Element("p")
        loose.text = child.tail
    yield loose


def _blocks(parent: Element, flat: bool = False) -> list[str]:
    """The Markdown blocks of an element's children; `flat` where there is place for words only, as in a cell."""
    return [text for child in _paragraphed(parent) for text in _block(child, flat) if text.strip()]


def _block(element: Element, flat: bool) -> Iterator[str]:
    tag = element.tag
    if tag in _HEADINGS:
        for strong in list(element.iter("strong")):
            strong.tag = "span"
        text = _SPACES.sub(" ", _inline(element).replace(_BREAK, " ")).strip()
        yield re.sub(r"#$", r"\\#", f"{'#' * int(tag[1])} {text}") if text and not flat else text
    elif tag == "p":
        lines = [_SPACES.sub(" ", line).strip() for line in _inline(element).split(_BREAK)]
        yield ("<br>" if flat else "  \n").join(
            _LINE_START.sub(r"\1\\", line).replace("=", "&#61;", line[:1] == "=") for line in lines if line
        )
    elif not flat and tag in {"ul", "ol"}:
        yield _list(element)
    elif not flat and tag == "table":
        yield _table(element)
    elif not flat and tag == "blockquote":
        yield "\n".join(f"> {line}".rstrip() for line in "\n\n".join(_blocks(element)).split("\n"))
    elif not flat and tag == "pre":
        text = "".join(("\n" if e.tag == "br" else e.text or "") + (e.tail or "") for e in element.iter()).strip("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        yield f"{fence}\n{text}\n{fence}"
    else:
        yield from _blocks(element, flat)
    if tag == "p" or tag in _HEADINGS:
        yield from (f"*Picture: {_escaped(picture.get('alt') or 'no description')}*" for picture in element.iter("img"))


#: Where a line of a paragraph would start something else, and the mark that keeps it from that.
_LINE_START = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+](?:[-+\s]|$)|[>#]|~~~))")


def _list(element: Element) -> str:
    items: list[str] = []
    for item in element.findall("li"):
        blocks = _blocks(item)
        if note := _NOTE.fullmatch(item.get("id", "")):
            mark, joint = f"[^{note[1]}{note[3]}]: ", "\n\n"
        else:
            mark = f"{len(items) + 1}. " if element.tag == "ol" else "- "
            tight = len(blocks) <= 2 and all(child.tag not in _BLOCKS or child.tag in {"ul", "ol"} for child in item)
            joint = "\n" if tight else "\n\n"
            # An item that starts with a list says nothing itself, and would be read as code.
            mark += f"…{joint}" if blocks and re.match(r"- |1\. ", blocks[0]) else ""
        body = (mark + joint.join(blocks)).split("\n")
        items.append("\n".join(f"    {line}" if n and line else line for n, line in enumerate(body)))
    return ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)


def _table(element: Element) -> str:
    rows, below = [], dict[int, int]()
    for row in element.findall("tr") + element.findall("*/tr"):
        cells: list[str] = []
        for cell in row:
            while below.get(len(cells), 0):
                below[len(cells)] -= 1
                cells.append("")
            wide, high = min(int(cell.get("colspan", 1)), 60), int(cell.get("rowspan", 1))
            below.update(dict.fromkeys(range(len(cells), len(cells) + wide), high - 1))
            cells += [" <br> ".join(_blocks(cell, flat=True))] + [""] * (wide - 1)
        rows.append(cells)
    width = max(map(len, rows), default=0)
    head, *lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows] or [""]
    # A table of many rows is more than is shown at once.
    pieces = [lines[n : n + 300] for n in range(0, len(lines), 300)] or [[]]
    return "\n\n".join("\n".join([head, f"|{' --- |' * width}", *piece]) for piece in pieces) if width else ""


_MARKS = {"strong": ("**", "**"), "em": ("*", "*"), "s": ("~~", "~~"), "sup": ("<sup>", "</sup>"), "sub": ("<sub>", "</sub>")}


def _inline(element: Element) -> str:
    return _escaped(element.text or "") + "".join(_span(child) + _escaped(child.tail or "") for child in element)


def _span(element: Element) -> str:
    tag, inner, href = element.tag, _inline(element), element.get("href", "")
    if note := _NOTE.fullmatch(href):
        return "" if note[2] else f"[^{note[1]}{note[3]}]"
    if tag in {"br", "input"}:
        return _BREAK if tag == "br" else "☑ " if "checked" in element.attrib else "☐ "
    if tag == "code":
        text = "".join(element.itertext())
        return f"`{text}`" if text.strip() and not re.search(r"[`\\|\n]", text) else inner
    core = inner.strip(" \t\n\r" + _BREAK)
    before, _, after = inner.partition(core) if core else ("", "", "")
    if not core or core.startswith("[^"):
        return inner
    if tag in _MARKS:
        return before + _MARKS[tag][0] + core + _MARKS[tag][1] + after
    if tag == "a" and re.match(r"https?://|mailto:", href, re.I):
        address = re.sub(r"[\s()<>\[\]\\*_`|]", lambda m: f"%{ord(m[0]):02X}", href.strip())
        return f"{before}[{core.replace(_BREAK, ' ')}]({address}){after}"
    return inner


def _escaped(text: str) -> str:
    """Text in which no character is a mark of Markdown. Underscores within words are none, so that words stay as they are."""
    text = re.sub(r"\\(?!\w)|[`*\[\]|~]|(?<!\w)_|_(?!\w)", r"\\\g<0>", text)
    return re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("<", "&lt;")


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
        _Writer(document).write(_paragraphed(_tree(text)))
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
            if tag in _HEADINGS | {"p", "dt", "pre"}:
                own = "Code" if tag == "pre" else f"Heading {max(2, int(tag[1]) - 1)}" if tag in _HEADINGS else style
                self.paragraph(element, own)
            elif tag in {"ul", "ol"}:
                self.list(element, depth)
            elif tag == "table":
                self.table(element)
            else:
                if element.get("class") == "footnote":
                    self.document.add_heading("Notes", 2)
                self.write(_paragraphed(element), "Quote" if tag == "blockquote" else style, depth)

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
            for block in _paragraphed(item):
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
        run = paragraph.add_run(text.strip("\n") if marks.get("pre") else _SPACES.sub(" ", text))
        for name in _FONT.values():
            if marks.get(name):
                setattr(run.font, name, True)
        if marks.get("code") and not marks.get("pre"):
            run.style = "Code Words"
        if inside is not None:
            run.style = "Hyperlink"
            inside.append(run._r)
