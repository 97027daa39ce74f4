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
from zlib import crc32

from whoosh import fields, index
from whoosh.analysis import Token, Tokenizer
from whoosh.searching import Searcher

from forum.search.analysis import normalise, terms
from forum.search.port import Hit, IndexUnavailable, Key, SearchDocument, SearchPage, SearchRequest
from forum.search.query import Asked, parse
from forum.search.whoosh_query import RANKING, everything, loose, strict

FACETS = ("kind", "element", "care-model", "region", "organisation-type", "status", "outcome")
#: A text is indexed up to here; the design's limit, for PostgreSQL's sake.
LONGEST = 200_000
FORMAT = 1
FEW, SENTENCE = 5, 4
RETRIES = 2


class Words(Tokenizer):  # type: ignore[misc]
    """Our terms as Whoosh tokens: a hyphenated word's joined form and first part share a place, its parts follow."""

    def __call__(self, value: str, positions: bool = False, start_pos: int = 0, **rest: Any) -> Iterator[Token]:
        token = Token(positions=positions, chars=False, removestops=False, mode=rest.get("mode", ""))
        place = start_pos
        for forms, _, _ in terms(normalise(value)):
            parts = forms[1:] or forms
            for offset, part in enumerate(parts):
                for text in dict.fromkeys((part, forms[0])):
                    token.text, token.pos, token.boost, token.stopped = text, place + offset, 1.0, False
                    yield token
            place += len(parts)


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        title=fields.TEXT(analyzer=Words()),
        body=fields.TEXT(analyzer=Words()),
        audience=fields.KEYWORD(commas=True),
        created=fields.NUMERIC(int, bits=64, signed=True, sortable=True),
        **{name.replace("-", "_"): fields.KEYWORD(commas=True) for name in FACETS},
    )


def _row(d: SearchDocument) -> dict[str, Any]:
    facets = {"kind": (d.kind,), **{k: v for k, v in d.facets.items() if k in FACETS}}
    return {
        "id": f"{d.kind}:{d.id}",
        "title": d.title,
        "body": d.body[:LONGEST],
        "audience": ",".join(d.audience),
        "created": int(d.created.timestamp()),
        **{k.replace("-", "_"): ",".join(v) for k, v in facets.items() if v},
    }


class _Open:
    """One generation of the index, opened by one thread, with the bitmaps of its facets."""

    def __init__(self, folder: Path, generation: int, searcher: Searcher, bitmaps: dict[str, dict[str, int]]) -> None:
        self.folder, self.generation, self.searcher, self.bitmaps = folder, generation, searcher, bitmaps


def _bitmaps(searcher: Searcher) -> dict[str, dict[str, int]]:
    """facet → value → the documents that have it, as bits of a whole number: counting is then one AND and one popcount."""
    reader, found = searcher.reader(), {}
    for name in (*FACETS, "audience"):
        column = name.replace("-", "_")
        values: dict[str, int] = {}
        for text in reader.lexicon(column):
            values[text.decode()] = _bits(reader.postings(column, text).all_ids(), reader.doc_count_all())
        found[name] = values
    return found


