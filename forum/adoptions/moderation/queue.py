"""What adoptions add to the moderators' queue: those that are held for a moderator."""

from forum.access.actors import Member
from forum.accounts.queries import FORMER, people
from forum.adoptions import queries
from forum.moderation.queue import QueueItem, QueueSource, held_item

WHAT = "We tried this"


def items(actor: Member, limit: int) -> tuple[int, list[QueueItem]]:
    total, waiting = queries.held(limit)
    who = people(a.member_id for a in waiting)
    return total, [
        held_item(
            actor,
            who.get(a.member_id, FORMER),
            a.justification,
            kind=queries.KIND,
            id_=a.id,
            what=WHAT,
            title=a.name,
            url=a.url,
            since=a.saved_at,
        )
        for a in waiting
    ]


QUEUE = QueueSource(queries.KIND, WHAT, items, queries.count_held)
