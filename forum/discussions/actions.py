"""What people do in discussions. Texts come in rendered already: rendering may take time, and these run inside a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.discussions import queries
from forum.discussions.events import (
    AnswerAccepted,
    PostThanked,
    ReplyChanged,
    ReplyPosted,
    ThreadChanged,
    ThreadStarted,
)
from forum.discussions.models import HELD, HIDDEN, PUBLISHED, Post, Thanks, Thread
from forum.documents import rendering
from forum.documents.markdown import LONGEST_KEPT, RENDER_VERSION, render
from forum.kernel import rate_limits, revisions
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Forbidden, NotFound
from forum.kernel.outbox import announce
from forum.kernel.references import Ref
from forum.moderation.actions import account_for
from forum.taxonomy.actions import tag
from forum.taxonomy.models import CARE_MODEL, ELEMENT
from forum.taxonomy.queries import in_order, tags_of

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SLOWER = "You posted a lot in a short time. Your text is kept on this page."


@dataclass(frozen=True)
class Writing:
    """A text and its rendered form; `justification` says why what looks identifying is not."""

    text: str
    html: str
    justification: str = ""


@dataclass(frozen=True)
class ThreadDraft:
    """What a person typed to start or change a thread."""

    title: str
    writing: Writing
    question: bool = False
    elements: Sequence[str] = ()
    care_models: Sequence[str] = ()

    def words(self) -> dict[str, Any]:
        """The draft's words, in the form in which `words_of` returns the stored ones."""
        return {
            "title": self.title,
            "text": self.writing.text,
            "question": "question" if self.question else "discussion",
            "elements": in_order(ELEMENT, self.elements),
            "care_models": in_order(CARE_MODEL, self.care_models),
        }


def start_thread(actor: Member, draft: ThreadDraft) -> Thread:
    """Start a thread. New members' first posts, and texts that may identify somebody, are held for a moderator."""
    authorize(actor, Permission.WRITE)
    rate_limits.spend("thread", actor.id, 20, DAY, SLOWER)
    held = not actor.trusted or bool(draft.writing.justification)
    thread = open_thread(actor.id, draft, status=HELD if held else PUBLISHED)
    announce(ThreadStarted(thread.id, actor.id, held))
    return thread


def open_thread(
    member_id: int,
    draft: ThreadDraft,
    status: str = PUBLISHED,
    subject: Ref = ("", 0),
    site_key: str | None = None,
    pinned: bool = False,
) -> Thread:
    """Make the rows of a thread and its first post. Announces nothing."""
    at = now()
    thread = Thread(
        title=draft.title,
        member_id=member_id,
        status=status,
        question=draft.question,
        pinned=pinned,
        created_at=at,
        last_at=at,
        posts_made=1,
        subject_kind=subject[0],
        subject_id=subject[1],
        site_key=site_key,
    )
    db.session.add(thread)
    db.session.flush()
    db.session.add(_post(thread, 1, member_id, draft.writing, status))
    _tag(thread, draft)
    return thread


def _tag(thread: Thread, draft: ThreadDraft) -> None:
    tag(("thread", thread.id), {ELEMENT: draft.elements, CARE_MODEL: draft.care_models})


def _post(thread: Thread, seq: int, member_id: int, writing: Writing, status: str) -> Post:
    return Post(
        thread_id=thread.id,
        seq=seq,
        member_id=member_id,
        status=status,
        text=writing.text,
        html=writing.html,
        justification=writing.justification,
        render_version=RENDER_VERSION,
        created_at=now(),
    )


def reply(actor: Member, thread_id: int, writing: Writing) -> Post:
    """Add a reply. Raises as `may_reply` does."""
    thread = may_reply(actor, thread_id)
    rate_limits.spend("reply", actor.id, 12, MINUTE, SLOWER)
    rate_limits.spend("reply-day", actor.id, 200, DAY, SLOWER)
    held = not actor.trusted or bool(writing.justification)
    return add_reply(thread, actor.id, writing, held)


