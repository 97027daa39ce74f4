"""Writing case studies: the form, saving while typing, the preview, sending, withdrawing."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from forum.access.permissions import Permission, authorize
from forum.case_studies import actions, queries
from forum.case_studies.drafts import Draft, finding_key
from forum.case_studies.fields import BY_NAME
from forum.case_studies.forms import PLACES, CaseStudyForm, SendForm, fill, read
from forum.case_studies.models import DRAFT, PUBLISHED, CaseStudy
from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict, Invalid
from forum.kernel.markdown import TooComplex
from forum.kernel.once import once
from forum.organisations import queries as organisations
from forum.taxonomy import queries as taxonomy
from forum.web.answers import show
from forum.web.drafts import listed as drafts_of
from forum.web.drafts import saved_at
from forum.web.forms import Form
from forum.web.reach import Reach, member, reach

bp = Blueprint("case_writing", __name__)


@bp.get("/case-studies/new")
@reach(Reach.MEMBER)
def new() -> BaseResponse:
    authorize(member(), Permission.WRITE)
    form = CaseStudyForm()
    if request.args.get("element"):
        form.elements.data = [request.args["element"]]
    return _form_page(form)


@bp.post("/case-studies/new")
@reach(Reach.MEMBER)
def new_post() -> BaseResponse:
    form = CaseStudyForm()
    if not form.validate():
        return _form_page(form)
    try:
        case = _keep(form, None)
    except EditConflict as conflict:
        return _conflict_page(form, conflict, _by_key(form))
    return _go_on(case)


@bp.post("/case-studies/new/autosave")
@reach(Reach.MEMBER)
def new_autosave() -> Response:
    return _autosave(None)


@bp.get("/case-studies/<ref:id_>/edit")
@reach(Reach.MEMBER)
def edit(id_: int) -> BaseResponse:
    case = queries.get(member(), id_)
    authorize(member(), Permission.EDIT, case)
    form = CaseStudyForm(version=case.version)
    fill(form, queries.draft_of(case))
    return _form_page(form, case)


@bp.post("/case-studies/<ref:id_>/edit")
@reach(Reach.MEMBER)
def edit_post(id_: int) -> BaseResponse:
    case = queries.get(member(), id_)
    form = CaseStudyForm()
    _fill_missing(form, case)
    if not form.validate():
        return _form_page(form, case)
    try:
        case = _keep(form, case)
    except EditConflict as conflict:
        return _conflict_page(form, conflict, case)
    return _go_on(case)


@bp.post("/case-studies/<ref:id_>/autosave")
@reach(Reach.MEMBER)
def autosave(id_: int) -> Response:
    return _autosave(queries.get(member(), id_))


def _keep(form: Any, case: CaseStudy | None) -> CaseStudy:
    """Save the form: into its case study, or into the one that this very form made before, or into a new one."""
    who = member()
    with transaction():
        if case is None:
            made = once(form.form_key.data or "", who.id, lambda: _begin(form))
            case = queries.get(who, int(made))
        return actions.save(who, case.id, read(form, queries.draft_of(case).rest), form.version.data or case.version)


def _begin(form: Any) -> str:
    return str(actions.begin(member(), read(form)).id)


def _by_key(form: Any) -> CaseStudy:
    """The case study that this form made: a conflict can only come after it exists."""
    made = once(form.form_key.data or "", member().id, lambda: _begin(form))
    return queries.get(member(), int(made))


def _fill_missing(form: Any, case: CaseStudy) -> None:
    """An input that was not sent stays as it is; only tick boxes say "none" by silence, so they need their form's mark."""
    stored = CaseStudyForm(formdata=None)
    fill(stored, queries.draft_of(case))
    whole = "form_key" in request.form
    for name, field in stored._fields.items():
        ticks = name in {"elements", "care_models"}
        if name not in request.form and name not in {"csrf_token", "form_key", "version"} and not (ticks and whole):
            form[name].data = field.data


def _go_on(case: CaseStudy) -> BaseResponse:
    if request.form.get("action") == "preview":
        return redirect(f"{case.url}/preview", 303)
    flash("Saved. Only you can see it until you send it.", "success")
    return redirect(f"{case.url}/edit", 303)


def _form_page(form: Any, case: CaseStudy | None = None, **context: Any) -> BaseResponse:
    draft = queries.draft_of(case) if case else Draft({})
    return show(
        "case_studies/form.html",
        form,
        case=case,
        places=[form[p] for p in PLACES],
        organisation_names=organisations.names(),
        answered=draft.answered(),
        **context,
    )


