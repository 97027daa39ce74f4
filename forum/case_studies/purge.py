"""Removing words for good from a case study and from everything that repeats them (design: case-study schema and law 9).

The place is marked, the decision is recorded without the words, and the authors are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Table, and_, or_, select, true, tuple_

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import files, queries, record
from forum.case_studies.events import CaseStudyPurged
from forum.case_studies.models import CaseStudy
from forum.discussions.events import ReplyChanged
from forum.discussions.models import Post
from forum.kernel import mail, scrub
from forum.kernel.clock import now
from forum.kernel.db import Model, db
from forum.kernel.errors import Invalid
from forum.kernel.markdown import TooComplex, render
from forum.kernel.outbox import enqueue
from forum.kernel.outbox import record as announce
from forum.measures import actions as measures
from forum.measures.models import Measure
from forum.moderation.actions import note
from forum.search.outbox import REBUILD

#: Table → what a moderator calls what is in it. Others are counted together.
WORDS = {
    "case_studies": "case studies",
    "revisions": "earlier versions",
    "measures": "measures",
    "updates": "updates",
    "clashes": "second versions of a text",
    "posts": "posts",
    "threads": "discussions",
    "form_drafts": "unsent drafts",
    "parked_forms": "unsent drafts",
    "outbox": "queued mail and news",
    "notifications": "news",
    "decisions": "recorded decisions",
    "attachments": "descriptions of pictures",
    "adoptions": "records of those who tried it",
    "travels": "small charts",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the words stand now: (what, how many)."""

    found: tuple[tuple[str, int], ...]


def look(actor: Member, id_: int, words: str) -> Places:
    """Where the words stand, for the moderator to see before they go. Raises `Invalid` when they stand nowhere in it."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.DECIDE, case)
    counted: dict[str, int] = {}
    for table, count in scrub.places(scrub.pattern(words), _belongs(case)).items():
        name = WORDS.get(table, "other records")
        counted[name] = counted.get(name, 0) + count
    if not counted:
        raise Invalid("These words stand nowhere in it. Copy them exactly as they are in the text.", "words")
    return Places(tuple(counted.items()))


def _belongs(case: CaseStudy) -> scrub.Belongs:
    """The rows of a case study and of its discussion, by the columns that tables here have; and what is queued."""
    thread = case.thread_id or 0
    posts = list(db.session.scalars(select(Post.id).where(Post.thread_id == thread)))
    followers = _followers(case.id)
    refs = [(queries.KIND, case.id), ("thread", thread), *(("reply", id_) for id_ in posts), *((t.kind, t.id) for t in followers)]
    refs += [
        ("measure", id_) for id_ in db.session.scalars(select(Measure.id).where(tuple_(Measure.kind, Measure.ref_id).in_(refs)))
    ]
    paths = [f"/case-studies/{case.id}{end}" for end in "-/"] + [f"/discussions/{thread}{end}" for end in "-/"]
    paths += [f"{t.url}/" for t in followers if hasattr(t, "url")]

    def which(table: Table) -> ColumnElement[bool] | None:
        c = table.c
        if table.name == "case_studies":
            return c.id == case.id
        if table.name == "threads":
            return c.id == thread
        if table.name == "outbox":
            return true()
        if "case_study_id" in c:
            return c.case_study_id == case.id
        if "thread_id" in c:
            return c.thread_id == thread
        if "kind" in c and "ref_id" in c:
            return tuple_(c.kind, c.ref_id).in_(refs)
        if "about_id" in c:
            return and_(c.about_kind == queries.KIND, c.about_id == case.id)
        address = next((c[name] for name in ("url", "path", "location") if name in c), None)
        return None if address is None else or_(*(address.contains(path, autoescape=True) for path in paths))

    return which


def _followers(case_id: int) -> list[Any]:
    """Things of other slices that are about the case study: whatever has a kind, and points at it."""
    about = [m.class_ for m in Model.registry.mappers if isinstance(getattr(m.class_, "kind", None), str)]
    models = [model for model in about if "case_study_id" in model.__table__.c]
    return [t for model in models for t in db.session.scalars(select(model).where(model.case_study_id == case_id))]


def gap() -> str:
    at = now()
    return f"[removed by a moderator on {at.day} {at:%B %Y}]"


def purge(actor: Member, id_: int, words: str, reason: str) -> CaseStudy:
    """Remove the words wherever they belong to this case study, and have index and database file made anew. Cannot be undone.

    Raises `Invalid` without a reason, where the reason repeats the words, and where they stand nowhere.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.DECIDE, case)
    found = scrub.pattern(words)
    if len(reason.strip()) < 10:
        raise Invalid("Say why, in a sentence: the authors will read it, and it is kept.", "reason")
    if found.search(reason):
        raise Invalid("Give the reason without the words themselves: it is kept.", "reason")
    look(actor, id_, words)
    withheld = {name: files.versions(case, name) for name in case.withheld}
    changed = scrub.scrub(found, gap(), _belongs(case))
    case = db.session.get_one(CaseStudy, case.id)
    _after(case, withheld)
    for measure_id in changed.get("measures", []):
        measures.draw_again(db.session.get_one(Measure, measure_id))
    for thing in _followers(case.id):
        if hasattr(thing, "html"):
            thing.html = _rendered(thing.text, f"u{thing.id}-")
    for post_id in changed.get("posts", []):
        _render_post(db.session.get_one(Post, post_id))
    mail.forget(found, current_app.config["FORUM"])
    for forget in current_app.extensions["forum.forgets"]:
        forget(found)
    note(actor, (queries.KIND, case.id), "removed words for good", reason)
    announce(CaseStudyPurged(case.id, actor.id, reason))
    enqueue("index", REBUILD, {})
    enqueue("compact", "compact", {})
    return case


def _after(case: CaseStudy, before: Mapping[str, list[Any]]) -> None:
    """Rendered anew; what was withheld stays withheld in its new words; and a page that is open elsewhere meets a conflict, so that
    it cannot put the words back unasked."""
    marks = {
        name: sorted(
            set(case.withheld[name])
            | {
                record.mark(new)
                for old, new in zip(versions, files.versions(case, name), strict=True)
                if record.mark(old) in case.withheld[name]
            }
        )
        for name, versions in before.items()
    }
    case.withheld = {**case.withheld, **marks}
    case.stamps = {name: [*stamp[:2], ""] for name, stamp in case.stamps.items()}
    _render_case(case)


def _render_case(case: CaseStudy) -> None:
    try:
        case.html = record.html(case.record)
    except TooComplex:
        case.html = {}
    case.findings = [f for f in case.findings if gap() not in f["match"]]


def _render_post(post: Post) -> None:
    post.html = _rendered(post.text, f"r{post.id}-")
    announce(ReplyChanged(post.id, post.thread_id))


def _rendered(text: str, prefix: str) -> str:
    try:
        return render(text, prefix=prefix)
    except TooComplex:
        return ""
