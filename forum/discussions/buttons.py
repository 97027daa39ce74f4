"""What a reader may do with a post: the buttons below it."""

from dataclasses import dataclass
from datetime import datetime

from forum.access.actors import Actor, Member
from forum.access.permissions import Permission, may
from forum.discussions.models import PUBLISHED, Thread
from forum.discussions.queries import PostView, thanked


@dataclass(frozen=True, slots=True)
class Buttons:
    """The buttons of one post, and all that they say: two readers who may do the same see the same."""

    thread: int
    id: int
    seq: int
    author: str
    thanks: int
    thanked: bool
    edited: datetime | None
    #: Thank for it, and report it.
    thank: bool
    answer: bool
    answered: bool
    edit: bool
    #: For moderators alone: how it stands, and what its author said of it; "" for others.
    status: str
    justification: str

    @property
    def first(self) -> bool:
        return self.seq == 1


def buttons(actor: Actor, of: Thread, posts: list[PostView]) -> list[Buttons]:
    """Return those of each post of a page, in order."""
    signed_in = isinstance(actor, Member)
    staff = isinstance(actor, Member) and actor.staff
    me = actor.id if isinstance(actor, Member) else 0
    given = thanked(actor, posts)
    choose = of.question and may(actor, Permission.ANSWER, of)
    return [
        Buttons(
            thread=of.id,
            id=p.id,
            seq=p.seq,
            author=p.author.name,
            thanks=p.thanks,
            thanked=p.id in given,
            edited=p.edited,
            thank=signed_in and p.member_id != me and p.status == PUBLISHED,
            answer=choose and p.seq > 1 and p.status == PUBLISHED,
            answered=p.id == of.answer_id,
            edit=may(actor, Permission.EDIT, of if p.seq == 1 else p),
            status=p.status if staff and p.member_id != me else "",
            justification=p.justification if staff and p.member_id != me else "",
        )
        for p in posts
    ]
