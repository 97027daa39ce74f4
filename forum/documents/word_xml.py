"""What the XML of a Word file says, put where the reader of such files looks for it."""

import re
from collections.abc import Mapping
from posixpath import join, normpath
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from forum.documents.drawings import chart_figures, diagram_words
from forum.documents.maths import spoken
from forum.documents.uploads import Refused
from forum.documents.word_headings import WORD, Styles, mark_headings

MOST_CHARACTERS = 400_000
_TOO_LONG = f"The Word file has more than {MOST_CHARACTERS:,} characters. Split it in two."
_BODY = re.compile(r"word/(?:document|footnotes|endnotes)\d*\.xml", re.I)
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_OTHERWISE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
#: Elements that the reader would leave out with all their words, and those of the same meaning that it knows.
_KNOWN = {"fldSimple": "smartTag", "bdo": "smartTag", "dir": "smartTag", "ruby": "smartTag", "rubyBase": "smartTag", "cr": "br"}


_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def _readable(part: bytes, styles: Styles | None, drawings: Mapping[str, bytes]) -> bytes:
    """A part of a document in which every word stands where the reader looks; `drawings` are the parts that it leads to, by key.

    Raises `ValueError` over its length.
    """
    root = ElementTree.fromstring(part)
    if sum(len(e.text or "") for e in root.iter() if e.tag in {f"{WORD}t", f"{_MATHS}t"}) > MOST_CHARACTERS:
        raise Refused(_TOO_LONG)
    above = {child: parent for parent in root.iter() for child in parent}
    for element in list(root.iter()):
        space, _, local = element.tag.rpartition("}")
        if element.tag == f"{_MATHS}oMath":
            element.tag, element[:] = f"{WORD}smartTag", [_run(text, raised) for text, raised in spoken(element)]
        elif space + "}" == _MATHS:
            element.tag = f"{WORD}smartTag"
        elif local in _KNOWN:
            element.tag = f"{space}}}{_KNOWN[local]}"
        elif element.tag == f"{WORD}r" and (graphic := next(filter(_is_drawn, element.iter()), None)) is not None:
            _tell_of_drawing(element, graphic, drawings, above)
        elif element.tag in {f"{_OTHERWISE}AlternateContent", f"{WORD}drawing"}:
            # A drawing may be stored in a new and an old form: its text boxes are taken once, from where the reader looks.
            holder = element.find(f"{_OTHERWISE}Choice")
            if boxes := list((element if holder is None else holder).iter(f"{WORD}txbxContent")):
                element.tag = f"{WORD}pict"
                element[:] = boxes
    if styles is not None:
        mark_headings(root, styles)
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))


def _run(text: str, raised: str = "", look: str = "") -> Element:
    """A run of a text, "superscript" or "subscript" where it is, in a look such as "i"."""
    run, properties, told = Element(f"{WORD}r"), Element(f"{WORD}rPr"), Element(f"{WORD}t")
    if raised:
        properties.append(Element(f"{WORD}vertAlign", {f"{WORD}val": raised}))
    if look:
        properties.append(Element(f"{WORD}{look}"))
    told.text = text
    run.extend([properties, told])
    return run


def _is_drawn(element: Element) -> bool:
    return element.tag.endswith("}graphicData") and re.search(r"\b(?:chart|diagram)", element.get("uri", "")) is not None


def _tell_of_drawing(run: Element, graphic: Element, drawings: Mapping[str, bytes], above: Mapping[Element, Element]) -> None:
    """The reader knows no charts and no diagrams: a run with one says so in words, and a table below it has a chart's figures."""
    about = next((e for e in run.iter() if e.tag.endswith("}docPr")), Element("none"))
    keys = [value for e in graphic.iter() for name, value in e.items() if name in {f"{_RELATION}id", f"{_RELATION}dm"}]
    part = next((drawings[key] for key in keys if key in drawings), b"")
    said = about.get("descr") or about.get("title") or ""
    if "diagram" in graphic.get("uri", ""):
        told = f"Diagram: {'; '.join(diagram_words(part)) or said or 'no description'}"
        rows: list[list[str]] = []
    else:
        title, rows = chart_figures(part)
        told = f"Chart: {said or title or 'no description'}"
    look, words = _run(told, look="i")
    run[:] = [look, *(e for e in run if e.tag == f"{WORD}t"), words]
    paragraph: Element | None = run
    while paragraph is not None and paragraph.tag != f"{WORD}p":
        paragraph = above.get(paragraph)
    holder = above.get(paragraph) if paragraph is not None else None
    if rows and paragraph is not None and holder is not None:
        holder.insert(list(holder).index(paragraph) + 1, _table(rows))


def _table(rows: list[list[str]]) -> Element:
    table = Element(f"{WORD}tbl")
    for row in rows:
        line = SubElement(table, f"{WORD}tr")
        for cell in row:
            SubElement(SubElement(line, f"{WORD}tc"), f"{WORD}p").append(_run(cell))
    return table


def property_title(parts: dict[str, bytes]) -> str:
    """The title among the properties of a file, which nobody may have looked at."""
    part = parts.get("docProps/core.xml")
    titles = ElementTree.fromstring(part).iter("{http://purl.org/dc/elements/1.1/}title") if part else ()
    return " ".join("".join(title.text or "" for title in titles).split())


def readable(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts of a file, ready for its reader. Raises `ValueError` over its length."""
    styles = Styles.read(parts.get("word/styles.xml"))
    return {
        name: _readable(part, styles if "document" in name.lower() else None, _led_to(name, parts)) if _BODY.search(name) else part
        for name, part in parts.items()
    }


def _led_to(name: str, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The charts and diagrams that a part leads to, by the keys that it has for them."""
    folder, _, file = name.rpartition("/")
    relations = parts.get(f"{folder}/_rels/{file}.rels")
    found = {}
    for relation in ElementTree.fromstring(relations) if relations else ():
        target = normpath(join(folder, relation.get("Target", ""))).lstrip("/")
        if re.search(r"/(?:chart|diagramData)$", relation.get("Type", "")) and target in parts:
            found[relation.get("Id", "")] = parts[target]
    return found