def _conflict_page(form: Any, conflict: EditConflict, case: CaseStudy) -> BaseResponse:
    """Both texts, 409, and the form with what this person wrote: pressing Save again then keeps theirs."""
    mine = {**read(form).texts, "organisations": ", ".join(read(form).organisations)}
    differs = [(n, BY_NAME[n].question if n in BY_NAME else n.capitalize()) for n in mine if mine[n] != conflict.theirs.get(n)]
    form.renew(conflict.version)
    return _form_page(form, case, status=409, conflict=conflict, differs=differs, mine=mine)


def _autosave(case: CaseStudy | None) -> Response:
    form = CaseStudyForm()
    if case is not None:
        _fill_missing(form, case)
    if not form.validate():
        problem = next(iter(form.errors.values()))[0]
        return _json({"message": str(problem)}, 422)
    try:
        kept = _keep(form, case)
    except EditConflict as conflict:
        return _json({"message": str(conflict)}, 409)
    return _json(
        {
            "version": kept.version,
            "saved_at": saved_at(kept.saved_at),
            "url": f"{kept.url}/edit",
            "action": f"{kept.url}/edit",
            "autosave_url": f"{kept.url}/autosave",
        }
    )


def _json(values: dict[str, Any], status: int = 200) -> Response:
    response = jsonify(values)
    response.status_code = status
    return response


@bp.get("/case-studies/<ref:id_>/preview")
@reach(Reach.MEMBER)
def preview(id_: int) -> BaseResponse:
    return _preview_page(_editable(id_), SendForm())


def _editable(id_: int) -> CaseStudy:
    case = queries.get(member(), id_)
    authorize(member(), Permission.EDIT, case)
    return case


def _preview_page(case: CaseStudy, form: SendForm, problem: Invalid | None = None) -> BaseResponse:
    """As a reader will see it, and below it all that is still needed to send it."""
    draft = queries.draft_of(case)
    try:
        html = draft.html()
    except TooComplex as error:
        problem, html = Invalid(str(error)), {}
    answers = {k.removeprefix("why-"): v for k, v in request.form.items() if k.startswith("why-")}
    return show(
        "case_studies/preview.html",
        form,
        status=422 if problem else 0,
        case=case,
        draft=draft,
        sections=[(f.heading, html[f.name]) for f in BY_NAME.values() if html.get(f.name)],
        rest=html.get("rest"),
        elements=[taxonomy.term("element", s) for s in draft.elements],
        gaps=draft.gaps(),
        findings=[
            (finding_key(f), f, BY_NAME[f.field].question if f.field in BY_NAME else "Other parts") for f in draft.findings()
        ],
        answers=answers or case.justifications,
        problem=problem,
        republish=case.status == PUBLISHED,
        never_sent=case.status == DRAFT,
    )


@bp.post("/case-studies/<ref:id_>/submit")
@reach(Reach.MEMBER)
def submit(id_: int) -> BaseResponse:
    case, form = _editable(id_), SendForm()
    if not form.validate():
        return _preview_page(case, form)
    draft = queries.draft_of(case)
    try:
        html, found = draft.html(), draft.findings()
        why = {finding_key(f): request.form.get(f"why-{finding_key(f)}", "")[:500] for f in found}
        with transaction():
            if queries.draft_of(queries.get(member(), id_)) != draft:
                raise Invalid("It was changed somewhere else just now. Read it again, then send it.")
            case = actions.submit(member(), id_, html, found, why, form.confirmed.data or [], form.reason.data or "")
    except (Invalid, TooComplex) as problem:
        refusal = problem if isinstance(problem, Invalid) else Invalid(str(problem))
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
def withdraw(id_: int) -> BaseResponse:
    case = queries.get(member(), id_)
    authorize(member(), Permission.WITHDRAW, case)
    return show("case_studies/withdraw.html", Form(), case=case)


@bp.post("/case-studies/<ref:id_>/withdraw")
@reach(Reach.MEMBER)
def withdraw_post(id_: int) -> BaseResponse:
    with transaction():
        actions.withdraw(member(), id_)
    flash("It is withdrawn. Nobody but you and the moderators can see it. You can send it again.", "success")
    return redirect(url_for("case_writing.own"), 303)


@bp.post("/case-studies/<ref:id_>/discard")
@reach(Reach.MEMBER)
def discard(id_: int) -> BaseResponse:
    with transaction():
        case = actions.discard_working(member(), id_)
    flash("Your unsent changes are gone. The case study is as it was last sent.", "success")
    return redirect(case.url, 303)


@bp.get("/drafts")
@reach(Reach.MEMBER)
def own() -> str:
    return render_template("case_studies/drafts.html", cases=queries.own(member()), short=drafts_of(member()))
