"""Reading organisations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from forum.access.actors import Actor
from forum.access.rules import may_view, visible
from forum.kernel.db import db, read
from forum.kernel.errors import NotFound
from forum.kernel.references import NOBODY, Card
from forum.kernel.text import slugify
from forum.organisations.models import CLOSED, PUBLISHED, SUGGESTED, Organisation, Partnership
from forum.taxonomy import queries as taxonomy

#: The note that every organisation of the demo content has.
INVENTED = "Invented for the demonstration"


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation as other things mention it."""

    id: int
    name: str
    slug: str
    type: str
    region: str
    board: str
    status: str

    @property
    def url(self) -> str:
        return f"/organisations/{self.id}-{self.slug}"


def _place(o: Any) -> Place:
    """An organisation, or a row with these columns of one."""
    return Place(o.id, o.name, slugify(o.name), o.type, o.region, o.board, o.status)


def get(actor: Actor, id_: int) -> Organisation:
    """One organisation the actor may see. Raises `NotFound`."""
    found = db.session.get(Organisation, id_)
    if found is None or not may_view(actor, found):
        raise NotFound("There is no such organisation here.")
    return found


def names() -> list[str]:
    """Names to offer while somebody types; at most 2,000."""
    rows = select(Organisation.name).where(Organisation.status == PUBLISHED).order_by(Organisation.name).limit(2_000)
    return list(db.session.scalars(rows))


def beginning(actor: Actor, text: str, limit: int) -> list[Place]:
    """Organisations the actor may see of which the name, or a word in it, begins so; those that begin so come first."""
    name, start = func.lower(Organisation.name), " ".join(text.lower().split())
    begins = name.startswith(start, autoescape=True)
    rows = select(Organisation).where(visible(actor, Organisation), or_(begins, name.contains(f" {start}", autoescape=True)))
    return [_place(o) for o in db.session.scalars(rows.order_by(begins.desc(), Organisation.name).limit(limit))]


def find(name_or_code: str) -> Organisation | None:
    """The organisation with that name (any case) or ODS code; a confirmed one before a suggestion."""
    wanted = " ".join(name_or_code.split())
    rows = (
        select(Organisation)
        .where(
            or_(func.lower(Organisation.name) == wanted.lower(), Organisation.ods_code == wanted.upper()),
            Organisation.status != CLOSED,
        )
        .order_by(Organisation.status == SUGGESTED, Organisation.id)
        .limit(1)
    )
    return db.session.scalars(rows).first()


_PLACES = (
    select(
        Partnership.ref_id,
        Organisation.id,
        Organisation.name,
        Organisation.type,
        Organisation.region,
        Organisation.board,
        Organisation.status,
    )
    .join(Organisation, Organisation.id == Partnership.organisation_id)
    .where(Partnership.kind == bindparam("kind"), Partnership.ref_id.in_(bindparam("ids", expanding=True)))
    .order_by(Partnership.position)
)


def places_of(kind: str, ids: Iterable[int]) -> dict[int, list[Place]]:
    """The organisations of many things in one query; suggestions included, since their authors named them."""
    wanted = list(ids)
    found: dict[int, list[Place]] = {id_: [] for id_ in wanted}
    if wanted:
        for row in read(_PLACES, {"kind": kind, "ids": wanted}):
            found[row.ref_id].append(_place(row))
    return found


def name_of(ids: Iterable[int | None]) -> dict[int, str]:
    """Names by id."""
    wanted = {i for i in ids if i}
    if not wanted:
        return {}
    rows = select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    return {row[0]: row[1] for row in db.session.execute(rows)}


def suggestions(limit: int) -> tuple[int, Sequence[Organisation]]:
    """Return how many wait for a moderator, and the oldest of them."""
    waiting = Organisation.status == SUGGESTED
    total = db.session.scalar(select(func.count()).select_from(Organisation).where(waiting)) or 0
    return total, db.session.scalars(select(Organisation).where(waiting).order_by(Organisation.id).limit(limit)).all()


def cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    visible_clause = visible(actor, Organisation)
    rows = db.session.scalars(select(Organisation).where(Organisation.id.in_(ids), visible_clause))
    return {
        o.id: Card(
            kind="organisation",
            id=o.id,
            title=o.name,
            url=_place(o).url,
            text=o.note,
            author=NOBODY,
            kicker=taxonomy.label("organisation-type", o.type),
            at=o.created_at,
            status=o.status,
        )
        for o in rows
    }


def invented_here() -> bool:
    """Return whether the demo content was loaded: every page says so then. False as well where there is no table yet."""
    try:
        return db.session.scalar(select(func.count()).select_from(Organisation).where(Organisation.note == INVENTED)) != 0
    except (OperationalError, ProgrammingError):
        db.session.rollback()
        return False
