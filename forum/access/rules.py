"""The one visibility rule (law 1): who may see a thing of some kind in some status, asked of one thing or as SQL of many.

What you may not see does not exist for you.
"""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from forum.access.actors import Actor, Member

ANYONE, OWNER, STAFF = "anyone", "owner", "staff"

#: kind → status → who may see it (product.md, "Who may"). A status that is not here is seen by nobody.
VIEW: dict[str, dict[str, frozenset[str]]] = {
    "case-study": {
        "draft": frozenset({OWNER}),
        "submitted": frozenset({OWNER, STAFF}),
        "changes-asked": frozenset({OWNER, STAFF}),
        "rejected": frozenset({OWNER, STAFF}),
        "withdrawn": frozenset({OWNER, STAFF}),
        "hidden": frozenset({OWNER, STAFF}),
        "published": frozenset({ANYONE}),
    },
    "thread": {
        "held": frozenset({OWNER, STAFF}),
        "hidden": frozenset({OWNER, STAFF}),
        "published": frozenset({ANYONE}),
    },
    "reply": {
        "held": frozenset({OWNER, STAFF}),
        "hidden": frozenset({OWNER, STAFF}),
        "published": frozenset({ANYONE}),
    },
    "organisation": {
        "suggested": frozenset({OWNER, STAFF}),
        "closed": frozenset({ANYONE}),
        "published": frozenset({ANYONE}),
    },
}


class Thing(Protocol):
    """What the rules need to know of a thing; models have it."""

    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def member_id(self) -> int | None: ...


def _holds(actor: Actor, who: str, member_id: int | None) -> bool:
    if who == ANYONE:
        return isinstance(actor, Member) or actor.reads
    if not isinstance(actor, Member):
        return False
    return actor.staff if who == STAFF else actor.id == member_id


def may_view(actor: Actor, thing: Thing) -> bool:
    """Whether the thing exists for this actor."""
    return any(_holds(actor, who, thing.member_id) for who in VIEW[thing.kind].get(thing.status, frozenset()))


def visible(
    actor: Actor,
    kind: str,
    status: InstrumentedAttribute[str],
    member_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    """The same rule for a list: an SQL condition on the columns that hold status and owner."""
    anyone = isinstance(actor, Member) or actor.reads
    staff = isinstance(actor, Member) and actor.staff
    seen = {s for s, who in VIEW[kind].items() if (anyone and ANYONE in who) or (staff and STAFF in who)}
    clauses: list[ColumnElement[bool]] = [status.in_(sorted(seen))] if seen else []
    if isinstance(actor, Member):
        own = sorted(s for s, who in VIEW[kind].items() if OWNER in who and s not in seen)
        if own:
            clauses.append(and_(status.in_(own), member_id == actor.id))
    return or_(*clauses) if clauses else false()


def audience_of(thing: Thing) -> tuple[str, ...]:
    """Who may find the thing by search, in the words of `actors.audience`."""
    who = VIEW[thing.kind].get(thing.status, frozenset())
    names = {ANYONE: "everyone", STAFF: "staff", OWNER: f"member:{thing.member_id}"}
    return tuple(names[w] for w in sorted(who))
