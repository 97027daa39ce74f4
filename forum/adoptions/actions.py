"""What people do with adoptions: share, change, confirm, take away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.adoptions import queries, reach_elsewhere
from forum.adoptions.events import AdoptionChanged, AdoptionShared, AdoptionVerified
from forum.adoptions.models import (
    BY_AUTHOR,
    BY_MODERATOR,
    HELD,
    HIDDEN,
    PUBLISHED,
    SELF_REPORTED,
    WITHDRAWN,
    Adoption,
)
from forum.adoptions.queries import KIND
from forum.adoptions.record import core_parts_of, gaps, normal
from forum.case_studies import models as case_models
from forum.case_studies import queries as case_queries
from forum.case_studies.models import CaseStudy
from forum.case_studies.record.values import hidden
from forum.documents.identifiability import Finding
from forum.kernel import rate_limits, revisions
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Forbidden, Invalid
from forum.kernel.outbox import announce
from forum.moderation.actions import account_for
from forum.organisations.actions import name_partners
from forum.organisations.queries import places_of
from forum.records.schema import Record

SLOWER = "You shared a lot in a day. Your text is kept on this page."
OWN = "You wrote this case study. Post an update on it instead: that is the place for what you did since."
MEASURES = "Words in its measures may identify somebody."


@dataclass(frozen=True)
class AdoptionDraft:
    """What a person typed; `justification` says why what looks identifying is not."""

    values: Record
    justification: str = ""


def may_share(actor: Member, case: CaseStudy) -> str:
    """Return why this member cannot say that they tried it, "" where they can."""
    if case.status != case_models.PUBLISHED:
        return "This case study is not published now."
    return OWN if actor.id in case.editor_ids else ""


def share(actor: Member, case_id: int, draft: AdoptionDraft) -> Adoption:
    """Say "we tried this". New members' records, and texts that may identify somebody, are held for a moderator."""
    case = case_queries.get(actor, case_id)
    authorize(actor, Permission.WRITE)
    if why_not := may_share(actor, case):
        raise Invalid(why_not)
    values = _checked(draft.values, core_parts(case))
    rate_limits.spend("adoption", actor.id, 20, timedelta(days=1), SLOWER)
    held = not actor.trusted or bool(draft.justification)
    at = now()
    adoption = Adoption(
        case_study_id=case.id, member_id=actor.id, status=HELD if held else PUBLISHED, created_at=at, saved_at=at, record={}
    )
    _write(adoption, values, draft.justification)
    db.session.add(adoption)
    db.session.flush()
    _place(actor, adoption, values)
    revisions.keep((KIND, adoption.id), actor.id, values, at)
    reach_elsewhere.refresh(case.id)
    announce(AdoptionShared(adoption.id, case.id, actor.id, held))
    return adoption


def core_parts(case: CaseStudy) -> list[str]:
    """The core parts that readers of the case study see."""
    return [] if "core_parts" in hidden(case.record, case.withheld) else core_parts_of(case.record)


def _checked(values: Record, known: Sequence[str]) -> Record:
    values = normal(values)
    for gap in gaps(values, known):
        raise Invalid(gap.message, gap.field)
    return values


def _write(adoption: Adoption, values: Record, justification: str) -> None:
    adoption.record, adoption.justification = dict(values), justification
    adoption.stage, adoption.result = values["stage"], values.get("result", "")


def _place(actor: Member, adoption: Adoption, values: Record) -> None:
    """Set where it was tried. Raises `Invalid` for the case study's own places only: that is an update of the case study."""
    theirs = {place.id for place in places_of(case_queries.KIND, [adoption.case_study_id])[adoption.case_study_id]}
    if all(o.id in theirs for o in name_partners(actor, (KIND, adoption.id), values["organisations"])):
        message = (
            "This is where the case study comes from. Name the organisation that tried it after them, or write in its discussion"
        )
        raise Invalid(message, "organisations")


