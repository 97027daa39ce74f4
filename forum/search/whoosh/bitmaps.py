"""Filters and their counts by bitmaps: one whole number for each value of each facet, a bit for each document."""

from array import array
from collections.abc import Iterable, Iterator
from math import inf
from typing import Any

from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.query import Or, Term
from whoosh.searching import Searcher

from forum.kernel.clock import midnight
from forum.search.filters import Facets
from forum.search.port import SearchRequest

TEXTS = ("text", "title")
#: Numbers to sort by and to weigh with, from the columns of the index.
COLUMNS = ("created", "adopted", "evidence_level", "better", "weight", "title_weight")
Bitmaps = dict[str, dict[str, int]]


class Values:
    """What an index says of its documents, by their numbers: facet → value → the documents that have it, as bits of a whole number
    (counting is then one AND and one popcount), and the numbers to sort by."""

    def __init__(self, bitmaps: Bitmaps, columns: dict[str, "array[int]"], lengths: dict[str, bytes]) -> None:
        self.bitmaps, self.columns, self.lengths = bitmaps, columns, lengths
        self._orders: dict[tuple[str, ...], array[int]] = {}

    def order(self, names: tuple[str, ...]) -> "array[int]":
        """All documents by these columns, the highest first, of equals the later; sorted once for each generation."""
        if names not in self._orders:
            columns = [self.columns[name] for name in names]
            numbers_ = sorted(range(len(columns[0])), key=lambda n: (*(c[n] for c in columns), n), reverse=True)
            self._orders[names] = array("I", numbers_)
        return self._orders[names]


class Cache:
    """Values of segments that are still in use. A segment never changes but for documents that are deleted from it, so a commit
    costs the reading of the new segment alone."""

    def __init__(self, facets: Facets) -> None:
        self.names = (*facets.counted, "audience")
        self._segments: dict[str, Values] = {}
        self._order: list[str] = []

    def values(self, searcher: Searcher) -> Values:
        leaves = [(reader, offset) for reader, offset in searcher.reader().leaf_readers() if reader.doc_count_all()]
        whole = Values({name: {} for name in self.names}, {name: array("q") for name in COLUMNS}, dict.fromkeys(TEXTS, b""))
        for reader, offset in leaves:
            name = reader.segment().segment_id()
            mine = self._segments.get(name) or _segment(reader, self.names)
            self._keep(name, mine, len(leaves))
            gone = bits_of(reader.segment().deleted_docs(), reader.doc_count_all())
            alive = ~gone
            for facet, values in mine.bitmaps.items():
                into = whole.bitmaps[facet]
                for value, bits in values.items():
                    into[value] = into.get(value, 0) | (bits & alive) << offset if offset or gone else bits
            for column, numbers_ in mine.columns.items():
                whole.columns[column] += numbers_
            for text in TEXTS:
                whole.lengths[text] += mine.lengths[text]
        return whole

    def _keep(self, name: str, values: Values, in_use: int) -> None:
        """The segments of this generation and of the last few, which other threads may still read."""
        if name in self._segments:
            self._order.remove(name)
        self._segments[name] = values
        self._order.append(name)
        while len(self._order) > 2 * in_use + 10:
            del self._segments[self._order.pop(0)]


def _segment(reader: Any, names: Iterable[str]) -> Values:
    bitmaps: Bitmaps = {}
    for name in names:
        field = name.replace("-", "_")
        bitmaps[name] = {
            text.decode(): bits_of(reader.postings(field, text).all_ids(), reader.doc_count_all()) for text in reader.lexicon(field)
        }
    columns = {name: array("q", reader.column_reader(name)) for name in COLUMNS}
    return Values(bitmaps, columns, {text: _lengths(reader, text) for text in TEXTS})


def _lengths(reader: Any, text: str) -> bytes:
    """Return how long each document's text is, as Whoosh stores it: one byte, coarser for longer ones."""
    column = reader._perdoc._cached_reader(f"_{text}_len", LENGTHS_COLUMN)
    return bytes(reader.doc_count_all()) if column is None else bytes(list(column))


def bits_of(ids: Iterable[int], size: int) -> int:
    """Document numbers as bits."""
    raw = bytearray(size // 8 + 1)
    for n in ids:
        raw[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(raw, "little")


def numbers(bits: int) -> Iterator[int]:
    """The document numbers of a bitmap."""
    for place, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        while byte:
            low = byte & -byte
            yield place * 8 + low.bit_length() - 1
            byte ^= low


def any_of(values: dict[str, int], wanted: Iterable[str]) -> int:
    bits = 0
    for value in wanted:
        bits |= values.get(value, 0)
    return bits


def _chosen(bitmaps: Bitmaps, request: SearchRequest) -> dict[str, tuple[str, ...]]:
    kinds = {"kind": request.kinds} if request.kinds else {}
    return {**kinds, **{k: v for k, v in request.filters.items() if k in bitmaps}}


def narrowed(searcher: Searcher, values: Values, request: SearchRequest, named: Iterable[str]) -> int:
    """Return, as bits, the documents of the people, places and days that are asked for; all documents where none is."""
    kinds = values.bitmaps["kind"]
    bits, size = any_of(kinds, kinds), len(values.columns["created"])
    for name in named:
        if name in request.filters:
            bits &= _named(searcher, name, request.filters[name], size)
        if name in request.without:
            bits &= ~_named(searcher, name, request.without[name], size)
    if request.after is not None or request.before is not None:
        first = midnight(request.after).timestamp() if request.after is not None else -inf
        last = midnight(request.before).timestamp() if request.before is not None else inf
        created = values.columns["created"]
        bits = bits_of((n for n in numbers(bits) if first <= created[n] < last), size)
    return bits


def _named(searcher: Searcher, name: str, values: Iterable[str], size: int) -> int:
    return bits_of(searcher.docs_for_query(Or([Term(name, value) for value in values])), size)


def mask(bitmaps: Bitmaps, request: SearchRequest, but: str = "") -> int:
    """The documents that the reader may find and that fit the filters."""
    bits = any_of(bitmaps["audience"], request.audience)
    for facet, values in _chosen(bitmaps, request).items():
        if facet != but:
            bits &= any_of(bitmaps[facet], values)
    for facet, values in request.without.items():
        bits &= ~any_of(bitmaps.get(facet, {}), values)
    return bits


def counts(bitmaps: Bitmaps, request: SearchRequest, matched: int | None) -> dict[str, dict[str, int]]:
    whole = mask(bitmaps, request)
    chosen, found = _chosen(bitmaps, request), {}
    for facet in (name for name in bitmaps if name != "audience"):
        base = mask(bitmaps, request, but=facet) if facet in chosen else whole
        base = base if matched is None else base & matched
        numbers = {value: (bits & base).bit_count() for value, bits in bitmaps[facet].items()}
        found[facet] = {value: n for value, n in numbers.items() if n}
    return found
