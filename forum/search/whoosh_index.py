"""The embedded search engine: Whoosh 2.7.4, in the small subset that was measured safe (design: search.md).

No `refresh()`, no AsyncWriter, no BufferedWriter; one writer; one searcher for each thread; counts from bitmaps; every file's
checksum kept, because Whoosh opens a damaged segment without a word.
"""

import json
import os
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.searching import Searcher

from forum.search import whoosh_facets, whoosh_files
from forum.search.port import Hit, IndexUnavailable, Key, SearchDocument, SearchPage, SearchRequest
from forum.search.query import Asked, parse
from forum.search.whoosh_query import RANKING, everything, loose, strict

FEW, SENTENCE = 5, 4
RETRIES = 2


class _Open:
    """One generation of the index, opened by one thread, with the bitmaps of its facets."""

    def __init__(self, folder: Path, generation: int, searcher: Searcher, bitmaps: dict[str, dict[str, int]]) -> None:
        self.folder, self.generation, self.searcher, self.bitmaps = folder, generation, searcher, bitmaps


class WhooshIndex:
    """The adapter. `folder` holds a pointer file and numbered index folders; the pointer is swapped when one was rebuilt."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self._local = threading.local()
        self._lock = threading.Lock()
        self._shared: OrderedDict[tuple[str, int], dict[str, dict[str, int]]] = OrderedDict()

    # -- reading -------------------------------------------------------------------------------------------------

    def search(self, request: SearchRequest) -> SearchPage:
        asked = parse(request.text)
        with self._reading() as now:
            everyone = whoosh_facets.narrowed(now.searcher, request, whoosh_facets.everything(now.searcher))
            allowed = whoosh_facets.mask(now.bitmaps, request) & everyone
            query, relaxed = strict(asked), False
            matched = _matching(now.searcher, query) if not asked.empty else None
            bits = allowed if matched is None else matched & allowed
            if request.loosely and bits.bit_count() < _enough(asked):
                query, relaxed = loose(asked), True
                matched = _matching(now.searcher, query)
                bits = matched & allowed
            total = bits.bit_count()
            hits = self._hits(now, query if matched is not None else everything(), bits, request, matched is not None)
            facets = whoosh_facets.counts(now.bitmaps, request, everyone if matched is None else matched & everyone)
        return SearchPage(
            hits=hits,
            total=total,
            page=request.page,
            pages=max(1, ceil(total / request.per_page)),
            facets=facets,
            terms=asked.terms(),
            relaxed=relaxed and total > 0,
            engine="whoosh",
        )

    def _hits(self, now: _Open, query: Any, bits: int, request: SearchRequest, words: bool) -> tuple[Hit, ...]:
        start, end = (request.page - 1) * request.per_page, request.page * request.per_page
        if not bits or start >= bits.bit_count():
            return ()
        if request.sort == "newest" or not words:
            created = now.searcher.reader().column_reader("created")
            numbers = sorted(whoosh_facets.numbers(bits), key=lambda n: (-created[n], -n))[start:end]
            return tuple(_hit(now.searcher, n, 0.0) for n in numbers)
        found = now.searcher.search(query, limit=end, filter=set(whoosh_facets.numbers(bits)))
        return tuple(_hit(now.searcher, n, score) for score, n in found.top_n[start:end])

    def keys(self) -> Iterator[Key]:
        with self._reading() as now:
            found = [_key(f["id"]) for f in now.searcher.reader().all_stored_fields()]
        return iter(found)

    def count(self) -> int:
        with self._reading() as now:
            return int(now.searcher.doc_count())

    @contextmanager
    def _reading(self) -> Iterator[_Open]:
        """This thread's searcher on the newest generation. Whatever goes wrong below means that the index cannot be used."""
        try:
            yield self._newest_surely()
        except IndexUnavailable:
            raise
        except Exception as error:
            self._forget()
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def _newest_surely(self) -> _Open:
        """The newest generation; tried again when a commit or a rebuild took its files away between two looks."""
        for _ in range(RETRIES):
            try:
                return self._newest()
            except Exception:
                self._forget()
                time.sleep(0.01)
        return self._newest()

    def _newest(self) -> _Open:
        folder = self._folder()
        now: _Open | None = getattr(self._local, "open", None)
        generation = whoosh_files.generation(folder)
        if now is not None and (now.folder, now.generation) == (folder, generation):
            return now
        self._forget()
        searcher = index.open_dir(str(folder)).searcher(weighting=RANKING)
        key = (folder.name, generation)
        with self._lock:
            if key not in self._shared:
                self._shared[key] = whoosh_facets.bitmaps(searcher)
                while len(self._shared) > 2:
                    self._shared.popitem(last=False)
            bitmaps = self._shared[key]
        self._local.open = now = _Open(folder, generation, searcher, bitmaps)
        return now

    def _forget(self) -> None:
        now: _Open | None = getattr(self._local, "open", None)
        self._local.open = None
        if now is not None:
            now.searcher.close()

    def _folder(self) -> Path:
        try:
            name = (self.root / "current").read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnavailable("there is no index yet") from error
        folder = self.root / name
        if not name.startswith("index-") or not folder.is_dir():
            raise IndexUnavailable("the index folder is gone")
        return folder

    # -- writing: one process at a time, see outbox.only_drainer -------------------------------------------------

    def apply(self, put: Iterable[SearchDocument], drop: Iterable[Key]) -> None:
        folder = self._folder()
        try:
            whoosh_files.write(folder, list(put), list(drop))
        except Exception as error:
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        self.root.mkdir(parents=True, exist_ok=True)
        numbers = [int(p.name.removeprefix("index-")) for p in self.root.glob("index-*") if p.name[6:].isdigit()]
        folder = self.root / f"index-{max(numbers, default=0) + 1}"
        folder.mkdir()
        index.create_in(str(folder), whoosh_files.schema())
        count = whoosh_files.write(folder, documents, [])
        pointer = self.root / "current.new"
        pointer.write_text(folder.name, "ascii")
        whoosh_files.sync([pointer], self.root)
        os.replace(pointer, self.root / "current")
        whoosh_files.sync([], self.root)
        # The one before stays until the next rebuild: somebody may have read the pointer and not opened the folder yet.
        previous = max(numbers, default=0)
        for old in self.root.glob("index-*"):
            if old not in {folder, self.root / f"index-{previous}"}:
                shutil.rmtree(old, ignore_errors=True)
        return count

    def drop_old(self) -> None:
        """Delete what a rebuild left. A reader that was about to open it searches plainly, once."""
        current = self._folder()
        for old in self.root.glob("index-*"):
            if old != current:
                shutil.rmtree(old, ignore_errors=True)

    def verify(self) -> list[str]:
        folder = self._folder()
        try:
            kept = json.loads((folder / "checksums.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            return [f"its checksums cannot be read ({type(error).__name__})"]
        if kept.pop("format", None) != whoosh_files.FORMAT:
            return ["it was written by another version"]
        return [f"{name} is damaged" for name, value in kept.items() if whoosh_files.checksum(folder / name) != value]


def _key(text: str) -> Key:
    kind, _, id_ = text.rpartition(":")
    return kind, int(id_)


def _hit(searcher: Searcher, number: int, score: float) -> Hit:
    kind, id_ = _key(searcher.stored_fields(number)["id"])
    return Hit(kind, id_, float(score))


def _matching(searcher: Searcher, query: Any) -> int:
    return whoosh_facets.bits_of(searcher.docs_for_query(query), searcher.reader().doc_count_all())


def _enough(asked: Asked) -> int:
    """Below how many documents with all the words any of them will do: at one when little was asked, at a few for a sentence,
    which hardly anything answers word for word. Those with all the words still come first, by their rank."""
    size = len([w for w in asked.words if not w.stop]) + len(asked.phrases) + len(asked.choices)
    if len(asked.words) + len(asked.phrases) + len(asked.choices) < 2:
        return 0
    return FEW if size >= SENTENCE else 1
