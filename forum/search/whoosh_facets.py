"""Filters and their counts by bitmaps: one whole number for each value of each facet, a bit for each document."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from whoosh.query import Or, Term
from whoosh.searching import Searcher

from forum.search.port import SearchRequest

FACETS = (
    *("kind", "element", "care-model", "region", "organisation-type", "status", "outcome", "sector", "depth"),
    *("evidence", "data", "lasted", "freshness", "involvement-level", "answered", "tried"),
)
#: Facets with as many values as there are people or places: asked for by the word, never counted.
KEYWORDS = ("author", "organisation")


def bitmaps(searcher: Searcher) -> dict[str, dict[str, int]]:
    """facet → value → the documents that have it, as bits of a whole number: counting is then one AND and one popcount."""
    reader, found = searcher.reader(), {}
    for name in (*FACETS, "audience"):
        column = name.replace("-", "_")
        values: dict[str, int] = {}
        for text in reader.lexicon(column):
            values[text.decode()] = bits_of(reader.postings(column, text).all_ids(), reader.doc_count_all())
        found[name] = values
    return found


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


def _any(values: dict[str, int], wanted: Iterable[str]) -> int:
    bits = 0
    for value in wanted:
        bits |= values.get(value, 0)
    return bits


def _chosen(request: SearchRequest) -> dict[str, tuple[str, ...]]:
    kinds = {"kind": request.kinds} if request.kinds else {}
    return {**kinds, **{k: v for k, v in request.filters.items() if k in FACETS}}


def everything(searcher: Searcher) -> int:
    """Every document that was not deleted."""
    reader = searcher.reader()
    size = reader.doc_count_all()
    return bits_of(reader.all_doc_ids(), size) if reader.has_deletions() else (1 << size) - 1


def narrowed(searcher: Searcher, request: SearchRequest, bits: int) -> int:
    """Of those documents, the ones by the people, at the places and within the days that are asked for."""
    size = searcher.reader().doc_count_all()
    for name in KEYWORDS:
        if name in request.filters:
            asked = [Term(name, value) for value in request.filters[name]]
            bits &= bits_of(searcher.docs_for_query(Or(asked)), size)
    if request.after is not None or request.before is not None:
        first = _seconds(request.after) if request.after is not None else 0
        last = _seconds(request.before) if request.before is not None else _seconds(date.max)
        created = searcher.reader().column_reader("created")
        bits = bits_of((n for n in numbers(bits) if first <= created[n] < last), size)
    return bits


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def mask(bitmaps: dict[str, dict[str, int]], request: SearchRequest, but: str = "") -> int:
    """The documents that the reader may find and that fit the filters."""
    bits = _any(bitmaps["audience"], request.audience)
    for facet, values in _chosen(request).items():
        if facet != but:
            bits &= _any(bitmaps[facet], values)
    return bits


def counts(bitmaps: dict[str, dict[str, int]], request: SearchRequest, matched: int | None) -> dict[str, dict[str, int]]:
    whole = mask(bitmaps, request)
    chosen, found = _chosen(request), {}
    for facet in FACETS:
        base = mask(bitmaps, request, but=facet) if facet in chosen else whole
        base = base if matched is None else base & matched
        numbers = {value: (bits & base).bit_count() for value, bits in bitmaps[facet].items()}
        found[facet] = {value: n for value, n in numbers.items() if n}
    return found
