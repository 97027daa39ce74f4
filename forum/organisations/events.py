"""What happens to organisations."""

from dataclasses import dataclass

from forum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class OrganisationDecided(Event):
    """A moderator confirmed, corrected or closed a suggested organisation."""

    organisation_id: int
    member_id: int
    confirmed: bool
    reason: str
