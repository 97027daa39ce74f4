"""Elements of HTML as the Markdown of this site: what a text of a word processor says, and nothing that it did not say."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from forum.documents.markdown_plain import as_line, escaped

_NOTE = re.compile(r"#?(foot|end)note-(ref-)?(-?\d+)")
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CELLS = {"table", "thead", "tbody", "tr", "td", "th"}
BLOCKS = HEADINGS | CELLS | {"p", "ul", "ol", "li", "blockquote", "pre", "div", "dl", "dt", "dd", "hr"}
#: Stands for a line break until it is known what a break is written as there; no document can hold it.
_BREAK = "\x00"
SPACES = re.compile(r"[\t\n\r ]+")


def paragraphed(parent: Element) -> Iterator[Element]:
    """The blocks in an element, words between them made paragraphs."""
    loose = Element("p")
    loose.text = parent.text
    for child in parent:
        if child.tag not in BLOCKS:
            loose.append(child)
            continue
        yield loose
        yield child
        loose = Element("p")
        loose.text = child.tail
    yield loose


def blocks(parent: Element, flat: bool = False) -> list[str]:
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
        yield "\n".join(f"> {line}".rstrip() for line in "\n\n".join(blocks(element)).split("\n"))
    elif not flat and tag == "pre":
        text = "".join(("\n" if e.tag == "br" else e.text or "") + (e.tail or "") for e in element.iter()).strip("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        yield f"{fence}\n{text}\n{fence}"
    else:
        yield from blocks(element, flat)
    if tag == "p" or tag in HEADINGS:
        yield from (picture.get("mark", "") for picture in element.iter("img"))


def _list(element: Element) -> str:
    items: list[str] = []
    for item in element.findall("li"):
        parts = blocks(item)
        if note := _NOTE.fullmatch(item.get("id", "")):
            mark, joint = f"[^{note[1]}{note[3]}]: ", "\n\n"
        else:
            mark = f"{len(items) + 1}. " if element.tag == "ol" else "- "
            tight = len(parts) <= 2 and all(child.tag not in BLOCKS or child.tag in {"ul", "ol"} for child in item)
            joint = "\n" if tight else "\n\n"
            # An item that starts with a list says nothing itself, and would be read as code.
            mark += f"…{joint}" if parts and re.match(r"- |1\. ", parts[0]) else ""
        body = (mark + joint.join(parts)).split("\n")
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
            cells += [" <br> ".join(blocks(cell, flat=True))] + [""] * (wide - 1)
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
