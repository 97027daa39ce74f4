"""What happens on the moderators' desk."""

from dataclasses import dataclass

from forum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class StaffActed(Event):
    """A moderator did something to what is another's; `members` are notified, with the reason."""

    kind: str
    ref_id: int
    by: int
    verb: str
    reason: str
    members: list[int]


@dataclass(frozen=True, slots=True)
class ReportMade(Event):
    report_id: int
    kind: str
    ref_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class ReportDecided(Event):
    report_id: int
    kind: str
    ref_id: int
    member_id: int
    upheld: bool
    reason: str
