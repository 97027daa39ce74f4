"""Regular jobs, which slices contribute and the worker does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Job:
    """A regular job, run in the worker's thread named `lane`: again `every` so long, or after `more` where `do` returned something
    true, which says that there is more to do."""

    what: str
    do: Callable[[], object]
    every: timedelta
    more: timedelta | None = None
    lane: str = "upkeep"
