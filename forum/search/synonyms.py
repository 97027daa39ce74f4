"""The field's vocabulary as search uses it: what else to look for when somebody types "A&E" or "virtual ward".

Applied to the question, never to the index: the list may change without a rebuild, and what was added can be shown and switched
off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forum.search.analysis import in_capitals, normalise, terms

#: An entry that begins so matches only as it is written: "=ED" is the department, and not a man called Ed.
EXACTLY = "="
#: At most this many synonyms for one thing, and this many places of a question that have any.
MOST_OTHERS, MOST_SPOTS = 8, 6
#: The weight of a synonym, and that of a wider word, where the word that was typed has 1 (docs/search-relevance.md). Who types
#: "mum" also wants what is said of carers, but first what is said of mums.
SAME, WIDER = 0.6, 0.4
#: The most words in a row that are looked up as one entry.
LONGEST_RUN = 8


@dataclass(frozen=True, slots=True)
class Other:
    """A synonym to look for as well: as people write it, its terms in a row, and its weight, where what was typed has 1."""

    label: str
    terms: tuple[str, ...]
    weight: float = SAME


@dataclass(frozen=True, slots=True)
class Spot:
    """Words of a question, from `start` to before `end`, that have synonyms."""

    start: int
    end: int
    others: tuple[Other, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of writing an entry. `exactly` is how it must be typed, "" where that does not matter."""

    exactly: str
    others: tuple[Other, ...]


class Synonyms:
    """The synonyms to look up. `entries` are pairs: words that mean the same, and wider words, which do not lead back to these."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], Sequence[str]]]) -> None:
        self._ways: dict[tuple[str, ...], list[_Way]] = {}
        self.words: dict[str, str] = {}
        #: Entries that match only as they are written, by their small letters: "ed" → "ED".
        self.written: dict[str, str] = {}
        for same, wider in entries:
            all_ = [other for words, weight in ((same, SAME), (wider, WIDER)) for word in words for other in _others(word, weight)]
            for word in same:
                label = shown(word)
                own = {o.terms for o in _others(word, SAME)} | _keys(label)
                others = tuple(o for o in all_ if o.terms not in own)
                if word.startswith(EXACTLY):
                    self.written[label.lower()] = label
                for key in _keys(label):
                    self._ways.setdefault(key, []).append(_Way(label if word.startswith(EXACTLY) else "", others))
            for other in all_:
                flat = normalise(other.label)
                self.words |= {forms[0]: flat[start:end] for forms, start, end in terms(flat) if forms[0] not in self.words}

    def spots(self, typed: Sequence[tuple[tuple[str, ...], str]]) -> list[Spot]:
        """Return the places with synonyms in words in a row, each given as (its terms, as typed): the longest first, no word in
        two."""
        found: list[Spot] = []
        start = 0
        while start < len(typed) and len(found) < MOST_SPOTS:
            spot = next((s for s in self._at(typed, start) if s.others), None)
            if spot:
                found.append(spot)
            start = spot.end if spot else start + 1
        return found

    def _at(self, typed: Sequence[tuple[tuple[str, ...], str]], start: int) -> Iterable[Spot]:
        for end in range(min(len(typed), start + LONGEST_RUN), start, -1):
            run = typed[start:end]
            raw = " ".join(word for _, word in run)
            parts = tuple(part for forms, _ in run for part in (forms[1:] or forms))
            ways = [*self._ways.get(parts, ()), *self._ways.get(tuple(forms[0] for forms, _ in run), ())]
            fit = [way for way in ways if way.exactly in {"", raw, raw.removesuffix("s")}]
            yield Spot(start, end, tuple(dict.fromkeys(o for way in fit for o in way.others if o.terms != parts))[:MOST_OTHERS])


def shown(word: str) -> str:
    """A word without the sign that it counts only as it is written."""
    return word.removeprefix(EXACTLY).strip()


def _others(word: str, weight: float) -> list[Other]:
    """A word to look for: its term or its row of terms; with a hyphen both joined and in parts."""
    exact = in_capitals(shown(word)) if word.startswith(EXACTLY) else ""
    return [Other(shown(word), row, weight) for row in ([(exact,)] if exact else sorted(_keys(shown(word))))]


def _keys(label: str) -> set[tuple[str, ...]]:
    """The terms that lead to a word: of one with a hyphen, joined and in parts."""
    found = list(terms(normalise(label)))
    joined = tuple(forms[0] for forms, _, _ in found)
    return {joined, tuple(part for forms, _, _ in found for part in (forms[1:] or forms))} - {()}


NONE = Synonyms(())
