"""Removing words for good from a case study and from everything that repeats them (design: case-study schema and law 9).

The place is marked, the decision is recorded without the words, and the authors are told.
"""

from dataclasses import dataclass

from flask import current_app

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries, record
from forum.case_studies.events import CaseStudyPurged
from forum.case_studies.models import CaseStudy
from forum.discussions.events import ReplyChanged
from forum.discussions.models import Post
from forum.kernel import mail, scrub
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Invalid
from forum.kernel.markdown import TooComplex, render
from forum.kernel.outbox import enqueue
from forum.kernel.outbox import record as announce
from forum.moderation.actions import note
from forum.search.outbox import REBUILD

#: Table → what a moderator calls what is in it. Others are counted together.
WORDS = {
    "case_studies": "case studies",
    "revisions": "earlier versions",
    "clashes": "second versions of a text",
    "posts": "posts",
    "threads": "discussions",
    "form_drafts": "unsent drafts",
    "parked_forms": "unsent drafts",
    "outbox": "queued mail and news",
    "notifications": "news",
    "decisions": "recorded decisions",
    "attachments": "descriptions of pictures",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the words stand now: (what, how many)."""

    found: tuple[tuple[str, int], ...]


def look(actor: Member, id_: int, words: str) -> Places:
    """Where the words stand, for the moderator to see before they go. Raises `Invalid` when this case study does not hold them."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.MODERATE, case)
    counted: dict[str, int] = {}
    for table, count in scrub.places(scrub.pattern(words)).items():
        name = WORDS.get(table, "other records")
        counted[name] = counted.get(name, 0) + count
    if not counted:
        raise Invalid("These words stand nowhere. Copy them exactly as they are in the text.", "words")
    return Places(tuple(counted.items()))


def gap() -> str:
    at = now()
    return f"[removed by a moderator on {at.day} {at:%B %Y}]"


def purge(actor: Member, id_: int, words: str, reason: str) -> CaseStudy:
    """Remove the words wherever they stand, and have index and database file made anew. Cannot be undone.

    Raises `Invalid` without a reason, and where the reason repeats the words.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.MODERATE, case)
    found = scrub.pattern(words)
    if len(reason.strip()) < 10:
        raise Invalid("Say why, in a sentence: the authors will read it, and it is kept.", "reason")
    if found.search(reason):
        raise Invalid("Give the reason without the words themselves: it is kept.", "reason")
    changed = scrub.scrub(found, gap())
    for case_id in changed.get("case_studies", []):
        _render_case(db.session.get_one(CaseStudy, case_id))
    for post_id in changed.get("posts", []):
        _render_post(db.session.get_one(Post, post_id))
    mail.forget(found, current_app.config["FORUM"])
    case = db.session.get_one(CaseStudy, case.id)
    note(actor, (queries.KIND, case.id), "removed words for good", reason)
    announce(CaseStudyPurged(case.id, actor.id, reason))
    enqueue("index", REBUILD, {})
    enqueue("compact", "compact", {})
    return case


def _render_case(case: CaseStudy) -> None:
    try:
        case.html = record.html(case.record)
    except TooComplex:
        case.html = {}
    case.findings = [f for f in case.findings if gap() not in f["match"]]


def _render_post(post: Post) -> None:
    try:
        post.html = render(post.text, prefix=f"r{post.id}-")
    except TooComplex:
        post.html = ""
    announce(ReplyChanged(post.id, post.thread_id))
