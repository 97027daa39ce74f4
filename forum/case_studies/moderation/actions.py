"""What moderators decide about case studies. Each decision is recorded with its reason, and the author is notified."""

from collections.abc import Collection
from dataclasses import replace

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries, versions
from forum.case_studies.events import CaseStudyDecided, EvidenceConfirmed
from forum.case_studies.evidence import currency
from forum.case_studies.evidence.levels import level_words
from forum.case_studies.models import (
    CHANGES_ASKED,
    HIDDEN,
    PUBLISHED,
    REJECTED,
    SUBMITTED,
    CaseStudy,
)
from forum.case_studies.record.values import fingerprint
from forum.discussions.actions import ThreadDraft, Writing, open_thread, set_subject_status
from forum.discussions.events import ThreadStarted
from forum.documents.identifiability import FINAL
from forum.kernel.clock import now
from forum.kernel.errors import Invalid
from forum.kernel.outbox import announce
from forum.moderation.actions import account_for, note
from forum.moderation.judging import HIDE, SHOW, Judged, Step, check, judge
from forum.organisations.queries import places_of
from forum.taxonomy.queries import tags_of

_AGAIN = "Somebody has decided on this already. Look at it again."
STEPS = {
    "publish": Step({SUBMITTED}, PUBLISHED, "published it", _AGAIN, reason=False),
    "ask": Step({SUBMITTED}, CHANGES_ASKED, "asked for changes", _AGAIN),
    "reject": Step({SUBMITTED}, REJECTED, "did not accept it", _AGAIN),
    HIDE: Step({PUBLISHED}, HIDDEN, "hid it", _AGAIN),
    SHOW: Step({HIDDEN}, PUBLISHED, "showed it again", _AGAIN),
}


def decide(actor: Member, id_: int, verb: str, reason: str, thread_html: str = "", expected_fingerprint: str = "") -> CaseStudy:
    """Take one of `STEPS`. `thread_html` is its discussion's opening post, rendered; `expected_fingerprint` is `values.fingerprint`
    of the record that the moderator read, where there was a page to read it on. Raises as `judge` does."""

    def move(case: CaseStudy, verb: str, status: str) -> None:
        if expected_fingerprint and expected_fingerprint != fingerprint(case.record):
            raise Invalid("The author has changed it since you opened this page. Read it again, then decide.")
        _move(case, verb, status, thread_html)

    decided: CaseStudy = judge(actor, replace(JUDGED, move=move), id_, verb, reason)
    return decided


def _move(case: CaseStudy, verb: str, status: str, thread_html: str = "") -> None:
    if status == PUBLISHED and any(f["kind"] in FINAL for f in case.findings):
        raise Invalid("The check found an NHS number in it. Ask for changes: it can be published once that is out.")
    case.move(status, now())
    if status == PUBLISHED:
        open_discussion(case, thread_html)
        # Publishing it, or sending it again after a break, confirms how it stands today.
        currency.confirmed(case, now()) if verb == "publish" else currency.refresh(case, now())
    if case.thread_id is not None:
        set_subject_status(case.thread_id, status == PUBLISHED, case.members_only)


def _own(actor: Member, case: CaseStudy) -> str:
    if any(part.member_id == actor.id and part.accepted_at is not None for part in case.authorships):
        return "You helped to write or review this. Another moderator decides on it."
    return ""


def _places(case: CaseStudy) -> Collection[int]:
    return [p.id for p in places_of(CaseStudy.kind, [case.id])[case.id]]


JUDGED = Judged(
    what="case study",
    find=queries.get,
    move=_move,
    decided=lambda case, verb, reason: CaseStudyDecided(case.id, case.member_id, verb, reason),
    places=_places,
    own=_own,
    steps=STEPS,
)


def looked_at(actor: Member, id_: int) -> CaseStudy:
    """A change after publication was looked at and may stand."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.DECIDE, case)
    case.needs_look = False
    account_for(actor, case, "looked at the change", "It may stand.")
    return case


def opening_text(case: CaseStudy) -> str:
    """The first post of a case study's own thread, in Markdown."""
    # Linked by number: a title may change, and what was taken out of a title must not stay here.
    return (
        f"This is the discussion of [the case study](/case-studies/{case.id}).\n\n"
        "Ask how it was done, say what you tried, or tell us where it did not work."
    )


def open_discussion(case: CaseStudy, html: str) -> None:
    """Every published case study has a thread of its own; publishing again finds the first one."""
    if case.thread_id is not None:
        return
    versions.keep(case.member_id, case)
    tags = tags_of(CaseStudy.kind, [case.id])[case.id]
    draft = ThreadDraft(
        title=case.title,
        writing=Writing(opening_text(case), html),
        elements=[t.slug for t in tags if t.scheme == "element"],
        care_models=[t.slug for t in tags if t.scheme == "care-model"],
    )
    thread = open_thread(case.member_id, draft, subject=(CaseStudy.kind, case.id))
    thread.members_only = case.members_only
    case.thread_id = thread.id
    announce(ThreadStarted(thread.id, case.member_id, False))


def confirm_evidence(actor: Member, id_: int, level: int, expected_level: int, reason: str) -> CaseStudy:
    """A moderator confirms a level; `expected_level` is the suggestion that was on the page. Raises `Invalid`, `Forbidden`."""
    case = queries.get(actor, id_)
    check(actor, JUDGED, case)
    if case.status != PUBLISHED:
        raise Invalid("Levels are confirmed for what is published.")
    if case.evidence_suggested != expected_level:
        raise Invalid("The site's suggestion has changed since you opened this page. Look at it again.", "level")
    if level != expected_level and len(reason.strip()) < 10:
        raise Invalid("Say why it is a different level from the one that the site suggests.", "reason")
    case.evidence_level, case.evidence_looked = level, expected_level
    case.evidence = {**case.evidence, "confirmed": {"by": actor.id, "at": now().isoformat(), "reason": reason.strip()}}
    note(actor, (CaseStudy.kind, case.id), f"confirmed the evidence: {level_words(level)}", reason)
    announce(EvidenceConfirmed(case.id, case.member_id, level, reason.strip()))
    return case
