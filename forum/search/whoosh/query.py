"""From what was asked to Whoosh queries, and how what they find is ranked.

Each choice stands in docs/search-relevance.md with its figures: how much a title counts, a word that was typed twice, Lucene's
idf instead of Whoosh's, and a stop list for loose matching.
"""

from collections.abc import Callable, Sequence
from math import log, sqrt
from typing import Any

from whoosh import query as q
from whoosh.scoring import BM25F

from forum.search.question.parser import Asked, Group, Word, forms, strong
from forum.search.ranking import K1, ROW, ROW_AT_MOST, B


class Ranking(BM25F):  # type: ignore[misc]
    """BM25F with Lucene's idf: log(1 + (N - n + 0.5) / (n + 0.5)), which is never negative."""

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        parent = searcher.get_parent()
        n, total = parent.doc_frequency(fieldname, text), parent.doc_count_all()
        return log(1 + (total - n + 0.5) / (n + 0.5))


RANKING = Ranking(B=B, K1=K1)


def named(name: str) -> q.Query:
    """Whatever has this title, word for word."""
    return q.Term("name", name)


class Matching:
    """Which documents: by their whole texts, or by their titles alone. A title is part of the text."""

    def __init__(self, titles: bool = False) -> None:
        self.field = "title" if titles else "text"

    def strict(self, asked: Asked) -> q.Query:
        """All words that matter, all phrases, none of the unwanted."""
        parts = [self._word(w) for w in asked.alone]
        parts += [self._group(g) for g in asked.groups]
        parts += [self._row(p) for p in asked.phrases]
        return self._without(q.And(parts) if parts else q.Every(), asked)

    def loose(self, asked: Asked) -> q.Query:
        """Any of the words that matter, or of the phrases' words; words that are one thing together, or another way to say it."""
        terms = [t for w in asked.alone for t in forms(w)] + [t for phrase in asked.phrases for t in phrase]
        return self._without(q.Or([*map(self._term, terms), *map(self._group, asked.groups)]), asked)

    def _term(self, text: str) -> q.Query:
        return q.Term(self.field, text)

    def _row(self, words: Sequence[str]) -> q.Query:
        return q.Phrase(self.field, list(words)) if len(words) > 1 else self._term(words[0])

    def _word(self, word: Word) -> q.Query:
        """A word; a hyphenated one joined or as a phrase of its parts."""
        joined = self._term(word.forms[0])
        return q.Or([joined, self._row(word.forms[1:])]) if len(word.forms) > 1 else joined

    def _group(self, group: Group) -> q.Query:
        """All its words, or one of the other ways to say them."""
        own = [q.And([self._word(w) for w in strong(group.words)])] if group.words else []
        return q.Or([*own, *(self._row(o.terms) for o in group.others)])

    def _without(self, found: q.Query, asked: Asked) -> q.Query:
        return q.AndNot(found, q.Or([self._row(words) for words in asked.unwanted])) if asked.unwanted else found


class Points:
    """What a document's words bring: in the text with what its title adds, by the document's own weight; or in the title alone."""

    def __init__(self, titles: bool = False, title: float = 1.0) -> None:
        self.fields = {"title": title} if titles else {"text": 1.0, "title": title}

    def of(self, asked: Asked, name: str) -> q.Query:
        """All that counts, added up. `name` is all that was asked, as a title: what has that in a row there has every word."""
        parts = [*map(self._word, asked.alone), *map(self._group, asked.groups)]
        parts += [self._term(t) for phrase in asked.phrases for t in phrase]
        row = name.split()
        if asked.bare and 1 < len(row) <= ROW_AT_MOST:
            parts.append(q.Phrase("title", row, boost=ROW * self.fields["title"]))
        return q.Or(parts)

    def _either(self, make: Callable[[str, float], q.Query], boost: float) -> q.Query:
        parts = [make(field, weight * boost) for field, weight in self.fields.items()]
        return parts[0] if len(parts) == 1 else q.Or(parts)

    def _term(self, text: str, boost: float = 1.0) -> q.Query:
        return self._either(lambda field, weight: q.Term(field, text, boost=weight), boost)

    def _row(self, words: Sequence[str], boost: float) -> q.Query:
        if len(words) == 1:
            return self._term(words[0], boost)
        return self._either(lambda field, weight: q.Phrase(field, list(words), boost=weight), boost)

    def _word(self, word: Word) -> q.Query:
        """A word; of a hyphenated one what brings more, the whole or its parts."""
        joined, *parts = [self._term(form, sqrt(word.times)) for form in forms(word)]
        return q.DisjunctionMax([joined, q.Or(parts)]) if parts else joined

    def _group(self, group: Group) -> q.Query:
        """All its words, or one of the other ways to say them: the best of these counts, so that saying it thrice is no gain. Its
        words in a row count twice, since together they are the name of one thing."""
        own: list[q.Query] = []
        if group.words:
            words = [self._word(w) for w in strong(group.words)]
            own = [q.Or([*words, *([self._row(group.row, 1.0)] if group.row else [])])]
        return q.DisjunctionMax([*own, *(self._row(o.terms, o.weight) for o in group.others)])
