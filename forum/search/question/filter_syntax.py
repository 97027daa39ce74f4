"""What can be typed besides words: `element:resilience`, `tag:virtual`, `has:data`, `after:2025-03`, `-author:amara`. Page, feed
and saved searches share it.

Lenient: nothing that can be typed raises. A value that does not exist is searched as words, and `notes` says so; other names before
a colon are words like any others.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from forum.kernel.text import slugify
from forum.search.filters import Filter
from forum.search.question.parser import LONGEST

DAYS = frozenset({"after", "before"})
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?|(\d{1,2})/(\d{1,2})/(\d{4})")
MOST = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """A filter as it stands in the text, from `start` to `end`: the facet and its value ("after" or "before" and an ISO date for a
    day), and `typed`, what stands behind the colon. With a minus before it, it says what must not be there."""

    facet: str
    value: str
    typed: str
    start: int
    end: int
    unwanted: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: its words, what it is narrowed to, what must not be there, and the days between which things were published;
    `pieces` say where."""

    words: str
    filters: Mapping[str, tuple[str, ...]]
    without: Mapping[str, tuple[str, ...]]
    after: date | None = None
    before: date | None = None
    notes: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()


@lru_cache(maxsize=4)
def _pieces(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return what is typed before a colon, and what stands behind it; a name may have a space there, as people write."""
    return re.compile(rf'(?<!\S)(-?)({"|".join(names)}):(\s*)(?:"([^"]*)"?|([^\s"]+))', re.IGNORECASE)


def read(text: str, filters: Iterable[Filter], values: Mapping[str, Mapping[str, str]]) -> Query:
    """Read filters out of a text. `values` are the known values of each filter with their labels; either may be typed."""
    reader = _Reader(list(filters), values)
    words = _pieces(tuple(reader.names)).sub(reader.piece, text[:LONGEST])
    days = reader.days.get("after"), reader.days.get("before")
    return Query(
        " ".join(words.split()), reader.chosen(), reader.chosen(unwanted=True), *days, tuple(reader.notes), tuple(reader.pieces)
    )


def without(text: str, pieces: Iterable[Piece]) -> str:
    """The text that is left when these pieces of it are taken out."""
    for piece in sorted(pieces, key=lambda p: p.start, reverse=True):
        text = f"{text[: piece.start].rstrip()} {text[piece.end :].lstrip()}".strip()
    return text


class _Reader:
    """One pass over a text, piece by piece."""

    def __init__(self, filters: Sequence[Filter], values: Mapping[str, Mapping[str, str]]) -> None:
        self.values = values
        self.typed = {f.typed: f for f in filters if f.typed}
        self.flags = {flag: (f.name, value) for f in filters for flag, value in f.flags.items()}
        #: `tag:` means a term of whichever of these lists has it, in this order.
        self.tagged = [f.name for f in filters if f.tagged]
        self.days: dict[str, date] = {}
        self.notes: list[str] = []
        self.pieces: list[Piece] = []

    @property
    def names(self) -> list[str]:
        """All that may stand before a colon."""
        return list(dict.fromkeys([*self.typed, *(flag.partition(":")[0] for flag in self.flags), *sorted(DAYS), "tag"]))

    def chosen(self, unwanted: bool = False) -> dict[str, tuple[str, ...]]:
        """Facet → the values that were asked for, or that must not be there."""
        pieces = [p for p in self.pieces if p.facet not in DAYS and p.unwanted is unwanted]
        return {
            facet: tuple(dict.fromkeys(p.value for p in pieces if p.facet == facet))
            for facet in dict.fromkeys(p.facet for p in pieces)
        }

    def piece(self, found: re.Match[str]) -> str:
        """Return what of a piece belongs to the words of the question: "" where it is a filter."""
        name, typed = found[2].lower(), (found[4] if found[4] is not None else found[5]).strip()
        chosen = self._choice(name, typed)
        if chosen is None and found[3]:
            return found[0]  # "Be kind: ask first"
        unwanted = bool(found[1])
        if chosen is None or len(self.pieces) >= MOST or (unwanted and chosen[0] in DAYS):
            self.notes.append(found[0][:80])
            return f" -{typed} " if unwanted else f" {typed} "
        facet, value = chosen
        if facet in DAYS:
            self.days[facet] = date.fromisoformat(value)
        self.pieces.append(Piece(facet, value, typed, *found.span(), unwanted))
        return " "

    def _choice(self, name: str, typed: str) -> tuple[str, str] | None:
        """The facet that is meant, and which of its values."""
        if name in DAYS:
            day = to_day(typed)
            return (name, day.isoformat()) if day else None
        if name == "tag":
            return self._listed(self.tagged, typed)
        asked = self.typed.get(name)
        if asked is None:
            return self.flags.get(f"{name}:{slugify(typed) if typed else ''}")
        if asked.named is not None:
            return (asked.name, slugify(typed)) if typed else None
        return self._listed((asked.name,), typed)

    def _listed(self, facets: Sequence[str], typed: str) -> tuple[str, str] | None:
        """The value that is meant, of the first facet that has it: by its slug or its label; else the one that begins so."""
        known = {facet: self.values.get(facet, {}) for facet in facets}
        same = [(facet, slug) for facet in facets if (slug := _same(typed, known[facet]))]
        begin = [(facet, slug) for facet in facets for slug in _beginning(typed, known[facet])]
        return same[0] if same else begin[0] if len(begin) == 1 else None


def _same(typed: str, known: Mapping[str, str]) -> str:
    """The slug of the value that is called so, "" for none."""
    wanted = slugify(typed) if typed else ""
    if typed in known or wanted in known:
        return typed if typed in known else wanted
    return next((slug for slug, label in known.items() if wanted and slugify(label) == wanted), "")


def _beginning(typed: str, known: Mapping[str, str]) -> list[str]:
    wanted = slugify(typed) if typed else ""
    return [slug for slug, label in known.items() if wanted and (slugify(label).startswith(wanted) or slug.startswith(wanted))]


def to_day(typed: str) -> date | None:
    """The first day of a year, a month or a day: 2025, 2025-03, 2025-03-31 or 31/03/2025."""
    found = _DAY.fullmatch(typed)
    if not found:
        return None
    year, month, day = (found[6], found[5], found[4]) if found[6] else (found[1], found[2] or 1, found[3] or 1)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
