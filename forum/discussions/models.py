"""Threads and their posts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.access.rules import Owned
from forum.kernel.db import Model
from forum.kernel.text import slugify

HELD, PUBLISHED, HIDDEN = "held", "published", "hidden"
POSTS_PER_PAGE = 20


class Thread(Owned, Model):
    """A discussion or a question. Its first post is the post with `seq` 1; `reply_count` counts published replies."""

    __tablename__ = "threads"
    __table_args__ = (
        Index("ix_threads_status_pinned_last_at_id", "status", "pinned", "last_at", "id"),
        Index("ix_threads_status_last_at_id", "status", "last_at", "id"),
        Index(
            "ix_threads_unanswered",
            "status",
            sqlite_where=text("question = 1 AND answer_id IS NULL"),
            postgresql_where=text("question AND answer_id IS NULL"),
        ),
        Index("ix_threads_member_id_status", "member_id", "status"),
        Index("ix_threads_subject_kind_subject_id", "subject_kind", "subject_id"),
    )
    kind = "thread"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    member_id: Mapped[int]
    status: Mapped[str] = mapped_column(default=PUBLISHED)
    question: Mapped[bool] = mapped_column(default=False)
    pinned: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_at: Mapped[datetime]
    posts_made: Mapped[int] = mapped_column(default=0)
    reply_count: Mapped[int] = mapped_column(default=0)
    answer_id: Mapped[int | None]
    subject_kind: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[int] = mapped_column(default=0)
    #: Set on threads that the site itself opens, so that opening them again finds them.
    site_key: Mapped[str | None] = mapped_column(unique=True)
    #: The thread of a case study that only members may read.
    members_only: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def slug(self) -> str:
        return slugify(self.title)

    @property
    def url(self) -> str:
        return address_of(self.id, self.title)


def address_of(id_: int, title: str) -> str:
    return f"/discussions/{id_}-{slugify(title)}"


def place_of_reply(id_: int, seq: int, thread: str) -> str:
    """Where a reply stands: page and anchor, in the thread at that address."""
    page = page_of(seq)
    return f"{thread}{f'?page={page}' if page > 1 else ''}#reply-{id_}"


class Post(Owned, Model):
    """One post of a thread. `html` is `text` rendered and sanitised when it was written (law 5)."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("thread_id", "seq"),
        # Only what waits for a moderator: a whole index on status would be chosen for a thread's posts, and read them all.
        Index("ix_posts_held", "id", sqlite_where=text("status = 'held'"), postgresql_where=text("status = 'held'")),
        Index("ix_posts_member_id", "member_id"),
        # Somebody's last reply in a thread, however long it is.
        Index("ix_posts_thread_id_member_id_id", "thread_id", "member_id", "id"),
    )
    kind = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    seq: Mapped[int]
    member_id: Mapped[int]
    status: Mapped[str] = mapped_column(default=PUBLISHED)
    text: Mapped[str]
    html: Mapped[str]
    render_version: Mapped[int]
    #: What the author said about details that might identify somebody; a moderator looks before it is published.
    justification: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    thanks: Mapped[int] = mapped_column(default=0)

    @property
    def anchor(self) -> str:
        return f"reply-{self.id}"

    @property
    def page(self) -> int:
        return page_of(self.seq)


def page_of(seq: int) -> int:
    """The page of a thread on which its `seq`-th post stands."""
    return (seq - 1) // POSTS_PER_PAGE + 1


class Thanks(Model):
    """A member thanked somebody for a post: once."""

    __tablename__ = "thanks"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    at: Mapped[datetime]
