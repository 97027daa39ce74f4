"""What was probably meant by a word that is nowhere: by the words of the corpus and of the field's vocabulary.

A word is offered only if it is in something that the reader may find, and as it is written there: words of hidden things never
show up.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from zxcvbn.matching import RANKED_DICTIONARIES

from forum.search.analysis import normalise, term, terms
from forum.search.port import SearchIndex
from forum.search.synonyms import Synonyms

#: Words shorter than the first are often abbreviations, and are left; from the second on, two letters may be wrong.
SHORTEST, TWO_WRONG = 4, 7
#: Everyday English and names, from the lists by which passwords are judged: never misspellings, even where no text has them yet.
#: Each word stands in the list where it is most frequent ("rush" among the surnames), so all are looked at but the passwords.
EVERYDAY = [words for name, words in RANKED_DICTIONARIES.items() if name != "passwords"]
#: How many candidates are tried for each doubtful word, and how many words are corrected at most.
TRIED, MOST = 3, 4
LETTERS = "abcdefghijklmnopqrstuvwxyz"
#: Returns texts that have a term and that the reader may find.
Texts = Callable[[str], Iterable[str]]


def respelt(typed: Iterable[str], index: SearchIndex, synonyms: Synonyms, texts: Texts) -> dict[str, str]:
    """Return, for the misspelt among the words that matter, word as typed → what was probably meant. An abbreviation typed in small
    letters counts as misspelt where only its capitals tell what it is."""
    typed = list(typed)
    found = {raw: synonyms.written[raw] for raw in typed if raw != synonyms.written.get(raw, raw)}
    words = [(raw, term(raw)) for raw in typed if len(raw) >= SHORTEST and raw.isalpha() and raw.isascii()]
    here = index.often(t for _, t in words)
    doubtful = [(raw, t) for raw, t in words if not (t in here or t in synonyms.words or _everyday(raw.lower()))]
    for raw, t in doubtful[:MOST]:
        meant = next(_meant(raw.lower(), t, index, synonyms, texts), None)
        if meant:
            found[raw] = meant
    return found


def put_right(text: str, words: Mapping[str, str]) -> str:
    """The text with other words in place of these."""
    for raw, meant in words.items():
        text = re.sub(rf"(?<![\w-]){re.escape(raw)}(?![\w-])", meant, normalise(text), flags=re.IGNORECASE)
    return text


def _everyday(word: str) -> bool:
    return any(word in words for words in EVERYDAY)


def _meant(raw: str, own: str, index: SearchIndex, synonyms: Synonyms, texts: Texts) -> Iterator[str]:
    """Yield what may be meant, the likeliest first: one letter wrong, two words without a space, two letters wrong."""
    near = edits(own)
    one = {**dict.fromkeys(near & synonyms.words.keys(), 0), **index.often(near)}
    yield from _as_written(raw, one, synonyms, texts)
    yield from _parted(raw, index, texts)
    if len(own) >= TWO_WRONG:
        two = {e: n for e, n in index.near(own).items() if distance(e, own) == 2 and e not in one}
        yield from _as_written(raw, two, synonyms, texts)


def _as_written(raw: str, found: dict[str, int], synonyms: Synonyms, texts: Texts) -> Iterator[str]:
    """First letters are seldom wrong; then what is frequent comes first."""
    for t in sorted(found, key=lambda t: (t[0] != raw[0], -found[t], t))[:TRIED]:
        word = word_for(t, raw, texts(t)) if found[t] else synonyms.words[t].lower()
        if word:
            yield word


def _parted(raw: str, index: SearchIndex, texts: Texts) -> Iterator[str]:
    """Two words that a missing space joined."""
    pairs = [(raw[:n], raw[n:]) for n in range(3, len(raw) - 2)]
    here = index.often({term(half) for pair in pairs for half in pair})
    both = [(min(here.get(term(a), 0), here.get(term(b), 0)), a, b) for a, b in pairs]
    for number, a, b in sorted(both, reverse=True)[:1]:
        if number and word_for(term(a), a, texts(term(a))) == a and word_for(term(b), b, texts(term(b))) == b:
            yield f"{a} {b}"


def word_for(t: str, raw: str, texts: Iterable[str]) -> str | None:
    """Return the word, in small letters, by which a term is written in the texts; of several the one most like what was typed, with
    the same last letter if possible, since that is mostly right."""
    flat = [normalise(text) for text in texts]
    words = {text[start:end].lower() for text in flat for forms, start, end in terms(text) if t in forms}
    return min(words, key=lambda word: (distance(word, raw), word[-1] != raw[-1], word), default=None)


def edits(word: str) -> set[str]:
    """Return all that is one slip of the fingers away: a letter left out, two changed about, one wrong, one too many."""
    halves = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    less = {a + b[1:] for a, b in halves if b}
    about = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    other = {a + letter + b[1:] for a, b in halves if b for letter in LETTERS}
    more = {a + letter + b for a, b in halves for letter in LETTERS}
    return (less | about | other | more) - {word}


def distance(a: str, b: str) -> int:
    """Return how many letters to leave out, put in, change or swap with the next one (optimal string alignment)."""
    before, last, row = [0] * (len(b) + 1), list(range(len(b) + 1)), [0] * (len(b) + 1)
    for i, x in enumerate(a, 1):
        row = [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
