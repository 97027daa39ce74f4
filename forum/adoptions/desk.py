"""What adoptions add to the moderators' queue: those that are held."""

from forum.access.actors import Member
from forum.accounts.queries import FORMER, people
from forum.adoptions import queries
from forum.moderation.queue import QueueItem, QueueSource


def items(actor: Member, limit: int) -> tuple[int, list[QueueItem]]:
    total, held = queries.held(limit)
    who = people(a.member_id for a in held)
    found = []
    for adoption in held:
        person, flagged = who.get(adoption.member_id, FORMER), bool(adoption.justification)
        found.append(
            QueueItem(
                kind=queries.KIND,
                id=adoption.id,
                what="We tried this",
                title=adoption.name,
                url=adoption.url,
                since=adoption.saved_at,
                author_id=person.id,
                author_name=person.name,
                author_role=person.role,
                author_organisation=person.organisation,
                flags=(("Possible identifying detail", "bad"),) if flagged else (("New member", "neutral"),),
                urgent=flagged,
                own=adoption.member_id == actor.id,
            )
        )
    return total, found


QUEUE = QueueSource(queries.KIND, "We tried this", items, queries.count_held)
