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
    """A person who is signed in, as far as deciding what they may do needs to know them."""

    id: int
    name: str
    username: str
    access: str = MEMBER
    organisation_id: int | None = None
    #: False until two posts of theirs stood the moderators' look: their first posts are held.
    trusted: bool = False
    #: Until their address is confirmed they may be anybody: they look after their account, and else are a visitor.
    confirmed: bool = True
    #: What `Visitor.reads` says, for one whose address is not confirmed; who must say so is whoever knows the site's setting.
    as_visitor: bool = False

    @property
    def reads(self) -> bool:
        return self.confirmed or self.as_visitor

    @property
    def staff(self) -> bool:
        return self.confirmed and self.access in {MODERATOR, ADMINISTRATOR}


Actor = Visitor | Member


def alike(actor: Actor) -> Actor:
    """Somebody who may see the same, what is their own left aside: what is worked out for one is good for all of a kind."""
    if not isinstance(actor, Member):
        return actor
    access = MODERATOR if actor.staff else MEMBER
    return Member(0, "", "", access, confirmed=actor.confirmed, as_visitor=actor.as_visitor)


def inside(actor: Actor) -> bool:
    """Whether what is for members only is for this actor."""
    return isinstance(actor, Member) and actor.confirmed


def audience(actor: Actor) -> tuple[str, ...]:
    """The audiences this actor belongs to, as search documents name them."""
    names = [name for name, holds in (("everyone", actor.reads), ("members", inside(actor))) if holds]
    if isinstance(actor, Member):
        names += [f"member:{actor.id}", *(["staff"] if actor.staff else [])]
    return tuple(names)
