"""The pages about a case study's people, and the invitations that wait for whoever is signed in."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from forum.access.permissions import Permission, may
from forum.accounts.queries import account, bounced
from forum.case_studies import queries
from forum.case_studies.contributors import actions as contributor_actions
from forum.case_studies.contributors import queries as contributors
from forum.case_studies.contributors.forms import InviteForm
from forum.case_studies.models import REVIEWER, ROLES, CaseStudy
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.idempotency import once
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import Form, given_reason

bp = Blueprint("case_authors", __name__)


def _taking_part(id_: int) -> CaseStudy:
    """The case study, for somebody who takes part in it, and for staff."""
    case = queries.get(member(), id_)
    if member().id not in case.viewer_ids and not member().staff:
        raise NotFound("There is nothing here.")
    return case


@bp.get("/case-studies/<ref:id_>/people")
@reach(Reach.MEMBER)
def people(id_: int) -> Response:
    return _page(_taking_part(id_), InviteForm())


def _page(case: CaseStudy, form: InviteForm, remark_problem: str = "") -> Response:
    everyone = contributors.people_of(case)
    me = next((p for p in everyone if p.accepted and p.person.id == member().id), None)
    return show(
        "case_studies/people.html",
        form,
        status=422 if remark_problem else 0,
        remark_problem=remark_problem,
        remark=request.form.get("remark") if remark_problem else me.remark if me else "",
        case=case,
        everyone=everyone,
        me_in=me,
        role_words=ROLES,
        may_share_out=may(member(), Permission.SHARE_OUT, case),
        may_invite=contributor_actions.may_write_about(member(), case),
        may_edit=may(member(), Permission.EDIT, case),
        rescue=me is not None and me.role == "co-author" and bounced(case.member_id),
        reviewing=me is not None and me.role == REVIEWER,
    )


@bp.post("/case-studies/<ref:id_>/people")
@reach(Reach.MEMBER)
def invite(id_: int) -> Response:
    case, form = _taking_part(id_), InviteForm()
    if not form.validate():
        return _page(case, form)

    def ask() -> str:
        contributor_actions.invite(member(), id_, form.who.data or "", form.role.data or "", bool(form.lived.data), given_reason())
        return f"{case.url}/people"

    try:
        with transaction():
            # By its key alone: who declined, or was taken out, can be asked again with the same words; who is in the list cannot.
            where = once(form.form_key.data or "", member().id, ask)
    except Invalid as problem:
        form.blame(problem)
        return _page(queries.get(member(), id_), form)
    flash("The invitation is on its way.", "success")
    return redirect(where, 303)


@bp.post("/case-studies/<ref:id_>/people/<id:row_id>/<any(remove, lead):what>")
@reach(Reach.MEMBER)
def change(id_: int, row_id: int, what: str) -> Response:
    with transaction():
        act = contributor_actions.remove if what == "remove" else contributor_actions.hand_over
        case = act(member(), id_, row_id, given_reason())
    flash("Done. They will be told." if what == "lead" else "They are no longer on the list.", "success")
    return redirect(f"{case.url}/people" if may(member(), Permission.EDIT, case) else case.url, 303)


@bp.post("/case-studies/<ref:id_>/leave")
@reach(Reach.MEMBER)
def leave(id_: int) -> Response:
    with transaction():
        contributor_actions.leave(member(), id_)
    flash("You have left the case study. What you wrote stays.", "success")
    return redirect(url_for("case_sending.own"), 303)


@bp.post("/case-studies/<ref:id_>/reviewed")
@reach(Reach.MEMBER)
def reviewed(id_: int) -> Response:
    try:
        with transaction():
            case = contributor_actions.reviewed(member(), id_, request.form.get("remark", ""))
    except Invalid as problem:
        return _page(queries.get(member(), id_), InviteForm(formdata=None), str(problem))
    flash("Thank you. The authors will be told.", "success")
    return redirect(f"{case.url}/people", 303)


@bp.get("/invitations")
@reach(Reach.MEMBER)
def invitations() -> Response:
    waiting = contributors.invitations(account(member()).email) if member().confirmed else []
    return show(
        "case_studies/invitations.html", Form(), waiting=waiting, role_words=ROLES, leaderless=contributors.leaderless(member())
    )


@bp.post("/invitations/<id:row_id>/<any(accept, decline):answer>")
@reach(Reach.MEMBER)
def answer(row_id: int, answer: str) -> Response:
    with transaction():
        if answer == "decline":
            contributor_actions.decline(member(), row_id)
            flash("You declined. The authors will be told.", "success")
            return redirect(url_for("case_authors.invitations"), 303)
        case = contributor_actions.accept(member(), row_id)
    flash("You have joined the case study.", "success")
    return redirect(f"{case.url}/edit" if member().id in case.editor_ids else f"{case.url}/people", 303)
