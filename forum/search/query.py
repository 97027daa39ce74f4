"""From what a person typed to a small tree of our own. Nothing that can be typed raises; what is not ours is punctuation."""

import re
from collections import Counter
from dataclasses import dataclass

from forum.search.analysis import STOP_WORDS, normalise, terms

LONGEST = 4_000
#: So many different words at most, stop words among them.
MOST = 64
#: One page. A question of so many words that is answered in full by fewer things also shows what has some of its words.
PAGE, QUESTION = 10, 3
_PIECE = re.compile(r'(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True, slots=True)
class Word:
    """One word asked for: its joined form first, then its parts (see `analysis.terms`), and how often it was typed."""

    forms: tuple[str, ...]
    times: int
    stop: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: words and phrases that should be there, groups joined by OR, and what must not be there."""

    words: tuple[Word, ...]
    phrases: tuple[tuple[str, ...], ...]
    choices: tuple[tuple[Word, Word], ...]
    unwanted: tuple[tuple[str, ...], ...]

    @property
    def wanted(self) -> bool:
        """Whether anything should be there, not only stay away."""
        return bool(self.words or self.phrases or self.choices)

    @property
    def empty(self) -> bool:
        return not (self.words or self.phrases or self.choices or self.unwanted)

    def terms(self) -> tuple[str, ...]:
        """Terms to mark in excerpts: those that matter, all of them where nothing else is there."""
        asked = [*self.words, *(w for pair in self.choices for w in pair)]
        strong = [w for w in asked if not w.stop] or asked
        found = [f for w in strong for f in w.forms]
        return tuple(dict.fromkeys(found + [t for p in self.phrases for t in p if t not in STOP_WORDS]))


def parse(text: str) -> Asked:
    """Read words, "phrases", -not and OR."""
    pieces = _PIECE.findall(normalise(text[:LONGEST]))
    words: list[tuple[tuple[str, ...], bool]] = []
    phrases: list[tuple[str, ...]] = []
    unwanted: list[tuple[str, ...]] = []
    choices: list[tuple[int, int]] = []
    joined = False
    for minus, quoted, bare in pieces:
        if quoted:
            phrase = tuple(forms[0] for forms, _, _ in terms(quoted))
            if phrase:
                (unwanted if minus else phrases).append(phrase)
        elif bare == "OR" and words:
            joined = True
        elif len(bare) > 1 and bare[0] == "-" and bare[1].isalnum():
            unwanted += [forms for forms, _, _ in terms(bare[1:])]
        else:
            before = len(words)
            words += [(forms, bare.strip("?!.,").lower() in STOP_WORDS) for forms, _, _ in terms(bare)]
            if joined and len(words) > before > 0:
                choices.append((before - 1, before))
                joined = False
    either = {i for pair in choices for i in pair}
    pairs = tuple((Word(words[a][0], 1, words[a][1]), Word(words[b][0], 1, words[b][1])) for a, b in choices)
    counted = Counter(w for i, w in enumerate(words) if i not in either)
    plain = tuple(Word(forms, times, stop) for (forms, stop), times in list(counted.items())[:MOST])
    return Asked(plain, tuple(phrases[:8]), pairs[:8], tuple(unwanted[:8]))


def enough(asked: Asked) -> int:
    """Below how many documents with all the words others will do that have some of them: at one where little was asked, at a page
    for a question, which hardly anything answers word for word."""
    if len(asked.words) + len(asked.phrases) + len(asked.choices) < 2:
        return 0
    size = len([w for w in asked.words if not w.stop]) + len(asked.phrases) + len(asked.choices)
    return PAGE if size >= QUESTION else 1


def words_of(text: str) -> list[str]:
    """The words that matter, as typed, for the plain search that stands in for a broken index."""
    found = [m for m in re.findall(r"[\w&'-]+", normalise(text[:LONGEST])) if m.lower() not in STOP_WORDS]
    return found[:12]
