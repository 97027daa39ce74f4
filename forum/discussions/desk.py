"""What discussions add to the moderators' queue: posts that are held."""

from forum.access.actors import Member
from forum.accounts.queries import FORMER, people
from forum.discussions import queries
from forum.moderation.queue import QueueItem, QueueSource


def items(actor: Member, limit: int) -> tuple[int, list[QueueItem]]:
    total, held = queries.held(limit)
    who = people(p.member_id for p, _ in held)
    found = []
    for post, thread in held:
        person = who.get(post.member_id, FORMER)
        flagged = bool(post.justification)
        found.append(
            QueueItem(
                kind="held",
                id=post.id,
                what="Thread" if post.seq == 1 else "Reply",
                title=queries.describe(thread, post),
                url=queries.url_of_reply(post, thread),
                since=post.created_at,
                author_id=person.id,
                author_name=person.name,
                author_role=person.role,
                author_organisation=person.organisation,
                flags=(("Possible identifying detail", "bad"),) if flagged else (("New member", "neutral"),),
                urgent=flagged,
                own=post.member_id == actor.id,
            )
        )
    return total, found


QUEUE = QueueSource("held", "Held posts", items, queries.count_held)
