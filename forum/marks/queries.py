"""Reading marks. Counts are for things whose page the reader is on already; what somebody saved is read by them alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from forum.access.actors import Actor, Member
from forum.access.rules import READER
from forum.kernel.db import db, read
from forum.kernel.references import Card, cards
from forum.kernel.text import cut
from forum.marks.models import HELPFUL, Bookmark, Mark
from forum.web.kept import kept

EXCERPT = 220


_ON = (
    select(Mark.name, func.count(), func.count().filter(Mark.member_id == READER))
    .where(Mark.kind == bindparam("kind"), Mark.ref_id == bindparam("ref"))
    .group_by(Mark.name)
)


def on(actor: Actor, kind: str, id_: int) -> tuple[int, set[str]]:
    """How many members found a thing helpful, and the names of the actor's own marks on it. A visitor has none."""
    if not isinstance(actor, Member):
        return kept(("marks", kind, id_), lambda: _on(0, kind, id_))
    return _on(actor.id, kind, id_)


def _on(reader: int, kind: str, id_: int) -> tuple[int, set[str]]:
    rows = read(_ON, {"kind": kind, "ref": id_, "reader": reader}).all()
    return sum(count for name, count, _ in rows if name == HELPFUL), {name for name, _, own in rows if own}


@dataclass(frozen=True, slots=True)
class Bookmarked:
    """One thing on a member's list. `card` is None where they may no longer see it: then the list says nothing about it."""

    kind: str
    id: int
    at: datetime
    card: Card | None

    @property
    def excerpt(self) -> str:
        return cut(self.card.text, EXCERPT) if self.card else ""


def bookmarks(actor: Member, offset: int, limit: int) -> list[Bookmarked]:
    """Return what the actor saved for later, the last saved first."""
    rows = select(Bookmark.kind, Bookmark.ref_id, Bookmark.at).where(Bookmark.member_id == actor.id)
    newest = rows.order_by(Bookmark.at.desc(), Bookmark.kind, Bookmark.ref_id.desc()).offset(offset).limit(limit)
    found = db.session.execute(newest).all()
    shown = cards(actor, [(kind, id_) for kind, id_, _ in found])
    return [Bookmarked(kind, id_, at, shown.get((kind, id_))) for kind, id_, at in found]


def count_bookmarks(actor: Member) -> int:
    rows = select(func.count()).select_from(Bookmark).where(Bookmark.member_id == actor.id)
    return db.session.scalar(rows) or 0
