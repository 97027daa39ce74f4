"""The words that a Whoosh index knows: how often each is there, which begin so, and which are nearly so."""

from collections.abc import Iterable, Mapping
from heapq import nlargest

from whoosh.searching import Searcher

from forum.search.analysis import term
from forum.search.question.parser import STARTED

#: Words looked at for one beginning: what is shorter begins more of them than anybody can mean.
LOOKED_AT = 2_000


def often(searcher: Searcher, terms: Iterable[str]) -> Mapping[str, int]:
    """Term → documents that have it, of whatever audience; those that are in none are left out."""
    reader = searcher.reader()
    return {t: n for t in terms if (n := reader.doc_frequency("text", t))}


def beginning(searcher: Searcher, field: str, start: str) -> list[str]:
    """The most frequent terms that begin so. Terms are stems ("frailti"), so the word itself counts, and where none begins so
    its last letters are left out until one does."""
    reader = searcher.reader()
    own = term(start)
    found = [own] if (field, own) in reader else []
    for short in (start, *(start[:n] for n in range(len(start) - 1, 3, -1))):
        begun = [t for t, _ in zip(reader.expand_prefix(field, short), range(LOOKED_AT), strict=False)]
        if begun or found:
            break
    terms = dict.fromkeys([*found, *(t.decode() for t in begun)])
    return nlargest(STARTED, terms, key=lambda t: reader.doc_frequency(field, t))


def near(searcher: Searcher, term: str) -> Mapping[str, int]:
    """Terms that differ by two letters at most, and not in the first."""
    reader = searcher.reader()
    return {t: reader.doc_frequency("text", t) for t in reader.terms_within("text", term, maxdist=2, prefix=1)}
