"""A cache of what many readers are shown alike, until the site changes: rows of lists, counts beside filters.

As for whole pages (`web/page_cache.py`), every announced change raises the site's version in its own transaction, and each
request reads that number before anything else. A value is used only at the version at which it was made, so nothing that is shown
is out of date. A value that depends on who asks has that in its key, or is not cached.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from flask import Flask, current_app

from forum.kernel.db import writing
from forum.kernel.outbox import site_version

KEPT = 200
Value = TypeVar("Value")


class Kept:
    """The last `KEPT` values of this process, with the site version they were made at."""

    def __init__(self) -> None:
        self._values: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, version: int) -> tuple[int, Any] | None:
        with self._lock:
            found = self._values.get(key)
            if found is None or found[0] != version:
                return None
            self._values.move_to_end(key)
            return found

    def put(self, key: Hashable, version: int, value: Any) -> None:
        with self._lock:
            self._values[key] = (version, value)
            while len(self._values) > KEPT:
                self._values.popitem(last=False)


def init_kept(app: Flask) -> None:
    app.extensions["forum.kept"] = Kept()


def kept(key: Hashable, make: Callable[[], Value]) -> Value:
    """Return what `make` returns, called once for a key until the site changes. The value is shared: nobody may change it.

    Inside a transaction nothing is cached: it may be rolled back, and its version with it.
    """
    if writing():
        return make()
    store: Kept = current_app.extensions["forum.kept"]
    version = site_version()
    found = store.get(key, version)
    if found is None:
        found = (version, make())
        store.put(key, *found)
    value: Value = found[1]
    return value
