"""What measures need to know of the things that have them. The slice of such a thing mounts the pages with an `Owner`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from forum.access.actors import Actor, Member
from forum.documents.identifiability import Finding


@dataclass(frozen=True, slots=True)
class Credit:
    """How others may use what a thing says, and how they cite it."""

    licence: str
    citation: str


@dataclass(frozen=True)
class Owner:
    """A kind of thing that has measures.

    `get(actor, id)` returns the thing or raises `NotFound`; it has `kind`, `id`, `url`, `name` and what the access rules ask.
    `changed(actor, thing, findings)` runs in the transaction after any of its measures changed; `findings` are what may identify
    somebody in the texts just saved. `credit(thing)` goes with its figures wherever they are taken.
    """

    kind: str
    #: The first part of the addresses: "/case-studies".
    prefix: str
    get: Callable[[Actor, int], Any]
    changed: Callable[[Member, Any, Sequence[Finding]], None]
    credit: Callable[[Any], Credit]
    #: Papers are made of it, which have room for one measure: its authors may say which one leads.
    led: bool = False
