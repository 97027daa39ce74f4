"""What discussions add to the moderators' queue: posts that are held for a moderator."""

from sqlalchemy import and_, func, or_, select

from forum.access.actors import Member
from forum.accounts.queries import FORMER, people
from forum.discussions import queries
from forum.discussions.models import HELD, Post, Thread
from forum.kernel.db import db
from forum.kernel.text import cut
from forum.moderation.queue import QueueItem, QueueSource, held_item


def items(actor: Member, limit: int) -> tuple[int, list[QueueItem]]:
    total, waiting = held(limit)
    who = people(p.member_id for p, _ in waiting)
    return total, [
        held_item(
            actor,
            who.get(post.member_id, FORMER),
            post.justification,
            kind="held",
            id_=post.id,
            what="Thread" if post.seq == 1 else "Reply",
            title=describe(thread, post),
            url=queries.url_of_reply(post, thread),
            since=post.created_at,
        )
        for post, thread in waiting
    ]


def held(limit: int) -> tuple[int, list[tuple[Post, Thread]]]:
    """Posts that wait for a moderator: how many, and the oldest."""
    waiting = or_(and_(Post.status == HELD, Post.seq > 1), and_(Thread.status == HELD, Post.seq == 1))
    rows = select(Post, Thread).join(Thread, Thread.id == Post.thread_id).where(waiting)
    return count_held(), [(p, t) for p, t in db.session.execute(rows.order_by(Post.id).limit(limit))]


def count_held() -> int:
    return db.session.scalar(select(func.count()).select_from(Post).where(Post.status == HELD)) or 0


def describe(of: Thread, post: Post) -> str:
    """A few words that name a post on the moderators' desk."""
    return of.title if post.seq == 1 else f"Reply in: {cut(of.title, 80)}"


QUEUE = QueueSource("held", "Posts to check", items, count_held)
