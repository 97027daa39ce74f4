"""Writing adoptions: the form, saving while typing, editing."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.accounts.queries import home_of
from forum.adoptions import actions, queries
from forum.adoptions.forms import PARTNERS, AdoptionForm, EditAdoptionForm, NewAdoptionForm, shown_as
from forum.adoptions.models import HELD, WITHDRAWN, Adoption
from forum.adoptions.record import words
from forum.case_studies import queries as case_queries
from forum.case_studies.models import CaseStudy
from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict, Forbidden, Invalid
from forum.kernel.text import clean
from forum.organisations.queries import names
from forum.web import drafts
from forum.web.access_level import Reach, member, reach
from forum.web.draft_pages import MaySend, keep_typed
from forum.web.form_responses import show
from forum.web.forms import given_reason, turned_on
from forum.web.own_address import moved

bp = Blueprint("adoption_writing", __name__)
THANKS = "Thank you. The authors of the case study will be told, and others can learn from it."
HELD_WORDS = "Thank you. A moderator will look at it first. You will be told when it is published."
_LISTS = ("reasons", "kept")


@bp.get("/case-studies/<ref:id_>/adoptions/new")
@reach(Reach.MEMBER)
def new(id_: int) -> BaseResponse:
    case = case_queries.get(member(), id_)
    authorize(member(), Permission.WRITE)
    if why_not := actions.may_share(member(), case):
        return show("adoptions/not_here.html", None, case=case, why_not=why_not)
    if own := moved():
        return own
    form, kept = _form(NewAdoptionForm, case), drafts.kept(member(), _key(case.id))
    if kept is not None:
        _restore(form, kept.fields)
    else:
        form.organisations.data = home_of(member()).organisation
    return _new_page(form, case, kept)


def _key(case_id: int) -> str:
    return f"adoption:{case_id}"


def _may_share(who: Member, case_id: str) -> None:
    case = case_queries.get(who, int(case_id))
    authorize(who, Permission.WRITE)
    if why_not := actions.may_share(who, case):
        raise Forbidden(why_not)


#: Drafts of this slice by the first part of their keys, with what their forms ask for.
DRAFTS: dict[str, MaySend] = {
    "adoption": _may_share,
    "adoption-edit": lambda who, id_: authorize(who, Permission.EDIT, queries.get(who, int(id_))),
}


def _form(kind: type[Any], case: CaseStudy, before: Adoption | None = None) -> Any:
    """The form for this case study; what was kept of a core part that was reworded since may stay."""
    form, parts = kind(), actions.core_parts(case)
    form.offer([*parts, *(p for p in (before.record.get("kept", []) if before else []) if p not in parts)])
    return form


def _restore(form: AdoptionForm, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if name in form and name != "version":
            form[name].data = value


def _new_page(form: AdoptionForm, case: CaseStudy, kept: Any = None) -> BaseResponse:
    return show("adoptions/new.html", form, case=case, kept=kept, organisation_names=names(), partners=PARTNERS)


@bp.post("/case-studies/<ref:id_>/adoptions/new")
@reach(Reach.MEMBER)
def new_post(id_: int) -> BaseResponse:
    who, case = member(), case_queries.get(member(), id_)
    form = _form(NewAdoptionForm, case)
    if not form.validate():
        return _new_page(form, case)

    def make() -> str:
        adoption = actions.share(who, id_, form.draft())
        drafts.drop(who, _key(id_))
        flash(HELD_WORDS if adoption.status == HELD else THANKS, "info" if adoption.status == HELD else "success")
        return adoption.url

    try:
        return redirect(form.once(who.id, make), 303)
    except Invalid as problem:
        form.blame(problem)
        return _new_page(form, case_queries.get(who, id_))


@bp.post("/case-studies/<ref:id_>/adoptions/new/autosave")
@reach(Reach.MEMBER)
def new_autosave(id_: int) -> Response:
    case = case_queries.get(member(), id_)
    return keep_typed(_key(case.id), f"{case.url}/adoptions/new", f"We tried this: {case.name}", _typed())


def _typed() -> dict[str, Any]:
    """Return what the form holds now, without any check but that it can be stored."""
    plain = [name for name in (*shown_as({}), "justification") if name not in _LISTS]
    fields: dict[str, Any] = {name: clean(request.form.get(name, "")) for name in plain}
    return fields | {name: [clean(v) for v in request.form.getlist(name)[:40]] for name in _LISTS}


@bp.get("/adoptions/<ref:id_>/edit")
@reach(Reach.MEMBER)
def edit(id_: int) -> BaseResponse:
    adoption = _editable(id_)
    kept = drafts.kept(member(), _edit_key(id_))
    if own := moved(drafts.began(kept, adoption.version)):
        return own
    form = _form(EditAdoptionForm, adoption.case, adoption)
    form.fill(adoption.record)
    form.justification.data = adoption.justification
    if kept is not None:
        _restore(form, kept.fields)
    return _edit_page(form, adoption, kept=kept)


def _edit_key(id_: int) -> str:
    return f"adoption-edit:{id_}"


def _editable(id_: int) -> Adoption:
    adoption = queries.get(member(), id_)
    authorize(member(), Permission.EDIT, adoption)
    return adoption


def _edit_page(form: EditAdoptionForm, adoption: Adoption, **context: Any) -> BaseResponse:
    own = adoption.member_id == member().id
    page = {"kept": None, "own": own, "adoption": adoption, "case": adoption.case, "organisation_names": names()}
    return show("adoptions/edit.html", form, partners=PARTNERS, **(page | context))


@bp.post("/adoptions/<ref:id_>/edit")
@reach(Reach.MEMBER)
def edit_post(id_: int) -> BaseResponse:
    who, adoption = member(), _editable(id_)
    form = _form(EditAdoptionForm, adoption.case, adoption)
    if not form.validate():
        return _edit_page(form, adoption)
    try:
        with transaction():
            adoption = actions.edit(who, id_, form.draft(), form.began(who.id, adoption.version), *form.by_staff())
            form.saved(who.id, adoption.version)
            drafts.drop(who, _edit_key(id_))
    except EditConflict as conflict:
        # The form holds this person's text and the new version: saving again is a choice now.
        form.fill(form.values() | conflict.merged)
        form.restart(conflict.version)
        return _edit_page(form, _editable(id_), status=409, conflict=conflict, saved_words=words(conflict.theirs))
    except Invalid as problem:
        form.blame(problem)
        return _edit_page(form, _editable(id_))
    if adoption.status == HELD:
        flash(HELD_WORDS, "info")
    return redirect(adoption.url, 303)


@bp.post("/adoptions/<ref:id_>/edit/autosave")
@reach(Reach.MEMBER)
def edit_autosave(id_: int) -> Response:
    adoption = _editable(id_)
    return keep_typed(_edit_key(id_), f"{adoption.url}/edit", f"Edit: {adoption.name}", _typed() | drafts.began_as_sent())


@bp.post("/adoptions/<ref:id_>/verify")
@reach(Reach.MEMBER)
def verify(id_: int) -> BaseResponse:
    with transaction():
        adoption = actions.verify(member(), id_, turned_on(), given_reason())
    flash(
        "Thank you. It is confirmed, and its author will be told." if adoption.verified else "It is no longer confirmed.", "success"
    )
    return redirect(adoption.url, 303)


@bp.post("/adoptions/<ref:id_>/withdraw")
@reach(Reach.MEMBER)
def withdraw(id_: int) -> BaseResponse:
    with transaction():
        adoption = actions.withdraw(member(), id_, turned_on())
    away = adoption.status == WITHDRAWN
    flash("It is withdrawn. Nothing is deleted: you can put it back here." if away else "It is back.", "success")
    return redirect(adoption.url, 303)
