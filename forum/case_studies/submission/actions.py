"""Sending a case study and taking it back. Rendering and checking happen before, outside the transaction: `record/values.py`."""

from collections.abc import Mapping

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries, versions
from forum.case_studies.events import CaseStudyChanged, CaseStudySubmitted
from forum.case_studies.evidence import currency
from forum.case_studies.models import HIDDEN, PUBLISHED, SUBMITTED, WITHDRAWN, CaseStudy
from forum.case_studies.record.completeness import depth_of, gaps
from forum.case_studies.record.parts import EVERYONE
from forum.case_studies.record.values import finding_key, normal, stored_findings
from forum.case_studies.submission.confirmations import confirm
from forum.discussions.actions import set_subject_status, tell_subject
from forum.documents.identifiability import Finding, refusal
from forum.documents.markdown import RENDER_VERSION
from forum.kernel import revisions
from forum.kernel.clock import now
from forum.kernel.errors import Invalid
from forum.kernel.outbox import announce
from forum.moderation.actions import account_for
from forum.organisations.actions import name_partners
from forum.records.schema import Record
from forum.taxonomy.actions import tag

#: What has to be said of pictures that came in with a file.
ASKED = "Say of each picture what it shows, and whether somebody can be recognised in it; or take it out"


def submit(
    actor: Member,
    id_: int,
    html: Mapping[str, str],
    found: list[Finding],
    why: Mapping[str, str],
    confirmed: list[str],
    reason: str = "",
    hide_earlier: bool = False,
) -> CaseStudy:
    """Send the working text, and files that were added: to the moderators, or straight to readers when it is published.

    `html` and `found` are the rendering and the findings of that very text; `why` answers each finding by its key. `hide_earlier`:
    a moderator took words out that readers should not find in the earlier versions. Raises `Invalid` for what is missing.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    added = [file for file in queries.files_of(case) if not file.sent]
    if case.working is None and not added:
        raise Invalid("Nothing was changed since it was last sent.")
    if queries.clashes(case):
        raise Invalid("There are two versions of a text. Choose one first, then send it.", "clashes")
    if any(file.asked for file in added):
        raise Invalid(ASKED, "files")
    _complete(queries.draft_of(case), found, why)
    confirm(actor, case, confirmed)
    by_staff = account_for(actor, case, "edited it", reason)
    before = case.record
    apply(actor, case, queries.draft_of(case), html)
    for file in added:
        file.sent = True
    case.working, case.stamps = None, {}
    case.findings = stored_findings(found)
    case.justifications = {finding_key(f): why.get(finding_key(f), "") for f in found}
    if case.status in {PUBLISHED, HIDDEN}:
        _republish(actor, case, before, reason, bool(added))
        if by_staff and hide_earlier:
            revisions.hide_earlier((queries.KIND, case.id), now())
    else:
        case.move(SUBMITTED, now())
        announce(CaseStudySubmitted(case.id, case.member_id, len(found)))
    return case


def _complete(values: Record, found: list[Finding], why: Mapping[str, str]) -> None:
    missing = gaps(values)
    if missing:
        raise Invalid(missing[0].message, missing[0].field)
    for finding in found:
        if finding.final:
            raise Invalid(refusal([finding]), finding.field)
        answer = why.get(finding_key(finding), "").strip()
        if len(answer) < (10 if finding.severity == "block" else 1):
            raise Invalid(f"Change this, or say why it is safe: “{finding.match}”. {finding.reason}", f"why-{finding_key(finding)}")


def apply(actor: Member, case: CaseStudy, values: Record, html: Mapping[str, str]) -> None:
    """Make `values` the record that readers see, with the facts that lists and filters ask for. The authors' unsent text stays."""
    case.record, case.html, case.render_version = normal(values), dict(html), RENDER_VERSION
    case.title, case.summary = case.record.get("title", ""), case.record.get("summary", "")
    case.practice_status, case.outcome = case.record.get("practice_status", ""), case.record.get("outcome", "")
    case.licence = case.record.get("licence") or case.licence or "CC BY 4.0"
    case.visibility = case.record.get("visibility") or EVERYONE
    case.depth = depth_of(case.record, measured=case.measures_shown > 0)
    tag((CaseStudy.kind, case.id), queries.tagged(case.record))
    name_partners(actor, (CaseStudy.kind, case.id), case.record.get("organisations", []))
    currency.measured(case)
    if case.thread_id is not None:
        tell_subject(case.thread_id, case.name, case.members_only)


def _republish(actor: Member, case: CaseStudy, before: Record, reason: str, pictures: bool) -> None:
    """A published case study changed: store a version, notify moderators when it has findings or new pictures."""
    at = now()
    case.updated_at = at
    currency.refresh(case, at)
    # A story whose consent was withdrawn and that was written anew is shown again: somebody should look at it.
    rewritten = [name for name in case.withheld if before.get(name) != case.record.get(name)]
    case.needs_look = case.needs_look or bool(case.findings) or bool(rewritten) or pictures
    versions.keep(actor.id, case, reason)
    announce(CaseStudyChanged(case.id, actor.id, reason))


def withdraw(actor: Member, id_: int) -> CaseStudy:
    """The author takes it back. It can be sent again later."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.WITHDRAW, case)
    if case.working is None:
        case.working = dict(queries.draft_of(case))
    case.move(WITHDRAWN, now())
    if case.thread_id is not None:
        set_subject_status(case.thread_id, visible=False)
    announce(CaseStudyChanged(case.id, actor.id, ""))
    return case
