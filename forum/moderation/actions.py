"""Reporting, and recording what moderators decide and do."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.kernel import revisions
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Forbidden, Invalid, NotFound, ReasonNeeded
from forum.kernel.outbox import announce, touch_site
from forum.kernel.references import Ref, cards
from forum.moderation import queries
from forum.moderation.events import ReportDecided, ReportMade, StaffActed
from forum.moderation.models import DISMISSED, OPEN, REASONS, UPHELD, Decision, Report

SAY_WHY = "This is not your own. Say why you are changing it: its author will be told, and it is recorded with your name."
LONGEST_REASON = 1_000
#: For how long one reason is enough for an act of many small steps, such as saving while typing.
SITTING = timedelta(hours=12)


def make_report(actor: Member, ref: Ref, reason: str, text: str) -> Report:
    """Tell the moderators. A second report by the same member on the same thing is the first one. Raises `NotFound`."""
    authorize(actor, Permission.WRITE)
    card = cards(actor, [ref]).get(ref)
    if card is None:
        raise NotFound("There is nothing here to report.")
    if card.author.id == actor.id:
        raise Forbidden("This is your own. Edit or withdraw it instead.")
    if reason not in REASONS:
        raise Invalid("Choose what is wrong.", "reason")
    mine = select(Report).where(Report.kind == ref[0], Report.ref_id == ref[1], Report.member_id == actor.id, Report.state == OPEN)
    existing = db.session.scalars(mine).first()
    if existing is not None:
        return existing
    fresh = Report(kind=ref[0], ref_id=ref[1], member_id=actor.id, reason=reason, text=text, state=OPEN, at=now())
    db.session.add(fresh)
    db.session.flush()
    announce(ReportMade(fresh.id, ref[0], ref[1], actor.id))
    return fresh


def decide_report(actor: Member, id_: int, uphold: bool, reason: str) -> Report:
    """Uphold or dismiss a report, with a reason; the person who made it is notified of both."""
    authorize(actor, Permission.MODERATE)
    report = queries.report(actor, id_)
    if report.member_id == actor.id:
        raise Forbidden("You made this report. Another moderator has to decide.")
    if report.state != OPEN:
        raise Invalid("This report was already decided on.")
    if not reason.strip():
        raise Invalid("Say why: the person who made the report will read it.", "reason")
    report.state = UPHELD if uphold else DISMISSED
    note(actor, ("report", report.id), "upheld the report" if uphold else "dismissed the report", reason)
    announce(ReportDecided(report.id, report.kind, report.ref_id, report.member_id, uphold, reason))
    return report


def note(actor: Member, ref: Ref, verb: str, reason: str) -> Decision:
    """Record a decision. Call inside `transaction()`, with the change itself."""
    row = Decision(kind=ref[0], ref_id=ref[1], moderator_id=actor.id, verb=verb, reason=reason, at=now())
    db.session.add(row)
    return row


def account_for(
    actor: Member,
    thing: Any,
    verb: str,
    reason: str,
    *,
    owners: Iterable[int | None] | None = None,
    told: Iterable[int | None] | None = None,
    sitting: bool = False,
) -> bool:
    """Record what staff do to what is another's, with the reason, and notify its owners (law 9). Call inside `transaction()`, with
    the change.

    Return True; or False, with nothing recorded, where the thing is the actor's own. `verb` follows "A moderator". `owners` are
    those for whom it counts as their own, `told` those who are notified: both are its authors unless given. Of the many small steps
    of a `sitting` only the first is recorded. Raises `ReasonNeeded`.
    """
    own = set(thing.editor_ids if owners is None else owners)
    if actor.id in own:
        return False
    ref = (thing.kind, thing.id)
    if sitting and _lately(actor, ref, verb):
        return True
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ReasonNeeded(SAY_WHY if not reason else f"Use at most {LONGEST_REASON:,} characters for the reason.")
    note(actor, ref, verb, reason)
    members = sorted({id_ for id_ in (own if told is None else told) if id_} - {actor.id})
    announce(StaffActed(*ref, actor.id, verb, reason, members))
    return True


def hide_version(actor: Member, thing: Any, ref: Ref, number: int, hidden: bool, reason: str) -> None:
    """Hide what an earlier version said, or show it again. `thing` is asked for permission, `ref` has the versions."""
    authorize(actor, Permission.DECIDE, thing)
    account_for(actor, thing, "hid an earlier version of it" if hidden else "showed an earlier version of it again", reason)
    revisions.set_hidden(ref, number, now() if hidden else None)
    touch_site()


def _lately(actor: Member, ref: Ref, verb: str) -> bool:
    found = select(Decision.id).where(Decision.kind == ref[0], Decision.ref_id == ref[1], Decision.moderator_id == actor.id)
    return db.session.scalar(found.where(Decision.verb == verb, Decision.at > now() - SITTING).limit(1)) is not None