def may_reply(actor: Member, thread_id: int) -> Thread:
    """The thread that the actor may reply in. Raises `NotFound`, and `Forbidden` where it is locked."""
    thread = queries.thread(actor, thread_id)
    authorize(actor, Permission.WRITE, thread)
    if thread.locked and not actor.staff:
        raise Forbidden("This thread is closed to new replies. Start a new one and link to this one.")
    return thread


def add_reply(thread: Thread, member_id: int, writing: Writing, held: bool = False) -> Post:
    """Make the row of a reply and announce it."""
    thread.posts_made += 1
    post = _post(thread, thread.posts_made, member_id, writing, HELD if held else PUBLISHED)
    db.session.add(post)
    db.session.flush()
    if not held:
        thread.reply_count += 1
        thread.last_at = max(thread.last_at, post.created_at)
    announce(ReplyPosted(post.id, thread.id, member_id, held))
    return post


def words_of(thread: Thread) -> dict[str, Any]:
    """Return what an edit of a thread can change, by the names of its form; its history stores these."""
    tags = tags_of("thread", [thread.id])[thread.id]
    return {
        "title": thread.title,
        "text": queries.first_post(thread).text,
        "question": "question" if thread.question else "discussion",
        "elements": in_order(ELEMENT, (t.slug for t in tags if t.scheme == ELEMENT)),
        "care_models": in_order(CARE_MODEL, (t.slug for t in tags if t.scheme == CARE_MODEL)),
    }


def edit_thread(
    actor: Member, thread_id: int, draft: ThreadDraft, version: int, reason: str = "", hide_earlier: bool = False
) -> Thread:
    """Change a thread's title, text and tags. `version` is the one that the edit began from.

    `hide_earlier` hides the earlier versions: a moderator took out words that readers should not find there. Raises `EditConflict`
    where somebody saved another value of the same field in between.
    """
    thread = queries.thread(actor, thread_id)
    authorize(actor, Permission.EDIT, thread)
    ref, first, stored = ("thread", thread.id), queries.first_post(thread), words_of(thread)
    new = revisions.settle(ref, version, draft.words(), stored, thread.version)
    if new == stored:
        return thread
    _keep_before(ref, first, stored)
    thread.title, thread.question = new["title"], new["question"] == "question"
    thread.answer_id = thread.answer_id if thread.question else None
    thread.version += 1
    _rewrite(first, draft.writing, new["text"])
    tag(ref, {ELEMENT: new["elements"], CARE_MODEL: new["care_models"]})
    if draft.writing.justification and not actor.staff:
        thread.status = first.status = HELD
    _after_edit(actor, thread, new, reason, hide_earlier)
    announce(ThreadChanged(thread.id))
    return thread


def edit_reply(actor: Member, reply_id: int, writing: Writing, version: int, reason: str = "", hide_earlier: bool = False) -> Post:
    """Change a reply. `version` is the one that the edit began from. Raises `EditConflict` when somebody saved in between."""
    post = queries.reply(actor, reply_id)
    authorize(actor, Permission.EDIT, post)
    if post.seq == 1:
        raise NotFound("This is where a thread begins: edit the thread.")
    ref, stored = ("reply", post.id), {"text": post.text}
    new = revisions.settle(ref, version, {"text": writing.text}, stored, post.version)
    if new == stored:
        return post
    _keep_before(ref, post, stored)
    _rewrite(post, writing, new["text"])
    if writing.justification and not actor.staff and post.status == PUBLISHED:
        post.status = HELD
        recount(post.thread_id)
    _after_edit(actor, post, new, reason, hide_earlier)
    announce(ReplyChanged(post.id, post.thread_id))
    return post


def _keep_before(ref: Ref, post: Post, texts: Mapping[str, Any]) -> None:
    """Before the first edit, store what stood there before; posts that nobody edits need no revision."""
    if post.edited_at is None:
        revisions.keep(ref, post.member_id, texts, post.created_at)


