"""What belongs to a discussion when words are removed from it for good: the thread, its posts, and what repeats them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from forum.discussions.events import ReplyChanged, ThreadChanged
from forum.discussions.models import Post, Thread
from forum.documents.markdown import TooComplex, render
from forum.kernel.db import db
from forum.kernel.outbox import announce
from forum.kernel.references import Ref
from forum.purging.words import Scope


def refs_of(thread_id: int) -> list[Ref]:
    """The thread and each of its posts."""
    posts = db.session.scalars(select(Post.id).where(Post.thread_id == thread_id))
    return [(Thread.kind, thread_id), *((Post.kind, id_) for id_ in posts)]


def scope(thread: Thread) -> Scope:
    refs = refs_of(thread.id)

    def again(changed: Mapping[str, Sequence[Any]]) -> None:
        posts_again(changed)
        announce(ThreadChanged(thread.id))

    # A reply has an address of its own, under which drafts of changes to it are stored.
    addresses = [f"/discussions/{thread.id}", *(f"/discussions/replies/{id_}" for kind, id_ in refs if kind == Post.kind)]
    return Scope(thread, {"threads": [thread.id]}, {"thread_id": [thread.id]}, refs, addresses, again)


def posts_again(changed: Mapping[str, Sequence[Any]]) -> None:
    """Render the posts that were changed; whoever has one open to edit meets a conflict, and cannot put the words back unasked."""
    for post_id in changed.get("posts", ()):
        post = db.session.get_one(Post, post_id)
        post.version += 1
        try:
            post.html = render(post.text, prefix=f"r{post.id}-")
        except TooComplex:
            post.html = ""
        if post.seq == 1:
            db.session.get_one(Thread, post.thread_id).version += 1
        announce(ReplyChanged(post.id, post.thread_id))
