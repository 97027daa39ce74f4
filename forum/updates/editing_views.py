"""Posting updates: the two-minute form, "still our practice", and the link in the mail that says so without signing in."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.accounts.queries import acting
from forum.case_studies import queries as case_studies
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.kernel import tokens
from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict, Invalid
from forum.kernel.text import clean
from forum.measures import charts
from forum.measures import queries as measures
from forum.measures.models import Measure
from forum.measures.record import gaps, lines_of, read_figures
from forum.updates import actions, queries
from forum.updates.forms import EditUpdateForm, FiguresRow, UpdateForm, blank, figure_rows
from forum.updates.models import Update
from forum.web import drafts
from forum.web.access_level import Reach, member, reach
from forum.web.draft_pages import MaySend, keep_typed
from forum.web.form_responses import show
from forum.web.forms import Form, given_reason
from forum.web.own_address import moved

bp = Blueprint("updates_writing", __name__)
Rows = list[tuple[Measure, FiguresRow]]


def _case(id_: int) -> CaseStudy:
    """The published case study, for somebody who may change it."""
    return _followed(member(), id_)


def _followed(who: Member, id_: int) -> CaseStudy:
    case = case_studies.get(who, id_)
    authorize(who, Permission.EDIT, case)
    if case.status != PUBLISHED:
        raise Invalid("Updates follow what is published. Change the case study itself instead.")
    return case


def _may_update(who: Member, case_id: str) -> None:
    _followed(who, int(case_id))


def _may_correct(who: Member, update_id: str) -> None:
    _followed(who, queries.get(who, int(update_id)).case_study_id)


#: Drafts of this slice by the first part of their keys, with what their forms ask for.
DRAFTS: dict[str, MaySend] = {"update": _may_update, "update-edit": _may_correct}


def _key(case: CaseStudy) -> str:
    return f"update:{case.id}"


@bp.get("/case-studies/<ref:id_>/updates/new")
@reach(Reach.MEMBER)
def new(id_: int) -> BaseResponse:
    case = _case(id_)
    if own := moved():
        return own
    kept = drafts.kept(member(), _key(case))
    fields = kept.fields if kept else None
    return _page(case, blank(case.practice_status, fields), figure_rows(_measures(case), fields), kept=kept)


def _measures(case: CaseStudy) -> list[Measure]:
    return [m for m in measures.listed((CaseStudy.kind, case.id)) if m.removed_at is None]


def _page(
    case: CaseStudy, form: UpdateForm, rows: list[tuple[Measure, FiguresRow]], kept: Any = None, status: int = 0
) -> BaseResponse:
    return show("updates/form.html", form, status=status, case=case, rows=rows, kept=kept)


@bp.post("/case-studies/<ref:id_>/updates/new")
@reach(Reach.MEMBER)
def new_post(id_: int) -> BaseResponse:
    case, who = _case(id_), member()
    form, rows = blank(case.practice_status), figure_rows(_measures(case))
    sound = form.validate()
    figures = [made for m, row in rows if (made := _figures(m, row)) is not None]
    if not sound or any(row.lines.errors for _, row in rows):
        return _page(case, form, rows, status=422)
    draft = actions.Draft(form.entry.data, form.day, form.text.data or "", form.html, form.practice_status.data, figures)

    def make() -> str:
        update = actions.post(who, case.id, draft, bool(form.findings), given_reason())
        drafts.drop(who, _key(case))
        return f"{case.url}#update-{update.id}"

    try:
        where = form.once(who.id, make)
    except EditConflict:
        form.blame(Invalid("Somebody changed one of these measures just now. Look at your figures, then post it again.", "text"))
        return _page(case, form, figure_rows(_measures(case)), status=409)
    except Invalid as problem:
        form.blame(problem)
        return _page(case, form, rows)
    if form.contact.data == "no":
        flash("Your update is on the timeline. Now say here who should lead it.", "success")
        return redirect(f"{case.url}/people", 303)
    flash("Thank you. Your update is on the timeline.", "success")
    return redirect(where, 303)


def _figures(measure: Measure, row: FiguresRow) -> actions.Figures | None:
    """The measure with its new points; problems are left at the row. A point that is there already is corrected elsewhere."""
    text = (row.lines.data or "").strip()
    if not text:
        return None
    if not row.validate():
        return None
    new, series = read_figures(text, {**measure.record, "points": [], "remarks": []})
    have = {point[0] for point in measure.record.get("points", [])}
    twice = [point[0] for point in new.get("points", []) if point[0] in have]
    problems = [f"Line {p.line}: {p.message}" if p.line else p.message for p in series.problems if p.stops]
    if twice:
        problems.append(f"There is a figure for {twice[0]} already. To correct it, edit the measure.")
    record, _ = read_figures(f"{lines_of(measure.record)}\n{lines_of(new)}", measure.record)
    record["remarks"] = [*measure.record.get("remarks", []), *new.get("remarks", [])]
    record = {k: v for k, v in record.items() if v}
    problems += [gap.message for gap in gaps(record)]
    if problems:
        row.lines.errors = [problems[0]]
        return None
    made = charts.make(record, f"m{measure.ref_id}x{measure.id}")
    return actions.Figures(measure.id, measure.version, record, made, len(new["points"]))


@bp.post("/case-studies/<ref:id_>/updates/new/autosave")
@reach(Reach.MEMBER)
def autosave(id_: int) -> Response:
    case = _case(id_)
    sent = request.form.to_dict(flat=False)
    fields = {k: [clean(v) for v in values] for k, values in sent.items() if k not in {"csrf_token", "form_key"}}
    return keep_typed(_key(case), f"{case.url}/updates/new", f"Update: {case.name}", fields)


@bp.get("/case-studies/<ref:id_>/updates/<id:update_id>/edit")
@reach(Reach.MEMBER)
def edit(id_: int, update_id: int) -> BaseResponse:
    case, update = _own(id_, update_id)
    kept = drafts.kept(member(), _edit_key(update_id))
    if own := moved(drafts.began(kept, update.version)):
        return own
    form = EditUpdateForm(happened=f"{update.happened:%d/%m/%Y}", text=update.text)
    form.refill(kept.fields if kept else {})
    return _edit_page(form, case, update, kept=kept)


def _edit_key(update_id: int) -> str:
    return f"update-edit:{update_id}"


def _edit_page(form: EditUpdateForm, case: CaseStudy, update: Update, **context: Any) -> BaseResponse:
    page = {"case": case, "update": update, "kept": None, "own": member().id in case.editor_ids}
    return show("updates/edit.html", form, **(page | context))


def _own(id_: int, update_id: int) -> tuple[CaseStudy, Update]:
    case, update = _case(id_), queries.get(member(), update_id)
    if update.case_study_id != case.id:
        raise Invalid("This update belongs to another case study.")
    return case, update


@bp.post("/case-studies/<ref:id_>/updates/<id:update_id>/edit")
@reach(Reach.MEMBER)
def edit_post(id_: int, update_id: int) -> BaseResponse:
    case, update = _own(id_, update_id)
    form, who = EditUpdateForm(), member()
    if not form.validate():
        return _edit_page(form, case, update)
    draft = actions.Correction(form.day, form.text.data or "", form.html, bool(form.findings))
    try:
        with transaction():
            update = actions.correct(who, update_id, draft, form.began(who.id, update.version), *form.by_staff())
            form.saved(who.id, update.version)
            drafts.drop(who, _edit_key(update_id))
    except EditConflict as conflict:
        form.take(conflict)
        return _edit_page(form, *_own(id_, update_id), status=409, conflict=conflict)
    flash("The update is corrected.", "success")
    return redirect(f"{case.url}#update-{update_id}", 303)


@bp.post("/case-studies/<ref:id_>/updates/<id:update_id>/edit/autosave")
@reach(Reach.MEMBER)
def edit_autosave(id_: int, update_id: int) -> Response:
    case, update = _own(id_, update_id)
    fields = {n: clean(request.form.get(n, "")) for n in ("happened", "text")} | drafts.began_as_sent()
    return keep_typed(_edit_key(update.id), f"{case.url}/updates/{update.id}/edit", f"Correction of an update: {case.name}", fields)


@bp.post("/case-studies/<ref:id_>/still")
@reach(Reach.MEMBER)
def still(id_: int) -> BaseResponse:
    """ "Still our practice", by somebody who is signed in."""
    case = _case(id_)
    with transaction():
        actions.confirm(member(), case.id, given_reason())
    flash("Thank you. It is confirmed as still your practice.", "success")
    return redirect(case.url, 303)


@bp.get("/case-studies/<ref:id_>/still/<token>")
@reach(Reach.PUBLIC)
def by_mail(id_: int, token: str) -> BaseResponse:
    """Where the mail leads. Programs that read mail open its links, so opening it changes nothing: the button does."""
    actor = acting(tokens.member_of(token, f"still:{id_}"))
    return show("updates/still.html", Form(), case=case_studies.get(actor, id_), token=token)


@bp.post("/case-studies/<ref:id_>/still/<token>")
@reach(Reach.PUBLIC)
def by_mail_post(id_: int, token: str) -> BaseResponse:
    with transaction():
        actor = acting(tokens.redeem(token, f"still:{id_}"))
        actions.confirm(actor, id_)
        case = case_studies.get(actor, id_)
    flash("Thank you. It is confirmed as still your practice.", "success")
    return redirect(case.url, 303)
