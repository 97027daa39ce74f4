"""Writing a case study: its task list, its sections, saving while typing, and choosing between two versions."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from forum.access.permissions import Permission, authorize
from forum.accounts.queries import FORMER, home_of, people
from forum.case_studies import queries, versions
from forum.case_studies.contributors import queries as contributors
from forum.case_studies.editing import actions
from forum.case_studies.editing.actions import REASON, can_join, saved_value
from forum.case_studies.editing.forms import filled, items_of, may_not_apply, posted, typed, version_of
from forum.case_studies.evidence import link_checks
from forum.case_studies.evidence.levels import unanswered
from forum.case_studies.models import CaseStudy
from forum.case_studies.page import beside, editable
from forum.case_studies.record.completeness import meter, quick_answered, state_of
from forum.case_studies.record.sections import BY_SLUG, QUICK_SHARE, SECTIONS, Section
from forum.case_studies.record.values import ITEMS, findings, fingerprint, flat, question
from forum.documents.readability import glossary, measure
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.idempotency import once
from forum.kernel.revisions import newest
from forum.measures import queries as measures
from forum.organisations import queries as organisations
from forum.records.schema import Record
from forum.web.access_level import Reach, member, reach
from forum.web.draft_pages import noticed
from forum.web.drafts import saved_at
from forum.web.form_responses import show
from forum.web.forms import Form, first_message, given_reason
from forum.web.own_address import began_here, moved

bp = Blueprint("case_writing", __name__)
QUICK = BY_SLUG[QUICK_SHARE]


@bp.get("/case-studies/new")
@reach(Reach.MEMBER)
def new() -> BaseResponse:
    authorize(member(), Permission.WRITE)
    element, home = request.args.get("element"), home_of(member())
    known = {"elements": [element] if element else [], "organisations": [home.organisation] if home.organisation else []}
    # The version says that the page was filled from nothing, so that what is offered here is saved if it is left as it is.
    return moved(_marks(QUICK, {})) or _section_page(_filled(QUICK, known), QUICK)


def _marks(page: Section, values: Record) -> str:
    """The version of a page filled from these values."""
    return version_of(values, [i.name for i in items_of(page)])


def _filled(page: Section, values: Record, more: str = "") -> Any:
    """The form as it is opened, or gone back to: its address says what it was filled from when it was first opened."""
    form = filled(page, values, more)
    form.version.data = began_here()
    return form


@bp.post("/case-studies/new")
@reach(Reach.MEMBER)
def new_post() -> BaseResponse:
    return _save_section(QUICK, None)


@bp.post("/case-studies/new/autosave")
@reach(Reach.MEMBER)
def new_autosave() -> Response:
    return _autosave(QUICK, None)


@bp.get("/case-studies/<ref:id_>/edit")
@reach(Reach.MEMBER)
def edit(id_: int) -> BaseResponse:
    """The task list: your case study, section by section."""
    case = editable(id_)
    values = queries.draft_of(case)
    measured = case.measures_shown > 0
    tasks = [(s, state_of(values, s, measured)) for s in SECTIONS if s.slug != "original" or any(map(values.get, s.names))]
    return show(
        "case_studies/tasks.html",
        Form(),
        case=case,
        tasks=tasks,
        done=sum(state in {"done", "not applicable"} for _, state in tasks),
        meter=meter(values, measured),
        unanswered=unanswered(values),
        clashes=_clashes(case),
        people=contributors.people_of(case),
        files=queries.count_files(case),
        measures=measures.count((queries.KIND, case.id)),
        aside=bool(newest((versions.UNSENT, case.id), 1)),
    )


def _section(slug: str) -> Section:
    if slug not in BY_SLUG:
        raise NotFound("There is no such part of a case study.")
    return BY_SLUG[slug]


@bp.get("/case-studies/<ref:id_>/edit/<slug>")
@reach(Reach.MEMBER)
def section(id_: int, slug: str) -> BaseResponse:
    case, page = editable(id_), _section(slug)
    values = queries.draft_of(case)
    return moved(_marks(page, values)) or _section_page(_filled(page, values, request.args.get("more", "")), page, case)


@bp.post("/case-studies/<ref:id_>/edit/<slug>")
@reach(Reach.MEMBER)
def section_post(id_: int, slug: str) -> BaseResponse:
    return _save_section(_section(slug), editable(id_))


@bp.post("/case-studies/<ref:id_>/edit/<slug>/autosave")
@reach(Reach.MEMBER)
def autosave(id_: int, slug: str) -> Response:
    return _autosave(_section(slug), editable(id_))


def _save_section(page: Section, case: CaseStudy | None) -> BaseResponse:
    form = posted(page)
    if not form.validate():
        return _section_page(form, page, case)
    case, clashes = _keep(form, case)
    if clashes:
        return _section_page(filled(page, queries.draft_of(case)), page, case, status=409)
    return _go_on(case, page)


def _keep(form: Any, case: CaseStudy | None) -> tuple[CaseStudy, list[str]]:
    """Save the form: into its case study, or into the one that this very form made before, or into a new one."""
    who = member()
    with transaction():
        if case is None:
            made = once(form.form_key.data or "", who.id, lambda: str(actions.begin(who, {"sectors": [home_of(who).sector]}).id))
            case = queries.get(who, int(made))
        return actions.save(who, case.id, typed(form), (form.form_key.data or "")[:64], given_reason())


def _go_on(case: CaseStudy, page: Section) -> BaseResponse:
    action = request.form.get("action", "")
    if action == "preview":
        return redirect(f"{case.url}/preview", 303)
    name = action.removeprefix("more:")
    if name != action and name in ITEMS:
        return redirect(f"{case.url}/edit/{page.slug}?more={name}#{name}", 303)
    if action == "next":
        return redirect(f"{case.url}/edit/{_after(page).slug}", 303)
    flash("Saved. Readers see it when you send it.", "success")
    return redirect(f"{case.url}/edit", 303)


def _after(page: Section) -> Section:
    order = [s for s in SECTIONS if s.slug != "original"]
    return order[(order.index(page) + 1) % len(order)] if page in order else order[-1]


def _section_page(form: Any, page: Section, case: CaseStudy | None = None, status: int = 0) -> BaseResponse:
    values: Record = queries.draft_of(case) if case else {}
    quick = page.slug == QUICK_SHARE
    return show(
        "case_studies/quick_share.html" if quick else "case_studies/section.html",
        form,
        status=status,
        case=case,
        section=page,
        items=items_of(page) if not quick else page.items,
        may_not_apply=may_not_apply,
        reason=REASON,
        values=values,
        panels=beside(case, form.title.data or "") if quick else None,
        clashes=_clashes(case, page) if case else [],
        organisation_names=organisations.names() if "organisations" in form else [],
        answered=quick_answered(values),
        following=_after(page),
        gone=link_checks.gone(values) if page.slug == "aim" else [],
        reading=measure(values.get("plain_summary", ""), glossary()) if page.slug == "plain-summary" else None,
    )


def _clashes(case: CaseStudy, page: Section | None = None) -> list[dict[str, Any]]:
    """Both versions of each value that waits for a choice, in words, with who wrote which and when."""
    names = {i.name for i in items_of(page)} if page else set(ITEMS)
    rows = [c for c in queries.clashes(case) if c.name.removeprefix(REASON) in names]
    who = people([*(c.member_id for c in rows), *(s[0] for s in case.stamps.values())])
    values = queries.draft_of(case)
    found = []
    for row in rows:
        name = row.name.removeprefix(REASON)
        stamp = case.stamps.get(row.name)
        found.append(
            {
                "id": row.id,
                "question": question(name),
                "section": ITEMS[name].section,
                "saved": _words(row.name, saved_value(values, row.name)),
                "saved_by": who.get(stamp[0], FORMER).name if stamp else "",
                "saved_at": datetime.fromisoformat(stamp[1]) if stamp else None,
                "other": _words(row.name, row.value),
                "other_by": who.get(row.member_id, FORMER).name,
                "other_at": row.at,
                "both": can_join(row.name),
                "expected": actions.versions_fingerprint(saved_value(values, row.name), row.value),
            }
        )
    return found


def _words(name: str, value: Any) -> str:
    return str(value) if name.startswith(REASON) else flat(name, value)


@bp.post("/case-studies/<ref:id_>/clashes/<id:clash_id>")
@reach(Reach.MEMBER)
def choose(id_: int, clash_id: int) -> BaseResponse:
    slug = request.form.get("section", "")
    try:
        with transaction():
            case = actions.choose(
                member(), id_, clash_id, request.form.get("keep", ""), request.form.get("expected", ""), given_reason()
            )
    except Invalid as problem:
        flash(str(problem), "error")
        case = editable(id_)
    else:
        flash("Your choice is kept.", "success")
    return redirect(f"{case.url}/edit/{slug}" if slug in BY_SLUG else f"{case.url}/edit", 303)


def _autosave(page: Section, case: CaseStudy | None) -> Response:
    form = posted(page)
    if not form.validate():
        return _json({"message": first_message(form.errors)}, 422)
    kept, clashes = _keep(form, case)
    version = _version(form, clashes)
    return _json(
        {
            "version": version,
            "saved_at": saved_at(kept.saved_at),
            "reading": _reading(queries.draft_of(kept)) if page.slug == "plain-summary" else "",
            "clashes": [question(name.removeprefix(REASON)) for name in clashes],
            "findings": noticed(f for f in findings(queries.draft_of(kept)) if f.field in typed(form)),
            "url": f"{kept.url}/edit/{page.slug}?{urlencode({'from': version, 'form': form.form_key.data})}",
            "action": f"{kept.url}/edit/{page.slug}",
            "autosave_url": f"{kept.url}/edit/{page.slug}/autosave",
        }
    )


def _reading(values: Record) -> str:
    """The box that says how easy the summary is to read, for the script to put in its place."""
    reading = measure(values.get("plain_summary", ""), glossary())
    return render_template("case_studies/_reading_age.html", reading=reading)


def _version(form: Any, clashes: list[str]) -> str:
    """Return the fingerprints for the page's next save. They are of what the page shows, which may not be what others have saved.

    A value in conflict has its old fingerprint again, so that it stays in conflict.
    """
    fingerprints = {
        name: new.base if name in clashes else fingerprint(actions.settled(name, new.value)) for name, new in typed(form).items()
    }
    return " ".join(f"{name}.{of}" for name, of in fingerprints.items())


def _json(values: dict[str, Any], status: int = 200) -> Response:
    response = jsonify(values)
    response.status_code = status
    return response
