"""Reading updates and the timeline that they are part of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markupsafe import Markup
from sqlalchemy import Select, bindparam, false, or_, select

from forum.access.actors import Actor, Member, alike
from forum.access.rules import READER, may_view, parts, visible
from forum.accounts.queries import FORMER, people
from forum.case_studies import queries as case_studies
from forum.case_studies.evidence.currency import ENDED, started_on
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.documents.markdown import plain
from forum.kernel.db import db, let_go, read
from forum.kernel.errors import NotFound
from forum.kernel.references import Card, Ref
from forum.kernel.wording import say_date, year_month
from forum.measures import queries as measures
from forum.taxonomy.queries import label, lists
from forum.updates import models
from forum.updates.models import CONFIRMATION, RECOVERY, SETBACK, UPDATE, Update
from forum.web.kept import kept

MOST = 60
TITLES = {UPDATE: "Update", SETBACK: "Setback", RECOVERY: "Recovery", CONFIRMATION: "Still our practice"}


def get(actor: Actor, id_: int) -> Update:
    """One entry that the actor may see, of a case study that they may see. Raises `NotFound`."""
    found = db.session.get(Update, id_)
    if found is None or not may_view(actor, found):
        raise NotFound("There is no such update, or it is not public.")
    case_studies.get(actor, found.case_study_id)
    return found


def versions(actor: Actor, id_: int) -> tuple[Update, Ref, str]:
    found = get(actor, id_)
    return found, (Update.kind, id_), f"/case-studies/{found.case_study_id}/updates/{id_}/history"


def of(actor: Actor, case: CaseStudy) -> Sequence[Update]:
    """The entries of a case study that the actor may see, the latest first; at most 60."""
    who = actor.id if isinstance(actor, Member) else 0
    return db.session.scalars(_of(alike(actor)), {"case": case.id, "reader": who}).all()


@lru_cache(maxsize=8)
def _of(actor: Actor) -> Select[Update]:
    """Built once for each kind of reader."""
    rows = select(Update).where(Update.case_study_id == bindparam("case"), or_(false(), *parts(actor, Update, me=READER)))
    return rows.order_by(Update.happened.desc(), Update.id.desc()).limit(MOST)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline: a date as people say it, what happened, and who said so; `update` where somebody wrote it."""

    day: date
    when: str
    title: str
    kind: str
    html: Markup | str = ""
    by: str = ""
    added: tuple[str, ...] = ()
    update: Update | None = None


def timeline(actor: Actor, case: CaseStudy) -> Sequence[TimelineEntry]:
    """What happened, the latest first: start, phases of its measures, publication, everything written since, and its end.

    Kept for what is out, the same for all who may see the same: but for those of whom something is hidden, which they still see.
    """
    if case.status != PUBLISHED:
        return _timeline(actor, case)
    hidden = kept(("updates hidden", case.id), lambda: frozenset(read(_HIDDEN, {"case": case.id}).scalars()))
    if isinstance(actor, Member) and actor.id in hidden:
        return _timeline(actor, case)
    who = alike(actor)
    return kept(("timeline", who, case.id, lists().read_at), lambda: _timeline(who, case))


_HIDDEN = select(Update.member_id).where(Update.case_study_id == bindparam("case"), Update.status != models.PUBLISHED)


def _timeline(actor: Actor, case: CaseStudy) -> list[TimelineEntry]:
    updates = of(actor, case)
    let_go(*updates)
    who = people(u.member_id for u in updates)
    entries = [_written(u, who.get(u.member_id, FORMER).name) for u in updates]
    started = started_on(case)
    if started is not None:
        entries.append(TimelineEntry(started, year_month(case.record["started"]), "Started", "start"))
    said = measures.said_of(CaseStudy.kind, [case.id]) if case.measures_shown else {}
    phases = {tuple(phase) for _, about in said.get(case.id, []) for phase in about["phases"]}
    entries += [TimelineEntry(day := date.fromisoformat(start), say_date(day), words, "phase") for start, words in sorted(phases)]
    if case.published_at is not None:
        entries.append(TimelineEntry(case.published_at.date(), say_date(case.published_at), "Published here", "published"))
    if case.practice_status in ENDED and case.record.get("stopped"):
        entries.append(_ended(case))
    return sorted(entries, key=lambda e: (e.day, e.kind == "published", e.update.id if e.update else 0), reverse=True)[:MOST]


def _written(update: Update, by: str) -> TimelineEntry:
    status = label("status", update.practice_status)
    title = TITLES[update.entry] + (f": {status.lower()}" if status and update.entry != CONFIRMATION else "")
    added = tuple(f"{count} new {'figure' if count == 1 else 'figures'} for “{name}”" for name, count in update.added)
    return TimelineEntry(update.happened, say_date(update.happened), title, update.entry, Markup(update.html), by, added, update)


def _ended(case: CaseStudy) -> TimelineEntry:
    text = case.record["stopped"]
    day = date.fromisoformat(f"{text}-01-01"[:10])
    return TimelineEntry(day, year_month(text), label("status", case.practice_status), "end")


def cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    """Updates as things that can be reported and decided on."""
    rows = select(Update).where(Update.id.in_(ids), visible(actor, Update)).order_by(Update.id)
    updates = db.session.scalars(rows).all()
    about = case_studies.cards(actor, [u.case_study_id for u in updates])
    who = people(u.member_id for u in updates)
    return {
        u.id: Card(
            kind=Update.kind,
            id=u.id,
            title=f"{TITLES[u.entry]} of {about[u.case_study_id].title}",
            url=f"{about[u.case_study_id].url}#update-{u.id}",
            text=plain(u.html),
            author=who.get(u.member_id, FORMER),
            at=u.recorded_at,
            status=u.status,
        )
        for u in updates
        if u.case_study_id in about
    }
