"""The one queue: what waits for a moderator, whichever slice it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from forum.access.actors import Member
from forum.kernel.references import Person

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
    author: Person
    flags: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    own: bool = False


@dataclass(frozen=True)
class QueueSource:
    """What a slice has waiting: `items(actor, limit)` returns the total and the oldest ones."""

    name: str
    label: str
    items: Callable[[Member, int], tuple[int, list[QueueItem]]]
    total: Callable[[], int]


def held_item(
    actor: Member, author: Person, justification: str, *, kind: str, id_: int, what: str, title: str, url: str, since: datetime
) -> QueueItem:
    """Return a queue item for a post that is held for a moderator: because its author is new, or because the check for identifying
    details found something and the author says why it should stand."""
    return QueueItem(
        kind=kind,
        id=id_,
        what=what,
        title=title,
        url=url,
        since=since,
        author=author,
        flags=(("Possible identifying detail", "bad"),) if justification else (("New member", "neutral"),),
        urgent=bool(justification),
        own=author.id == actor.id,
    )


def sources() -> tuple[QueueSource, ...]:
    found: tuple[QueueSource, ...] = current_app.extensions["forum.queues"]
    return found


def waiting(actor: Member) -> tuple[dict[str, int], list[QueueItem]]:
    """Return how many wait by source, and the items: urgent first, then the oldest."""
    totals: dict[str, int] = {}
    items: list[QueueItem] = []
    for source in sources():
        totals[source.name], some = source.items(actor, SHOWN)
        items += some
    return totals, sorted(items, key=lambda i: (not i.urgent, i.since))


def total() -> int:
    """Return how many wait in all, for the number beside "Moderation"."""
    return sum(source.total() for source in sources())
