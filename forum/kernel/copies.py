"""Rows that are the same for everyone and change a few times a year: each process keeps a copy of them."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from flask import current_app

#: Seconds after which a copy is read again: so long may a process say what another has changed.
FRESH_FOR = 60

Value = TypeVar("Value")


class ProcessCopy(Generic[Value]):
    """What `read` returns, read again a minute later, or at once after `forget`."""

    def __init__(self, name: str, read: Callable[[], Value]) -> None:
        self._name, self._read, self._lock = f"forum.{name}", read, Lock()

    def __call__(self) -> Value:
        kept: tuple[Value, float] | None = current_app.extensions.get(self._name)
        if kept is None or monotonic() - kept[1] >= FRESH_FOR:
            with self._lock:
                kept = self._read(), monotonic()
                current_app.extensions[self._name] = kept
        return kept[0]

    def forget(self) -> None:
        """The rows have changed in this process."""
        current_app.extensions.pop(self._name, None)
