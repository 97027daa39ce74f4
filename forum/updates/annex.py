"""What happened since, where a case study leaves the site, and where it comes in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from forum.access.actors import Actor
from forum.case_studies.models import CaseStudy
from forum.documents.identifiability import check
from forum.documents.markdown import LONGEST_KEPT, RENDER_VERSION, render
from forum.kernel.clock import today
from forum.kernel.db import db
from forum.kernel.text import clean
from forum.taxonomy.models import STATUS
from forum.taxonomy.queries import label
from forum.updates import queries
from forum.updates.models import PUBLISHED, Update
from forum.web.annexes import Annex, Entry, Ready


def given(actor: Actor, case: CaseStudy) -> list[Entry]:
    """The timeline of its page, the latest first; what moderators hid is left out for everybody."""
    if case.published_at is None:
        return []
    entries = [e for e in queries.timeline(actor, case) if e.update is None or e.update.status == PUBLISHED]
    return [Entry(f"{e.when}: {e.title}", _words(e), _facts(e.update) if e.update else None) for e in entries]


def _words(entry: queries.TimelineEntry) -> str:
    text = entry.update.text if entry.update else ""
    return "\n\n".join(filter(None, [text, *entry.added, f"By {entry.by}." if entry.by else ""]))


def _facts(update: Update) -> dict[str, Any]:
    return {
        "entry": update.entry,
        "happened": update.happened.isoformat(),
        "recorded": update.recorded_at.isoformat(),
        "status": update.practice_status,
        "text": update.text,
        "added": [[name, count] for name, count in update.added],
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry as it will be stored."""

    entry: str
    happened: date
    recorded_at: datetime
    practice_status: str
    text: str
    html: str
    added: list[list[Any]]


def read(facts: Sequence[Mapping[str, Any]]) -> Ready:
    told, out = list[_Told](), list[str]()
    for row in facts[: queries.MOST]:
        try:
            told.append(_read(row))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            out.append(f"an update: {problem if isinstance(problem, ValueError) else 'it cannot be read'}")
    return Ready(tuple(told), tuple(out))


def _read(row: Mapping[str, Any]) -> _Told:
    """Raises ValueError and its like for what is no entry, or may not be stored."""
    text, happened = clean(row.get("text", "")).strip(), date.fromisoformat(row["happened"])
    if row["entry"] not in queries.TITLES or happened > today():
        raise ValueError("there is no such entry, or it lies in the future")
    if found := [f for f in check({"text": text}) if f.severity == "block"]:
        raise ValueError(f"take out “{found[0].match}”")
    recorded = datetime.fromisoformat(row["recorded"]).astimezone()
    status = str(row.get("status") or "")
    status = status if label(STATUS, status) else ""
    added = [[str(name), int(count)] for name, count in row.get("added") or []]
    return _Told(row["entry"], happened, recorded, status, text, render(text, LONGEST_KEPT) if text else "", added)


def take(case: CaseStudy, things: Sequence[_Told]) -> bool:
    """Add the entries that are not there yet, as its owner's: who wrote them may be nobody here."""
    there = db.session.scalars(select(Update).where(Update.case_study_id == case.id).limit(1_000))
    known = {(u.entry, u.happened, u.recorded_at, u.text) for u in there}
    new = [told for told in things if (told.entry, told.happened, told.recorded_at, told.text) not in known]
    for told in reversed(new):
        db.session.add(
            Update(
                case_study_id=case.id,
                member_id=case.member_id,
                entry=told.entry,
                happened=told.happened,
                recorded_at=told.recorded_at,
                practice_status=told.practice_status,
                text=told.text,
                html=told.html,
                render_version=RENDER_VERSION,
                added=told.added,
            )
        )
    db.session.flush()
    return bool(new)


ANNEX = Annex("updates", "Did it last?", given, read, take)
