"""What a slice may contribute to the site: data only. `features.py` lists the slices, `app.py` assembles them."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint

from forum.access.actors import Member
from forum.kernel.events import Event
from forum.kernel.jobs import Job
from forum.kernel.outbox import OutboxRow
from forum.kernel.references import CardSource, Ref
from forum.kernel.tokens import Lifetime
from forum.moderation.judging import Judged
from forum.moderation.queue import QueueSource
from forum.notifications.kinds import NotificationKind
from forum.search.port import SearchSource
from forum.web.annexes import Annex
from forum.web.draft_pages import MaySend
from forum.web.panels import Panel

#: Finds a thing of one kind with versions: the thing to ask permission for, the ref of its versions, its history's address.
#: Raises `NotFound`.
Versions = Callable[[Member, int], tuple[Any, Ref, str]]
#: `ids → {id: (name, email)}` of members who may be written to.
Addresses = Callable[[Iterable[int]], Mapping[int, tuple[str, str]]]


@dataclass(frozen=True)
class Feature:
    """One slice's contributions."""

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    events: tuple[type[Event], ...] = ()
    searches: tuple[SearchSource, ...] = ()
    notifications: tuple[NotificationKind, ...] = ()
    queues: tuple[QueueSource, ...] = ()
    #: First part of a draft's key → whether its form can still be sent.
    drafts: Mapping[str, MaySend] = field(default_factory=dict)
    cards: Mapping[str, CardSource] = field(default_factory=dict)
    #: kind of thing → how moderators decide on it.
    judged: Mapping[str, Judged] = field(default_factory=dict)
    #: name in the address that hides a version → what it is a version of.
    versions: Mapping[str, Versions] = field(default_factory=dict)
    #: kind of thing → what this slice shows on its page.
    panels: Mapping[str, tuple[Panel, ...]] = field(default_factory=dict)
    #: kind of thing → what this slice adds where it leaves the site.
    annexes: Mapping[str, Annex] = field(default_factory=dict)
    addresses: Addresses | None = None
    #: The member of that id, as they may act and see now; raises `NotFound`.
    acting: Callable[[int], Member] | None = None
    #: Whether somebody else on the staff works for none of these organisations.
    another_moderator: Callable[[Member, Collection[int]], bool] | None = None
    #: Called when a moderator approved something of this member's.
    approved: Callable[[int], None] | None = None
    #: Called with an address, and True when mail to it came back for good, False when it was accepted.
    bounced: Callable[[str, bool], None] | None = None
    #: Delete what holds these words and belongs to no thing: a purge asks (`purging.words`).
    forgets: Callable[[re.Pattern[str]], None] | None = None
    #: Functions for the templates of services, which know no slice.
    context: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    #: What comes round in the worker.
    jobs: tuple[Job, ...] = ()
    #: queue of the outbox → what is done with each of its rows.
    handlers: Mapping[str, Callable[[OutboxRow], None]] = field(default_factory=dict)
    #: Called once an hour, in one transaction: delete or end what has expired by then, and return how much that was.
    sweeps: tuple[Callable[[datetime], int], ...] = ()
    #: After each migration: bring what the site itself brings, such as its lists. The lowest slice goes first; safe to repeat.
    brings: Callable[[], object] | None = None
    #: After each migration: make anew what an older version of the program made of what people wrote; return how much that was.
    renders: tuple[Callable[[], int], ...] = ()
    #: Purpose of a link in mail, or the first part of one such as "still:12" → how long it works.
    links: Mapping[str, Lifetime] = field(default_factory=dict)
    #: table → what a moderator calls what is in it, where words are looked for in all tables.
    tables: Mapping[str, str] = field(default_factory=dict)
