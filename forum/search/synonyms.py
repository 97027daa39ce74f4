"""The field's vocabulary as search uses it: what else to look for when somebody types "A&E" or "virtual ward".

Applied to the question, never to the index: the list may change without a rebuild, and what was added can be shown and switched
off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forum.search.analysis import in_capitals, normalise, terms

#: A word that begins so counts only as it is written: "=ED" is the department, and no man of that name.
EXACTLY = "="
#: Other words for one thing, and runs of words that have some, at most.
MOST_OTHERS, MOST_SPOTS = 8, 6
#: What another word for the same counts beside the word that was typed (docs/search-relevance.md), and one that
#: only is near: who types "mum" also wants what is told of carers, and first what is told of mums.
SAME, WIDER = 0.6, 0.4
#: A question may have so many words in a row that are one entry.
LONGEST_RUN = 8


@dataclass(frozen=True, slots=True)
class Other:
    """Something else to look for: as people write it, its terms in a row, and what it counts beside what was typed."""

    label: str
    terms: tuple[str, ...]
    weight: float = SAME


@dataclass(frozen=True, slots=True)
class Spot:
    """Words of a question, from `start` to before `end`, that can be said otherwise."""

    start: int
    end: int
    others: tuple[Other, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of writing an entry. `exactly` is how it must be typed, "" where that does not matter."""

    exactly: str
    others: tuple[Other, ...]


class Synonyms:
    """What can be said otherwise. `entries` are pairs: words that mean the same, and wider ones that do not lead back."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], Sequence[str]]]) -> None:
        self._ways: dict[tuple[str, ...], list[_Way]] = {}
        self.words: dict[str, str] = {}
        #: What counts only as it is written, by its small letters: "ed" → "ED".
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
        """Where words in a row, each with its terms and as it was typed, can be said otherwise: the longest first, none twice."""
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
