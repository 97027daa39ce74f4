"""Word files to the Markdown of this site, by way of HTML. `word_file` goes the other way."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TypeVar
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import mammoth  # type: ignore[import-untyped]

from forum.documents.markdown_plain import as_line, escaped
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
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_CELLS = {"table", "thead", "tbody", "tr", "td", "th"}
_BLOCKS = HEADINGS | _CELLS | {"p", "ul", "ol", "li", "blockquote", "pre", "div", "dl", "dt", "dd", "hr"}
#: Stands for a line break until it is known what a break is written as there; no document can hold it.
_BREAK = "\x00"
SPACES = re.compile(r"[\t\n\r ]+")


def paragraphed(parent: Element) -> Iterator[Element]:
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
    return [text for child in paragraphed(parent) for text in _block(child, flat) if text.strip()]


def _block(element: Element, flat: bool) -> Iterator[str]:
    tag = element.tag
    if tag in HEADINGS:
        for strong in list(element.iter("strong")):
            strong.tag = "span"
        text = SPACES.sub(" ", _inline(element).replace(_BREAK, " ")).strip()
        yield re.sub(r"#$", r"\\#", f"{'#' * int(tag[1])} {text}") if text and not flat else text
    elif tag == "p":
        lines = [SPACES.sub(" ", line).strip() for line in _inline(element).split(_BREAK)]
        yield ("<br>" if flat else "  \n").join(as_line(line) for line in lines if line)
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
    if tag == "p" or tag in HEADINGS:
        yield from (f"*Picture: {escaped(picture.get('alt') or 'no description')}*" for picture in element.iter("img"))


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
    return escaped(element.text or "") + "".join(_span(child) + escaped(child.tail or "") for child in element)


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
