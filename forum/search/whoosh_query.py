"""From what was asked to Whoosh queries, and how what they find is ranked.

Each choice stands in docs/search-relevance.md with its figures: how much a title counts, a word that was typed twice, Lucene's
idf instead of Whoosh's, a stop list for loose matching, and what may move among near-ties.
"""

from collections.abc import Callable, Sequence
from math import log, sqrt
from typing import Any

from whoosh import query as q
from whoosh.scoring import BM25F

from forum.search.analysis import STOP_WORDS
from forum.search.query import Asked, Word

#: What a word in the title adds to the same word in the text. Titles help questions and hurt claims, so: a little.
TITLE = 0.4
#: What the whole of the words in a row, in the title, adds.
ROW = 4.0
#: Longer questions are not looked for as a row of words.
ROW_AT_MOST = 8


class Ranking(BM25F):  # type: ignore[misc]
    """BM25F with Lucene's idf: log(1 + (N - n + 0.5) / (n + 0.5)), which is never negative."""

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        parent = searcher.get_parent()
        n, total = parent.doc_frequency(fieldname, text), parent.doc_count_all()
        return log(1 + (total - n + 0.5) / (n + 0.5))


RANKING = Ranking(B=0.75, K1=1.2)


def everything() -> q.Query:
    return q.Every()


def named(name: str) -> q.Query:
    """Whatever has this title, word for word."""
    return q.Term("name", name)


class _Builder:
    """Makes queries: to match, or with `title`, to rank the same documents with what their titles add.

    A title is part of the text, so a word in the title never finds more. `AndMaybe` would say this more plainly, but where only the
    best are asked for Whoosh 2.7.4 loses the scores of its second part.
    """

    def __init__(self, title: float) -> None:
        self.title = title

    def either(self, text: q.Query, title: q.Query) -> q.Query:
        return q.Or([text, title]) if self.title else text

    def term(self, text: str, boost: float = 1.0) -> q.Query:
        return self.either(q.Term("text", text, boost=boost), q.Term("title", text, boost=self.title * boost))

    def phrase(self, words: tuple[str, ...]) -> q.Query:
        if len(words) == 1:
            return self.term(words[0])
        return self.either(q.Phrase("text", list(words)), q.Phrase("title", list(words), boost=self.title))

    def word(self, word: Word) -> q.Query:
        """A word; a hyphenated one joined or as a phrase of its parts."""
        joined = self.term(word.forms[0], sqrt(word.times))
        return q.Or([joined, self.phrase(word.forms[1:])]) if len(word.forms) > 1 else joined

    def row(self, found: q.Query, asked: Asked, name: str) -> q.Query:
        """With what the whole of the words in a row, in the title, adds: what has that has every word."""
        row = name.split()
        if not self.title or not 1 < len(row) <= ROW_AT_MOST or asked.phrases or asked.choices or asked.unwanted:
            return found
        return q.Or([found, q.Phrase("title", row, boost=ROW)])


MATCH, RANK = _Builder(0.0), _Builder(TITLE)


def _strong(asked: Asked) -> list[Word]:
    """The words that matter: stop words only where nothing else was asked."""
    return [w for w in asked.words if not w.stop] or list(asked.words)


def _without(found: q.Query, asked: Asked) -> q.Query:
    if not asked.unwanted:
        return found
    return q.AndNot(found, q.Or([MATCH.phrase(words) for words in asked.unwanted]))


def strict(asked: Asked, to: _Builder = MATCH, name: str = "") -> q.Query:
    """All words that matter, all phrases, one of each choice, none of the unwanted. `name` is all that was asked, as a title."""
    parts = [to.word(w) for w in _strong(asked)]
    parts += [to.phrase(p) for p in asked.phrases]
    parts += [q.Or([to.word(a), to.word(b)]) for a, b in asked.choices]
    return _without(to.row(q.And(parts), asked, name) if parts else q.Every(), asked)


def loose(asked: Asked, to: _Builder = MATCH, name: str = "") -> q.Query:
    """Any of the words that matter, or of the phrases' words. Of a hyphenated word, or of two that a missing space joined
    ("my visa.Please help"), each part counts."""
    words = [*_strong(asked), *(w for pair in asked.choices for w in pair)]
    times = [(form, w.times) for w in words for form in dict.fromkeys(w.forms) if form not in STOP_WORDS or len(w.forms) == 1]
    times += [(t, 1) for phrase in asked.phrases for t in phrase]
    return _without(to.row(q.Or([to.term(form, sqrt(n)) for form, n in times]), asked, name), asked)


# -- near-ties ---------------------------------------------------------------------------------------------------

#: Scores that differ by less are as good as equal; so many documents at most change places with one another.
NEAR, TOGETHER = 0.01, 10


def settled(found: Sequence[tuple[float, int]], better: Callable[[int], Any]) -> list[tuple[float, int]]:
    """Documents best first, where those that are as good as equal stand by what is better about them."""
    out: list[tuple[float, int]] = []
    group: list[tuple[float, int]] = []
    for hit in found:
        if group and (hit[0] < group[0][0] * (1 - NEAR) or len(group) == TOGETHER):
            out += sorted(group, key=lambda h: better(h[1]), reverse=True)
            group = []
        group.append(hit)
    return out + sorted(group, key=lambda h: better(h[1]), reverse=True)
