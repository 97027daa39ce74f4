"""What authors do with case studies. Rendering and checking happen before, outside the transaction; see `record/values.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries, versions
from forum.case_studies.models import CaseStudy, Clash
from forum.case_studies.record.parts import PARTS
from forum.case_studies.record.values import NOT_APPLICABLE, fingerprint, normal
from forum.documents.markdown import LONGEST_KEPT
from forum.kernel import revisions
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Invalid
from forum.moderation.actions import account_for
from forum.records.items import GRID, ROWS
from forum.records.schema import Record

DRAFTS_AT_ONCE = 50
#: Prefix of the name under which the reason is saved why an item does not apply.
REASON = "na:"


@dataclass(frozen=True, slots=True)
class Typed:
    """A value as a form holds it, and the `values.fingerprint` of the value that the form was filled from."""

    value: Any
    base: str


def begin(actor: Member, values: Record) -> CaseStudy:
    """A new draft, seen by its author only."""
    authorize(actor, Permission.WRITE)
    if queries.count_drafts(actor) >= DRAFTS_AT_ONCE:
        raise Invalid(f"You have {DRAFTS_AT_ONCE} drafts. Withdraw one that you no longer need, then try again.")
    record = normal(values)
    _bounded(record)
    at = now()
    case = CaseStudy(member_id=actor.id, working=record, created_at=at, saved_at=at, record={}, html={}, stamps={})
    case.withheld = {}
    db.session.add(case)
    db.session.flush()
    return case


def saved_value(values: Record, name: str) -> Any:
    """Return what a record says under a name; with the prefix `REASON`, the reason why the item does not apply."""
    if name.startswith(REASON):
        return values.get(NOT_APPLICABLE, {}).get(name.removeprefix(REASON), "")
    return values.get(name, "")


def _with(values: Record, name: str, value: Any) -> dict[str, Any]:
    if name.startswith(REASON):
        reasons = {**values.get(NOT_APPLICABLE, {}), name.removeprefix(REASON): value}
        return normal({**values, NOT_APPLICABLE: reasons})
    return normal({**values, name: value})


def settled(name: str, value: Any) -> Any:
    """Return what a value becomes when it is stored."""
    return saved_value(_with({}, name, value), name)


def save(actor: Member, id_: int, typed: Mapping[str, Typed], page: str, reason: str = "") -> tuple[CaseStudy, list[str]]:
    """Save what is being typed, value by value. Readers see nothing of it yet. What staff write over is set aside for its authors.

    Return the case study, and the names of values in conflict: somebody else saved another value since this page was filled, and
    both are stored until someone chooses (`choose`). `page` names the load of the page, so that its saves do not conflict.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    values, clashes = dict(queries.draft_of(case)), []
    stamps, at = dict(case.stamps), now()
    for name, new in typed.items():
        after = _with(values, name, new.value)
        stored, wanted = fingerprint(saved_value(values, name)), fingerprint(saved_value(after, name))
        own = stamps.get(name, [0, "", ""])[2] == page
        # A page may put back a value that it saved itself to what it began with, but not one that others saved.
        if wanted == stored or (wanted == new.base and not own):
            continue
        if stored != new.base and not own:
            _clash(case, name, page, actor, saved_value(after, name))
            clashes.append(name)
            continue
        values, stamps[name] = after, [actor.id, at.isoformat(), page]
    _bounded(values)
    before = queries.draft_of(case)
    by_staff = (values != before or bool(clashes)) and account_for(actor, case, "wrote in its unsent text", reason, sitting=True)
    if by_staff and versions.overwritten(actor, before, values, case.record, case.stamps):
        versions.set_aside(actor, case, before, "A moderator wrote over it")
    if values != before:
        case.working, case.stamps, case.saved_at = values, stamps, at
    return case, clashes


def _bounded(values: Record) -> None:
    """Raise `Invalid` for what is too long to be worked on as one case study."""
    if any(len(str(v)) > LONGEST_KEPT for v in values.values()) or sum(len(str(v)) for v in values.values()) > 4 * LONGEST_KEPT:
        raise Invalid(f"This is far too long to keep: a text may have {LONGEST_KEPT:,} characters. Shorten it, or split it in two.")


