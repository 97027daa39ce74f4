"""A Word file as HTML. The libraries that read it know no bounds, so this runs in a process that can be killed: `reading_child`."""

import hashlib
from io import BytesIO
from typing import Any

import mammoth  # type: ignore[import-untyped]
from mammoth.docx.files import InvalidFileReferenceError  # type: ignore[import-untyped]

from forum.documents.uploads import Refused, pack, unpack
from forum.documents.word_headings import DEEPEST, HEADING
from forum.documents.word_xml import property_title, readable

#: Bounded, because an XML parser needs many times the size of the text in memory.
MOST_XML = 20_000_000
NOT_WORD = "The site cannot read this as a Word file. Open it in Word, save it again as .docx without a password, and upload that."
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


def to_html(data: bytes) -> dict[str, str]:
    """The text as "html", in which a picture has the digest of its bytes for an address; and the "title" among its properties.

    Raises `Refused` for its sender.
    """
    if not data.startswith(b"PK"):
        raise Refused(NOT_WORD)
    parts = unpack(data)
    if sum(len(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))) > MOST_XML:
        raise Refused("The Word file is too large to read. Split it in two.")
    try:
        file = BytesIO(pack(readable(parts)))
        pictures = mammoth.images.img_element(_address)
        html = mammoth.convert_to_html(file, style_map=_STYLES, include_embedded_style_map=False, convert_image=pictures).value
        return {"html": html, "title": property_title(parts)}
    except Refused:
        raise
    except Exception as error:
        # A file can be wrong in as many ways as the reader has assumptions.
        raise Refused(NOT_WORD) from error


def _address(picture: Any) -> dict[str, str]:
    try:
        with picture.open() as data:
            return {"src": hashlib.sha256(data.read()).hexdigest()}
    except (InvalidFileReferenceError, KeyError):
        # It lies in another file, or is missing: what is said of it leaves a gap.
        return {"src": ""}
