"""The text of a PDF, which knows lines and letters only: their sizes and the room between them tell paragraphs and headings.

Runs in a process that can be killed: `reading_child`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from forum.documents.markdown_plain import escaped
from forum.documents.uploads import Refused

MOST_PAGES, MOST_CHARACTERS = 200, 400_000
_LOCKED = "The PDF has a password. Print it to a PDF without one, and bring that in."
_NOT_PDF = "The site cannot read this PDF. Choose the Word file that it was made from, or copy its words into one."
_NO_TEXT = (
    "There are pictures of pages in this PDF and no text, as a scanner makes them. Choose the Word file that it was made from, or "
    "copy its words into one; the PDF can be added to the draft as a file."
)
_LONG = f"The PDF has more than {MOST_PAGES} pages. Bring in the pages that tell of the work."
_LONGEST_HEADING = 100
#: Lines at the head and at the foot of a page that may say the same on each; and the number of a page.
_EDGE = 2
_NUMBER = re.compile(r"(?:page )?\d{1,3}(?: (?:of|/) \d{1,3})?", re.I)
_SIGNS = {chr(n) for n in range(0xF000, 0xF100)}
_BULLET = re.compile(r"^(?:[\u2022\u25cf\u25aa\u25e6\u2023\u2043\u00b7\uf0b7\u2013\u2014]|[-*o](?=\s))\s*")
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s+\S")
_LIGATURES = str.maketrans({"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\u00ad": ""})


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    #: All its letters are strong.
    bold: bool
    #: How far it lies below the line before it; 0 at the top of a page.
    below: float
    page: int


def read_pages(data: bytes) -> dict[str, str]:
    """The "text" as Markdown, the "title" among its properties, and "repeated", the lines that stand on most pages.

    Raises `Refused` for its sender.
    """
    try:
        file = PdfReader(BytesIO(data))
        if file.is_encrypted and not file.decrypt(""):
            raise Refused(_LOCKED)
        if len(file.pages) > MOST_PAGES:
            raise Refused(_LONG)
        lines = [line for number, page in enumerate(file.pages) for line in _lines(page, number)]
        title = (file.metadata.title if file.metadata else "") or ""
    except FileNotDecryptedError as error:
        raise Refused(_LOCKED) from error
    except Refused:
        raise
    except Exception as error:
        # A file can be wrong in as many ways as the reader has assumptions.
        raise Refused(_NOT_PDF) from error
    if sum(c.isalpha() for line in lines for c in line.text) < 20:
        raise Refused(_NO_TEXT)
    kept, repeated = _furniture(lines)
    text = "\n\n".join(_blocks(kept))
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"The PDF has more than {MOST_CHARACTERS:,} characters. Bring in the pages that tell of the work.")
    return {"text": text, "title": " ".join(title.split()), "repeated": "\n".join(repeated)}


def _lines(page: Any, number: int) -> Iterator[_Line]:
    """The lines of a page, in the order in which the file gives them, with the size of most of their letters."""
    pieces: list[tuple[float, float, bool, str]] = []

    def visit(text: str, ctm: Sequence[float], matrix: Sequence[float], font: Any, size: float) -> None:
        high = abs(float(size) * (abs(matrix[3]) or abs(matrix[1]) or 1) * (abs(ctm[3]) or abs(ctm[1]) or 1))
        strong = re.search(r"bold|black|heavy|semibold", str((font or {}).get("/BaseFont", "")), re.I) is not None
        pieces.append((ctm[3] * matrix[5] + ctm[5], round(high, 1), strong, text))

    page.extract_text(visitor_text=visit)
    before, at, words = 0.0, 0.0, ""
    letters = Counter[tuple[float, bool]]()
    for y, size, strong, text in [*pieces, (0.0, 0.0, False, "\n")]:
        for n, part in enumerate(text.split("\n")):
            if n:
                if words.strip():
                    most = max(letters, key=lambda look: letters[look])
                    yield _Line(_plain(words), most[0], all(bold for _, bold in letters), max(0.0, before - at), number)
                    before = at
                letters, words = Counter[tuple[float, bool]](), ""
            if part.strip():
                at = at if words.strip() else y
                letters[size, strong] += len(part.strip())
            words += part


def _plain(text: str) -> str:
    # Points of lists may be signs of a font of their own.
    kept = (" " if c.isspace() else c for c in text.translate(_LIGATURES) if c.isprintable() or c.isspace() or c in _SIGNS)
    return " ".join("".join(kept).split())


def _furniture(lines: Sequence[_Line]) -> tuple[list[_Line], list[str]]:
    """(the lines of the text, those that stand at the head or foot of most pages); numbers of pages are neither."""
    pages = Counter(line.page for line in lines)
    places, at = list[bool](), Counter[int]()
    for line in lines:
        places.append(at[line.page] < _EDGE or at[line.page] >= pages[line.page] - _EDGE)
        at[line.page] += 1
    edges = [line for line, edge in zip(lines, places, strict=True) if edge]
    on = Counter(key for key, _ in {(_key(line), line.page) for line in edges})
    often = {key for key, count in on.items() if len(pages) > 2 and count > 0.6 * len(pages)}
    kept = [
        li for li, edge in zip(lines, places, strict=True) if not edge or (_key(li) not in often and not _NUMBER.fullmatch(li.text))
    ]
    alike = Counter(text for text, _ in {(line.text, line.page) for line in edges})
    return kept, list(dict.fromkeys(line.text for line in edges if _key(line) in often and alike[line.text] > 1))


def _key(line: _Line) -> str:
    return re.sub(r"\d+", "0", line.text.casefold())


@dataclass(frozen=True, slots=True)
class _Look:
    """How the text of a file looks on the whole."""

    #: The size of its letters, the room from line to line, and the letters of a full line.
    size: float
    step: float
    full: int
    #: The sizes of its headings, the largest first.
    sizes: tuple[float, ...]

    @classmethod
    def of(cls, lines: Sequence[_Line]) -> "_Look":
        letters = Counter[float]()
        for line in lines:
            letters[line.size] += len(line.text)
        usual = max(letters, key=lambda size: letters[size], default=0.0)
        steps = Counter(round(line.below, 1) for line in lines if line.below and line.size == usual)
        step = min((s for s, n in steps.items() if n >= 0.2 * max(steps.values())), default=0.0)
        long = sorted(len(line.text) for line in lines if line.size == usual)
        sizes = {line.size for line in lines if line.size >= 1.12 * usual and _short(line)}
        return cls(usual, step, long[int(0.9 * len(long))] if long else 0, tuple(sorted(sizes, reverse=True)))

    def level(self, line: _Line) -> int:
        """Return the level of a heading, from 1; 0 for what is none."""
        if not _short(line) or _BULLET.match(line.text):
            return 0
        if line.size in self.sizes:
            return min(4, 1 + self.sizes.index(line.size))
        return min(5, 1 + len(self.sizes)) if line.bold and line.text[-1] not in ".,;" else 0

    def parted(self, before: _Line, line: _Line) -> bool:
        """Return whether a new paragraph begins with a line."""
        if (level := self.level(before)) or self.level(line):
            return level != self.level(line) or line.page != before.page or line.below >= 2 * line.size
        if _BULLET.match(line.text) or _NUMBERED.match(line.text):
            return True
        ended = re.search(r"[.!?:]$", before.text) is not None
        if line.page != before.page:
            # A sentence goes on over the page.
            return ended or line.text[:1].isupper()
        return (bool(self.step) and line.below > 1.35 * self.step) or (ended and len(before.text) < 0.7 * self.full)


def _short(line: _Line) -> bool:
    return len(line.text) <= _LONGEST_HEADING and any(c.isalpha() for c in line.text)


def _blocks(lines: Sequence[_Line]) -> Iterator[str]:
    """Headings, paragraphs and points of a list."""
    look = _Look.of(lines)
    block: list[_Line] = []
    for line in lines:
        if block and look.parted(block[-1], line):
            yield _block(block, look.level(block[0]))
            block = []
        block.append(line)
    if block:
        yield _block(block, look.level(block[0]))


def _block(lines: Sequence[_Line], level: int) -> str:
    text = lines[0].text
    for line in lines[1:]:
        # A word that was parted at the end of a line is one again.
        parted = re.search(r"[a-z]-$", text) and re.match(r"[a-z]", line.text)
        text = f"{text[:-1]}{line.text}" if parted else f"{text} {line.text}"
    if level:
        return f"{'#' * level} {escaped(text)}"
    if found := _BULLET.match(text):
        return f"- {escaped(text[found.end() :])}"
    return re.sub(r"^(\d+)[.)]", r"\1.", escaped(text)) if _NUMBERED.match(text) else escaped(text)
