"""From what was asked to Whoosh queries, and how what they find is ranked.

Each choice stands in docs/search-relevance.md with its figures: how much a title counts, a word that was typed twice, Lucene's
idf instead of Whoosh's, and a stop list for loose matching.
"""

from collections.abc import Callable
from math import log, sqrt
from typing import Any

from whoosh import query as q
from whoosh.scoring import BM25F

from forum.search.query import Asked, Group, Word, forms, strong
from forum.search.ranking import K1, ROW, ROW_AT_MOST, TITLE, B


class Ranking(BM25F):  # type: ignore[misc]
    """BM25F with Lucene's idf: log(1 + (N - n + 0.5) / (n + 0.5)), which is never negative."""

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        parent = searcher.get_parent()
        n, total = parent.doc_frequency(fieldname, text), parent.doc_count_all()
        return log(1 + (total - n + 0.5) / (n + 0.5))


RANKING = Ranking(B=B, K1=K1)


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

    def __init__(self, title: float, text: bool = True) -> None:
        self.title, self.text = title, text

    def either(self, make: Callable[[str, float], q.Query], boost: float) -> q.Query:
        """The same of the text and of the title, or of one of them."""
        parts = [make("text", boost)] if self.text else []
        parts += [make("title", self.title * boost)] if self.title else []
        return parts[0] if len(parts) == 1 else q.Or(parts)

    def term(self, text: str, boost: float = 1.0) -> q.Query:
        return self.either(lambda field, weight: q.Term(field, text, boost=weight), boost)

    def phrase(self, words: tuple[str, ...], boost: float = 1.0) -> q.Query:
        if len(words) == 1:
            return self.term(words[0], boost)
        return self.either(lambda field, weight: q.Phrase(field, list(words), boost=weight), boost)

    def word(self, word: Word) -> q.Query:
        """A word; a hyphenated one joined or as a phrase of its parts."""
        joined = self.term(word.forms[0], sqrt(word.times))
        return q.Or([joined, self.phrase(word.forms[1:])]) if len(word.forms) > 1 else joined

    def group(self, group: Group) -> q.Query:
        """All its words, or one of the other ways to say them: the best of these counts, so that saying it thrice is no gain."""
        others = [self.phrase(o.terms, group.weight) for o in group.others]
        return q.DisjunctionMax([*self.own(group), *others])

    def own(self, group: Group) -> list[q.Query]:
        """The words of a group: all of them, and in a row they count twice, since together they are the name of one thing."""
        if not group.words:
            return []
        together = q.And([self.word(w) for w in strong(group.words)])
        return [q.Or([together, self.phrase(group.row)]) if group.row else together]

    def row(self, found: q.Query, asked: Asked, name: str) -> q.Query:
        """With what the whole of the words in a row, in the title, adds: what has that has every word."""
        row = name.split()
        if not self.title or not asked.bare or not 1 < len(row) <= ROW_AT_MOST:
            return found
        return q.Or([found, q.Phrase("title", row, boost=ROW)])


#: To match, to rank, and to do both by titles alone.
MATCH, RANK, TITLES = _Builder(0.0), _Builder(TITLE), _Builder(1.0, text=False)


def _without(found: q.Query, asked: Asked) -> q.Query:
    if not asked.unwanted:
        return found
    return q.AndNot(found, q.Or([MATCH.phrase(words) for words in asked.unwanted]))


def strict(asked: Asked, to: _Builder = MATCH, name: str = "") -> q.Query:
    """All words that matter, all phrases, none of the unwanted. `name` is all that was asked, as a title."""
    parts = [to.word(w) for w in asked.alone]
    parts += [to.group(g) for g in asked.groups]
    parts += [to.phrase(p) for p in asked.phrases]
    return _without(to.row(q.And(parts), asked, name) if parts else q.Every(), asked)


def loose(asked: Asked, to: _Builder = MATCH, name: str = "") -> q.Query:
    """Any of the words that matter, or of the phrases' words; words that are one thing together, or another way to say it."""
    times = [pair for w in asked.alone for pair in forms(w)] + [(t, 1) for phrase in asked.phrases for t in phrase]
    parts = [*(to.term(form, sqrt(n)) for form, n in times), *(to.group(g) for g in asked.groups)]
    return _without(to.row(q.Or(parts), asked, name), asked)
