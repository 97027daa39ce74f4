"""From what was asked to Whoosh queries, and how its results are ranked.

Three changes to Whoosh's ranking, each measured in the design (search.md, "Relevance"): a word typed twice weighs more (square
root of the count), Lucene's idf instead of Whoosh's, and a stop list for loose matching.
"""

from math import log, sqrt
from typing import Any

from whoosh import query as q
from whoosh.scoring import BM25F

from forum.search.query import Asked, Word

#: A title counts half as much again as the body: more helped one development collection and hurt the other.
TITLE, BODY = 1.5, 1.0


class Ranking(BM25F):  # type: ignore[misc]
    """BM25F with Lucene's idf: log(1 + (N - n + 0.5) / (n + 0.5)), which is never negative."""

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        parent = searcher.get_parent()
        n, total = parent.doc_frequency(fieldname, text), parent.doc_count_all()
        return log(1 + (total - n + 0.5) / (n + 0.5))


RANKING = Ranking(B=0.75, K1=1.2)


def everything() -> q.Query:
    return q.Every()


def _either_field(text: str, boost: float = 1.0) -> q.Query:
    return q.Or([q.Term("title", text, boost=TITLE * boost), q.Term("body", text, boost=BODY * boost)])


def _phrase(words: tuple[str, ...]) -> q.Query:
    if len(words) == 1:
        return _either_field(words[0])
    return q.Or([q.Phrase("title", list(words), boost=TITLE), q.Phrase("body", list(words), boost=BODY)])


def _word(word: Word) -> q.Query:
    """A word in either field; a hyphenated one joined or as a phrase of its parts."""
    joined = _either_field(word.forms[0], sqrt(word.times))
    return q.Or([joined, _phrase(word.forms[1:])]) if len(word.forms) > 1 else joined


def _without(found: q.Query, asked: Asked) -> q.Query:
    if not asked.unwanted:
        return found
    return q.AndNot(found, q.Or([_phrase(words) for words in asked.unwanted]))


def _title_first(found: q.Query, asked: Asked) -> q.Query:
    """Whoever types a title wants that thing: its words as a phrase in the title count extra."""
    words = [w.forms[0] for w in asked.words]
    if len(words) < 2 or asked.phrases or asked.choices:
        return found
    return q.AndMaybe(found, q.Phrase("title", words, boost=4.0))


def strict(asked: Asked) -> q.Query:
    """All words (stop words only where nothing else was asked), all phrases, one of each choice, none of the unwanted."""
    strong = [w for w in asked.words if not w.stop] or list(asked.words)
    parts = [_word(w) for w in strong]
    parts += [_phrase(p) for p in asked.phrases]
    parts += [q.Or([_word(a), _word(b)]) for a, b in asked.choices]
    if not parts:
        return _without(q.Every(), asked)
    return _without(_title_first(q.And(parts), asked), asked)


def loose(asked: Asked) -> q.Query:
    """Any of the words that matter, or of the phrases' words."""
    strong = [w for w in asked.words if not w.stop] or list(asked.words)
    parts = [_word(w) for w in strong] + [_word(w) for pair in asked.choices for w in pair]
    parts += [_either_field(t) for phrase in asked.phrases for t in phrase]
    return _without(q.Or(parts), asked)
