"""Whoosh reads a segment from the memory map instead of copying it.

As it comes, Whoosh 2.7.4 maps a segment and then copies every file in it at every open: at 100,000 documents a third of a second
and as many hundred megabytes in each process (docs/search-relevance.md has the figures). Results are the same either way.
"""

from collections.abc import Callable
from typing import Any

from whoosh.filedb import structfile


class MapFile:
    """What Whoosh asks of a file, on a view of the map: nothing is copied but what is read."""

    __slots__ = ("at", "view")

    def __init__(self, view: memoryview) -> None:
        self.view, self.at = view, 0

    def read(self, size: int | None = -1) -> bytes:
        end = len(self.view) if size is None or size < 0 else min(self.at + size, len(self.view))
        found = bytes(self.view[self.at : end])
        self.at = max(self.at, end)
        return found

    def readline(self) -> bytes:
        """Pickles of protocol 0 ask for lines. One may be long, so it is looked for piece by piece."""
        end = self.at
        while end < len(self.view):
            piece = bytes(self.view[end : end + 256])
            place = piece.find(b"\n")
            if place >= 0:
                return self.read(end + place + 1 - self.at)
            end += len(piece)
        return self.read()

    def seek(self, place: int, whence: int = 0) -> int:
        self.at = max(0, place + (0, self.at, len(self.view))[whence])
        return self.at

    def tell(self) -> int:
        return self.at

    def close(self) -> None:
        """The map goes when the last view of it goes."""


class MapBuffer(structfile.BufferFile):  # type: ignore[misc]
    """Whoosh's file on a buffer, on the view itself; parts of it are views too."""

    def __init__(self, buf: Any, name: str | None = None, onclose: Callable[[Any], None] | None = None) -> None:
        self._buf, self._name, self.onclose = memoryview(buf), name, onclose
        self.file = MapFile(self._buf)
        self.is_real = self.is_closed = False

    def subset(self, position: int, length: int, name: str | None = None) -> "MapBuffer":
        return MapBuffer(self._buf[position : position + length], name=name or self._name)


def install() -> None:
    """From now on, in this process."""
    from whoosh.filedb import compound, filestore

    compound.BufferFile = filestore.BufferFile = MapBuffer


def remove() -> None:
    """Back to the way Whoosh comes, to compare."""
    from whoosh.filedb import compound, filestore

    compound.BufferFile = filestore.BufferFile = structfile.BufferFile