def _bits(ids: Iterable[int], size: int) -> int:
    """Document numbers as bits."""
    raw = bytearray(size // 8 + 1)
    for n in ids:
        raw[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(raw, "little")


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
            allowed = _mask(now.bitmaps, request)
            query, relaxed = strict(asked), False
            matched = _matching(now.searcher, query) if not asked.empty else None
            bits = allowed if matched is None else matched & allowed
            if bits.bit_count() < _enough(asked):
                query, relaxed = loose(asked), True
                matched = _matching(now.searcher, query)
                bits = matched & allowed
            total = bits.bit_count()
            hits = self._hits(now, query if matched is not None else everything(), bits, request, matched is not None)
            facets = _counts(now.bitmaps, request, matched)
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
            numbers = sorted(_numbers(bits), key=lambda n: (-created[n], -n))[start:end]
            return tuple(_hit(now.searcher, n, 0.0) for n in numbers)
        found = now.searcher.search(query, limit=end, filter=set(_numbers(bits)))
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
        generation = _generation(folder)
        if now is not None and (now.folder, now.generation) == (folder, generation):
            return now
        self._forget()
        searcher = index.open_dir(str(folder)).searcher(weighting=RANKING)
        key = (folder.name, generation)
        with self._lock:
            if key not in self._shared:
                self._shared[key] = _bitmaps(searcher)
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
            _write(folder, list(put), list(drop))
        except Exception as error:
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        self.root.mkdir(parents=True, exist_ok=True)
        numbers = [int(p.name.removeprefix("index-")) for p in self.root.glob("index-*") if p.name[6:].isdigit()]
        folder = self.root / f"index-{max(numbers, default=0) + 1}"
        folder.mkdir()
        index.create_in(str(folder), _schema())
        count = _write(folder, documents, [])
        pointer = self.root / "current.new"
        pointer.write_text(folder.name, "ascii")
        _sync([pointer], self.root)
        os.replace(pointer, self.root / "current")
        _sync([], self.root)
        # The one before stays until the next rebuild: somebody may have read the pointer and not opened the folder yet.
        previous = max(numbers, default=0)
        for old in self.root.glob("index-*"):
            if old not in {folder, self.root / f"index-{previous}"}:
                shutil.rmtree(old, ignore_errors=True)
        return count

    def verify(self) -> list[str]:
        folder = self._folder()
        try:
            kept = json.loads((folder / "checksums.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            return [f"its checksums cannot be read ({type(error).__name__})"]
        if kept.pop("format", None) != FORMAT:
            return ["it was written by another version"]
        return [f"{name} is damaged" for name, value in kept.items() if _checksum(folder / name) != value]


def _generation(folder: Path) -> int:
    """The newest generation in the folder, by the names of its tables of contents."""
    numbers = [int(n[6:-4]) for n in os.listdir(folder) if n.startswith("_MAIN_") and n.endswith(".toc") and n[6:-4].isdigit()]
    if not numbers:
        raise IndexUnavailable("the index has no table of contents")
    return max(numbers)


def _write(folder: Path, put: Iterable[SearchDocument], drop: list[Key]) -> int:
    opened = index.open_dir(str(folder))
    writer = opened.writer(timeout=10, delay=0.05, limitmb=128)
    count = 0
    try:
        fresh = list(put) if drop or opened.doc_count_all() else put
        if isinstance(fresh, list):
            _delete(opened, writer, [*drop, *((d.kind, d.id) for d in fresh)])
        for document in fresh:
            writer.add_document(**_row(document))
            count += 1
        writer.commit()
    except BaseException:
        # 2.7.4 keeps its lock when a commit fails.
        if not writer.is_closed:
            writer.cancel()
        writer.writelock.release()
        raise
    _seal(folder)
    return count


def _delete(opened: Any, writer: Any, keys: Iterable[Key]) -> None:
    """Old versions are looked up by one searcher: much faster than `update_document` for each."""
    with opened.searcher() as searcher:
        for kind, id_ in dict.fromkeys(keys):
            number = searcher.document_number(id=f"{kind}:{id_}")
            if number is not None:
                writer.delete_document(number)


def _seal(folder: Path) -> None:
    """Push the files to disk (Whoosh never does) and write down their checksums."""
    try:
        before = json.loads((folder / "checksums.json").read_text("utf-8"))
    except (OSError, ValueError):
        before = {}
    names = [n for n in os.listdir(folder) if n.endswith((".seg", ".toc"))]
    fresh = [n for n in names if n not in before]
    _sync([folder / n for n in fresh], folder)
    kept = {n: before.get(n) or _checksum(folder / n) for n in names}
    draft = folder / "checksums.new"
    draft.write_text(json.dumps({"format": FORMAT, **kept}), "utf-8")
    os.replace(draft, folder / "checksums.json")


def _sync(files: Iterable[Path], folder: Path) -> None:
    for path in [*files, folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _checksum(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        return "missing"
    return f"{len(data)}-{crc32(data):08x}"


def _key(text: str) -> Key:
    kind, _, id_ = text.rpartition(":")
    return kind, int(id_)


def _hit(searcher: Searcher, number: int, score: float) -> Hit:
    kind, id_ = _key(searcher.stored_fields(number)["id"])
    return Hit(kind, id_, float(score))


def _numbers(bits: int) -> Iterator[int]:
    """The document numbers of a bitmap."""
    for place, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        while byte:
            low = byte & -byte
            yield place * 8 + low.bit_length() - 1
            byte ^= low


def _matching(searcher: Searcher, query: Any) -> int:
    return _bits(searcher.docs_for_query(query), searcher.reader().doc_count_all())


def _enough(asked: Asked) -> int:
    """Below how many documents with all the words any of them will do: at one when little was asked, at a few for a sentence,
    which hardly anything answers word for word. Those with all the words still come first, by their rank."""
    size = len([w for w in asked.words if not w.stop]) + len(asked.phrases) + len(asked.choices)
    if len(asked.words) + len(asked.phrases) + len(asked.choices) < 2:
        return 0
    return FEW if size >= SENTENCE else 1


def _any(values: dict[str, int], wanted: Iterable[str]) -> int:
    bits = 0
    for value in wanted:
        bits |= values.get(value, 0)
    return bits


def _chosen(request: SearchRequest) -> dict[str, tuple[str, ...]]:
    return {
        **({"kind": request.kinds} if request.kinds else {}),
        **{k: v for k, v in request.filters.items() if k in FACETS},
    }


def _mask(bitmaps: dict[str, dict[str, int]], request: SearchRequest, but: str = "") -> int:
    """The documents that the reader may find and that fit the filters."""
    bits = _any(bitmaps["audience"], request.audience)
    for facet, values in _chosen(request).items():
        if facet != but:
            bits &= _any(bitmaps[facet], values)
    return bits


def _counts(bitmaps: dict[str, dict[str, int]], request: SearchRequest, matched: int | None) -> dict[str, dict[str, int]]:
    whole = _mask(bitmaps, request)
    chosen, found = _chosen(request), {}
    for facet in FACETS:
        base = _mask(bitmaps, request, but=facet) if facet in chosen else whole
        base = base if matched is None else base & matched
        numbers = {value: (bits & base).bit_count() for value, bits in bitmaps[facet].items()}
        found[facet] = {value: n for value, n in numbers.items() if n}
    return found