def _clash(case: CaseStudy, name: str, page: str, actor: Member, value: Any) -> None:
    found = select(Clash).where(Clash.case_study_id == case.id, Clash.name == name, Clash.page == page)
    row = db.session.scalars(found).first()
    if row is None:
        row = Clash(case_study_id=case.id, name=name, page=page, member_id=actor.id)
        db.session.add(row)
    row.value, row.at = value, now()
    db.session.flush()


def choose(actor: Member, id_: int, clash_id: int, keep: str, expected_fingerprint: str, reason: str = "") -> CaseStudy:
    """End a conflict: keep the "saved" version, the "other" one, or "both", one after the other (not for choices and grids).

    `expected_fingerprint` is `versions_fingerprint` of what the person was shown. What is not chosen is set aside. Raises `Invalid`
    where either version has changed since.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    clash = db.session.get(Clash, clash_id)
    if clash is None or clash.case_study_id != case.id:
        raise Invalid("Somebody has chosen already. Look at the text again.")
    values = queries.draft_of(case)
    stored = saved_value(values, clash.name)
    if keep not in {"saved", "other", "both"} or expected_fingerprint != versions_fingerprint(stored, clash.value):
        raise Invalid("One of the two versions has changed since this page was opened. Look at both again, then choose.", "clashes")
    if keep == "both" and can_join(clash.name):
        rows = isinstance(stored, list) or isinstance(clash.value, list)
        new: Any = [*(stored or []), *(clash.value or [])] if rows else f"{stored}\n\n{clash.value}".strip()
    else:
        new = clash.value if keep == "other" else stored
    account_for(actor, case, "chose between two versions of its unsent text", reason)
    if keep != "both":
        lost = clash.value if keep == "saved" else stored
        versions.set_aside(actor, case, _with(values, clash.name, lost), "The other version was chosen")
    if new != stored:
        case.working = _with(values, clash.name, new)
        case.stamps = {**case.stamps, clash.name: [actor.id, now().isoformat(), ""]}
    db.session.delete(clash)
    return case


def versions_fingerprint(saved: Any, other: Any) -> str:
    """Return a fingerprint of two versions, to tell later whether somebody was shown these."""
    return f"{fingerprint(saved)}{fingerprint(other)}"


def can_join(name: str) -> bool:
    """Return whether two versions may stand one after the other: texts and lists of rows."""
    shapes = {p.name: p.shape for p in PARTS}
    return not name.startswith(REASON) and shapes.get(name, ROWS) not in {"choice", "month", GRID}


def discard_working(actor: Member, id_: int, reason: str = "") -> CaseStudy:
    """Take unsent changes out of the form of something that was sent before. They are set aside, second versions as well."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    if not case.title:
        raise Invalid("This was never sent. Withdraw it if you no longer want it.")
    account_for(actor, case, "set its unsent text aside", reason)
    typed, second = queries.draft_of(case), queries.clashes(case)
    for version in [typed, *versions.second_versions(typed, second)]:
        versions.set_aside(actor, case, version, reason)
    for clash in second:
        db.session.delete(clash)
    case.working, case.stamps = None, {}
    return case


def bring_back(actor: Member, id_: int, number: int, reason: str = "") -> CaseStudy:
    """Put what was set aside into the form again; what is there now is set aside for it."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    account_for(actor, case, "put text that had been set aside into its form", reason)
    wanted = revisions.numbered((versions.UNSENT, case.id), number)
    if queries.clashes(case):
        raise Invalid("There are two versions of a text. Choose one first.", "clashes")
    versions.set_aside(actor, case, queries.draft_of(case), "Another text was brought back")
    case.working, case.stamps, case.saved_at = normal(wanted.texts), {}, now()
    return case


def restore(actor: Member, id_: int, number: int, reason: str = "") -> CaseStudy:
    """Put an earlier version into the working text, to be looked at and sent like any other change."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    revision = revisions.numbered((CaseStudy.kind, case.id), number)
    if case.working is not None and case.working != case.record:
        raise Invalid("There are unsent changes. Send or delete them first: restoring would write over them.")
    account_for(actor, case, "put an earlier version into its form", reason)
    # Versions stored before a case study was one record have its texts only: the rest stays as it is.
    whole = "organisations" in revision.texts
    case.working, case.saved_at = normal(revision.texts if whole else {**case.record, **revision.texts}), now()
    return case
