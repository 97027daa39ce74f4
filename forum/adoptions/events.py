"""What happens to adoptions."""

from dataclasses import dataclass

from forum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class AdoptionShared(Event):
    """Somebody said that they tried it; `held` where a moderator has to look first."""

    adoption_id: int
    case_study_id: int
    member_id: int
    held: bool


@dataclass(frozen=True, slots=True)
class AdoptionChanged(Event):
    """Its record, its measures or its status: what is said of the case study's travel is old."""

    adoption_id: int
    case_study_id: int


@dataclass(frozen=True, slots=True)
class AdoptionVerified(Event):
    """An author of the case study, or a moderator, confirmed it, or took that back ("self-reported")."""

    adoption_id: int
    member_id: int
    verified_by: int
    verification: str


@dataclass(frozen=True, slots=True)
class AdoptionDecided(Event):
    """A moderator let it stand, hid it, or showed it again."""

    adoption_id: int
    member_id: int
    verb: str
    reason: str
