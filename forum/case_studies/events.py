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


@dataclass(frozen=True, slots=True)
class AuthorInvited(Event):
    """A member was asked to write along or to review."""

    case_study_id: int
    member_id: int
    invited_by: int
    role: str


@dataclass(frozen=True, slots=True)
class AuthorsChanged(Event):
    """Somebody accepted, declined, left, was removed, leads now, or has read it."""

    case_study_id: int
    member_id: int
    what: str


@dataclass(frozen=True, slots=True)
class LinksBroken(Event):
    """References of a published case study no longer lead anywhere."""

    case_study_id: int
    count: int


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """Consent for a story or picture was withdrawn or ran out: what it covers is hidden."""

    case_study_id: int
    member_id: int
    about: str


@dataclass(frozen=True, slots=True)
class CaseStudyPurged(Event):
    """A moderator removed words for good."""

    case_study_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class EvidenceConfirmed(Event):
    """A moderator confirmed its level of evidence."""

    case_study_id: int
    member_id: int
    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class StandingChanged(Event):
    """How it stands today changed without its text: an update, an adoption, or the calendar."""

    case_study_id: int
