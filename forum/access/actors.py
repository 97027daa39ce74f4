"""Who is asking. An action takes a `Member`, a read takes an `Actor`: "a visitor publishes" does not type-check (law 6)."""

from dataclasses import dataclass

MEMBER, MODERATOR, ADMINISTRATOR = "member", "moderator", "administrator"
ACCESS_LEVELS = (MEMBER, MODERATOR, ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is not signed in. `reads` is False where a site shows its content to members only."""

    reads: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """A person who is signed in: the facts about them that decide what they may do."""

    id: int
    name: str
    username: str
    access: str = MEMBER
    organisation_id: int | None = None
    #: False until moderators have approved enough of their posts; until then their posts are held for a moderator.
    trusted: bool = False
    #: False until they confirm their email address: until then they may manage their account, and otherwise count as a visitor.
    confirmed: bool = True
    #: For a member who is not confirmed, what `Visitor.reads` would be: set by whoever makes the member and knows the setting.
    as_visitor: bool = False

    @property
    def reads(self) -> bool:
        return self.confirmed or self.as_visitor

    @property
    def staff(self) -> bool:
        return self.confirmed and self.access in {MODERATOR, ADMINISTRATOR}


Actor = Visitor | Member


def alike(actor: Actor) -> Actor:
    """Return a stand-in who may see the same apart from this actor's own things, so that one answer serves everybody like them."""
    if not isinstance(actor, Member):
        return actor
    access = MODERATOR if actor.staff else MEMBER
    return Member(0, "", "", access, confirmed=actor.confirmed, as_visitor=actor.as_visitor)


def inside(actor: Actor) -> bool:
    """Return whether this actor may see what is for members only."""
    return isinstance(actor, Member) and actor.confirmed


def audience(actor: Actor) -> tuple[str, ...]:
    """The audiences this actor belongs to, as search documents name them."""
    names = [name for name, holds in (("everyone", actor.reads), ("members", inside(actor))) if holds]
    if isinstance(actor, Member):
        names += [f"member:{actor.id}", *(["staff"] if actor.staff else [])]
    return tuple(names)
