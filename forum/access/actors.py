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
    #: Members may read and look after their account before their address is confirmed, but not write.
    confirmed: bool = True

    @property
    def staff(self) -> bool:
        return self.access in {MODERATOR, ADMINISTRATOR}


Actor = Visitor | Member


def audience(actor: Actor) -> tuple[str, ...]:
    """The audiences this actor belongs to, as search documents name them."""
    if isinstance(actor, Visitor):
        return ("everyone",) if actor.reads else ()
    return ("everyone", "members", f"member:{actor.id}", *(("staff",) if actor.staff else ()))
