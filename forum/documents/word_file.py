"""Word files from what the site shows: Markdown by way of HTML, so that a text has one reading; tables, facts and pictures."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from html import escape
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import lxml.html  # type: ignore[import-untyped]
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.text.paragraph import Paragraph

from forum.documents.html_markdown import HEADINGS, SPACES, paragraphed
from forum.documents.markdown import TooComplex, render
from forum.documents.uploads import pack, unpack
from forum.documents.word_tables import Cell, Look, add_table
from forum.documents.word_template import number_lists, opened, put_footer, room_of

#: A text without the characters that XML refuses; those that part words leave a blank.
kept = partial(re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").sub, lambda m: " " * m[0].isspace())
_FONT = {"strong": "bold", "em": "italic", "del": "strike", "sup": "superscript", "sub": "subscript"}
#: A paragraph that is nothing but the name of a picture.
_NAMED = re.compile(r"\[Picture (\d{1,3})\]")
_NUMBER = re.compile(r"[-−+£]?[\d.,]+ ?%?")
#: Of a twentieth of a point, and of the paper: how high a picture may be.
_TWIP, _HIGHEST = 635, 4_700_000


class WordFile:
    """A Word file that is written from top to bottom. `template` is an organisation's own, None for ours."""

    def __init__(self, title: str, footer: str = "", template: Path | None = None) -> None:
        self.document = opened(template, kept(title))
        self.room = room_of(self.document)
        self.lists = number_lists(self.document)
        put_footer(self.document, kept(footer))
        #: Puts a picture where a text names it by its number; False for a name that is no picture's.
        self.place: Callable[[int], bool] = lambda number: False
        self.paragraph(title, "Title")

    def paragraph(self, text: str, style: str = "Normal", follows: bool = False) -> None:
        """Plain text; `follows` keeps it on the page of what comes next."""
        added = self.document.add_paragraph(kept(text), style=style)
        added.paragraph_format.keep_with_next = follows or None

    def heading(self, text: str, level: int = 1, new_page: bool = False) -> None:
        self.paragraph(text, f"Heading {level}")
        self.document.paragraphs[-1].paragraph_format.page_break_before = new_page or None

    def markdown(self, text: str, level: int = 2) -> None:
        """A Markdown text as the site shows it; its highest headings get that level."""
        _Writer(self, level).write(paragraphed(_tree(text)))

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names with what they stand for."""
        cells = [[_plain(name), _plain(value)] for name, value in rows if value]
        if cells:
            add_table(self.document, cells, Look("Practice Facts", head=False), self.room)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Iterable[int] = (), tight: bool = False) -> None:
        """A table of plain texts; the columns of `numbers` stand to the right. `tight` is for many short rows."""
        cells = [[_plain(text) for text in row] for row in (head, *rows)]
        style = "Practice Figures" if tight else "Practice Table"
        add_table(self.document, cells, Look(style, numbers=frozenset(numbers)), self.room)

    def picture(self, data: bytes, alt: str, caption: str = "") -> bool:
        """A picture as wide as the lines at most, with words for those who cannot see it; False where it is no picture."""
        paragraph = self.document.add_paragraph(style="Picture")
        try:
            shape = paragraph.add_run().add_picture(BytesIO(data))
        except (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError):
            paragraph._p.getparent().remove(paragraph._p)
            return False
        shrink = min(1.0, self.room * _TWIP / shape.width, _HIGHEST / shape.height)
        shape.width, shape.height = Emu(int(shape.width * shrink)), Emu(int(shape.height * shrink))
        about = shape._inline.docPr
        about.set("descr", kept(alt))
        about.set("name", f"Picture {about.id}")
        if caption:
            paragraph.paragraph_format.keep_with_next = True
            self.paragraph(caption, "Caption")
        return True

    def data(self) -> bytes:
        """The file; the same words make the same bytes."""
        out = BytesIO()
        self.document.save(out)
        return pack(unpack(out.getvalue()))


def _plain(text: str) -> Cell:
    text = kept(text)
    return Cell(text, lambda paragraph: paragraph.add_run(text))


def _tree(text: str) -> Element:
    """The elements of what the site shows for a text; of its plain paragraphs where it cannot show it."""
    try:
        html = render(text, limit=max(len(text), 1))
    except TooComplex:
        html = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in re.split(r"\n\s*\n", text))
    tree = lxml.html.fragment_fromstring(kept(html), create_parent="div")
    return ElementTree.fromstring(lxml.html.tostring(tree, method="xml", encoding="unicode"))


def _says(element: Element) -> bool:
    return bool("".join(element.itertext()).strip()) or element.find(".//input") is not None


def _stands_over(element: Element, after: Element | None) -> bool:
    """Whether a paragraph belongs to what follows: it is before a table, or all of it is strong, as a question is."""
    if after is None:
        return False
    inside = after[0] if after.tag == "div" and len(after) else after
    strong = len(element) == 1 and element[0].tag == "strong" and not (element.text or "").strip() and not element[0].tail
    return inside.tag == "table" or strong


class _Writer:
    """Writes elements of HTML as paragraphs, lists and tables of one file."""

    def __init__(self, file: WordFile, level: int) -> None:
        self.file, self.document, self.level = file, file.document, level

    def write(self, blocks: Iterable[Element], style: str = "Normal", depth: int = 0) -> None:
        """Blocks, in a style for their paragraphs and at a depth of lists."""
        blocks = [block for block in blocks if block.tag != "p" or _says(block)]
        for element, after in zip_longest(blocks, blocks[1:]):
            tag = element.tag
            named = _NAMED.fullmatch(element.text or "") if tag == "p" and not len(element) else None
            if named and self.file.place(int(named[1])):
                continue
            if tag in HEADINGS | {"p", "dt", "pre"}:
                own = "Code" if tag == "pre" else f"Heading {self._level(tag)}" if tag in HEADINGS else style
                written = self.paragraph(element, own)
                if written is not None and (tag == "dt" or _stands_over(element, after)):
                    written.paragraph_format.keep_with_next = True
            elif tag in {"ul", "ol"}:
                self.list(element, depth)
            elif tag == "table":
                self.table(element)
            else:
                if element.get("class") == "footnote":
                    self.file.heading("Notes", self.level)
                self.write(paragraphed(element), "Quote" if tag == "blockquote" else style, depth)

    def _level(self, tag: str) -> int:
        """What the site shows as a third heading is the highest that stands in a text."""
        return min(6, max(self.level, int(tag[1]) - 3 + self.level))

    def paragraph(self, element: Element, style: str) -> Paragraph | None:
        """A paragraph, unless nothing would be in it."""
        if not _says(element):
            return None
        paragraph = self.document.add_paragraph(style=style)
        self.runs(paragraph, element, {"pre": element.tag == "pre", "bold": element.tag == "dt"})
        return paragraph

    def list(self, element: Element, depth: int) -> None:
        ordered, level = element.tag == "ol", min(depth, 8)
        # Each list is one of its own, so that its numbers start again.
        number = self.document.part.numbering_part.element.add_num(self.file.lists[ordered])
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
        rows = [[self.cell(cell) for cell in row] for row in element.iter("tr")]
        below = [[cell.text.strip() for cell in row] for row in rows[1:]]
        columns = range(max(map(len, below), default=0))
        numbers = {n for n in columns if all(_NUMBER.fullmatch(row[n]) for row in below if len(row) > n and row[n])}
        add_table(self.document, rows, Look("Practice Table", numbers=frozenset(numbers)), self.file.room)

    def cell(self, element: Element) -> Cell:
        text = SPACES.sub(" ", "".join(("\n" if e.tag == "br" else e.text or "") + (e.tail or "") for e in element.iter()))
        return Cell(text, lambda paragraph: self.runs(paragraph, element, {}))

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
                link = self.document.part.relate_to(child.get("href", ""), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                around.set(qn("r:id"), link)
                paragraph._p.append(around)
            if child.get("class") != "footnote-backref":
                self.runs(paragraph, child, {**marks, _FONT.get(tag, tag): True}, around)
            self.run(paragraph, (child.tail or "").lstrip("\n") if tag == "br" else child.tail, marks, inside)

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
