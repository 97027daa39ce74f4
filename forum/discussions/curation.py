"""What moderators do in discussions: let held posts stand, hide and show again, lock and pin. Each is recorded with its reason."""

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.accounts.actions import approve_post
from forum.discussions import queries
from forum.discussions.actions import recount
from forum.discussions.events import PostDecided, ReplyChanged, ReplyPosted, ThreadChanged, ThreadStarted
from forum.discussions.models import HELD, HIDDEN, PUBLISHED, Post, Thread
from forum.kernel.errors import Invalid
from forum.kernel.outbox import announce
from forum.moderation.actions import account_for, note


def release(actor: Member, kind: str, id_: int) -> None:
    """Let a held thread or reply stand; its author comes a step nearer to not being held."""
    thing, post = _thing(actor, kind, id_)
    authorize(actor, Permission.DECIDE, thing)
    if thing.status != HELD:
        raise Invalid("This is no longer waiting for a moderator.")
    _set(thing, post, PUBLISHED)
    note(actor, (kind, id_), "published it", "")
    approve_post(post.member_id)
    announce(PostDecided(kind, id_, post.member_id, "released", ""))
    if isinstance(thing, Thread):
        announce(ThreadStarted(thing.id, thing.member_id, False))
    else:
        announce(ReplyPosted(post.id, post.thread_id, post.member_id, False))


def hide(actor: Member, kind: str, id_: int, reason: str) -> None:
    """Hide a thread or reply from everyone but its author and staff."""
    thing, post = _thing(actor, kind, id_)
    authorize(actor, Permission.DECIDE, thing)
    if thing.status == HIDDEN:
        raise Invalid("This is hidden already.")
    if not reason.strip():
        raise Invalid("Say why: the author will read it.", "reason")
    _set(thing, post, HIDDEN)
    note(actor, (kind, id_), "hid it", reason)
    announce(PostDecided(kind, id_, post.member_id, "hidden", reason))


def show_again(actor: Member, kind: str, id_: int, reason: str) -> None:
    """Publish again what was hidden."""
    thing, post = _thing(actor, kind, id_)
    authorize(actor, Permission.DECIDE, thing)
    if thing.status != HIDDEN:
        raise Invalid("This is not hidden.")
    if not reason.strip():
        raise Invalid("Say why: the author will read it.", "reason")
    _set(thing, post, PUBLISHED)
    note(actor, (kind, id_), "showed it again", reason)
    announce(PostDecided(kind, id_, post.member_id, "shown", reason))


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
    """Recorded also where it is their own: nobody but staff can do it."""
    if not account_for(actor, thread, verb, reason):
        note(actor, (Thread.kind, thread.id), verb, reason)
    announce(ThreadChanged(thread.id))
    return thread


def _thing(actor: Member, kind: str, id_: int) -> tuple[Thread | Post, Post]:
    if kind == "thread":
        thread = queries.thread(actor, id_)
        return thread, queries.first_post(thread)
    post = queries.reply(actor, id_)
    if post.seq == 1:
        return _thing(actor, "thread", post.thread_id)
    return post, post


def _set(thing: Thread | Post, post: Post, status: str) -> None:
    thing.status = post.status = status
    if isinstance(thing, Thread):
        announce(ThreadChanged(thing.id))
    else:
        recount(post.thread_id)
        announce(ReplyChanged(post.id, post.thread_id))
