"""Opening a Whoosh index to read: the newest generation, one searcher for each thread, values shared by all threads.

Every look compares the generation (some hundredths of a millisecond), so a commit is seen at once. No `refresh()`.
"""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh import index
from whoosh.searching import Searcher

from forum.search.filters import Facets
from forum.search.port import IndexUnavailable
from forum.search.whoosh import mmap_file, storage
from forum.search.whoosh.bitmaps import Bitmaps, Cache, Values
from forum.search.whoosh.query import RANKING
from forum.search.whoosh.scores import Lists, Scorer

RETRIES = 2

mmap_file.install()


class Open:
    """One generation of the index, opened by one thread."""

    def __init__(self, folder: Path, generation: int, searcher: Searcher, values: Values, lists: Lists) -> None:
        self.folder, self.generation, self.searcher, self.values = folder, generation, searcher, values
        self.scorer = Scorer(searcher, values, lists)
        segments = [reader.segment() for reader, _ in searcher.reader().leaf_readers() if reader.doc_count_all()]
        self.sizes = {name: (folder / name).stat().st_size for name in (s.make_filename(".seg") for s in segments)}

    @property
    def bitmaps(self) -> Bitmaps:
        return self.values.bitmaps


class OpenIndexes:
    """What the threads of a process have open. `root` holds the pointer file and the numbered index folders."""

    def __init__(self, root: Path, facets: Facets) -> None:
        self.root = root
        self._local = threading.local()
        self._lock = threading.Lock()
        self._segments = Cache(facets)
        self._shared: OrderedDict[tuple[str, int], tuple[Values, Lists]] = OrderedDict()

    def folder(self) -> Path:
        try:
            name = (self.root / "current").read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnavailable("there is no index yet") from error
        folder = self.root / name
        if not name.startswith("index-") or not folder.is_dir():
            raise IndexUnavailable("the index folder is gone")
        return folder

    @contextmanager
    def newest(self) -> Iterator[Open]:
        """This thread's searcher on the newest generation. Whatever goes wrong below means that the index cannot be used."""
        try:
            yield self._surely()
        except IndexUnavailable:
            raise
        except Exception as error:
            self._forget()
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def _surely(self) -> Open:
        """The newest generation; tried again when a commit or a rebuild took its files away between two looks."""
        for _ in range(RETRIES):
            try:
                return self._newest()
            except Exception:
                self._forget()
                time.sleep(0.01)
        return self._newest()

    def _newest(self) -> Open:
        folder = self.folder()
        now: Open | None = getattr(self._local, "open", None)
        generation = storage.generation(folder)
        if now is not None and (now.folder, now.generation) == (folder, generation):
            _still_whole(now)
            return now
        self._forget()
        searcher = index.open_dir(str(folder)).searcher(weighting=RANKING)
        key = (folder.name, generation)
        with self._lock:
            if key not in self._shared:
                self._shared[key] = self._segments.values(searcher), Lists()
                while len(self._shared) > 2:
                    self._shared.popitem(last=False)
            values, lists = self._shared[key]
        self._local.open = now = Open(folder, generation, searcher, values, lists)
        return now

    def _forget(self) -> None:
        now: Open | None = getattr(self._local, "open", None)
        self._local.open = None
        if now is not None:
            now.searcher.close()


def _still_whole(now: Open) -> None:
    """To read a map whose file was cut off ends the process, so that is looked for first."""
    for name, size in now.sizes.items():
        try:
            if os.stat(now.folder / name).st_size != size:
                raise IndexUnavailable(f"{name} was cut off")
        except FileNotFoundError as error:
            # A commit took it away a moment ago, or somebody did: the map itself is whole until it is closed.
            if storage.generation(now.folder) == now.generation:
                raise IndexUnavailable(f"{name} is gone") from error
