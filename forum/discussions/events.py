"""What happens in discussions."""

from dataclasses import dataclass

from forum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ThreadStarted(Event):
    thread_id: int
    member_id: int
    held: bool


@dataclass(frozen=True, slots=True)
class ThreadChanged(Event):
    """Its title, text, tags or status: everything that mentions it is old."""

    thread_id: int


@dataclass(frozen=True, slots=True)
class ReplyPosted(Event):
    reply_id: int
    thread_id: int
    member_id: int
    held: bool


@dataclass(frozen=True, slots=True)
class ReplyChanged(Event):
    reply_id: int
    thread_id: int


@dataclass(frozen=True, slots=True)
class AnswerAccepted(Event):
    thread_id: int
    reply_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class PostThanked(Event):
    post_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class PostDecided(Event):
    """A moderator let a held post stand, hid a post, or showed it again."""

    kind: str
    ref_id: int
    member_id: int
    verb: str
    reason: str
