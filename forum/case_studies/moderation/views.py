"""The moderators' pages for case studies, and what they add to the one queue."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from forum.access.actors import Member
from forum.access.permissions import Permission, may
from forum.accounts.queries import FORMER, people
from forum.case_studies import queries
from forum.case_studies.models import HIDDEN, PUBLISHED, SUBMITTED, CaseStudy
from forum.case_studies.moderation import actions as moderating
from forum.case_studies.moderation import purge as purging
from forum.case_studies.page import detail_context
from forum.case_studies.record.values import fingerprint, question
from forum.case_studies.versions import say_of
from forum.documents.markdown import render
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid
from forum.kernel.revisions import history
from forum.moderation.queries import decisions
from forum.moderation.queue import QueueItem, QueueSource
from forum.purging.page import page
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import Form, Required

bp = Blueprint("case_desk", __name__)

CHOICES = {
    SUBMITTED: {"publish": "Publish it", "ask": "Ask the author for changes", "reject": "Do not accept it"},
    PUBLISHED: {"hide": "Hide it while we check"},
    HIDDEN: {"show": "Show it again"},
}
READY_REASONS = (
    "Please say what happened after the change, even if it is too early for figures.",
    "A detail may identify somebody: see the findings. Please take it out or say it more generally.",
    "Please name the organisations that took part.",
    "This reads as an advert for a product. Please say what your team did and what it cost.",
)


class DecideForm(Form):
    verb = RadioField("Your decision", [Required("Choose a decision")], choices={})
    reason = TextAreaField(
        "Your reason",
        [Length(max=1_000)],
        description="The author reads this. You do not need to give one if you publish it.",
    )


def _form(case: CaseStudy) -> DecideForm:
    form = DecideForm()
    form.verb.choices = CHOICES.get(case.status, {})
    return form


@bp.get("/case-studies/<ref:id_>/review")
@reach(Reach.STAFF)
def review(id_: int) -> Response:
    case = queries.get(member(), id_)
    return _page(case, _form(case))


@bp.post("/case-studies/<ref:id_>/review")
@reach(Reach.STAFF)
def review_post(id_: int) -> Response:
    case = queries.get(member(), id_)
    form = _form(case)
    if not form.validate():
        return _page(case, form)
    opening = render(moderating.opening_text(case)) if form.verb.data == "publish" else ""
    try:
        with transaction():
            case = moderating.decide(
                member(), id_, form.verb.data, form.reason.data or "", opening, request.form.get("expected", "-")
            )
    except Invalid as problem:
        form.blame(problem)
        return _page(queries.get(member(), id_), form)
    flash("Your decision is recorded, and the authors will be told.", "success")
    return redirect(case.url if case.status == PUBLISHED else url_for("moderation.desk"), 303)


@bp.post("/case-studies/<ref:id_>/looked-at")
@reach(Reach.STAFF)
def looked_at(id_: int) -> Response:
    with transaction():
        moderating.looked_at(member(), id_)
    flash("Recorded: the change is accepted.", "success")
    return redirect(url_for("moderation.desk"), 303)


@bp.get("/case-studies/<ref:id_>/purge")
@reach(Reach.STAFF)
def purge(id_: int) -> Response:
    back = f"/case-studies/{queries.get(member(), id_).id}/review"
    return page(
        lambda: purging.scope(queries.get(member(), id_), member().id),
        lambda: queries.get(member(), id_).name,
        back,
        "Back to the review",
    )


bp.add_url_rule("/case-studies/<ref:id_>/purge", "purge_post", purge, methods=["POST"])


def _page(case: CaseStudy, form: DecideForm) -> Response:
    latest = history((queries.KIND, case.id), 1, say_of(case))
    return show(
        "case_studies/review.html",
        form,
        **detail_context(case) | {"decisions": decisions((queries.KIND, case.id))},
        findings=[_finding(f, case) for f in case.findings],
        ready_reasons=READY_REASONS,
        may_decide=may(member(), Permission.DECIDE, case),
        last_change=latest[0].changes if case.needs_look and latest else [],
        question=question,
        expected=fingerprint(case.record),
        by=people([case.member_id]).get(case.member_id, FORMER),
    )


def _finding(stored: dict[str, Any], case: CaseStudy) -> dict[str, Any]:
    return stored | {
        "where": question(stored["field"]),
        "why": case.justifications.get(stored["key"], ""),
    }


def items(actor: Member, limit: int) -> tuple[int, list[QueueItem]]:
    """Case studies that wait for a decision, and changes after publication that need a look."""
    total, cases = queries.waiting(limit)
    who = people(c.member_id for c in cases)
    return total, [_item(actor, c, who.get(c.member_id, FORMER)) for c in cases]


def _item(actor: Member, case: CaseStudy, person: Any) -> QueueItem:
    sure = any(f["severity"] == "block" for f in case.findings)
    flags = []
    if case.findings:
        flags.append((f"{len(case.findings)} possible identifying detail{'s' if len(case.findings) > 1 else ''}", "bad"))
    if case.needs_look:
        flags.append(("Edited after publishing", "warn"))
    if actor.id in case.viewer_ids:
        flags.append(("Your own: another moderator decides", "neutral"))
    return QueueItem(
        kind=queries.KIND,
        id=case.id,
        what="Case study",
        title=case.title,
        url=f"{case.url}/review",
        since=case.submitted_at or case.saved_at,
        author=person,
        flags=tuple(flags),
        urgent=sure,
        own=actor.id in case.viewer_ids,
    )


QUEUE = QueueSource(queries.KIND, "Case studies", items, queries.count_waiting)
