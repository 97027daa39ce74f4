"""Reading case studies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import selectinload

from forum.access.actors import Actor, Member
from forum.access.rules import may_view, visible
from forum.accounts.models import Account, reachable
from forum.accounts.queries import FORMER, people, role_words
from forum.case_studies import facts
from forum.case_studies.models import DRAFT, PUBLISHED, SUBMITTED, Attachment, CaseStudy, Clash, Consent, address_of
from forum.case_studies.passages import measure_passages, one_line, passages, words
from forum.discussions.models import Post, Thread
from forum.kernel.clock import today
from forum.kernel.db import db, let_go, read
from forum.kernel.errors import NotFound
from forum.kernel.references import Card, Fact, Person, Ref, Tag
from forum.measures.queries import said_of
from forum.organisations.models import Organisation
from forum.organisations.queries import Place, places_of
from forum.records.schema import Record
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import BARRIER, CARE_MODEL, ELEMENT, INVOLVEMENT, PART, SECTOR
from forum.web.kept import kept

KIND = CaseStudy.kind
GONE = "There is no such case study, or it is not public."
BADGES = {
    "better": ("It got better", "good", "check"),
    "mixed": ("Mixed results", "info", "chart"),
    "no-change": ("No change", "learn", "repeat"),
    "worse": ("Learning from failure", "learn", "repeat"),
    "too-early": ("Too early to tell", "warn", "clock"),
}


def get(actor: Actor, id_: int) -> CaseStudy:
    """One case study the actor may see. Raises `NotFound`."""
    found = db.session.get(CaseStudy, id_)
    if found is None or not may_view(actor, found):
        raise NotFound(GONE)
    return found


def shown(actor: Actor, id_: int) -> CaseStudy:
    """The same, to be read: one that is out is kept while the site stays as it is, in no session. Of others no version tells."""
    found = kept(("case study", id_), lambda: _out(id_))
    if found is None:
        return get(actor, id_)
    if not may_view(actor, found):
        raise NotFound(GONE)
    return found


def _out(id_: int) -> CaseStudy | None:
    found = db.session.get(CaseStudy, id_, options=[selectinload(CaseStudy.authorships)])
    if found is None or found.status != PUBLISHED:
        return None
    let_go(found, *found.authorships)
    return found


def versions(actor: Actor, id_: int) -> tuple[CaseStudy, Ref, str]:
    found = get(actor, id_)
    return found, (KIND, id_), f"{found.url}/history"


def several(actor: Actor, ids: Sequence[int]) -> list[CaseStudy]:
    """Return those of them that the actor may see, in that order."""
    wanted = select(CaseStudy).where(CaseStudy.id.in_(ids), visible(actor, CaseStudy))
    found = db.session.scalars(wanted.options(selectinload(CaseStudy.authorships))).all()
    return sorted(found, key=lambda case: ids.index(case.id))


def draft_of(case: CaseStudy) -> Record:
    """Return what its form shows: the authors' unsent record where there is one, else what was sent."""
    return case.working if case.working is not None else case.record


def clashes(case: CaseStudy) -> Sequence[Clash]:
    """Second versions that wait for a choice; at most 50."""
    rows = select(Clash).where(Clash.case_study_id == case.id).order_by(Clash.id).limit(50)
    return db.session.scalars(rows).all()


def files_of(case: CaseStudy) -> Sequence[Attachment]:
    """Its pictures and files, in the order they came; at most 50."""
    return db.session.scalars(_FILES, {"case": case.id}).all()


_FILES = select(Attachment).where(Attachment.case_study_id == bindparam("case")).order_by(Attachment.id).limit(50)


def shown_files(case: CaseStudy, unsent: bool = False) -> list[Attachment]:
    """Return those that readers may see: what lacks a consent that is still in force is left out. With the `unsent` ones, as a
    preview shows them; a draft that was never sent has no others."""
    files = [f for f in files_of(case) if f.sent or unsent or not (case.record or f.asked)]
    if not files:
        return []
    consents = {c.id: c for c in consents_of(case)}
    on = today()
    return [f for f in files if f.consent_id is None or consents[f.consent_id].in_force(on)]


def consents_of(case: CaseStudy) -> Sequence[Consent]:
    """The consents recorded for it, the newest first; at most 50."""
    rows = select(Consent).where(Consent.case_study_id == case.id).order_by(Consent.id.desc()).limit(50)
    return db.session.scalars(rows).all()


def count_files(case: CaseStudy) -> int:
    rows = select(func.count()).select_from(Attachment).where(Attachment.case_study_id == case.id)
    return db.session.scalar(rows) or 0


