"""What people do with measures. Charts are made before, outside the transaction: see `charts.make`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.documents.rendering import older
from forum.kernel import revisions
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.outbox import touch_site
from forum.kernel.references import Ref
from forum.measures import queries
from forum.measures.charts import CHART_VERSION, Made, make
from forum.measures.fields import MOST_MEASURES
from forum.measures.models import Measure
from forum.measures.owner import Owner
from forum.measures.record import findings, gaps, normal
from forum.moderation.actions import account_for
from forum.records.schema import Record


def owned(owner: Owner, actor: Member, id_: int) -> Any:
    """The thing whose measures the actor may change. Raises `NotFound` or `Forbidden`."""
    thing = owner.get(actor, id_)
    authorize(actor, Permission.EDIT, thing)
    return thing


def ref_of(thing: Any) -> Ref:
    return (thing.kind, thing.id)


def add(actor: Member, owner: Owner, id_: int, record: Record, made: Made, reason: str = "") -> Measure:
    """A new measure, after those that are there. Raises `Invalid`."""
    return add_each(actor, owner, id_, [(record, made)], reason)[0]


def add_each(actor: Member, owner: Owner, id_: int, records: Sequence[tuple[Record, Made]], reason: str = "") -> list[Measure]:
    """New measures, after those that are there: all of them or, where one cannot be, none. Raises `Invalid`."""
    thing = owned(owner, actor, id_)
    have = queries.listed(ref_of(thing))
    active, more = sum(m.removed_at is None for m in have), len(records)
    if active + more > MOST_MEASURES or len(have) + more > 2 * MOST_MEASURES:
        there = f" There are {active} already, and {more} would come." if more > 1 else ""
        raise Invalid(f"There can be {MOST_MEASURES} measures.{there} Remove {'some' if more > 1 else 'one'} first.")
    at, first = now(), max((m.position for m in have), default=0) + 1
    account_for(actor, thing, "added a measure to it" if more == 1 else f"added {more} measures to it", reason)
    measures = []
    for place, (record, made) in enumerate(records, first):
        measure = Measure(
            kind=thing.kind, ref_id=thing.id, position=place, member_id=actor.id, record={}, created_at=at, saved_at=at
        )
        measure.version = 0
        db.session.add(measure)
        _keep(actor, owner, thing, measure, record, made, reason)
        measures.append(measure)
    return measures


def change(
    actor: Member,
    owner: Owner,
    id_: int,
    measure_id: int,
    record: Record,
    made: Made,
    version: int,
    reason: str = "",
    hide_earlier: bool = False,
) -> Measure:
    """Save a measure anew; what it was before is stored as a revision. `version` is the one that the edit began from.

    Raises `Invalid`, and `EditConflict` where somebody saved another value of the same field in between.
    """
    thing = owned(owner, actor, id_)
    measure = queries.get(ref_of(thing), measure_id, hidden=True)
    settled = normal(revisions.settle(("measure", measure.id), version, record, measure.record, measure.version))
    if settled == measure.record:
        return measure
    if settled != record:
        made = make(settled, f"m{measure.ref_id}x{measure.id}")
    by_staff = account_for(actor, thing, "edited a measure of it", reason)
    _keep(actor, owner, thing, measure, settled, made, reason)
    if by_staff and hide_earlier:
        revisions.hide_earlier(("measure", measure.id), now())
    return measure


def _keep(actor: Member, owner: Owner, thing: Any, measure: Measure, record: Record, made: Made, reason: str) -> None:
    wrong, found = gaps(record), findings(record)
    if wrong:
        raise Invalid(wrong[0].message, wrong[0].field)
    sure = next((f for f in found if f.severity == "block"), None)
    if sure is not None:
        raise Invalid(f"Take this out: “{sure.match}”. {sure.reason}", sure.field)
    measure.record, measure.saved_at, measure.version = dict(record), now(), measure.version + 1
    _store(measure, made)
    db.session.flush()
    revisions.keep(("measure", measure.id), actor.id, measure.record, measure.saved_at, reason)
    owner.changed(actor, thing, found)


def take_out(actor: Member, owner: Owner, id_: int, measure_id: int, reason: str = "") -> Measure:
    """Readers no longer see it; it can be put back."""
    thing = owned(owner, actor, id_)
    account_for(actor, thing, "removed a measure from it", reason)
    measure = queries.get(ref_of(thing), measure_id, hidden=True)
    measure.removed_at = now()
    db.session.flush()
    owner.changed(actor, thing, ())
    return measure


def put_back(actor: Member, owner: Owner, id_: int, measure_id: int, reason: str = "") -> Measure:
    thing = owned(owner, actor, id_)
    account_for(actor, thing, "put a measure back", reason)
    if queries.count(ref_of(thing)) >= MOST_MEASURES:
        raise Invalid(f"There can be {MOST_MEASURES} measures. Remove one first.")
    measure = queries.get(ref_of(thing), measure_id, hidden=True)
    measure.removed_at = None
    db.session.flush()
    owner.changed(actor, thing, ())
    return measure


def move_up(actor: Member, owner: Owner, id_: int, measure_id: int, reason: str = "") -> Measure:
    """Change places with the one before it; the first stays where it is."""
    thing = owned(owner, actor, id_)
    account_for(actor, thing, "changed the order of its measures", reason)
    order = [m for m in queries.listed(ref_of(thing)) if m.removed_at is None]
    measure = queries.get(ref_of(thing), measure_id, hidden=True)
    at = next((n for n, m in enumerate(order) if m.id == measure.id), 0)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
        for position, one in enumerate(order, 1):
            one.position = position
        db.session.flush()
        owner.changed(actor, thing, ())
    return measure


def lead(actor: Member, owner: Owner, id_: int, measure_id: int, reason: str = "") -> Measure:
    """Let it lead where there is room for one chart, in the place of any other."""
    return _lead(actor, owner, id_, measure_id, reason, leads=True)


def let_site_choose(actor: Member, owner: Owner, id_: int, measure_id: int, reason: str = "") -> Measure:
    """It no longer leads because its authors say so: the site chooses again."""
    return _lead(actor, owner, id_, measure_id, reason, leads=False)


def _lead(actor: Member, owner: Owner, id_: int, measure_id: int, reason: str, leads: bool) -> Measure:
    thing = owned(owner, actor, id_)
    measure = queries.get(ref_of(thing), measure_id, hidden=True)
    account_for(actor, thing, "chose the measure that leads its papers", reason)
    for one in queries.listed(ref_of(thing)):
        one.leads = leads and one.id == measure.id
    db.session.flush()
    owner.changed(actor, thing, ())
    return measure


def versions(owner: Owner, actor: Member, measure_id: int) -> tuple[Any, Ref, str]:
    """Return the thing that has it, its ref and its history's address, as `feature.Versions` asks. Raises `NotFound`."""
    measure = db.session.get(Measure, measure_id)
    if measure is None or measure.kind != owner.kind:
        raise NotFound("There is no such measure here.")
    thing = owner.get(actor, measure.ref_id)
    return thing, ("measure", measure.id), f"{thing.url}/measures/{measure.id}/history"


