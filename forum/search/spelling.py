"""What was probably meant by a word that is nowhere: by the words of the corpus and of the field's vocabulary.

A word is offered only if something that the reader may find has it, written as it is there: the words of what is hidden show up
nowhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from forum.search.analysis import normalise, term, terms
from forum.search.port import SearchIndex
from forum.search.synonyms import Synonyms

#: Shorter words are abbreviations as often as not; from so many letters on, two may be wrong.
SHORTEST, TWO_WRONG = 4, 6
#: A word that is there is in doubt where a likely one is so many times as frequent.
RARE = 50
#: Words looked at for each that is in doubt, and words that are put right.
TRIED, MOST = 3, 4
LETTERS = "abcdefghijklmnopqrstuvwxyz"
#: A term → the word that stands for it in something that the reader may find; None where there is nothing such.
Written = Callable[[str], str | None]


def respelt(text: str, typed: Iterable[str], index: SearchIndex, synonyms: Synonyms, written: Written) -> str:
    """The text with its misspelt words put right, "" where there are none. `typed` are its words that matter."""
    doubtful = [(raw, term(raw)) for raw in typed if len(raw) >= SHORTEST and raw.isalpha() and raw.isascii()]
    here = index.often(t for _, t in doubtful)
    fixed = text
    for raw, t in doubtful[:MOST]:
        if t in synonyms.words:
            continue
        meant = next(_meant(raw.lower(), t, here.get(t, 0), index, synonyms, written), None)
        if meant:
            fixed = re.sub(rf"(?<![\w-]){re.escape(raw)}(?![\w-])", meant, normalise(fixed), flags=re.IGNORECASE)
    return fixed if fixed != text else ""


def _meant(raw: str, own: str, often: int, index: SearchIndex, synonyms: Synonyms, written: Written) -> Iterator[str]:
    """What may be meant, the likeliest first: a letter off, two words run together, two letters off."""
    one = {e: n for e, n in index.often(edits(own)).items() if n > often * RARE}
    one |= {e: one.get(e, 0) for e in edits(own) & synonyms.words.keys() if not often}
    yield from _as_written(one, own, synonyms, written)
    if often:
        return
    yield from _parted(raw, index, written)
    if len(own) >= TWO_WRONG:
        two = {e: n for e, n in index.near(own).items() if distance(e, own) == 2 and e not in one}
        yield from _as_written(two, own, synonyms, written)


def _as_written(found: dict[str, int], own: str, synonyms: Synonyms, written: Written) -> Iterator[str]:
    """First letters are seldom wrong; then what is frequent comes first."""
    for t in sorted(found, key=lambda t: (t[0] != own[0], -found[t], t))[:TRIED]:
        word = written(t) if found[t] else synonyms.words[t].lower()
        if word:
            yield word


def _parted(raw: str, index: SearchIndex, written: Written) -> Iterator[str]:
    """Two words that a missing space joined."""
    pairs = [(raw[:n], raw[n:]) for n in range(3, len(raw) - 2)]
    here = index.often({term(half) for pair in pairs for half in pair})
    both = [(min(here.get(term(a), 0), here.get(term(b), 0)), a, b) for a, b in pairs]
    for number, a, b in sorted(both, reverse=True)[:1]:
        if number and written(term(a)) == a and written(term(b)) == b:
            yield f"{a} {b}"


def word_for(t: str, texts: Iterable[str]) -> str | None:
    """The word that stands for a term in one of the texts, in small letters."""
    for text in texts:
        flat = normalise(text)
        for forms, start, end in terms(flat):
            if t in forms:
                return flat[start:end].lower()
    return None


def edits(word: str) -> set[str]:
    """All that is one slip of the fingers away: a letter left out, two changed about, one wrong, one too many."""
    halves = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    less = {a + b[1:] for a, b in halves if b}
    about = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    other = {a + letter + b[1:] for a, b in halves if b for letter in LETTERS}
    more = {a + letter + b for a, b in halves for letter in LETTERS}
    return (less | about | other | more) - {word}


def distance(a: str, b: str) -> int:
    """How many letters to leave out, put in, change, or change about with the next one (optimal string alignment)."""
    before, last, row = [0] * (len(b) + 1), list(range(len(b) + 1)), [0] * (len(b) + 1)
    for i, x in enumerate(a, 1):
        row = [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
