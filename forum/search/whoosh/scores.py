"""Matching and ranking by whole lists of places, instead of document by document through Whoosh's matchers.

A word's list of documents is read once, in blocks, and cached for as long as the generation lives. Which documents match is then
arithmetic on bits, and a score is a sum over lists: the BM25F of `query.Ranking`, number for number (a test compares), at a
third of the time. Phrases are still found by Whoosh.
"""

from array import array
from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from heapq import nlargest
from math import log
from threading import Lock
from typing import Any, NamedTuple

from whoosh import query as q
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.searching import Searcher
from whoosh.util.numeric import byte_to_length

from forum.search.ranking import K1, B
from forum.search.whoosh.bitmaps import Values, bits_of, numbers

#: At most this many places of words are cached, at eight bytes each.
KEPT = 1_500_000
#: And so many answers to which documents have a word, or words in a row, at a bit a document.
KEPT_BITS = 400


class Places(NamedTuple):
    """The documents that have a word, in order, and how often they have it."""

    ids: "array[int]"
    counts: "array[float]"


class Lists:
    """The lists of one generation, shared by threads: each reads with its own searcher."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Places] = OrderedDict()
        self._bits: OrderedDict[Any, int] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def bits(self, key: Any, find: Callable[[], int]) -> int:
        """The documents that have a word, or words in a row, as bits: found once, since that takes longest of all."""
        with self._lock:
            if key in self._bits:
                self._bits.move_to_end(key)
                return self._bits[key]
        found = find()
        with self._lock:
            self._bits[key] = found
            while len(self._bits) > KEPT_BITS:
                self._bits.popitem(last=False)
        return found

    def places(self, searcher: Searcher, field: str, text: str) -> Places:
        key = field, text
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = _read(searcher, field, text)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = found
                self._size += len(found.ids) + 20
            while self._size > KEPT:
                self._size -= len(self._kept.popitem(last=False)[1].ids) + 20
        return found


def _read(searcher: Searcher, field: str, text: str) -> Places:
    ids, counts = array("I"), array("f")
    for reader, offset in searcher.reader().leaf_readers():
        if (field, text) not in reader:
            continue
        matcher = reader.postings(field, text)
        for some, often in _blocks(getattr(matcher, "child", matcher)):
            ids.extend([n + offset for n in some] if offset else some)
            counts.extend(often)
    return Places(ids, counts)


def _blocks(matcher: Any) -> Iterator[tuple[Any, Any]]:
    if not isinstance(matcher, W3LeafMatcher):
        # A short list stands inside the dictionary of words.
        while matcher.is_active():
            yield [matcher.id()], [matcher.weight()]
            matcher.next()
        return
    while matcher.is_active():
        matcher.id(), matcher.weight()
        yield matcher._ids, matcher._weights
        matcher._next_block()


class Scorer:
    """What one thread asks of one generation."""

    def __init__(self, searcher: Searcher, values: Values, lists: Lists) -> None:
        self.searcher, self.values, self.lists = searcher, values, lists
        self.size = int(searcher.reader().doc_count_all())
        self.everything = (1 << self.size) - 1
        self._norms: dict[str, list[float]] = {}
        self._titles: array[int] | None = None

    def matching(self, query: Any) -> int:
        """The documents that match, as bits; those that were deleted may be among them, and are in nobody's audience."""
        if isinstance(query, q.Term):
            return self.lists.bits((query.fieldname, query.text), lambda: bits_of(self._ids(query), self.size))
        if isinstance(query, q.AndNot):
            return self.matching(query.a) & ~self.matching(query.b)
        if isinstance(query, q.And):
            found = self.everything
            for part in query.subqueries:
                found &= self.matching(part) if found else 0
            return found
        if isinstance(query, q.Or | q.DisjunctionMax):
            found = 0
            for part in query.subqueries:
                found |= self.matching(part)
            return found
        if isinstance(query, q.Every):
            return self.everything
        return self._phrase(query)

    def _ids(self, word: Any) -> "array[int]":
        return self.lists.places(self.searcher, word.fieldname, word.text).ids

    def _phrase(self, query: Any) -> int:
        """Whoosh compares the words' positions, where there are documents that have them all."""
        if not self.matching(q.And([q.Term(query.fieldname, word) for word in query.words])):
            return 0
        key = query.fieldname, tuple(query.words)
        return self.lists.bits(key, lambda: bits_of(self.searcher.docs_for_query(query), self.size))

    def best(
        self, query: Any, within: int, limit: int, lifts: Iterable[tuple[int, float]] = (), alone: bool = False
    ) -> list[tuple[float, int]]:
        """The best of the documents in `within`, all of which the query matches; of equals the older first.

        `lifts` are documents, as bits, whose points count so many times. `alone`: titles are all that is looked at, so they count
        whole, and not by what they add to the texts of their kind."""
        few = list(numbers(within)) if within.bit_count() < 500 else None
        scores: defaultdict[int, float] = defaultdict(float)
        self._titles = None if alone else self.values.columns["title_weight"]
        self._score(query, scores, few, within)
        for bits, times in lifts:
            for n in numbers(bits & within):
                scores[n] *= times
        weights = self.values.columns["weight"]
        if few is not None:
            return _ordered(nlargest(limit, ((scores[n] * weights[n] / 100, -n) for n in few)))
        # A word's documents were scored whole: those that lack another word, or that the reader may not find, are among them.
        held = within.to_bytes(self.size // 8 + 1, "little")
        found = ((score * weights[n] / 100, -n) for n, score in scores.items() if held[n >> 3] >> (n & 7) & 1)
        return _ordered(nlargest(limit, found))

    def _score(self, query: Any, scores: dict[int, float], few: list[int] | None, within: int) -> None:
        """Add up terms and phrases; what must not be there adds nothing, and of ways to say one thing only the best counts."""
        if isinstance(query, q.And | q.Or):
            for part in query.subqueries:
                self._score(part, scores, few, within)
        elif isinstance(query, q.AndNot):
            self._score(query.a, scores, few, within)
        elif isinstance(query, q.DisjunctionMax):
            best: dict[int, float] = {}
            for part in query.subqueries:
                one: defaultdict[int, float] = defaultdict(float)
                self._score(part, one, few, within)
                best |= {n: score for n, score in one.items() if score > best.get(n, 0.0)}
            for n, score in best.items():
                scores[n] += score
        elif isinstance(query, q.Term):
            self._add(scores, query.fieldname, query.text, query.boost, few)
        elif isinstance(query, q.Phrase) and (both := list(numbers(self._phrase(query) & within))):
            for word in query.words:
                self._add(scores, query.fieldname, word, query.boost, both)

    def _add(self, scores: dict[int, float], field: str, text: str, boost: float, few: list[int] | None) -> None:
        ids, counts = self.lists.places(self.searcher, field, text)
        if not ids:
            return
        norms, lengths = self._norm(field), self.values.lengths[field]
        weight = boost * (K1 + 1) * log(1 + (self.size - len(ids) + 0.5) / (len(ids) + 0.5))
        here = zip(ids, counts, strict=True) if few is None else _those(ids, counts, few)
        if field == "title" and self._titles is not None:
            titles, weight = self._titles, weight / 100
            for n, count in here:
                scores[n] += titles[n] * weight * count / (count + norms[lengths[n]])
            return
        for n, count in here:
            scores[n] += weight * count / (count + norms[lengths[n]])

    def _norm(self, field: str) -> list[float]:
        """Return BM25's length normalisation for each of the 256 lengths that an index can tell apart."""
        if field not in self._norms:
            average = self.searcher.avg_field_length(field) or 1
            self._norms[field] = [K1 * (1 - B + B * byte_to_length(n) / average) for n in range(256)]
        return self._norms[field]


def _those(ids: "array[int]", counts: "array[float]", few: list[int]) -> Iterator[tuple[int, float]]:
    """Yield those of a word's documents that are in `few`, and how often they have it."""
    for n in few:
        place = bisect_left(ids, n)
        if place < len(ids) and ids[place] == n:
            yield n, counts[place]


def _ordered(found: list[tuple[float, int]]) -> list[tuple[float, int]]:
    return [(score, -n) for score, n in found]
