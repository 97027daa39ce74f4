"""What the XML of a Word file says, put where the reader of such files looks for it."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from forum.documents.uploads import Refused
from forum.documents.word_headings import WORD, Styles, mark_headings

MOST_CHARACTERS = 400_000
_TOO_LONG = f"The Word file has more than {MOST_CHARACTERS:,} characters. Split it in two."
_BODY = re.compile(r"word/(?:document|footnotes|endnotes)\d*\.xml", re.I)
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_OTHERWISE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
#: Elements that the reader would leave out with all their words, and those of the same meaning that it knows.
_KNOWN = {"fldSimple": "smartTag", "bdo": "smartTag", "dir": "smartTag", "ruby": "smartTag", "rubyBase": "smartTag", "cr": "br"}


def _readable(part: bytes, styles: Styles | None) -> bytes:
    """A part of a document in which every word stands where the reader looks. Raises `ValueError` over its length."""
    root = ElementTree.fromstring(part)
    if sum(len(e.text or "") for e in root.iter() if e.tag in {f"{WORD}t", f"{_MATHS}t"}) > MOST_CHARACTERS:
        raise Refused(_TOO_LONG)
    for element in list(root.iter()):
        space, _, local = element.tag.rpartition("}")
        if space + "}" == _MATHS:
            element.tag = WORD + (local if local in {"r", "t"} else "rPr" if local.endswith("Pr") else "smartTag")
        elif local in _KNOWN:
            element.tag = f"{space}}}{_KNOWN[local]}"
        elif element.tag == f"{WORD}r" and any(_is_chart(e) for e in element.iter()):
            _tell_of_chart(element)
        elif element.tag in {f"{_OTHERWISE}AlternateContent", f"{WORD}drawing"}:
            # A drawing may be stored in a new and an old form: its text boxes are taken once, from where the reader looks.
            holder = element.find(f"{_OTHERWISE}Choice")
            if boxes := list((element if holder is None else holder).iter(f"{WORD}txbxContent")):
                element.tag = f"{WORD}pict"
                element[:] = boxes
    if styles is not None:
        mark_headings(root, styles)
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))


def _is_chart(element: Element) -> bool:
    return element.tag.endswith("}graphicData") and re.search(r"\bchart", element.get("uri", "")) is not None


def _tell_of_chart(run: Element) -> None:
    """The reader knows no charts: a run with one says so, with the description that its author gave."""
    about = next((e for e in run.iter() if e.tag.endswith("}docPr")), Element("none"))
    told = Element(f"{WORD}t")
    told.text = f"Chart: {about.get('descr') or about.get('title') or 'no description'}"
    slanted = Element(f"{WORD}rPr")
    slanted.append(Element(f"{WORD}i"))
    run[:] = [slanted, *(e for e in run if e.tag == f"{WORD}t"), told]


def property_title(parts: dict[str, bytes]) -> str:
    """The title among the properties of a file, which nobody may have looked at."""
    part = parts.get("docProps/core.xml")
    titles = ElementTree.fromstring(part).iter("{http://purl.org/dc/elements/1.1/}title") if part else ()
    return " ".join("".join(title.text or "" for title in titles).split())


def readable(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts of a file, ready for its reader. Raises `ValueError` over its length."""
    styles = Styles.read(parts.get("word/styles.xml"))
    return {
        name: _readable(part, styles if "document" in name.lower() else None) if _BODY.search(name) else part
        for name, part in parts.items()
    }
