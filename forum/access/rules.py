"""The one visibility rule (law 1): who may see a thing of some kind in some status, asked of one thing or as SQL of many.

What you may not see does not exist for you.
"""

from collections.abc import Collection
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Integer, and_, bindparam, false, or_

from forum.access.actors import Actor, Member, inside

#: The actor's id as a bound parameter, for statements that are built once for all who are `alike`.
READER: ColumnElement[int] = bindparam("reader", type_=Integer)
ANYONE, OWNER, STAFF = "anyone", "owner", "staff"

#: kind → status → who may see it. A status that is not here is seen by nobody.
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
    "adoption": {
        "held": frozenset({OWNER, STAFF}),
        "hidden": frozenset({OWNER, STAFF}),
        "withdrawn": frozenset({OWNER, STAFF}),
        "published": frozenset({ANYONE}),
    },
    "update": {
        "hidden": frozenset({OWNER, STAFF}),
        "published": frozenset({ANYONE}),
    },
    "organisation": {
        "suggested": frozenset({OWNER, STAFF}),
        "closed": frozenset({ANYONE}),
        "published": frozenset({ANYONE}),
    },
}


#: The same with "anyone" first, so that a published thing needs no look at its authors.
_IN_TURN = {kind: {status: sorted(who) for status, who in rules.items()} for kind, rules in VIEW.items()}


class Thing(Protocol):
    """What the rules need to know of a thing; models get it from `Owned`."""

    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def member_id(self) -> int | None: ...
    @property
    def members_only(self) -> bool: ...
    @property
    def editor_ids(self) -> Collection[int | None]: ...
    @property
    def viewer_ids(self) -> Collection[int | None]: ...


class Owned:
    """Mixin: a model's answers to the rules where it has one owner. Models with co-authors or members-only things override them."""

    kind: str
    status: Any
    member_id: Any
    #: True, or a column: only members count as "anyone".
    members_only: Any = False

    @property
    def editor_ids(self) -> Collection[int | None]:
        """Return the ids of its authors: they may change it, and may not decide on it as moderators."""
        return (self.member_id,)

    @property
    def viewer_ids(self) -> Collection[int | None]:
        """Return the ids of those who may see it before it is published."""
        return self.editor_ids

    @classmethod
    def seen_by(cls, member_id: int | ColumnElement[int]) -> ColumnElement[bool]:
        """Return `viewer_ids` as SQL: the rows that this member may see before they are published."""
        owned: ColumnElement[bool] = cls.member_id == member_id
        return owned


def _holds(actor: Actor, who: str, thing: Thing) -> bool:
    if who == ANYONE:
        return inside(actor) or (actor.reads and not thing.members_only)
    if not isinstance(actor, Member):
        return False
    return actor.staff if who == STAFF else actor.id in thing.viewer_ids


def may_view(actor: Actor, thing: Thing) -> bool:
    """Return whether the thing exists for this actor."""
    return any(_holds(actor, who, thing) for who in _IN_TURN[thing.kind].get(thing.status, ()))


def visible(actor: Actor, model: type[Owned], within: str = "") -> ColumnElement[bool]:
    """Return the same rule for a list, as an SQL condition on the model's table; `within` limits it to one status."""
    return or_(false(), *parts(actor, model, within))


def parts(actor: Actor, model: type[Owned], within: str = "", me: ColumnElement[int] | None = None) -> list[ColumnElement[bool]]:
    """Return what is visible as conditions that do not overlap: one for each status, and one for the actor's own things.

    With a single "or" the database would sort and count all the rows; for each part it reads only as many as are wanted, from an
    index.

    `me` is `READER` in a statement that is built once for all who are `alike`.
    """
    rules = {status: who for status, who in VIEW[model.kind].items() if within in ("", status)}
    staff = isinstance(actor, Member) and actor.staff
    seen = sorted(s for s, who in rules.items() if (actor.reads and ANYONE in who) or (staff and STAFF in who))
    clauses: list[ColumnElement[bool]] = [model.status == status for status in seen]
    if not inside(actor) and model.members_only is not False:
        clauses = [and_(clause, model.members_only.is_(False)) for clause in clauses]
    own = sorted(s for s, who in rules.items() if OWNER in who and s not in seen)
    if isinstance(actor, Member) and own:
        clauses.append(and_(model.status.in_(own), model.seen_by(actor.id if me is None else me)))
    return clauses


def audience_of(thing: Thing) -> tuple[str, ...]:
    """Return who may find the thing by search, in the words of `actors.audience`."""
    who = VIEW[thing.kind].get(thing.status, frozenset())
    names: dict[str, tuple[str, ...]] = {ANYONE: ("members" if thing.members_only else "everyone",), STAFF: ("staff",)}
    if OWNER in who:
        names[OWNER] = tuple(f"member:{id_}" for id_ in thing.viewer_ids)
    return tuple(name for w in sorted(who) for name in names[w])