def _rewrite(post: Post, writing: Writing, text: str) -> None:
    """Put in what was written, unless the text that stands is somebody else's, which was left alone."""
    if text == writing.text:
        post.text, post.html, post.render_version = writing.text, writing.html, RENDER_VERSION
        post.justification = writing.justification
    post.edited_at = now()
    post.version += 1


def _after_edit(actor: Member, thing: Thread | Post, texts: Mapping[str, Any], reason: str, hide_earlier: bool) -> None:
    revisions.keep((thing.kind, thing.id), actor.id, texts, now(), reason)
    if account_for(actor, thing, "edited it", reason) and hide_earlier:
        revisions.hide_earlier((thing.kind, thing.id), now())


def accept_answer(actor: Member, thread_id: int, reply_id: int, on: bool = True, reason: str = "") -> Thread:
    """Mark a reply as the answer of a question, or take the mark away."""
    thread = queries.thread(actor, thread_id)
    authorize(actor, Permission.ANSWER, thread)
    post = queries.reply(actor, reply_id)
    if not thread.question or post.thread_id != thread.id or post.seq == 1 or post.status != PUBLISHED:
        raise Forbidden("Only a reply to a question can be its answer.")
    if (thread.answer_id == post.id) == on:
        return thread
    thread.answer_id = post.id if on else None
    verb = "chose a reply as the answer" if on else "said that a reply is not the answer"
    account_for(actor, thread, verb, reason, told=[thread.member_id, *([] if on else [post.member_id])])
    if on:
        announce(AnswerAccepted(thread.id, post.id, post.member_id))
    announce(ThreadChanged(thread.id))
    return thread


def thank(actor: Member, post_id: int, on: bool = True) -> Post:
    """Say thanks for a post, or take it back."""
    post = queries.reply(actor, post_id)
    authorize(actor, Permission.THANK, post)
    if post.status != PUBLISHED:
        raise Forbidden("This post is not published yet.")
    if (db.session.get(Thanks, (post.id, actor.id)) is not None) == on:
        return post
    if not on:
        db.session.execute(delete(Thanks).where(Thanks.post_id == post.id, Thanks.member_id == actor.id))
    else:
        db.session.add(Thanks(post_id=post.id, member_id=actor.id, at=now()))
    db.session.flush()
    post.thanks = db.session.scalar(select(func.count()).select_from(Thanks).where(Thanks.post_id == post.id)) or 0
    announce(PostThanked(post.id, actor.id))
    return post


def recount(thread_id: int) -> None:
    """Make a thread's reply count, last activity and answer true again after a post's status changed.

    A question whose answer was hidden is open again. If that reply is shown again, it is the answer only once the asker accepts it.
    """
    db.session.flush()
    count, last = db.session.execute(
        select(func.count(), func.max(Post.created_at)).where(Post.thread_id == thread_id, Post.status == PUBLISHED, Post.seq > 1)
    ).one()
    thread = db.session.get_one(Thread, thread_id)
    thread.reply_count = count
    thread.last_at = last or thread.created_at
    if thread.answer_id and db.session.get_one(Post, thread.answer_id).status != PUBLISHED:
        thread.answer_id = None
        announce(ThreadChanged(thread_id))


def tell_subject(thread_id: int, title: str, members_only: bool) -> None:
    """A case study changed: give its thread the same title and readers. Whether the thread is hidden does not change."""
    thread = db.session.get_one(Thread, thread_id)
    if (thread.title, thread.members_only) != (title, members_only):
        thread.title, thread.members_only = title, members_only
        announce(ThreadChanged(thread_id))


def set_subject_status(thread_id: int, visible: bool, members_only: bool = False) -> None:
    """A case study was published or taken away: its thread goes with it."""
    thread = db.session.get_one(Thread, thread_id)
    thread.status, thread.members_only = PUBLISHED if visible else HIDDEN, members_only
    queries.first_post(thread).status = thread.status
    announce(ThreadChanged(thread_id))


def render_older() -> int:
    """Render again what an older version of the renderer wrote; return how many posts."""
    return rendering.render_older(Post, lambda post: render(post.text, LONGEST_KEPT, prefix=f"r{post.id}-"))