def tagged(values: Record) -> dict[str, list[str]]:
    """Return what a record says in terms of the lists, by list: these are what it can be found by. The highest involvement
    counts."""
    levels = [row["level"] for row in values.get("involvement", [])]
    order = [t.slug for t in taxonomy.terms(INVOLVEMENT)]
    highest = max((level for level in levels if level in order), key=order.index, default="")
    return {
        ELEMENT: values.get("elements", []),
        CARE_MODEL: values.get("care_models", []),
        SECTOR: values.get("sectors", []),
        PART: values.get("settings", []),
        BARRIER: [row["barrier"] for row in values.get("barriers", [])],
        INVOLVEMENT: [highest] if highest else [],
    }


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case study in a list."""

    id: int
    title: str
    url: str
    summary: str
    elements: tuple[Tag, ...]
    badge: tuple[str, str, str] | None
    kicker: str
    author: Person
    thanks: int
    replies: int
    published: datetime | None
    status: str
    tried: int
    saved: datetime
    #: What decides whether it is worth reading; whether readers see figures over time is among it.
    facts: tuple[Fact, ...]
    measured: bool
    editable: bool = False


def rows(cases: Sequence[CaseStudy], counted: bool = True) -> list[CaseRow]:
    """Rows for a list, with a constant number of queries; replies and thanks are nought where they are not `counted`."""
    ids = [c.id for c in cases]
    who = people(c.member_id for c in cases)
    tags = taxonomy.tags_of(KIND, ids)
    places = places_of(KIND, ids)
    talk = _talk([c.thread_id for c in cases if c.thread_id and counted])
    return [_row(c, who.get(c.member_id, FORMER), tags[c.id], places[c.id], talk.get(c.thread_id or 0, (0, 0))) for c in cases]


#: What stands beside a case study: who wrote it, and what others made of it.
_AROUND = (
    Account.id.label("author"),
    Account.username,
    Account.name.label("author_name"),
    Account.role,
    Organisation.name.label("organisation"),
    func.coalesce(Thread.reply_count, 0).label("replies"),
    select(func.coalesce(func.sum(Post.thanks), 0)).where(Post.thread_id == Thread.id).scalar_subquery().label("thanks"),
)
#: What a row of a list says of a published case study: the texts, which may be a hundred times longer, stay in the database.
LISTED = (
    CaseStudy.id,
    CaseStudy.title,
    CaseStudy.summary,
    CaseStudy.practice_status,
    CaseStudy.outcome,
    CaseStudy.status,
    CaseStudy.published_at,
    CaseStudy.saved_at,
    CaseStudy.measures_shown,
    CaseStudy.data_months,
    CaseStudy.lasting_months,
    CaseStudy.tried,
    CaseStudy.travel,
    CaseStudy.evidence_level,
    CaseStudy.evidence_suggested,
    CaseStudy.source_name,
    CaseStudy.source_author,
    CaseStudy.title.label("name"),
    *_AROUND,
)


def with_author(listed: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement for these columns with the tables that they are of."""
    of = listed.outerjoin(Account, Account.id == CaseStudy.member_id)
    of = of.outerjoin(Organisation, Organisation.id == Account.organisation_id)
    return of.outerjoin(Thread, Thread.id == CaseStudy.thread_id)


def listed(found: Sequence[Any]) -> list[CaseRow]:
    """Rows for a list of what a statement for `LISTED` found. Two queries."""
    ids = [c.id for c in found]
    tags, places = taxonomy.tags_of(KIND, ids), places_of(KIND, ids)
    return [_row(c, _author(c), tags[c.id], places[c.id], (c.replies, c.thanks)) for c in found]


@dataclass(frozen=True, slots=True)
class Beside:
    """What the page of a case study says of it beside its text."""

    row: CaseRow
    tags: Sequence[taxonomy.Choice]
    places: Sequence[Place]
    owner: Person
    reachable: bool
    #: Not in the session: a thread with only what the access rules need.
    thread: Thread | None

    def discussion(self, actor: Actor) -> str:
        """The address of its discussion, "" where the actor sees none."""
        return self.thread.url if self.thread is not None and may_view(actor, self.thread) else ""


_BESIDE = with_author(
    select(
        *_AROUND,
        Account.contactable,
        Account.password_hash,
        Account.confirmed_at,
        Thread.id.label("thread"),
        Thread.title,
        Thread.status,
        Thread.member_id,
        Thread.members_only,
    ).select_from(CaseStudy)
).where(CaseStudy.id == bindparam("case"))


def beside(case: CaseStudy) -> Beside:
    """Return what stands beside it: three queries. Cached for published ones only, as edits of a draft do not raise the site
    version."""
    lists = taxonomy.lists().read_at
    return kept(("beside", case.id, lists), lambda: _beside(case)) if case.status == PUBLISHED else _beside(case)


def _beside(case: CaseStudy) -> Beside:
    c = read(_BESIDE, {"case": case.id}).one()
    tags, places, owner = taxonomy.tags_of(KIND, [case.id])[case.id], places_of(KIND, [case.id])[case.id], _author(c)
    thread = Thread(id=c.thread, title=c.title, status=c.status, member_id=c.member_id, members_only=c.members_only)
    return Beside(
        row=_row(case, owner, tags, places, (c.replies, c.thanks)),
        tags=tags,
        places=places,
        owner=owner,
        reachable=bool(c.author) and reachable(c),
        thread=thread if c.thread else None,
    )


