"""What authors do with case studies. Rendering and checking happen before, outside the transaction; see `drafts.py`."""

from collections.abc import Mapping
from dataclasses import asdict

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import drafts, queries
from forum.case_studies.drafts import Draft, finding_key
from forum.case_studies.events import CaseStudyChanged, CaseStudySubmitted
from forum.case_studies.fields import CONFIRMATIONS, FIELDS
from forum.case_studies.models import HIDDEN, PUBLISHED, SUBMITTED, WITHDRAWN, CaseStudy
from forum.discussions.actions import set_subject_status
from forum.kernel import revisions
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import EditConflict, Invalid
from forum.kernel.identifiability import Finding
from forum.kernel.markdown import RENDER_VERSION
from forum.kernel.outbox import record
from forum.moderation.actions import note
from forum.organisations.actions import name_partners
from forum.taxonomy.actions import tag
from forum.taxonomy.models import CARE_MODEL, ELEMENT

DRAFTS_AT_ONCE = 50


def begin(actor: Member, draft: Draft) -> CaseStudy:
    """A new draft, seen by its author only."""
    authorize(actor, Permission.WRITE)
    if queries.count_drafts(actor) >= DRAFTS_AT_ONCE:
        raise Invalid(f"You have {DRAFTS_AT_ONCE} drafts. Withdraw one that you no longer need, then try again.")
    at = now()
    case = CaseStudy(member_id=actor.id, working=draft.values(), html={}, created_at=at, saved_at=at, version=1)
    db.session.add(case)
    db.session.flush()
    return case


def save(actor: Member, id_: int, draft: Draft, version: int) -> CaseStudy:
    """Keep what is being typed. Readers see nothing of it yet.

    Raises `EditConflict` when it was saved elsewhere since this form was shown; saving the same words again is no conflict.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    values = draft.values()
    if case.working == values:
        return case
    if case.version != version:
        raise EditConflict(queries.as_typed(case), case.version)
    case.working, case.saved_at = values, now()
    case.version += 1
    return case


def submit(
    actor: Member,
    id_: int,
    html: Mapping[str, str],
    found: list[Finding],
    why: Mapping[str, str],
    confirmed: list[str],
    reason: str = "",
) -> CaseStudy:
    """Send the working text: to the moderators, or straight to readers when it is published already.

    `html` and `found` are the rendering and the findings of that very text; `why` answers each finding by its key.
    Raises `Invalid` for what is missing.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    if case.working is None:
        raise Invalid("Nothing was changed since it was last sent.")
    draft = drafts.stored(case.working)
    _complete(draft, found, why, confirmed)
    before = case.texts()
    _apply(actor, case, draft, html)
    case.findings = [asdict(f) | {"key": finding_key(f)} for f in found]
    case.justifications = {finding_key(f): why.get(finding_key(f), "") for f in found}
    if case.status in {PUBLISHED, HIDDEN}:
        _republish(actor, case, before, reason)
    else:
        case.move(SUBMITTED, now())
        record(CaseStudySubmitted(case.id, case.member_id, len(found)))
    return case


def _complete(draft: Draft, found: list[Finding], why: Mapping[str, str], confirmed: list[str]) -> None:
    missing = draft.gaps()
    if missing:
        raise Invalid(missing[0].message, missing[0].field)
    for finding in found:
        answer = why.get(finding_key(finding), "").strip()
        if len(answer) < (10 if finding.severity == "block" else 1):
            raise Invalid(f"Change this, or say why it is safe: “{finding.match}”. {finding.reason}", "findings")
    if set(confirmed) != set(CONFIRMATIONS):
        raise Invalid("Tick each of the confirmations, or go back and change the text.", "confirmed")


def _apply(actor: Member, case: CaseStudy, draft: Draft, html: Mapping[str, str]) -> None:
    """The working text becomes the text."""
    for f in FIELDS:
        setattr(case, f.name, draft.texts.get(f.name, ""))
    case.rest, case.html, case.render_version = draft.rest, dict(html), RENDER_VERSION
    case.practice_status, case.outcome, case.started = draft.practice_status, draft.outcome, draft.started
    case.working = None
    case.version += 1
    tag(("case-study", case.id), {ELEMENT: draft.elements, CARE_MODEL: draft.care_models})
    name_partners(actor, ("case-study", case.id), draft.organisations)


def _republish(actor: Member, case: CaseStudy, before: Mapping[str, str], reason: str) -> None:
    """A published case study changed: keep a revision, tell moderators when it has findings, tell the author when it was staff."""
    at = now()
    case.updated_at = at
    case.needs_look = case.needs_look or bool(case.findings)
    if before != case.texts():
        revisions.keep(("case-study", case.id), actor.id, case.texts(), at, reason)
    if actor.id != case.member_id:
        note(actor, ("case-study", case.id), "edited", reason)
    record(CaseStudyChanged(case.id, actor.id, reason))


def discard_working(actor: Member, id_: int) -> CaseStudy:
    """Drop unsent changes to something that was sent before; the sent text stays."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    if not case.title:
        raise Invalid("This was never sent. Withdraw it if you no longer want it.")
    case.working = None
    case.version += 1
    return case


def withdraw(actor: Member, id_: int) -> CaseStudy:
    """The author takes it back. It can be sent again later."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.WITHDRAW, case)
    if case.working is None:
        case.working = queries.draft_of(case).values()
    case.move(WITHDRAWN, now())
    if case.thread_id is not None:
        set_subject_status(case.thread_id, visible=False)
    record(CaseStudyChanged(case.id, actor.id, ""))
    return case
