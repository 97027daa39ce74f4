"""What happens with updates."""

from dataclasses import dataclass

from forum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class UpdateDue(Event):
    """So many months after publication its authors are asked how it stands."""

    case_study_id: int
    months: int


@dataclass(frozen=True, slots=True)
class UpdatePosted(Event):
    """An entry was added to the timeline of a case study, hidden, or shown again."""

    case_study_id: int
    update_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class UpdateDecided(Event):
    """A moderator hid an entry or showed it again."""

    case_study_id: int
    update_id: int
    member_id: int
    verb: str
    reason: str
