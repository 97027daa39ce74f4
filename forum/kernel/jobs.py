"""Work that comes round, as slices contribute it and the worker does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Job:
    """Something that comes round, in the thread named `lane`: how long after it was done, and how long where it says that there is
    more."""

    what: str
    do: Callable[[], object]
    every: timedelta
    more: timedelta | None = None
    lane: str = "upkeep"
