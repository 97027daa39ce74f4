"""Anything people can point at is a `(kind, id)` pair: search hit, report, notification, queue item, revision.

Its slice offers `cards(actor, ids)`, which turns ids into something to show and leaves out what the actor may not see. That one
mechanism serves search results, the moderation desk and notifications, so none of them can leak.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app

Ref = tuple[str, int]
#: Words, tone and icon of a mark beside a title.
Badge = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Tag:
    """A leadership element as a chip shows it."""

    label: str
    slug: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A few words that decide whether somebody reads a thing, with the icon that stands beside them."""

    words: str
    icon: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a thing's page in plain text. `place` is what to add to the page's address to reach it, such as "#results"; "" for
    the page as a whole. `facts` marks a list of facts, which tells less than what somebody wrote."""

    text: str
    heading: str = ""
    place: str = ""
    facts: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as other people see them beside what they wrote. A former member has no number and no page."""

    id: int
    name: str
    role: str = ""
    organisation: str = ""
    username: str = ""

    @property
    def url(self) -> str:
        return f"/people/{self.username}" if self.username else ""


#: Beside what has no author.
NOBODY = Person(0, "")


@dataclass(frozen=True, slots=True)
class Card:
    """A thing in a list: enough to recognise it and to go there. `text` is plain and may be long.

    Excerpts are cut from its `passages`, where its page has parts that can be gone to, else from its text.
    """

    kind: str
    id: int
    title: str
    url: str
    text: str
    author: Person
    at: datetime | None = None
    kicker: str = ""
    elements: tuple[Tag, ...] = ()
    badges: tuple[Badge, ...] = ()
    status: str = ""
    organisations: tuple[int, ...] = field(default=())
    #: All who wrote it or review it, where they are several.
    author_ids: tuple[int, ...] = ()
    passages: tuple[Passage, ...] = ()
    #: What it comes to in one line, as its author wrote it.
    summary: str = ""
    facts: tuple[Fact, ...] = ()
    #: What it is a reply to, or a discussion of.
    part_of: Ref | None = None


CardSource = Callable[[Any, Sequence[int]], Mapping[int, Card]]


def init_refs(app: Flask, sources: Mapping[str, CardSource]) -> None:
    app.extensions["forum.cards"] = dict(sources)


def cards(actor: Any, refs: Iterable[Ref]) -> dict[Ref, Card]:
    """Return the cards of those refs that the actor may see, with one round of queries for each kind, however many refs."""
    sources: dict[str, CardSource] = current_app.extensions["forum.cards"]
    wanted: dict[str, list[int]] = {}
    for kind, id_ in refs:
        wanted.setdefault(kind, []).append(id_)
    found: dict[Ref, Card] = {}
    for kind, ids in wanted.items():
        if kind in sources:
            found.update({(kind, id_): card for id_, card in sources[kind](actor, ids).items()})
    return found
