"""What happens to case studies."""

from dataclasses import dataclass

from forum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class CaseStudySubmitted(Event):
    case_study_id: int
    member_id: int
    findings: int


@dataclass(frozen=True, slots=True)
class CaseStudyDecided(Event):
    """A moderator published it, asked for changes, rejected, hid or showed it again."""

    case_study_id: int
    member_id: int
    verb: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseStudyChanged(Event):
    """Its published text, tags or status changed."""

    case_study_id: int
    edited_by: int
    reason: str
