"""What moderators decide about case studies. Each decision is recorded with its reason, and the author is told."""

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.accounts.queries import another_moderator
from forum.case_studies import queries, standing, versions
from forum.case_studies.events import CaseStudyDecided, EvidenceConfirmed
from forum.case_studies.evidence import level_words
from forum.case_studies.models import (
    CHANGES_ASKED,
    HIDDEN,
    PUBLISHED,
    REJECTED,
    SUBMITTED,
    CaseStudy,
)
from forum.case_studies.record import mark
from forum.discussions.actions import ThreadDraft, Writing, open_thread, set_subject_status
from forum.discussions.events import ThreadStarted
from forum.documents.identifiability import FINAL
from forum.kernel.clock import now
from forum.kernel.errors import Forbidden, Invalid
from forum.kernel.outbox import announce
from forum.moderation.actions import account_for, note
from forum.organisations.queries import places_of
from forum.taxonomy.queries import tags_of

#: What a moderator may choose → (status it leads to, the words in the record, whether a reason is needed).
VERBS: dict[str, tuple[str, str, bool]] = {
    "publish": (PUBLISHED, "published it", False),
    "ask": (CHANGES_ASKED, "asked for changes", True),
    "reject": (REJECTED, "did not accept it", True),
    "hide": (HIDDEN, "hid it", True),
    "show": (PUBLISHED, "showed it again", True),
}


def decide(actor: Member, id_: int, verb: str, reason: str, thread_html: str = "", seen: str = "") -> CaseStudy:
    """Publish, ask for changes, reject, hide or show again. `thread_html` is its discussion's opening post, rendered;
    `seen` is `record.mark` of the record that the moderator read, where there was a page to read it on.

    Raises `Forbidden` for one's own work or one's own organisation's while somebody else could decide.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.DECIDE, case)
    not_own_house(actor, case)
    status, words, needs_reason = VERBS[verb]
    if needs_reason and not reason.strip():
        raise Invalid("Say why: the author will read it.", "reason")
    if seen and seen != mark(case.record):
        raise Invalid("The author has changed it since you opened this page. Read it again, then decide.")
    if (verb == "publish") != (case.status == SUBMITTED and status == PUBLISHED):
        raise Invalid("Somebody has decided on this already. Look at it again.")
    if status == PUBLISHED and any(f["kind"] in FINAL for f in case.findings):
        raise Invalid("The check found an NHS number in it. Ask for changes: it can be published once that is out.")
    case.move(status, now())
    if status == PUBLISHED:
        open_discussion(case, thread_html)
        # To publish it, or to send it again after a break, is to say that it stands so today.
        standing.confirmed(case, now()) if verb == "publish" else standing.refresh(case, now())
    if case.thread_id is not None:
        set_subject_status(case.thread_id, status == PUBLISHED, case.members_only)
    note(actor, (CaseStudy.kind, case.id), words, reason)
    announce(CaseStudyDecided(case.id, case.member_id, verb, reason))
    return case


def hide(actor: Member, id_: int, reason: str) -> None:
    """Hide a published case study after a report."""
    decide(actor, id_, "hide", reason)


def looked_at(actor: Member, id_: int) -> CaseStudy:
    """A change after publication was looked at and may stand."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.DECIDE, case)
    case.needs_look = False
    account_for(actor, case, "looked at the change", "It may stand.")
    return case


def not_own_house(actor: Member, case: CaseStudy) -> None:
    """Nobody decides for their own organisation while another moderator can."""
    if any(part.member_id == actor.id and part.accepted_at is not None for part in case.authorships):
        raise Forbidden("You helped to write or review this. Another moderator decides on it.")
    places = [p.id for p in places_of(CaseStudy.kind, [case.id])[case.id]]
    if actor.organisation_id in places and another_moderator(actor, places):
        raise Forbidden("This comes from your own organisation. Another moderator decides on it.")


def opening_text(case: CaseStudy) -> str:
    """The first post of a case study's own thread, in Markdown."""
    # By its number: a title may change, and what was taken out of it must not stand here for ever.
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


def confirm_evidence(actor: Member, id_: int, level: int, seen: int, reason: str) -> CaseStudy:
    """A moderator confirms a level; `seen` is the suggestion that was on the page. Raises `Invalid`, `Forbidden`."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.DECIDE, case)
    not_own_house(actor, case)
    if case.status != PUBLISHED:
        raise Invalid("Levels are confirmed for what is published.")
    if case.evidence_suggested != seen:
        raise Invalid("The site's suggestion has changed since you opened this page. Look at it again.", "level")
    if level != seen and len(reason.strip()) < 10:
        raise Invalid("Say why it is a different level from the one that the site suggests.", "reason")
    case.evidence_level, case.evidence_looked = level, seen
    case.evidence = {**case.evidence, "confirmed": {"by": actor.id, "at": now().isoformat(), "reason": reason.strip()}}
    note(actor, (CaseStudy.kind, case.id), f"confirmed the evidence: {level_words(level)}", reason)
    announce(EvidenceConfirmed(case.id, case.member_id, level, reason.strip()))
    return case
