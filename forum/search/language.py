"""What can be typed besides words: `element:resilience`, `has:data`, `after:2025-03`. Page, feed and saved searches share it.

Lenient: nothing that can be typed raises. A filter that does not exist is searched as words, and `notes` says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from forum.kernel.text import slugify
from forum.search.query import LONGEST

#: What is typed before the colon → the facet that it narrows.
NAMES: Mapping[str, str] = {
    "kind": "kind",
    "element": "element",
    "model": "care-model",
    "sector": "sector",
    "region": "region",
    "status": "status",
    "outcome": "outcome",
    "evidence": "evidence",
    "involvement": "involvement-level",
    "depth": "depth",
    "author": "author",
    "org": "organisation",
}
#: `has:` and `is:` choose from these: what is typed → (facet, value).
FLAGS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "has": {"data": ("data", "any"), "data-12-months": ("data", "12-months"), "adoption": ("tried", "yes")},
    "is": {
        "answered": ("answered", "yes"),
        "unanswered": ("answered", "no"),
        "confirmed": ("freshness", "confirmed"),
        "lasting": ("lasted", "2-years"),
    },
}
#: Facets without a list of values: whatever is typed becomes a slug and is looked up as it is.
FREE = frozenset({"author", "organisation"})
_PIECE = re.compile(r'(?<!\S)(-?)([A-Za-z]+):(?:"([^"]*)"?|([^\s"]+))')
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?|(\d{1,2})/(\d{1,2})/(\d{4})")
MOST = 12


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: its words, what it is narrowed to, and the days between which things were published."""

    words: str
    filters: Mapping[str, tuple[str, ...]]
    after: date | None = None
    before: date | None = None
    notes: tuple[str, ...] = ()


def read(text: str, values: Mapping[str, Mapping[str, str]]) -> Query:
    """Read filters out of a text. `values` are the known values of each facet with their labels; either may be typed."""
    reader = _Reader(values)
    words = _PIECE.sub(reader.piece, text[:LONGEST])
    filters = {facet: tuple(dict.fromkeys(chosen)) for facet, chosen in reader.filters.items()}
    return Query(" ".join(words.split()), filters, reader.days.get("after"), reader.days.get("before"), tuple(reader.notes))


class _Reader:
    """One pass over a text, piece by piece."""

    def __init__(self, values: Mapping[str, Mapping[str, str]]) -> None:
        self.values = values
        self.filters: dict[str, list[str]] = {}
        self.days: dict[str, date] = {}
        self.notes: list[str] = []

    def piece(self, found: re.Match[str]) -> str:
        """What is left of a piece among the words: nothing where it is a filter."""
        name, typed = found[2].lower(), (found[3] if found[3] is not None else found[4]).strip()
        if name not in NAMES and name not in FLAGS and name not in {"after", "before"}:
            return found[0]
        chosen = self._choice(name, typed)
        if found[1] or chosen is None or sum(map(len, self.filters.values())) >= MOST:
            self.notes.append(found[0][:80])
            return f" {typed} " if not found[1] else f" -{typed} "
        if isinstance(chosen, date):
            self.days[name] = chosen
        else:
            self.filters.setdefault(chosen[0], []).append(chosen[1])
        return " "

    def _choice(self, name: str, typed: str) -> tuple[str, str] | date | None:
        if name in {"after", "before"}:
            return to_day(typed)
        if name in FLAGS:
            return FLAGS[name].get(slugify(typed) if typed else "")
        facet = NAMES[name]
        if facet in FREE:
            return (facet, slugify(typed)) if typed else None
        slug = _slug(typed, self.values.get(facet, {}))
        return (facet, slug) if slug else None


def _slug(typed: str, known: Mapping[str, str]) -> str:
    """The value that is meant: by its slug, by its label, or by the one label that begins so."""
    wanted = slugify(typed) if typed else ""
    if typed in known or wanted in known:
        return typed if typed in known else wanted
    labels = {slug: slugify(label) for slug, label in known.items()}
    same = [slug for slug, label in labels.items() if label == wanted]
    begin = [slug for slug, label in labels.items() if wanted and (label.startswith(wanted) or slug.startswith(wanted))]
    return same[0] if same else begin[0] if len(begin) == 1 else ""


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
