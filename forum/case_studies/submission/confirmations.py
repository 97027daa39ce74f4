"""What authors confirm when they send: once a sitting, not with each small change.

What somebody confirmed for a case study holds for their changes of its texts in the next twelve hours, until a picture or file is
added: that is looked at with the same questions again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from forum.access.actors import Member
from forum.case_studies.models import Attachment, CaseStudy, Confirmation
from forum.case_studies.record.fields import CONFIRMATIONS
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.errors import Invalid

HOLDS = timedelta(hours=12)


def confirmed_at(actor: Member, case: CaseStudy) -> datetime | None:
    """Return when the actor confirmed all of it, as far as that still holds."""
    given = db.session.get(Confirmation, (case.id, actor.id))
    if given is None or given.at < now() - HOLDS:
        return None
    added = select(exists().where(Attachment.case_study_id == case.id, Attachment.created_at > given.at))
    return None if db.session.scalar(added) else given.at


def confirm(actor: Member, case: CaseStudy, ticked: Sequence[str]) -> None:
    """Take the ticks, or those of this sitting. Call inside `transaction()`. Raises `Invalid` where neither will do."""
    if set(ticked) == set(CONFIRMATIONS):
        db.session.merge(Confirmation(case_study_id=case.id, member_id=actor.id, at=now()))
    elif confirmed_at(actor, case) is None:
        raise Invalid("Tick each of the confirmations, or go back and change the text.", "confirmed")
