"""Reading measures. Who may read them is for the thing that has them: callers have fetched it for their actor."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import defer

from forum.kernel.db import db, read
from forum.kernel.errors import NotFound
from forum.kernel.references import Ref
from forum.measures.fields import MOST_MEASURES
from forum.measures.models import Measure


def get(ref: Ref, id_: int, hidden: bool = False) -> Measure:
    """One measure of that thing; one that readers do not see only where `hidden` says so. Raises `NotFound`."""
    found = db.session.get(Measure, id_)
    if found is None or (found.kind, found.ref_id) != ref or not (hidden or (found.shown and found.removed_at is None)):
        raise NotFound("There is no such measure here.")
    return found


def listed(ref: Ref) -> Sequence[Measure]:
    """All measures of a thing in their order, those taken out last; at most twice as many as it may have."""
    rows = select(Measure).where(Measure.kind == ref[0], Measure.ref_id == ref[1])
    rows = rows.order_by(Measure.removed_at.is_not(None), Measure.position, Measure.id)
    return db.session.scalars(rows.limit(2 * MOST_MEASURES)).all()


def shown(ref: Ref) -> list[Measure]:
    """Return those that readers see."""
    return shown_of(ref[0], [ref[1]])[ref[1]]


def shown_of(kind: str, ids: Sequence[int]) -> dict[int, list[Measure]]:
    """Return those that readers see, of many things in one query; without their records, whose points make them long."""
    found: dict[int, list[Measure]] = {id_: [] for id_ in ids}
    if found:
        for measure in db.session.scalars(_SHOWN, {"kind": kind, "ids": list(ids)}):
            found[measure.ref_id].append(measure)
    return found


_SEEN = (
    Measure.kind == bindparam("kind"),
    Measure.ref_id.in_(bindparam("ids", expanding=True)),
    Measure.shown.is_(True),
    Measure.removed_at.is_(None),
)
_SHOWN = select(Measure).where(*_SEEN).options(defer(Measure.record, raiseload=True)).order_by(Measure.position, Measure.id)
_SAID = select(Measure.ref_id, Measure.id, Measure.reading).where(*_SEEN).order_by(Measure.position, Measure.id)


def said_of(kind: str, ids: Sequence[int]) -> dict[int, list[tuple[int, dict[str, Any]]]]:
    """(id, `about`) of those that readers see, of many things in one query: their words, without figures and tables."""
    found: dict[int, list[tuple[int, dict[str, Any]]]] = {}
    if ids:
        for ref_id, id_, reading in read(_SAID, {"kind": kind, "ids": list(ids)}):
            found.setdefault(ref_id, []).append((id_, reading["about"]))
    return found


def record_of(measure: Measure) -> dict[str, Any]:
    """The whole record of one that was read without it."""
    found: dict[str, Any] = db.session.scalars(select(Measure.record).where(Measure.id == measure.id)).one()
    return found


def count(ref: Ref) -> int:
    """Return how many it has, those taken out left aside."""
    rows = select(func.count()).select_from(Measure)
    return db.session.scalar(rows.where(Measure.kind == ref[0], Measure.ref_id == ref[1], Measure.removed_at.is_(None))) or 0