def bring(ref: Ref, member_id: int, records: Sequence[Record]) -> bool:
    """Give a thing the measures of a file: those of the same name become as they are there, others are added, none is taken out.

    Return whether anything changed. Call inside `transaction()`, with records that were looked at.
    """
    there = [m for m in queries.listed(ref) if m.removed_at is None]
    room, place, changed, at = MOST_MEASURES - len(there), max((m.position for m in there), default=0), False, now()
    for record in records:
        measure = next((m for m in there if m.record.get("name") == record.get("name")), None)
        if measure is not None:
            there.remove(measure)
        elif room > 0:
            room, place = room - 1, place + 1
            measure = Measure(kind=ref[0], ref_id=ref[1], position=place, member_id=member_id, record={}, created_at=at, version=0)
            db.session.add(measure)
        if measure is None or measure.record == record:
            continue
        measure.record, measure.saved_at, measure.version, changed = dict(record), at, measure.version + 1, True
        db.session.flush()
        draw_again(measure)
        revisions.keep(("measure", measure.id), member_id, measure.record, at, "Imported")
    db.session.flush()
    return changed


def draw_again(measure: Measure) -> None:
    """Make anew everything that is made from its record. Call inside `transaction()`."""
    _store(measure, make(measure.record, f"m{measure.ref_id}x{measure.id}"))


def draw_older() -> int:
    """Make anew what an older version of the program drew; return how many measures."""
    done = 0
    for measure in older(select(Measure).where(Measure.chart_version < CHART_VERSION)):
        with transaction():
            draw_again(measure)
            touch_site()
        done += 1
    return done


def _store(measure: Measure, made: Made) -> None:
    measure.chart_version = CHART_VERSION
    for name, value in asdict(made).items():
        setattr(measure, name, value)
