"""One piece made two, and two made one, as the author of a text asks for it on the page that places them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from forum.case_studies.transfer.markup.footnotes import taken_out, together, used_in, with_notes
from forum.case_studies.transfer.pieces import MOST_PIECES, Piece

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*")
#: So much of a paragraph tells it from the others.
_BEGINNING = 80


def paragraphs(text: str) -> list[str]:
    """What stands between empty lines; a block of code is one, and what goes in belongs to what is before it."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in text.split("\n"):
        inside, mark = bool(fence), _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        starts = line.strip() and not inside and not line.startswith(("    ", "\t"))
        if found[-1] and not found[-1][-1].strip() and starts:
            found.append([])
        found[-1].append(line)
    return [text for lines in found if (text := "\n".join(lines).strip("\n"))]


def places_to_split(piece: Piece) -> dict[str, str]:
    """Where a piece may be split: what a button sends, and the words with which the second part would begin."""
    found = enumerate(paragraphs(taken_out(piece.text)[0]))
    return {f"{n} {_beginning(text)}": _beginning(text) for n, text in found if n}


def _beginning(text: str) -> str:
    return " ".join(text.split())[:_BEGINNING]


def split_at(pieces: Sequence[Piece], number: int, where: str) -> list[Piece]:
    """The pieces with one of them split; as they were where the text has no such paragraph any more.

    The second part keeps the place of the first, and a heading that it begins with becomes its own.
    """
    if not 0 <= number < len(pieces) or len(pieces) >= MOST_PIECES:
        return list(pieces)
    piece = pieces[number]
    bare, notes = taken_out(piece.text)
    found = paragraphs(bare)
    at = next((n for n, text in enumerate(found) if n and f"{n} {_beginning(text)}" == where), 0)
    beginning = where.partition(" ")[2]
    # The text may have been changed since the list of its paragraphs was made.
    at = at or next((n for n, text in enumerate(found) if n and _beginning(text) == beginning), 0)
    if not at:
        return list(pieces)
    heading = _HEADING.fullmatch(found[at])
    below = found[at + 1 :] if heading else found[at:]
    first = replace(piece, text="\n\n".join(found[:at]))
    second = Piece(heading[1] if heading else "", "\n\n".join(below), piece.guess)
    used = {name for part in (first, second) for name in used_in(f"{part.heading}\n\n{part.text}", notes)}
    idle = [note.strip("\n") for name, note in notes.items() if name not in used]
    kept = "\n\n".join([with_notes(second.text, notes, second.heading), *idle])
    both = [replace(first, text=with_notes(first.text, notes, first.heading)), replace(second, text=kept.strip("\n"))]
    return [*pieces[:number], *both, *pieces[number + 1 :]]


def joined(pieces: Sequence[Piece], number: int) -> list[Piece]:
    """The pieces with one of them put below the one before it, under its own heading."""
    if not 0 < number < len(pieces):
        return list(pieces)
    above, below = pieces[number - 1 : number + 1]
    parts = [above.text, f"## {below.heading}" if below.heading else "", below.text]
    text = together("\n\n".join(part for part in parts if part.strip()))
    return [*pieces[: number - 1], replace(above, text=text), *pieces[number + 1 :]]
