"""One reading for every kind of file that has a text with parts: Word, PowerPoint, PDF."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from forum.documents import word_reading
from forum.documents.document_text import Album, DocumentText
from forum.documents.reading_child import in_child
from forum.documents.slides import PICTURE
from forum.documents.uploads import unpack
from forum.kernel.kinds import FileKind
from forum.kernel.wording import plural

KINDS: frozenset[FileKind] = frozenset({"docx", "pptx", "pdf"})
_OF_SLIDES = "This text comes from slides, whose words may stand in another order than they are read. Look through every part."
_OF_PAGES = (
    "This text comes from a PDF, which knows neither headings nor tables nor the order of columns: the site has guessed. Look "
    "through every part. Pictures stay behind: add those that matter on the page of pictures and files."
)


def read_document(data: bytes, kind: FileKind, asks: Callable[[str], bool]) -> DocumentText:
    """Read a file of one of `KINDS`; `asks` says of a label whether it asks for a part of the text. Raises `Refused`."""
    if kind == "docx":
        return word_reading.read(data, asks)
    found: Any = in_child(kind, data)
    if kind == "pdf":
        repeated = [line for line in found["repeated"].split("\n") if line]
        return DocumentText("", tuple(repeated), found["title"], found["text"], check=_OF_PAGES)
    album = Album()
    media = {hashlib.sha256(part).hexdigest(): part for name, part in unpack(data).items() if "media/" in name}

    def place(picture: re.Match[str]) -> str:
        return album.place(media.get(picture[1]), picture[2])

    hidden = f" {plural(found['hidden'], 'hidden slide is', 'hidden slides are')} left out." if found["hidden"] else ""
    return DocumentText(found["title"], (), "", PICTURE.sub(place, found["text"]) + "\n", album.pictures, _OF_SLIDES + hidden)
