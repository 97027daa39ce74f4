"""Excerpts that show why something was found: the best passage, with the words marked as the reader meets them."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from markupsafe import Markup, escape

from forum.kernel.references import Passage
from forum.search.analysis import in_capitals, normalise, terms

#: Longer texts are looked at up to here.
LOOKED_AT = 60_000
SIZE = 240
#: How far back an excerpt goes for the beginning of its sentence.
BEFORE = 90
Hit = tuple[int, int, str]
Score = tuple[int, int]
_WORD, _BEGINS = re.compile(r"\w"), re.compile(r"[.!?…]\s+(?=[^a-z\s])")
#: Longer ones are hardly words; they are read anew each time, so that what is kept stays small.
_LONGEST_KEPT = 40


def _read(token: str) -> tuple[tuple[tuple[str, ...], int, int], ...]:
    """The terms of a piece of text without spaces. One that normalising lengthens or shortens ("Straße") is marked as a whole."""
    flat = normalise(token)
    if len(flat) != len(token):
        every = tuple(form for forms, _, _ in terms(flat) for form in forms)
        return ((every, 0, len(token)),) if every else ()
    return tuple(((*forms, in_capitals(flat[start:end])), start, end) for forms, start, end in terms(flat))


_kept = lru_cache(maxsize=20_000)(_read)


@lru_cache(maxsize=20_000)
def _terms(token: str) -> frozenset[str]:
    """All terms of such a piece: most pieces have none that is wanted, and are left with one look."""
    return frozenset(form for forms, _, _ in _kept(token) for form in forms)


def _hits(text: str, found: Sequence[str]) -> list[Hit]:
    """Where wanted terms stand; those of "hospit at home" only beside each other, and then as one."""
    single, rows = {t for t in found if " " not in t}, [tuple(t.split()) for t in found if " " in t]
    marks = _places(text, single.union(*rows))
    if not rows:
        return marks
    kept = [mark for mark in marks if mark[2] in single]
    for row in rows:
        for n in range(len(marks) - len(row) + 1):
            beside = marks[n : n + len(row)]
            if tuple(t for *_, t in beside) == row and not any(_WORD.search(text[a[1] : b[0]]) for a, b in pairwise(beside)):
                kept.append((beside[0][0], beside[-1][1], " ".join(row)))
    return sorted(kept, key=lambda mark: (mark[0], -mark[1]))


def _places(text: str, wanted: set[str]) -> list[Hit]:
    """Return where terms stand. None spans a space, so each different piece between spaces is read once."""
    hits: dict[str, list[Hit]] = {}
    for token in set(text.split()):
        if len(token) <= _LONGEST_KEPT and wanted.isdisjoint(_terms(token)):
            continue
        read = _kept(token) if len(token) <= _LONGEST_KEPT else _read(token)
        if here := [
            (start, end, next(f for f in forms if f in wanted)) for forms, start, end in read if not wanted.isdisjoint(forms)
        ]:
            hits[token] = here
    if not hits:
        return []
    places = sorted((at, here) for token, here in hits.items() for at in _starts(text, token))
    return [(at + start, at + end, term) for at, here in places for start, end, term in here]


def _starts(text: str, token: str) -> Iterator[int]:
    """Where a piece stands between spaces."""
    at = text.find(token)
    while at >= 0:
        if not text[max(0, at - 1) : at].strip() and not text[at + len(token) : at + len(token) + 1].strip():
            yield at
        at = text.find(token, at + 1)


def _marked(text: str, marks: Sequence[Hit], start: int, end: int) -> Markup:
    parts, at = [], start
    for a, b, _ in marks:
        if a >= at and b <= end:
            parts += [escape(text[at:a]), Markup("<mark>"), escape(text[a:b]), Markup("</mark>")]
            at = b
    return Markup("").join([*parts, escape(text[at:end])])


def highlight(text: str, found: Sequence[str]) -> Markup:
    """The whole text with its found words marked."""
    return _marked(text, _hits(text, found), 0, len(text))


def excerpt(text: str, found: Sequence[str], size: int = SIZE) -> Markup:
    """The passage of about `size` characters that has the most different words asked for; the beginning when it has none."""
    text = text[:LOOKED_AT]
    marks = _hits(text, found)
    return _cut(text, marks, _best(marks, size)[1], size)


def best(
    passages: Sequence[Passage], found: Sequence[str], size: int = SIZE, said: Sequence[str] = (), least: int = 0
) -> tuple[Passage, Markup]:
    """Return the passage with the most different words close together, the first of equals, and its excerpt.

    Headings, tables and lists of facts are chosen only for a word that is in no sentence. Sentences in `said`, which stand above
    the excerpt already, are left out of it. Where no passage has any of the words, the excerpt is the beginning of the first one;
    where none has `least` different words, it is empty. `passages` has at least one; of all of them together `LOOKED_AT`
    characters are read.
    """
    left, spoken = LOOKED_AT, [_saying(text) for text in said if text]
    pieces: list[tuple[Passage, str]] = []
    for passage in passages:
        text = passage.text[:left]
        left -= len(text)
        pieces += [(passage, piece) for piece in _unsaid(text, spoken)]
    # Sentences first: facts are then compared with what all the sentences have, wherever they stand.
    pieces.sort(key=lambda pair: pair[0].facts)
    chosen, text, marks, top, where = *(pieces[0] if pieces else (passages[0], "")), list[Hit](), (0, 0), 0
    told: set[str] = set()
    for passage, piece in pieces:
        here = _hits(piece, found)
        score, at = _best(here, size)
        words = {term for *_, term in here if " " not in term}
        told |= set() if passage.facts else words
        if (score[0] > top[0] and bool(words - told)) if passage.facts else (score > top):
            chosen, text, marks, top, where = passage, piece, here, score, at
    return chosen, _cut(text, marks, where, size) if top[0] >= least else Markup("")


def different(text: str, found: Sequence[str]) -> int:
    """Return how many different words of `found` a text has."""
    return len({term for *_, term in _hits(text, found)})


def _saying(said: str) -> re.Pattern[str]:
    """Return a pattern for a sentence that says just this; one of few words must end as a sentence does."""
    words = said.strip().rstrip(".!?… ")
    end = r"[.!?…]*(?:\s+|$)" if words.count(" ") >= 3 else r"(?:[.!?…]+(?:\s+|$)|$)"
    return re.compile(rf"(?:^|(?<=[.!?…]\s)){re.escape(words)}{end}", re.IGNORECASE)


def _unsaid(text: str, spoken: Sequence[re.Pattern[str]]) -> list[str]:
    """Return the pieces of a text that are left without the sentences in `spoken`."""
    pieces = [text]
    for pattern in spoken:
        pieces = [part for piece in pieces for part in pattern.split(piece)]
    return [piece for piece in pieces if _WORD.search(piece)]


def _cut(text: str, marks: Sequence[Hit], where: int, size: int) -> Markup:
    """About `size` characters from the beginning of the sentence, where that is near, or a little before `where`; between words."""
    begun = [m.end() for m in _BEGINS.finditer(text, max(0, where - BEFORE), where + 1)]
    start = 0 if where < 40 else begun[-1] if begun else text.rfind(" ", 0, where - 30) + 1
    end = max(start + size, where + size - 30)
    end = len(text) if end >= len(text) else text.rfind(" ", start, end) if " " in text[start:end] else end
    body = _marked(text, marks, start, end)
    return Markup("… " if start and not begun else "") + body + Markup(" …" if end < len(text) else "")


def _best(marks: Sequence[Hit], size: int) -> tuple[Score, int]:
    """Find the window with the most different terms, then the most marks, then the earliest; return its score and where it
    begins."""
    top, where, left = (0, 0), 0, 0
    for right, (_, end, _) in enumerate(marks):
        while end - marks[left][0] > size and left < right:
            left += 1
        window = marks[left : right + 1]
        score = (len({t for *_, t in window}), min(len(window), 6))
        if score > top:
            top, where = score, marks[left][0]
    return top, where
