"""What a paper is made of: elements as plain data, which the child sets. What people wrote is data in them, never code.

A run is a stretch of words with one look: (words, marks, address). Marks are letters: "b" strong, "i" emphasis, "c" code, "s"
struck out, "u" raised, "d" lowered, "a" a sign for the eye alone. A sentence is a list of runs, a paragraph a list of sentences,
since nothing is ever cut within one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, pairwise
from typing import Any, Literal

from forum.documents.readability import sentences
from forum.kernel.text import one_line

Run = tuple[str, str, str]
Sentence = list[Run]
Element = dict[str, Any]
Paper = Literal["a4", "a4-landscape", "slide"]


@dataclass(frozen=True)
class Section:
    """A part of a document on pages of one kind.

    `versions` are the same thing, the fullest first: the first one is set that fits `most` pages at one of the `sizes` (of its
    letters, in points). Where none does, the long texts of the last one are shortened.
    """

    versions: Sequence[Sequence[Element]]
    paper: Paper = "a4"
    most: int | None = None
    sizes: Sequence[float] = (10.5, 10, 9.5, 9)
    foot: str = ""


@dataclass(frozen=True)
class Document:
    """What becomes one file. `about` says what it is, `day` from when."""

    title: str
    sections: Sequence[Section]
    authors: Sequence[str] = ()
    about: str = ""
    keywords: Sequence[str] = ()
    day: date | None = None
    language: str = field(default="en")


def run(words: str, marks: str = "", address: str = "") -> Run:
    return words, marks, address


def split(runs: Iterable[Run]) -> list[Sentence]:
    """The sentences of a stretch of runs."""
    every = [r for r in runs if r[0]]
    text = "".join(words for words, _, _ in every)
    starts, at = [], 0
    for sentence in sentences(text):
        at = text.index(sentence, at)
        starts.append(at)
        at += len(sentence)
    starts = [0, *starts[1:], len(text)]
    found: list[Sentence] = []
    places = [0, *accumulate(len(words) for words, _, _ in every)]
    for begin, end in pairwise(starts):
        inside = zip(every, places, strict=False)
        cut = [(words[max(0, begin - at) : end - at], marks, to) for (words, marks, to), at in inside if at < end]
        if kept := [r for r in cut if r[0]]:
            found.append(kept)
    return found


def heading(level: int, words: str, look: str = "") -> Element:
    return {"is": "heading", "level": level, "words": one_line(words), "look": look}


def paragraph(*said: Run | str, look: str = "") -> Element:
    """A paragraph of runs; a text alone is one. `look`: "lead", "small", "muted", "large"."""
    runs = [run(r) if isinstance(r, str) else r for r in said]
    return {"is": "p", "sentences": split(runs), "look": look}


def whole(*said: Run | str, look: str = "") -> Element:
    """A paragraph that is kept or left out as one, such as a line of facts."""
    return {"is": "p", "sentences": [[run(r) if isinstance(r, str) else r for r in said if r]], "look": look}


def listing(items: Sequence[Sequence[Element]], start: int = 0) -> Element:
    """A list of items, each with its elements; numbered from `start` on where that is not 0."""
    return {"is": "list", "items": [list(item) for item in items], "start": start}


def table(
    heads: Sequence[str], rows: Sequence[Sequence[Sequence[Element]]], widths: Sequence[float] = (), look: str = ""
) -> Element:
    """A table of cells, each with its elements. The first cell of a row is its head."""
    return {
        "is": "table",
        "heads": list(heads),
        "rows": [[list(c) for c in row] for row in rows],
        "widths": list(widths),
        "look": look,
    }


def quote(inside: Sequence[Element]) -> Element:
    return {"is": "quote", "inside": list(inside)}


def code(text: str) -> Element:
    return {"is": "code", "words": text}


def picture(svg: str, said: str, percent: float = 100, mm: float = 0) -> Element:
    """A drawing with the words that stand for it where it is not seen, as wide as that part of its room, or so many millimetres."""
    return {"is": "picture", "svg": svg, "said": one_line(said), "percent": percent, "mm": mm}


def columns(*parts: Sequence[Element], shares: Sequence[float] = (), gap: float = 7) -> Element:
    """Elements side by side, with a gap in millimetres; `shares` of the width, equal where none are given."""
    return {"is": "columns", "parts": [list(p) for p in parts], "shares": list(shares) or [1.0] * len(parts), "gap": gap}


def part(head: str, inside: Sequence[Element], margin: float = 36) -> Element:
    """A text with its heading, of level 2, in a margin of so many millimetres beside it."""
    return {"is": "part", "head": heading(2, head), "inside": list(inside), "margin": margin}


def facts(pairs: Sequence[tuple[str, str]], across: int = 3, look: str = "") -> Element:
    """Short answers, each under its question, so many side by side."""
    return {"is": "facts", "pairs": [[one_line(head), one_line(words)] for head, words in pairs], "across": across, "look": look}


def box(inside: Sequence[Element], tone: str = "plain") -> Element:
    """Elements on a ground of their own: "plain", "frame", "advice", or the "band" at the head of a slide."""
    return {"is": "box", "inside": list(inside), "tone": tone}


def write(label: str, lines: int) -> Element:
    """So many lines to fill in by hand, and some more where the page has room."""
    return {"is": "write", "head": heading(2, label), "lines": lines}


def chips(names: Sequence[str]) -> Element:
    return {"is": "chips", "names": [one_line(name) for name in names]}


def long(inside: Sequence[Element], more: str, address: str) -> Element:
    """Elements of somebody's text that may be shortened where there is no room: by whole sentences, items and rows, from the end.
    Then `more` says where all of it is."""
    return {"is": "long", "inside": list(inside), "more": paragraph(run(more, "", address), look="more")}


def rule() -> Element:
    """A line across."""
    return {"is": "rule"}


def gap() -> Element:
    """What room is left on the page."""
    return {"is": "gap"}
