"""The embedded search engine: Whoosh 2.7.4, in the small subset that was measured safe.

No `refresh()`, no AsyncWriter, no BufferedWriter; one writer; one searcher for each thread; counts from bitmaps; every file's
checksum stored, because Whoosh opens a damaged segment without an error.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.searching import Searcher

from forum.search.analysis import name_of
from forum.search.filters import Facets
from forum.search.port import Hit, IndexUnavailable, Key, SearchDocument, SearchPage, SearchRequest
from forum.search.question.parser import Asked, asked_of, enough, page_of
from forum.search.ranking import ALL, EXACT, TITLED, TOGETHER, settled
from forum.search.whoosh import bitmaps, storage, words
from forum.search.whoosh.query import Matching, Points, named
from forum.search.whoosh.reader import Open, OpenIndexes

#: The columns to sort by, the highest first.
COLUMNS = {"newest": ("created",), "adopted": ("adopted", "created"), "evidence": ("evidence_level", "adopted", "created")}


#: Documents, as bits, and how many times their points count.
Lift = tuple[int, float]


class WhooshIndex:
    """The adapter. `folder` holds a pointer file and numbered index folders; the pointer is swapped when one was rebuilt."""

    def __init__(self, folder: Path, facets: Facets) -> None:
        self.root, self.facets = folder, facets
        self._reading = OpenIndexes(folder, facets)

    # -- reading -------------------------------------------------------------------------------------------------

    def search(self, request: SearchRequest) -> SearchPage:
        asked, name = asked_of(request), name_of(request.text)
        matching = Matching(request.titles)
        with self._reading.newest() as now:
            asked = asked.opened(lambda start: words.beginning(now.searcher, "title" if request.titles else "text", start))
            within = bitmaps.narrowed(now.searcher, now.values, request, self.facets.named)
            allowed = bitmaps.mask(now.bitmaps, request) & within
            whole = matched = now.scorer.matching(matching.strict(asked))
            full = (whole & allowed).bit_count()
            if request.loosely and full < enough(asked):
                matched |= now.scorer.matching(matching.loose(asked))
            bits = matched & allowed
            missing = _missing(now, asked, matching, allowed) if matched is not whole and not full else ()
            # Where only unwanted words are named nothing is ranked: the newest come first.
            if asked.wanted and request.sort == "relevance":
                exact = now.scorer.matching(named(name)) if name else 0
                titled = now.scorer.matching(Matching(titles=True).strict(asked)) & whole
                lifts = (whole, ALL), (titled, TITLED), (exact, EXACT)
                ordered = _ranked(now, Points(request.titles).of(asked, name), bits, request, lifts)
            else:
                ordered = _listed(now, bits, request)
            hits = tuple(_hit(now.searcher, n, points) for points, n in ordered)
            facets = bitmaps.counts(now.bitmaps, request, matched & within)
        return page_of(request, asked, "whoosh", (bits.bit_count(), hits, facets), full, missing)

    def often(self, terms: Iterable[str]) -> Mapping[str, int]:
        with self._reading.newest() as now:
            return words.often(now.searcher, terms)

    def near(self, term: str) -> Mapping[str, int]:
        with self._reading.newest() as now:
            return words.near(now.searcher, term)

    def keys(self) -> Iterator[Key]:
        with self._reading.newest() as now:
            found = [_key(f["id"]) for f in now.searcher.reader().all_stored_fields()]
        return iter(found)

    def count(self) -> int:
        with self._reading.newest() as now:
            return int(now.searcher.doc_count())

    # -- writing: one process at a time, see outbox.only_drainer -------------------------------------------------

    def apply(self, put: Iterable[SearchDocument], drop: Iterable[Key]) -> None:
        folder = self._reading.folder()
        try:
            storage.write(folder, list(put), list(drop), self.facets)
        except Exception as error:
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        self.root.mkdir(parents=True, exist_ok=True)
        numbers = [int(p.name.removeprefix("index-")) for p in self.root.glob("index-*") if p.name[6:].isdigit()]
        folder = self.root / f"index-{max(numbers, default=0) + 1}"
        folder.mkdir()
        index.create_in(str(folder), storage.schema(self.facets))
        count = storage.write(folder, documents, [], self.facets)
        pointer = self.root / "current.new"
        pointer.write_text(folder.name, "ascii")
        storage.sync([pointer], self.root)
        os.replace(pointer, self.root / "current")
        storage.sync([], self.root)
        # The one before stays until the next rebuild: somebody may have read the pointer and not opened the folder yet.
        previous = max(numbers, default=0)
        for old in self.root.glob("index-*"):
            if old not in {folder, self.root / f"index-{previous}"}:
                shutil.rmtree(old, ignore_errors=True)
        return count

    def drop_old(self) -> None:
        """Delete what a rebuild left. A reader that was about to open it searches plainly, once."""
        current = self._reading.folder()
        for old in self.root.glob("index-*"):
            if old != current:
                shutil.rmtree(old, ignore_errors=True)

    def verify(self) -> list[str]:
        folder = self._reading.folder()
        try:
            kept = json.loads((folder / "checksums.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            return [f"its checksums cannot be read ({type(error).__name__})"]
        if kept.pop("format", None) != storage.format_of(self.facets):
            return ["it was written by another version"]
        return [f"{name} is damaged" for name, value in kept.items() if storage.checksum(folder / name) != value]


def _key(text: str) -> Key:
    kind, _, id_ = text.rpartition(":")
    return kind, int(id_)


def _hit(searcher: Searcher, number: int, score: float) -> Hit:
    kind, id_ = _key(searcher.stored_fields(number)["id"])
    return Hit(kind, id_, float(score))


def _missing(now: Open, asked: Asked, matching: Matching, allowed: int) -> tuple[str, ...]:
    """The words that nothing has, which the reader may find and that fits the filters."""
    return tuple(typed for typed, one in asked.each if not now.scorer.matching(matching.strict(one)) & allowed)


def _listed(now: Open, bits: int, request: SearchRequest) -> list[tuple[float, int]]:
    """A page of these documents in an order without points."""
    order = now.values.order(COLUMNS.get(request.sort, COLUMNS["newest"]))
    held = bits.to_bytes(len(order) // 8 + 1, "little")
    numbers = (n for n in order if held[n >> 3] >> (n & 7) & 1)
    return [(0.0, n) for n in islice(numbers, *_page(request))]


def _page(request: SearchRequest) -> tuple[int, int]:
    return (request.page - 1) * request.per_page, request.page * request.per_page


def _ranked(now: Open, query: Any, bits: int, request: SearchRequest, lifts: Iterable[Lift]) -> list[tuple[float, int]]:
    """A page of the best of these documents, near-ties settled."""
    start, end = _page(request)
    if start >= bits.bit_count():
        return []
    found = now.scorer.best(query, bits, end + TOGETHER, lifts, request.titles)
    better, created = now.values.columns["better"], now.values.columns["created"]
    return settled(found, lambda n: (better[n], created[n]))[start:end]
