"""Removing words for good from a thing, from all that belongs to it, and from everything that repeats them.

Each slice says what belongs to a thing of its own (`Scope`) and makes anew what is made from the texts. The place is marked, the
decision is recorded without the words, and the authors are notified.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Table, or_, true, tuple_

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.kernel import mail, redaction
from forum.kernel.clock import now
from forum.kernel.errors import Invalid
from forum.kernel.outbox import enqueue
from forum.kernel.references import Ref
from forum.kernel.wording import say_date
from forum.moderation.actions import account_for
from forum.search.indexing import REBUILD

#: Table of kernel and services → what a moderator calls what is in it. Slices name their own (`Feature.tables`); others are counted
#: together.
WORDS = {
    "revisions": "earlier versions",
    "form_drafts": "unsent drafts",
    "parked_forms": "unsent drafts",
    "outbox": "queued email and notifications",
    "notifications": "news",
    "decisions": "recorded decisions",
}
#: What may follow the number of a thing in an address.
_ENDS = "-/?#"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of the thing. `holds` says whether the words are in it; None where a program cannot read all of it."""

    id: int
    label: str
    holds: bool | None


@dataclass(frozen=True)
class Scope:
    """What words are removed from.

    `thing` is what a moderator decides about. A row belongs by its key (`rows`, by table), or by what it points at: with a column
    (`pointing`, by name), as `(kind, id)` (`refs`), or by an address (`addresses`, without the words of titles).
    """

    thing: Any
    rows: Mapping[str, Collection[int]]
    pointing: Mapping[str, Collection[int]]
    refs: Sequence[Ref]
    addresses: Sequence[str]
    #: Called with table → first keys of the rows that were changed, to make anew what is made from them.
    again: Callable[[Mapping[str, Sequence[Any]]], None]
    uploads: Callable[[re.Pattern[str]], list[Upload]] = lambda found: []
    #: Take these uploads out, and the words out of the names of the others.
    drop: Callable[[re.Pattern[str], Collection[int]], None] = lambda found, ids: None

    def belongs(self, table: Table) -> ColumnElement[bool] | None:
        """Return the condition for the rows of a table that belong, by its columns; all that is queued; None for a table without
        any."""
        c = table.c
        if table.name in self.rows:
            return c.id.in_(self.rows[table.name])
        if table.name == "outbox":
            return true()
        column = next((name for name in self.pointing if name in c), None)
        if column is not None:
            return c[column].in_(self.pointing[column])
        if "kind" in c and "ref_id" in c:
            return tuple_(c.kind, c.ref_id).in_(self.refs)
        if "about_id" in c:
            return tuple_(c.about_kind, c.about_id).in_(self.refs)
        address = next((c[name] for name in ("url", "path", "location") if name in c), None)
        if address is None:
            return None
        there = [address.in_(self.addresses)]
        return or_(*there, *(address.contains(f"{a}{end}", autoescape=True) for a in self.addresses for end in _ENDS))


@dataclass(frozen=True, slots=True)
class Places:
    """Where the words stand now, (what, how many); and the files that hold them, or that a person has to look at."""

    found: tuple[tuple[str, int], ...]
    uploads: tuple[Upload, ...] = ()


def find_places(actor: Member, scope: Scope, words: str) -> Places:
    """Return where the words stand, for the moderator to see before they go. Raises `Invalid` when they stand nowhere in it."""
    authorize(actor, Permission.DECIDE, scope.thing)
    found, counted = redaction.pattern(words), dict[str, int]()
    called = WORDS | current_app.extensions["forum.tables"]
    for table, count in redaction.places(found, scope.belongs).items():
        name = called.get(table, "other records")
        counted[name] = counted.get(name, 0) + count
    uploads = scope.uploads(found)
    if holding := sum(u.holds is True for u in uploads):
        counted["uploaded files"] = holding
    if not counted:
        raise Invalid("These words are not in it. Copy them exactly as they are in the text.", "words")
    return Places(tuple(counted.items()), tuple(uploads))


def gap() -> str:
    return f"[removed by a moderator on {say_date(now())}]"


def purge(actor: Member, scope: Scope, words: str, reason: str, files: Collection[int] = ()) -> None:
    """Remove the words wherever they belong to it, and have index and database file made anew. Cannot be undone.

    Files that hold them go as a whole, and so do `files`, which a person looked at. Raises `Invalid` without a reason, where the
    reason repeats the words, and where they stand nowhere.
    """
    authorize(actor, Permission.DECIDE, scope.thing)
    found = redaction.pattern(words)
    if len(reason.strip()) < 10:
        raise Invalid("Say why, in a sentence: the authors will read it, and it is kept.", "reason")
    if found.search(reason):
        raise Invalid("Give the reason without the words themselves: it is kept.", "reason")
    places = find_places(actor, scope, words)
    scope.drop(found, {u.id for u in places.uploads if u.holds or u.id in files})
    scope.again(redaction.scrub(found, gap(), scope.belongs))
    mail.forget(found, current_app.config["FORUM"])
    for forget in current_app.extensions["forum.forgets"]:
        forget(found)
    account_for(actor, scope.thing, "removed words for good", reason)
    enqueue("index", REBUILD, {})
    enqueue("compact", "compact", {})
