"""Word files to the Markdown of this site, by way of HTML."""

import hashlib
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from forum.documents.document_text import Album, DocumentText
from forum.documents.html_markdown import blocks
from forum.documents.reading_child import in_child
from forum.documents.uploads import unpack
from forum.documents.word_structure import name_pictures, open_forms, take_title


def to_markdown(data: bytes) -> str:
    """A .docx as Markdown: what it says, without deleted text, comments and pictures. Raises `Refused` for its sender."""
    root, _ = _html(data)
    name_pictures(root)
    _place(root, {}, Album())
    return _text(root)


def read(data: bytes, asks: Callable[[str], bool]) -> DocumentText:
    """A .docx as its parts; `asks` says of a label whether it asks for a part of the text. Raises `Refused` for its sender."""
    root, property_title = _html(data)
    title, subtitles = take_title(root)
    album = Album()
    name_pictures(root)
    media = {hashlib.sha256(part).hexdigest(): part for name, part in unpack(data).items() if "media/" in name}
    _place(root, media, album)
    open_forms(root, asks)
    return DocumentText(title, tuple(subtitles), property_title, _text(root), album.pictures)


def _text(root: Element) -> str:
    return (_typed_marks(root) or "\n\n".join(blocks(root))) + "\n"


_TYPED_HEADING = re.compile(r"#{1,6} +\S")
#: Lines that belong to what stands above them: points of a list, rows of a table, code.
_TYPED_LINE = re.compile(r"\s*(?:(?P<point>[-*+] |\d+[.)] )|(?P<row>\|)|(?P<quote>>))")


def _typed_marks(root: Element) -> str:
    """The text of a file into which Markdown was pasted, as Markdown; "" for one that Word's own means give a form."""
    lines = [picture if (picture := _mark(e)) else "".join(e.itertext()) for e in root]
    if any(e.tag != "p" for e in root) or sum(bool(_TYPED_HEADING.match(line)) for line in lines) < 2:
        return ""
    text, fenced = "", False
    for line in lines:
        same = {found.lastgroup if (found := _TYPED_LINE.match(part)) else "" for part in (line, text.rpartition("\n")[2])}
        together = fenced or (len(same) == 1 and "" not in same)
        text += f"\n{line}" if together else f"\n\n{line}"
        fenced ^= line.lstrip().startswith("```")
    return text.strip("\n")


def _mark(paragraph: Element) -> str:
    return "\n\n".join(picture.get("mark", "") for picture in paragraph.iter("img"))


def _html(data: bytes) -> tuple[Element, str]:
    found: Any = in_child("docx", data)
    return ElementTree.fromstring(f"<div>{found['html']}</div>"), found["title"]


def _place(root: Element, media: dict[str, bytes], album: Album) -> None:
    for picture in root.iter("img"):
        picture.set("mark", album.place(media.get(picture.get("src", "")), picture.get("alt", ""), picture.get("caption", "")))
