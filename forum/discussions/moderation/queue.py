"""What discussions add to the moderators' queue: posts that are held for a moderator."""

from forum.access.actors import Member
from forum.accounts.queries import FORMER, people
from forum.discussions import queries
from forum.moderation.queue import QueueItem, QueueSource, held_item


def items(actor: Member, limit: int) -> tuple[int, list[QueueItem]]:
    total, waiting = queries.held(limit)
    who = people(p.member_id for p, _ in waiting)
    return total, [
        held_item(
            actor,
            who.get(post.member_id, FORMER),
            post.justification,
            kind="held",
            id_=post.id,
            what="Thread" if post.seq == 1 else "Reply",
            title=queries.describe(thread, post),
            url=queries.url_of_reply(post, thread),
            since=post.created_at,
        )
        for post, thread in waiting
    ]


QUEUE = QueueSource("held", "Posts to check", items, queries.count_held)
