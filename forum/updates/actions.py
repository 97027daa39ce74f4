"""What people do with updates. Texts are rendered, and charts made, before: these run inside a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries as case_studies
from forum.case_studies import versions
from forum.case_studies.events import StandingChanged
from forum.case_studies.evidence import currency
from forum.case_studies.measure_owner import OWNER
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.documents import rendering
from forum.documents.markdown import LONGEST_KEPT, RENDER_VERSION, render
from forum.kernel import rate_limits, revisions
from forum.kernel.clock import now, today
from forum.kernel.db import db
from forum.kernel.errors import Invalid
from forum.kernel.outbox import announce
from forum.measures import actions as measures
from forum.measures.charts import Made
from forum.moderation.actions import account_for
from forum.records.schema import Record
from forum.updates import queries
from forum.updates.events import UpdateDue, UpdatePosted
from forum.updates.models import CONFIRMATION, Update


@dataclass(frozen=True)
class Figures:
    """New points of one measure: its whole record with them, what is drawn of it, and how many they are."""

    measure_id: int
    version: int
    record: Record
    made: Made
    added: int


@dataclass(frozen=True)
class Draft:
    """What a person typed for an entry. `practice_status` is "" where it stays as it is."""

    entry: str
    happened: date
    text: str
    html: str
    practice_status: str = ""
    figures: Sequence[Figures] = ()


def post(actor: Member, case_id: int, draft: Draft, suspect: bool = False, reason: str = "") -> Update:
    """Add an entry to the timeline; what it says of the practice, and new figures, become part of the case study.

    `suspect` asks a moderator to look at the text. Raises `Invalid`, `EditConflict` where a measure changed meanwhile.
    """
    case = case_studies.get(actor, case_id)
    authorize(actor, Permission.EDIT, case)
    if case.status != PUBLISHED:
        raise Invalid("Updates follow what is published. Change the case study itself instead.")
    _past(draft.happened)
    account_for(actor, case, "posted an update on it", reason)
    rate_limits.spend("update", actor.id, 20, timedelta(days=1), "You posted 20 updates in a day.")
    added = []
    for new in draft.figures:
        measure = measures.change(actor, OWNER, case.id, new.measure_id, new.record, new.made, new.version, reason or "New figures")
        added.append([measure.name, new.added])
    _say_status(actor, case, draft.practice_status, draft.happened)
    update = _keep(actor, case, draft, added)
    case.needs_look = case.needs_look or suspect
    currency.confirmed(case, now())
    announce(StandingChanged(case.id))
    announce(UpdatePosted(case.id, update.id, actor.id))
    return update


def confirm(actor: Member, case_id: int, reason: str = "") -> Update:
    """ "Still our practice": nothing else changed."""
    case = case_studies.get(actor, case_id)
    authorize(actor, Permission.EDIT, case)
    if case.status != PUBLISHED or case.practice_status in currency.ENDED:
        raise Invalid("This case study is not one that can be confirmed. Post an update instead.")
    account_for(actor, case, "said that it is still their practice", reason)
    update = _keep(actor, case, Draft(CONFIRMATION, today(), "", "", case.practice_status), [])
    currency.confirmed(case, now())
    announce(StandingChanged(case.id))
    announce(UpdatePosted(case.id, update.id, actor.id))
    return update


def _keep(actor: Member, case: CaseStudy, draft: Draft, added: list[list[object]]) -> Update:
    update = Update(
        case_study_id=case.id,
        member_id=actor.id,
        entry=draft.entry,
        happened=draft.happened,
        recorded_at=now(),
        practice_status=draft.practice_status,
        text=draft.text,
        html=draft.html,
        render_version=RENDER_VERSION,
        added=added,
    )
    db.session.add(update)
    db.session.flush()
    return update


def _say_status(actor: Member, case: CaseStudy, status: str, happened: date) -> None:
    """Put the status into the record, and into the authors' unsent text unless that already says something else."""
    if not status or status == case.practice_status:
        return
    before = case.record.get("practice_status", "")
    change = {"practice_status": status}
    if status in currency.ENDED and not case.record.get("stopped"):
        change["stopped"] = f"{happened:%Y-%m}"
    case.record = {**case.record, **change}
    if case.working is not None and case.working.get("practice_status", "") == before:
        case.working = {**case.working, **change}
    case.practice_status, case.updated_at = status, now()
    versions.keep(actor.id, case, "Update")


@dataclass(frozen=True)
class Correction:
    """What an entry should say instead; `suspect` asks a moderator to look at the text."""

    happened: date
    text: str
    html: str
    suspect: bool = False

    def words(self) -> dict[str, str]:
        return {"happened": f"{self.happened:%d/%m/%Y}", "text": self.text}


def _past(day: date) -> None:
    if day > today():
        raise Invalid("This day lies in the future. Give the day on which it happened.", "happened")


def correct(actor: Member, id_: int, new: Correction, version: int, reason: str = "", hide_earlier: bool = False) -> Update:
    """Correct an entry; what it said before is stored as a revision. `version` is the one that the correction began from.

    Raises `EditConflict` where somebody saved another value of the same field in between.
    """
    update = queries.get(actor, id_)
    case = case_studies.get(actor, update.case_study_id)
    authorize(actor, Permission.EDIT, case)
    ref, stored = (Update.kind, update.id), {"happened": f"{update.happened:%d/%m/%Y}", "text": update.text}
    words = revisions.settle(ref, version, new.words(), stored, update.version)
    if words == stored:
        return update
    _past(new.happened)
    if not revisions.newest(ref, 1):
        revisions.keep(ref, update.member_id, stored, update.recorded_at)
    if words["happened"] == new.words()["happened"]:
        update.happened = new.happened
    if words["text"] == new.text:
        update.text, update.html, update.render_version = new.text, new.html, RENDER_VERSION
    update.version += 1
    update.corrected_at = now()
    revisions.keep(ref, actor.id, words, now(), reason)
    told = [*case.editor_ids, update.member_id]
    if account_for(actor, update, "corrected it", reason, owners=case.editor_ids, told=told) and hide_earlier:
        revisions.hide_earlier(ref, now())
    case.needs_look = case.needs_look or new.suspect
    announce(UpdatePosted(case.id, update.id, actor.id))
    return update


def ask(at: datetime) -> int:
    """Ask the authors of case studies that are due for an update, once for each milestone; return how many changed."""
    changed = currency.flip(at)
    for case in currency.unasked(at):
        announce(UpdateDue(case.id, case.prompted))
    return changed


def render_older() -> int:
    """Render again what an older version of the renderer wrote; return how many updates."""
    return rendering.render_older(Update, lambda update: render(update.text, LONGEST_KEPT, prefix=f"u{update.id}-"))
