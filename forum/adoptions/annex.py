"""Who tried it elsewhere, where a case study leaves the site, and where it comes in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from forum.access.actors import Actor, Member
from forum.accounts.queries import FORMER, by_username, people
from forum.adoptions import actions, queries, reach_elsewhere
from forum.adoptions.events import AdoptionChanged
from forum.adoptions.models import HELD, PUBLISHED, Adoption
from forum.adoptions.queries import KIND, stage_badge
from forum.adoptions.record import findings, gaps, normal, words
from forum.case_studies.models import PUBLISHED as OUT
from forum.case_studies.models import CaseStudy
from forum.documents.markdown_plain import as_markdown
from forum.kernel import revisions
from forum.kernel.db import db
from forum.kernel.errors import NotFound
from forum.kernel.outbox import announce
from forum.kernel.text import cut
from forum.kernel.wording import say_date
from forum.measures.models import Measure
from forum.measures.queries import shown_of
from forum.organisations.actions import name_partners
from forum.organisations.queries import places_of
from forum.records.schema import Record
from forum.web.annexes import Annex, Entry, Ready

#: Said in the title of an entry already.
_TITLED = {"Stage", "Organisations"}


def given(actor: Actor, case: CaseStudy) -> list[Entry]:
    """The entries that its page counts, the newest first; of core parts those that the case study shows."""
    if case.status != OUT:
        return []
    found = queries.entries(actor, case.id)
    who, ids = people(a.member_id for a in found), [a.id for a in found]
    places, measured, parts = places_of(KIND, ids), shown_of(KIND, ids), actions.core_parts(case)
    entries = []
    for adoption in found:
        by = who.get(adoption.member_id, FORMER)
        record = {**adoption.record, "kept": [part for part in adoption.record.get("kept", []) if part in parts]}
        record = normal(record)
        where = ", ".join(place.name for place in places[adoption.id]) or by.name
        facts = {"who": by.username, "name": by.name, "at": adoption.created_at.isoformat(), "record": record}
        said = _words(adoption, record, by.name, measured[adoption.id])
        entries.append(Entry(f"{where}: {stage_badge(adoption.stage)[0].lower()}", said, facts))
    return entries


def _words(adoption: Adoption, record: Record, by: str, measures: Sequence[Measure]) -> str:
    said = [(name, text) for name, text in words(record) if name not in _TITLED]
    said += [(m.name, str(m.reading["summary"])) for m in measures]
    told = [f"**{as_markdown(name)}:** {as_markdown(text)}" for name, text in said]
    verified = queries.verification_badge(adoption.verification)[0]
    return "\n\n".join([*told, f"By {as_markdown(by)}, {say_date(adoption.created_at)}. {verified}."])


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry as it will be stored, for somebody who is here."""

    member: Member
    record: Record
    at: datetime


def read(facts: Sequence[Mapping[str, Any]]) -> Ready:
    told, out = list[_Told](), list[str]()
    for row in facts[: queries.MOST]:
        try:
            told.append(_read(row))
        except (ValueError, KeyError, TypeError, AttributeError, NotFound) as problem:
            why = str(problem) if isinstance(problem, ValueError | NotFound) else "it cannot be read"
            out.append(f"“We tried this” of {cut(str(row.get('name', '')), 80) or 'somebody'}: {why}")
    return Ready(tuple(told), tuple(out))


def _read(row: Mapping[str, Any]) -> _Told:
    """Raises ValueError and its like for what is no entry, `NotFound` for one of somebody who is not here by that name."""
    record, account = normal(row["record"]), by_username(str(row["who"]))
    if account.name != row["name"]:
        raise NotFound("There is nobody of that name here.")
    if wrong := gaps(record, record.get("kept", [])):
        raise ValueError(wrong[0].message)
    if found := findings(record):
        raise ValueError(f"take out “{found[0].match}”")
    return _Told(account.member(), record, datetime.fromisoformat(row["at"]).astimezone())


def take(case: CaseStudy, things: Sequence[_Told]) -> bool:
    """Add the entries that are not there yet. While the case study waits for a moderator, they do as well."""
    rows = db.session.scalars(select(Adoption).where(Adoption.case_study_id == case.id).limit(1_000))
    known = [(a.member_id, a.record) for a in rows]
    new = [told for told in things if (told.member.id, told.record) not in known]
    for told in reversed(new):
        record = dict(told.record)
        adoption = Adoption(case_study_id=case.id, member_id=told.member.id, record=record, created_at=told.at, saved_at=told.at)
        adoption.status = PUBLISHED if case.status == OUT else HELD
        adoption.stage, adoption.result = record["stage"], record.get("result", "")
        db.session.add(adoption)
        db.session.flush()
        name_partners(told.member, (KIND, adoption.id), record["organisations"])
        revisions.keep((KIND, adoption.id), told.member.id, record, told.at)
        announce(AdoptionChanged(adoption.id, case.id))
    if new:
        reach_elsewhere.refresh(case.id)
    return bool(new)


ANNEX = Annex("adoptions", "Who tried it elsewhere", given, read, take)
