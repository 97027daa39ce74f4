"""Reporting, and recording what moderators decide."""

from sqlalchemy import select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Forbidden, Invalid, NotFound
from forum.kernel.outbox import record
from forum.kernel.refs import Ref, cards
from forum.moderation import queries
from forum.moderation.events import ReportDecided, ReportMade
from forum.moderation.models import DISMISSED, OPEN, REASONS, UPHELD, Decision, Report


def make_report(actor: Member, ref: Ref, reason: str, text: str) -> Report:
    """Tell the moderators. A second report by the same member on the same thing is the first one. Raises `NotFound`."""
    authorize(actor, Permission.WRITE)
    card = cards(actor, [ref]).get(ref)
    if card is None:
        raise NotFound("There is nothing here to report.")
    if card.author_id == actor.id:
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
    record(ReportMade(fresh.id, ref[0], ref[1], actor.id))
    return fresh


def decide_report(actor: Member, id_: int, uphold: bool, reason: str) -> Report:
    """Uphold or dismiss a report, with a reason that the person who made it is told."""
    authorize(actor, Permission.MODERATE)
    report = queries.report(actor, id_)
    if report.member_id == actor.id:
        raise Forbidden("You made this report. Another moderator must decide on it.")
    if report.state != OPEN:
        raise Invalid("This report was already decided on.")
    if not reason.strip():
        raise Invalid("Say why: the person who made the report will read it.", "reason")
    report.state = UPHELD if uphold else DISMISSED
    note(actor, ("report", report.id), "upheld the report" if uphold else "dismissed the report", reason)
    record(ReportDecided(report.id, report.kind, report.ref_id, report.member_id, uphold, reason))
    return report


def note(actor: Member, ref: Ref, verb: str, reason: str) -> Decision:
    """Record a decision. Call inside `transaction()`, with the change itself."""
    row = Decision(kind=ref[0], ref_id=ref[1], moderator_id=actor.id, verb=verb, reason=reason, at=now())
    db.session.add(row)
    return row
