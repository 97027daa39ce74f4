"""Reading marks. Counts are for things whose page the reader is on already; what somebody saved is read by them alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from forum.access.actors import Actor, Member
from forum.kernel.db import db
from forum.kernel.refs import Card, cards
from forum.kernel.text import cut
from forum.marks.models import HELPFUL, SAVED, Mark

EXCERPT = 220


def helpful_counts(kind: str, ids: Iterable[int]) -> dict[int, int]:
    """How many members found each of these things helpful; those that nobody marked are left out."""
    rows = select(Mark.ref_id, func.count()).where(Mark.kind == kind, Mark.ref_id.in_(list(ids)), Mark.name == HELPFUL)
    return {row[0]: row[1] for row in db.session.execute(rows.group_by(Mark.ref_id))}


def mine(actor: Actor, kind: str, ids: Iterable[int]) -> dict[int, set[str]]:
    """The actor's own marks on these things: id → names. A visitor has none."""
    if not isinstance(actor, Member):
        return {}
    rows = select(Mark.ref_id, Mark.name).where(Mark.kind == kind, Mark.ref_id.in_(list(ids)), Mark.member_id == actor.id)
    found: dict[int, set[str]] = {}
    for id_, name in db.session.execute(rows):
        found.setdefault(id_, set()).add(name)
    return found


@dataclass(frozen=True, slots=True)
class Saved:
    """One thing on a member's list. `card` is None where they may no longer see it: then nothing is told of it."""

    kind: str
    id: int
    at: datetime
    card: Card | None

    @property
    def excerpt(self) -> str:
        return cut(self.card.text, EXCERPT) if self.card else ""


def saved(actor: Member, offset: int, limit: int) -> list[Saved]:
    """What the actor saved for later, the last saved first."""
    rows = select(Mark.kind, Mark.ref_id, Mark.at).where(Mark.member_id == actor.id, Mark.name == SAVED)
    newest = rows.order_by(Mark.at.desc(), Mark.kind, Mark.ref_id.desc()).offset(offset).limit(limit)
    found = db.session.execute(newest).all()
    seen = cards(actor, [(kind, id_) for kind, id_, _ in found])
    return [Saved(kind, id_, at, seen.get((kind, id_))) for kind, id_, at in found]


def saved_count(actor: Member) -> int:
    rows = select(func.count()).select_from(Mark).where(Mark.member_id == actor.id, Mark.name == SAVED)
    return db.session.scalar(rows) or 0
