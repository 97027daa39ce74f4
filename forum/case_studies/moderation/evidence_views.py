"""Why a case study has its level of evidence; and where moderators confirm it. Its authors never do."""

from typing import Any

from flask import Blueprint, flash, redirect, request
from sqlalchemy import func, or_, select
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from forum.access.actors import Member
from forum.access.permissions import Permission, may
from forum.accounts.queries import FORMER, people
from forum.case_studies import queries
from forum.case_studies.evidence.levels import assessed, level_words, unanswered
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.case_studies.moderation import actions as moderating
from forum.kernel.db import db, transaction
from forum.kernel.errors import Invalid
from forum.measures import queries as measures
from forum.moderation.queue import QueueItem, QueueSource
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import EVIDENCE
from forum.web.access_level import Reach, actor, member, reach
from forum.web.form_responses import show
from forum.web.forms import Form, Required

bp = Blueprint("case_evidence", __name__)
#: Suggestions from here up wait for a moderator; below it the page says that the level is the site's own reading.
WORTH_A_LOOK = 2


class LevelForm(Form):
    level = RadioField("Which level do you confirm?", [Required("Choose a level")], choices=[])
    reason = TextAreaField(
        "Your reason",
        [Length(max=500)],
        description="Readers see it. It is needed if you choose a different level from the one that the site suggests.",
        render_kw={"rows": 3},
    )


def _form() -> LevelForm:
    form = LevelForm()
    form.level.choices = [(str(n), f"{t.label} (level {n}): {t.definition}") for n, t in enumerate(taxonomy.terms(EVIDENCE))]
    return form


@bp.get("/case-studies/<ref:id_>/evidence")
@reach(Reach.READER)
def page(id_: int) -> Response:
    case = queries.get(actor(), id_)
    form = _form()
    form.level.data = str(case.evidence_suggested if case.evidence_suggested is not None else 0)
    return _page(case, form)


@bp.post("/case-studies/<ref:id_>/evidence")
@reach(Reach.STAFF)
def confirm_post(id_: int) -> Response:
    case, form = queries.get(member(), id_), _form()
    if not form.validate():
        return _page(case, form)
    try:
        with transaction():
            case = moderating.confirm_evidence(member(), id_, int(form.level.data), _seen(), form.reason.data or "")
    except Invalid as problem:
        form.blame(problem)
        return _page(queries.get(member(), id_), form)
    flash("The level is confirmed, and its authors will be told.", "success")
    return redirect(f"{case.url}/evidence", 303)


def _seen() -> int:
    text = request.form.get("expected", "")
    return int(text) if text in {"0", "1", "2", "3", "4", "5"} else -1


def _page(case: CaseStudy, form: LevelForm) -> Response:
    confirmed = case.evidence.get("confirmed", {})
    return show(
        "case_studies/evidence.html",
        form,
        case=case,
        levels=taxonomy.terms(EVIDENCE),
        level=case.evidence_suggested or None if case.evidence_level is None else case.evidence_level,
        assessed=assessed(case),
        unanswered=unanswered(case.record) if may(actor(), Permission.EDIT, case) else [],
        confirmed=confirmed,
        by=people([confirmed["by"]]).get(confirmed["by"], FORMER).name if confirmed else "",
        shown=measures.shown((CaseStudy.kind, case.id)),
        deciding=may(actor(), Permission.DECIDE, case) and case.status == PUBLISHED,
    )


def _waiting() -> Any:
    looked = or_(CaseStudy.evidence_looked.is_(None), CaseStudy.evidence_looked != CaseStudy.evidence_suggested)
    return (CaseStudy.status == PUBLISHED) & (CaseStudy.evidence_suggested >= WORTH_A_LOOK) & looked


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(CaseStudy).where(_waiting())) or 0


def items(actor: Member, limit: int) -> tuple[int, list[QueueItem]]:
    """Case studies whose suggested level nobody has looked at yet."""
    cases = db.session.scalars(select(CaseStudy).where(_waiting()).order_by(CaseStudy.id).limit(limit)).all()
    who = people(c.member_id for c in cases)
    return count(), [_item(actor, case, who.get(case.member_id, FORMER)) for case in cases]


def _item(actor: Member, case: CaseStudy, person: Any) -> QueueItem:
    return QueueItem(
        kind="evidence",
        id=case.id,
        what="Level of evidence",
        title=case.title,
        url=f"{case.url}/evidence",
        since=case.updated_at or case.published_at or case.saved_at,
        author=person,
        flags=((f"Suggested: {level_words(case.evidence_suggested or 0)}", "neutral"),),
        own=actor.id in case.viewer_ids,
    )


QUEUE = QueueSource("evidence", "Levels of evidence", items, count)
