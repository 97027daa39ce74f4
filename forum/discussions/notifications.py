"""News about discussions."""

from collections.abc import Iterable, Mapping
from typing import Any

from forum.accounts.queries import people, staff_ids
from forum.discussions import queries
from forum.discussions.events import AnswerAccepted, PostDecided, ReplyPosted, ThreadStarted
from forum.discussions.models import Thread
from forum.kernel.db import db
from forum.notifications.kinds import NotificationKind


def _others_in_thread(event: ReplyPosted) -> Iterable[int]:
    """Whoever started the thread or wrote in it, but not the one who replied; nobody while the reply is held for a moderator."""
    if event.held:
        return []
    thread = db.session.get_one(Thread, event.thread_id)
    return sorted((queries.participants(event.thread_id) | {thread.member_id}) - {event.member_id})


def _who(event: Any) -> Mapping[str, Any]:
    person = people([event.member_id]).get(event.member_id)
    return {"who": person.name if person else "Somebody"}


def _held(event: ReplyPosted | ThreadStarted) -> Iterable[int]:
    return staff_ids(but=event.member_id) if event.held else []


KINDS = (
    NotificationKind("discussions", "reply", ReplyPosted, _others_in_thread, lambda e: ("reply", e.reply_id), _who),
    NotificationKind("discussions", "answer", AnswerAccepted, lambda e: [e.member_id], lambda e: ("reply", e.reply_id), _who),
    NotificationKind(
        "discussions",
        "decision",
        PostDecided,
        lambda e: [e.member_id],
        lambda e: (e.kind, e.ref_id),
        lambda e: {"verb": e.verb, "reason": e.reason},
        seen=False,
    ),
    NotificationKind("discussions", "held", ReplyPosted, _held, lambda e: ("reply", e.reply_id), _who),
    NotificationKind("discussions", "held", ThreadStarted, _held, lambda e: ("thread", e.thread_id), _who),
)
