"""What moderators do in discussions: how a thread or reply is judged; locking and pinning. Each is recorded with its reason."""

from collections.abc import Callable

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.accounts.queries import house_of
from forum.discussions import queries
from forum.discussions.actions import recount
from forum.discussions.events import PostDecided, ReplyChanged, ReplyPosted, ThreadChanged, ThreadStarted
from forum.discussions.models import Post, Thread
from forum.kernel.outbox import announce
from forum.moderation.actions import account_for, note
from forum.moderation.judging import RELEASE, Judged


def lock(actor: Member, thread_id: int, locked: bool, reason: str) -> Thread:
    """Close a thread to replies, or open it again."""
    thread = queries.thread(actor, thread_id)
    authorize(actor, Permission.MODERATE, thread)
    thread.locked = locked
    return _kept(actor, thread, "closed it to replies" if locked else "opened it to replies", reason)


def pin(actor: Member, thread_id: int, pinned: bool, reason: str) -> Thread:
    """Keep a thread at the top of the list, or no longer."""
    thread = queries.thread(actor, thread_id)
    authorize(actor, Permission.MODERATE, thread)
    thread.pinned = pinned
    return _kept(actor, thread, "pinned it" if pinned else "unpinned it", reason)


def _kept(actor: Member, thread: Thread, verb: str, reason: str) -> Thread:
    """Record the act, also on the moderator's own thread, since nobody but staff can do it."""
    if not account_for(actor, thread, verb, reason):
        note(actor, (Thread.kind, thread.id), verb, reason)
    announce(ThreadChanged(thread.id))
    return thread


def _post(thing: Thread | Post) -> Post:
    return queries.first_post(thing) if isinstance(thing, Thread) else thing


def _reply(actor: Member, id_: int) -> Thread | Post:
    """A reply, or the thread where it is the first post of one."""
    post = queries.reply(actor, id_)
    return queries.thread(actor, post.thread_id) if post.seq == 1 else post


def _move(thing: Thread | Post, verb: str, status: str) -> None:
    post = _post(thing)
    thing.status = post.status = status
    if isinstance(thing, Thread):
        announce(ThreadChanged(thing.id))
    else:
        recount(post.thread_id)
        announce(ReplyChanged(post.id, post.thread_id))
    if verb == RELEASE and isinstance(thing, Thread):
        announce(ThreadStarted(thing.id, thing.member_id, False))
    elif verb == RELEASE:
        announce(ReplyPosted(post.id, post.thread_id, post.member_id, False))


def _judged(find: Callable[[Member, int], Thread | Post]) -> Judged:
    return Judged(
        what="post",
        find=find,
        move=_move,
        decided=lambda thing, verb, reason: PostDecided(thing.kind, thing.id, thing.member_id, verb, reason),
        places=lambda thing: house_of(thing.member_id),
    )


JUDGED = {Thread.kind: _judged(queries.thread), Post.kind: _judged(_reply)}
