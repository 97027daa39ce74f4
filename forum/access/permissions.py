"""Every "may they?" that is not about seeing. One line in `RULES` each; a test walks roles × permissions."""

from collections.abc import Callable
from enum import StrEnum

from forum.access.actors import ADMINISTRATOR, Actor, Member
from forum.access.rules import Thing, may_view
from forum.kernel.errors import Forbidden, NotFound


class Permission(StrEnum):
    WRITE = "write"
    MAIL = "mail"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    SHARE_OUT = "share-out"
    REPORT = "report"
    THANK = "thank"
    ANSWER = "answer"
    DECIDE = "decide"
    MODERATE = "moderate"
    ADMINISTER = "administer"


Rule = Callable[[Member, Thing | None], bool]


def _own(member: Member, thing: Thing | None) -> bool:
    return thing is not None and member.id in thing.editor_ids


def _lead(member: Member, thing: Thing | None) -> bool:
    return thing is not None and thing.member_id == member.id


def _part_of(member: Member, thing: Thing | None) -> bool:
    return thing is not None and member.id in thing.viewer_ids


RULES: dict[Permission, Rule] = {
    Permission.WRITE: lambda m, t: m.confirmed,
    # Such mail carries the member's own words to somebody's mailbox, and no moderator sees it before it goes.
    Permission.MAIL: lambda m, t: m.confirmed and (m.trusted or m.staff),
    Permission.EDIT: lambda m, t: m.confirmed and (_own(m, t) or m.staff),
    Permission.WITHDRAW: lambda m, t: m.confirmed and _lead(m, t),
    # The lead author decides who else writes it and who reviews it; staff can do so too, in case that person has left.
    Permission.SHARE_OUT: lambda m, t: m.confirmed and (_lead(m, t) or m.staff),
    Permission.REPORT: lambda m, t: m.confirmed and not _own(m, t),
    Permission.THANK: lambda m, t: m.confirmed and not _own(m, t),
    Permission.ANSWER: lambda m, t: m.confirmed and (_own(m, t) or m.staff),
    # Nobody decides on their own thing, whatever their role (Nolan principles).
    Permission.DECIDE: lambda m, t: m.staff and not _part_of(m, t),
    Permission.MODERATE: lambda m, t: m.staff,
    Permission.ADMINISTER: lambda m, t: m.confirmed and m.access == ADMINISTRATOR,
}

WHY_NOT: dict[Permission, str] = {
    Permission.WRITE: "Confirm your email address first: we sent you a link.",
    Permission.MAIL: "A moderator looks at your first two posts. After that you can write to members and invite people.",
    Permission.THANK: "You cannot thank yourself.",
    Permission.REPORT: "You cannot report your own post. Edit or withdraw it instead.",
    Permission.DECIDE: "You cannot decide on something of your own. Another moderator has to.",
}


def may(actor: Actor, permission: Permission, thing: Thing | None = None) -> bool:
    """Return whether the actor has the permission (for that thing, which they must also be able to see)."""
    if not isinstance(actor, Member) or (thing is not None and not may_view(actor, thing)):
        return False
    return RULES[permission](actor, thing)


def authorize(actor: Actor, permission: Permission, thing: Thing | None = None) -> None:
    """Raise `NotFound` when the thing does not exist for the actor, `Forbidden` when they lack the permission."""
    if thing is not None and not may_view(actor, thing):
        raise NotFound("There is nothing here, or it is not public.")
    if not may(actor, permission, thing):
        raise Forbidden(WHY_NOT.get(permission, "You do not have permission to do this."))