def edit(actor: Member, id_: int, draft: AdoptionDraft, version: int, reason: str = "", hide_earlier: bool = False) -> Adoption:
    """Change a record. A confirmation holds for what the record said: a new stage, result or place needs a new one.

    `version` is the one that the edit began from. Raises `EditConflict` where somebody saved another value of the same field since.
    """
    adoption = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, adoption)
    before = adoption.record
    settled = revisions.settle((KIND, adoption.id), version, normal(draft.values), before, adoption.version)
    values = _checked(settled, [*core_parts(adoption.case), *before.get("kept", [])])
    if values == before and draft.justification == adoption.justification:
        return adoption
    at = now()
    _write(adoption, values, draft.justification)
    adoption.version, adoption.saved_at = adoption.version + 1, at
    _place(actor, adoption, values)
    if any(before.get(name) != values.get(name) for name in ("stage", "result", "organisations")):
        adoption.verification, adoption.verified_by, adoption.verified_at = SELF_REPORTED, None, None
    if draft.justification and not actor.staff:
        _hold(adoption)
    revisions.keep((KIND, adoption.id), actor.id, values, at, reason)
    if account_for(actor, adoption, "edited it", reason) and hide_earlier:
        revisions.hide_earlier((KIND, adoption.id), at)
    changed(adoption)
    return adoption


def _hold(adoption: Adoption) -> None:
    """Hold a published record for a moderator, who is notified."""
    if adoption.status == PUBLISHED:
        adoption.status = HELD
        announce(AdoptionShared(adoption.id, adoption.case_study_id, adoption.member_id, True))


def changed(adoption: Adoption) -> None:
    """Tell the case study, and whoever listens. Call inside `transaction()`, after the change."""
    reach_elsewhere.refresh(adoption.case_study_id)
    announce(AdoptionChanged(adoption.id, adoption.case_study_id))


def may_verify(actor: Member, adoption: Adoption) -> bool:
    """An author of the case study or staff, for what is published; nobody for their own."""
    return (
        adoption.status == PUBLISHED
        and actor.id not in adoption.editor_ids
        and actor.confirmed
        and (actor.staff or actor.id in adoption.case.editor_ids)
    )


def verify(actor: Member, id_: int, confirm: bool, reason: str = "") -> Adoption:
    """Confirm that it happened so, or take the confirmation back. An author's word stands above a moderator's."""
    adoption = queries.get(actor, id_)
    if not may_verify(actor, adoption):
        raise Forbidden("Only an author of the case study or a moderator can confirm this, and nobody can confirm their own.")
    author = actor.id in adoption.case.editor_ids
    wanted = SELF_REPORTED if not confirm else BY_AUTHOR if author else BY_MODERATOR
    if adoption.verification == wanted or (confirm and not author and adoption.verified):
        return adoption
    if not confirm and author and not actor.staff and adoption.verification == BY_MODERATOR:
        raise Forbidden("A moderator confirmed this. Report it if that is wrong.")
    adoption.verification = wanted
    adoption.verified_by, adoption.verified_at = (actor.id, now()) if confirm else (None, None)
    if not author:
        account_for(actor, adoption, "confirmed it" if confirm else "withdrew its confirmation", reason)
    announce(AdoptionVerified(adoption.id, adoption.member_id, actor.id, wanted))
    changed(adoption)
    return adoption


def withdraw(actor: Member, id_: int, away: bool = True) -> Adoption:
    """The adopter takes it away, or puts it back. What a moderator hid stays hidden."""
    adoption = queries.get(actor, id_)
    authorize(actor, Permission.WITHDRAW, adoption)
    if adoption.status == HIDDEN:
        raise Invalid("A moderator hid this. Only you and the moderators can see it.")
    if away == (adoption.status == WITHDRAWN):
        return adoption
    held = not actor.trusted or bool(adoption.justification)
    adoption.status = WITHDRAWN if away else HELD if held else PUBLISHED
    if not away and held:
        announce(AdoptionShared(adoption.id, adoption.case_study_id, adoption.member_id, True))
    changed(adoption)
    return adoption


def measures_changed(actor: Member, adoption: Adoption, findings: Sequence[Finding]) -> None:
    """Its figures changed: the case study's facts and small charts follow. Words that may identify somebody are looked at first."""
    if any(f.severity == "block" for f in findings) and not actor.staff:
        adoption.justification = adoption.justification or MEASURES
        _hold(adoption)
    changed(adoption)
