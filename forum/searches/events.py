"""What happens with searches that somebody waits for."""

from dataclasses import dataclass

from forum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class SearchFound(Event):
    """Something new is found by a saved search; `refs` are the new things as "kind:id", the newest first."""

    search_id: int
    member_id: int
    refs: list[str]


@dataclass(frozen=True, slots=True)
class ExamplesFound(Event):
    """Something new is found by a search that had found nothing and became this question."""

    thread_id: int
    refs: list[str]