def _author(c: Any) -> Person:
    return Person(c.author, c.author_name, role_words(c.role), c.organisation or "", c.username) if c.author else FORMER


def _by(person: Person, imported: str, places: Sequence[Any]) -> Person:
    """Whose it is: of a text that was imported its author elsewhere; beside the name, where the practice happened."""
    place = places[0].name if places else "" if imported else person.organisation
    return Person(person.id, imported or person.name, "" if imported else person.role, place, person.username)


def _row(c: Any, person: Person, tags: Sequence[Any], places: Sequence[Any], talk: tuple[int, int]) -> CaseRow:
    """A case study, or a row of `LISTED`, as a list shows it."""
    imported = c.source_author or c.source_name
    return CaseRow(
        id=c.id,
        title=c.name,
        url=address_of(c.id, c.name),
        summary=c.summary if c.title else (c.working or {}).get("summary", ""),
        elements=taxonomy.element_tags(tags),
        badge=BADGES.get(c.outcome),
        kicker=taxonomy.care_model_labels(tags) or (places[0].name if places else ""),
        author=_by(person, imported, places),
        thanks=talk[1],
        replies=talk[0],
        published=c.published_at,
        status=c.status,
        tried=c.tried,
        saved=c.saved_at,
        facts=facts.deciding(c),
        measured=c.measures_shown > 0,
    )


def _talk(thread_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Replies and thanks of each case study's thread."""
    if not thread_ids:
        return {}
    found = (
        select(Thread.id, Thread.reply_count, func.coalesce(func.sum(Post.thanks), 0))
        .outerjoin(Post, Post.thread_id == Thread.id)
        .where(Thread.id.in_(thread_ids))
        .group_by(Thread.id)
    )
    return {id_: (replies, thanks) for id_, replies, thanks in db.session.execute(found)}


def own(actor: Member, limit: int = 100) -> list[CaseRow]:
    """Everything that the actor writes or reviews and that is not out: drafts, waiting, asked to change, unsent edits."""
    mine = select(CaseStudy).where(CaseStudy.seen_by(actor.id))
    mine = mine.where((CaseStudy.status != PUBLISHED) | CaseStudy.working.is_not(None))
    cases = db.session.scalars(
        mine.options(selectinload(CaseStudy.authorships)).order_by(CaseStudy.saved_at.desc()).limit(limit)
    ).all()
    return [replace(row, editable=actor.id in c.editor_ids) for row, c in zip(rows(cases), cases, strict=True)]


def count_drafts(actor: Member) -> int:
    mine = select(func.count()).select_from(CaseStudy)
    return db.session.scalar(mine.where(CaseStudy.member_id == actor.id, CaseStudy.status == DRAFT)) or 0


def place_in_queue(case: CaseStudy) -> int:
    """1 for the next to be looked at."""
    before = select(func.count()).select_from(CaseStudy)
    before = before.where(CaseStudy.status == SUBMITTED, CaseStudy.submitted_at < case.submitted_at)
    return (db.session.scalar(before) or 0) + 1


def waiting(limit: int) -> tuple[int, Sequence[CaseStudy]]:
    """Submitted ones and published ones whose change needs a look: how many, and the oldest."""
    clause = (CaseStudy.status == SUBMITTED) | CaseStudy.needs_look
    found = select(CaseStudy).where(clause).order_by(CaseStudy.submitted_at).limit(limit)
    return count_waiting(), db.session.scalars(found).all()


def count_waiting() -> int:
    clause = (CaseStudy.status == SUBMITTED) | CaseStudy.needs_look
    return db.session.scalar(select(func.count()).select_from(CaseStudy).where(clause)) or 0


def cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    visible_clause = visible(actor, CaseStudy)
    wanted = select(CaseStudy).where(CaseStudy.id.in_(ids), visible_clause).options(selectinload(CaseStudy.authorships))
    cases = db.session.scalars(wanted).all()
    by_id = {r.id: r for r in rows(cases, counted=False)}
    said = said_of(KIND, [c.id for c in cases if c.measures_shown])
    parts = {c.id: (*passages(c), *measure_passages(said.get(c.id, []))) for c in cases}
    return {
        c.id: Card(
            kind=KIND,
            id=c.id,
            title=c.name,
            url=c.url,
            text=words(parts[c.id]),
            passages=parts[c.id],
            author=by_id[c.id].author,
            author_ids=tuple(id_ for id_ in c.viewer_ids if id_),
            at=c.published_at or c.created_at,
            kicker=by_id[c.id].kicker,
            elements=by_id[c.id].elements,
            badges=tuple(filter(None, [by_id[c.id].badge])),
            status=c.status,
            summary=one_line(c),
            facts=by_id[c.id].facts,
        )
        for c in cases
    }
