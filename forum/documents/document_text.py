"""What comes of reading a file of a word processor: its text as Markdown, and the pictures that stood in it.

A picture that is taken along stands in the text as `[Picture 3]`, in a paragraph of its own. What cannot be taken leaves a gap
that says what was there: `*Picture: Falls by month*`.
"""

import re
from dataclasses import dataclass

from forum.documents.markdown_plain import escaped
from forum.documents.uploads import Accepted, Refused, accept

#: Pictures of one file that are looked at; a case study has no room for more.
MOST_PICTURES = 20
#: Shorter than this, in pixels, is a bullet or a line.
_SMALLEST = 24
GAP = re.compile(r"\*\[?(Picture|Chart|Diagram): ")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a file, checked and made anew, with what the file says of it."""

    accepted: Accepted
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A file, read: the title and the subtitles that it marks, the title among its properties, and its text without them.

    `pictures` has those that the text names by number, from 1. `check` says why its author should look through every part; "" where
    the file says itself what is what.
    """

    title: str
    subtitles: tuple[str, ...]
    property_title: str
    text: str
    pictures: tuple[Picture, ...] = ()
    check: str = ""


class Album:
    """The pictures of one file, numbered as they stand in it; the same picture has one number."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._taken: list[Picture] = []

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(self._taken)

    def place(self, data: bytes | None, alt: str, caption: str = "") -> str:
        """Return what stands in the text for a picture; `data` is None where the file does not hold it."""
        alt, caption = " ".join(alt.split()), " ".join(caption.split())
        number = self._number(data, alt, caption) if data else 0
        if number:
            return f"[Picture {number}]"
        return f"*Picture: {escaped(caption or alt or 'no description')}*"

    def _number(self, data: bytes, alt: str, caption: str) -> int:
        if data not in self._numbers:
            self._numbers[data] = 0
            if len(self._taken) < MOST_PICTURES and (picture := _accepted(data, len(self._taken) + 1)):
                self._taken.append(Picture(picture, alt, caption))
                self._numbers[data] = len(self._taken)
        return self._numbers[data]


def _accepted(data: bytes, number: int) -> Accepted | None:
    try:
        found = accept(data, f"picture-{number}")
    except Refused:
        # A drawing of Windows or a damaged picture: what is said of it stays where it stood.
        return None
    return found if found.kind == "picture" and min(found.width, found.height) >= _SMALLEST else None
