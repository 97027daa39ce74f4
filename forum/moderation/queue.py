"""The one queue: what waits for a moderator, whichever slice it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from forum.access.actors import Member

#: Items of one kind shown at a time; the count says how many there are in all.
SHOWN = 25


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One thing that waits. `flags` are `(words, tone)`; an urgent one comes first."""

    kind: str
    id: int
    what: str
    title: str
    url: str
    since: datetime
    author_id: int
    author_name: str
    author_role: str = ""
    author_organisation: str = ""
    flags: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    own: bool = False


@dataclass(frozen=True)
class QueueSource:
    """What a slice has waiting: `items(actor, limit)` gives the total and the oldest ones."""

    name: str
    label: str
    items: Callable[[Member, int], tuple[int, list[QueueItem]]]
    total: Callable[[], int]


def sources() -> tuple[QueueSource, ...]:
    found: tuple[QueueSource, ...] = current_app.extensions["forum.queues"]
    return found


def waiting(actor: Member) -> tuple[dict[str, int], list[QueueItem]]:
    """How many wait by source, and the items: urgent first, then the oldest."""
    totals: dict[str, int] = {}
    items: list[QueueItem] = []
    for source in sources():
        totals[source.name], some = source.items(actor, SHOWN)
        items += some
    return totals, sorted(items, key=lambda i: (not i.urgent, i.since))


def total() -> int:
    """How many wait in all, for the number beside "Moderation"."""
    return sum(source.total() for source in sources())
