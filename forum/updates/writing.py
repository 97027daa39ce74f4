"""Posting updates: the two-minute form, "still our practice", and the link in the mail that says so without signing in."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from forum.access.permissions import Permission, authorize
from forum.accounts.queries import acting
from forum.case_studies import queries as case_studies
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.kernel import tokens
from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict, Invalid
from forum.kernel.once import once
from forum.kernel.text import clean
from forum.measures import charts
from forum.measures import queries as measures
from forum.measures.models import Measure
from forum.measures.record import faults, lines_of, read_figures
from forum.updates import actions, queries
from forum.updates.forms import EditUpdateForm, FiguresRow, UpdateForm, blank, figure_rows
from forum.updates.models import Update
from forum.web import drafts
from forum.web.answers import show
from forum.web.forms import Form
from forum.web.reach import Reach, member, reach

bp = Blueprint("updates_writing", __name__)
Rows = list[tuple[Measure, FiguresRow]]


def _case(id_: int) -> CaseStudy:
    """The published case study, for somebody who may change it."""
    case = case_studies.get(member(), id_)
    authorize(member(), Permission.EDIT, case)
    if case.status != PUBLISHED:
        raise Invalid("Updates follow what is published. Change the case study itself instead.")
    return case


def _key(case: CaseStudy) -> str:
    return f"update:{case.id}"


@bp.get("/case-studies/<ref:id_>/updates/new")
@reach(Reach.MEMBER)
def new(id_: int) -> BaseResponse:
    case = _case(id_)
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
        update = actions.post(who, case.id, draft, suspect=bool(form.findings))
        drafts.drop(who, _key(case))
        return f"{case.url}#update-{update.id}"

    try:
        where = once(form.form_key.data or "", who.id, make)
    except EditConflict:
        form.blame(Invalid("Somebody changed one of these measures just now. Look at your figures, then post it again.", "text"))
        return _page(case, form, figure_rows(_measures(case)), status=409)
    except Invalid as problem:
        form.blame(problem)
        return _page(case, form, rows)
    if form.contact.data == "no":
        flash("Your update is on the timeline. Say here who should lead it now.", "success")
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
    problems += [fault.message for fault in faults(record)]
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
    with transaction():
        draft = drafts.keep(member(), _key(case), f"{case.url}/updates/new", f"Update: {case.name}"[:160], fields)
    return jsonify({"saved_at": drafts.saved_at(draft.saved_at)})


@bp.get("/case-studies/<ref:id_>/updates/<int:update_id>/edit")
@reach(Reach.MEMBER)
def edit(id_: int, update_id: int) -> BaseResponse:
    case, update = _own(id_, update_id)
    form = EditUpdateForm(happened=f"{update.happened:%d/%m/%Y}", text=update.text)
    return show("updates/edit.html", form, case=case, update=update)


def _own(id_: int, update_id: int) -> tuple[CaseStudy, Update]:
    case, update = _case(id_), queries.get(member(), update_id)
    if update.case_study_id != case.id:
        raise Invalid("This update belongs to another case study.")
    return case, update


@bp.post("/case-studies/<ref:id_>/updates/<int:update_id>/edit")
@reach(Reach.MEMBER)
def edit_post(id_: int, update_id: int) -> BaseResponse:
    case, update = _own(id_, update_id)
    form = EditUpdateForm()
    if not form.validate():
        return show("updates/edit.html", form, case=case, update=update)
    with transaction():
        actions.correct(member(), update_id, form.day, form.text.data or "", form.html, bool(form.findings))
    flash("The update is corrected.", "success")
    return redirect(f"{case.url}#update-{update_id}", 303)


@bp.post("/case-studies/<ref:id_>/still")
@reach(Reach.MEMBER)
def still(id_: int) -> BaseResponse:
    """ "Still our practice", by somebody who is signed in."""
    case = _case(id_)
    with transaction():
        actions.confirm(member(), case.id)
    flash("Thank you. It is confirmed as still your practice.", "success")
    return redirect(case.url, 303)


@bp.get("/case-studies/<ref:id_>/still/<token>")
@reach(Reach.PUBLIC)
def by_mail(id_: int, token: str) -> BaseResponse:
    """Where the mail leads. Programs that read mail open its links, so opening it changes nothing: the button does."""
    actor = acting(tokens.look(token, f"still:{id_}"))
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
