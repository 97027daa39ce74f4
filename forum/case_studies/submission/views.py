"""Sending a case study: the preview, the last questions, what happens next; and taking it back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forum.access.permissions import Permission, authorize
from forum.accounts.queries import FORMER, people
from forum.case_studies import queries, versions
from forum.case_studies.editing import actions as editing
from forum.case_studies.evidence.levels import unanswered
from forum.case_studies.models import DRAFT, PUBLISHED, CaseStudy
from forum.case_studies.page import beside, editable
from forum.case_studies.presentation import placed
from forum.case_studies.record.completeness import gaps
from forum.case_studies.record.fields import CONFIRMATIONS
from forum.case_studies.record.presentation import grouped, shown
from forum.case_studies.record.values import finding_key, findings, fingerprint, hidden, html, question, section_of
from forum.case_studies.submission import actions
from forum.case_studies.submission.confirmations import confirmed_at
from forum.case_studies.submission.forms import SendForm
from forum.documents.markdown import TooComplex
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid
from forum.kernel.revisions import changes, newest
from forum.kernel.text import clean
from forum.measures.presentation import figures
from forum.taxonomy import queries as taxonomy
from forum.web.access_level import Reach, member, reach
from forum.web.drafts import listed as drafts_of
from forum.web.form_responses import show
from forum.web.forms import Form, given_reason

bp = Blueprint("case_sending", __name__)


@bp.get("/case-studies/<ref:id_>/preview")
@reach(Reach.MEMBER)
def preview(id_: int) -> Response:
    return _preview_page(editable(id_), SendForm())


def _preview_page(case: CaseStudy, form: SendForm, problem: Invalid | None = None) -> Response:
    """As a reader will see it, and below it all that is still needed to send it."""
    own = member().id in case.editor_ids
    if own:
        form.reason.description = "Readers see it in the history."
    values = queries.draft_of(case)
    try:
        rendered = html(values)
    except TooComplex as error:
        problem, rendered = Invalid(str(error)), {}
    parts, files = placed(case, shown(values, rendered, hidden(values, case.withheld)), queries.shown_files(case, unsent=True))
    answers = {k.removeprefix("why-"): v for k, v in request.form.items() if k.startswith("why-")}
    return show(
        "case_studies/preview.html",
        form,
        status=422 if problem else 0,
        case=case,
        thing=case,
        figures=figures((queries.KIND, case.id)),
        values=values,
        panels=beside(case, values.get("title", "")),
        expected=fingerprint(values),
        parts=grouped(parts),
        elements=[taxonomy.term("element", s) for s in values.get("elements", [])],
        gaps=gaps(values),
        unanswered=unanswered(values),
        clashes=len(queries.clashes(case)),
        findings=[(finding_key(f), f, question(f.field), section_of(f.field)) for f in findings(values)],
        answers=answers or case.justifications,
        problem=problem,
        files=files,
        asked=actions.ASKED if any(file.asked for file in queries.files_of(case)) else "",
        own=own,
        confirmed_at=confirmed_at(member(), case),
        confirmations=CONFIRMATIONS,
        republish=case.status == PUBLISHED,
        never_sent=case.status == DRAFT,
    )


@bp.post("/case-studies/<ref:id_>/submit")
@reach(Reach.MEMBER)
def submit(id_: int) -> Response:
    case, form = editable(id_), SendForm()
    if not form.validate():
        return _preview_page(case, form)
    values = queries.draft_of(case)
    try:
        rendered, found = html(values), findings(values)
        why = {finding_key(f): clean(request.form.get(f"why-{finding_key(f)}", ""))[:500] for f in found}
        with transaction():
            if request.form.get("expected") != fingerprint(values) or queries.draft_of(queries.get(member(), id_)) != values:
                raise Invalid("It was changed somewhere else just now. Read it again, then send it.")
            case = actions.submit(member(), id_, rendered, found, why, form.confirmed.data or [], *form.by_staff())
    except (Invalid, TooComplex) as problem:
        refusal = problem if isinstance(problem, Invalid) else Invalid(str(problem))
        if refusal.field == "confirmed":
            form.blame(refusal)
        return _preview_page(queries.get(member(), id_), form, refusal)
    if case.status == PUBLISHED:
        flash("Your changes are published.", "success")
        return redirect(case.url, 303)
    return redirect(f"{case.url}/sent", 303)


@bp.get("/case-studies/<ref:id_>/sent")
@reach(Reach.MEMBER)
def sent(id_: int) -> str:
    case = queries.get(member(), id_)
    place = queries.place_in_queue(case) if case.submitted_at else 0
    return render_template("case_studies/sent.html", case=case, place=place)


@bp.get("/case-studies/<ref:id_>/withdraw")
@reach(Reach.MEMBER)
def withdraw(id_: int) -> Response:
    case = queries.get(member(), id_)
    authorize(member(), Permission.WITHDRAW, case)
    return show("case_studies/withdraw.html", Form(), case=case)


@bp.post("/case-studies/<ref:id_>/withdraw")
@reach(Reach.MEMBER)
def withdraw_post(id_: int) -> Response:
    with transaction():
        actions.withdraw(member(), id_)
    flash("It is withdrawn. Only its authors, its reviewers and the moderators can see it. You can send it again.", "success")
    return redirect(url_for("case_sending.own"), 303)


@bp.post("/case-studies/<ref:id_>/discard")
@reach(Reach.MEMBER)
def discard(id_: int) -> Response:
    with transaction():
        case = editing.discard_working(member(), id_, given_reason())
    flash("The case study is as it was last sent. What you had not sent is set aside, and you can bring it back.", "success")
    return redirect(case.url, 303)


@bp.get("/case-studies/<ref:id_>/set-aside")
@reach(Reach.MEMBER)
def set_aside(id_: int) -> Response:
    """What was typed, never sent, and taken out of the form: the newest ten, each beside what the form holds now."""
    case = editable(id_)
    rows, now_typed = newest((versions.UNSENT, case.id), 10), queries.draft_of(case)
    found = [(row, changes(now_typed, row.texts, versions.say_of(case))) for row in rows]
    return show(
        "case_studies/set_aside.html", Form(), case=case, found=found, who=people(r.member_id for r in rows), former=FORMER,
        question=question,
    )  # fmt: skip


@bp.post("/case-studies/<ref:id_>/set-aside/<id:number>")
@reach(Reach.MEMBER)
def bring_back(id_: int, number: int) -> Response:
    with transaction():
        case = editing.bring_back(member(), id_, number, given_reason())
    flash("It is back in the form. What was there before is set aside.", "success")
    return redirect(f"{case.url}/edit", 303)


@bp.post("/case-studies/<ref:id_>/restore/<id:number>")
@reach(Reach.MEMBER)
def restore(id_: int, number: int) -> Response:
    with transaction():
        case = editing.restore(member(), id_, number, given_reason())
    flash("The earlier version is in your form. Look at it, then publish it.", "success")
    return redirect(f"{case.url}/preview", 303)


@bp.get("/drafts")
@reach(Reach.MEMBER)
def own() -> str:
    return render_template("case_studies/drafts.html", cases=queries.own(member()), short=drafts_of(member()))
