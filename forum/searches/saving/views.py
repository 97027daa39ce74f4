"""A member's saved and past searches, and what moderators see of searching."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from forum.accounts.queries import acting
from forum.kernel import rate_limits, tokens
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid
from forum.searches import actions, queries
from forum.searches.counting import search_counts
from forum.searches.counting.click_counts import note_click
from forum.searches.models import SavedSearch
from forum.searches.saving import alerts
from forum.searches.saving.forms import SHORT, ChangeForm, SaveForm
from forum.searches.search_terms import SearchTerms, from_args, from_text, of
from forum.vocabulary import queries as vocabulary
from forum.web.access_level import Reach, by_token, member, reach
from forum.web.devices import asker
from forum.web.form_responses import show, stopped
from forum.web.forms import Form
from forum.web.own_address import moved

bp = Blueprint("searches", __name__)
bp.after_app_request(note_click)


@bp.record_once
def _begin(state: BlueprintSetupState) -> None:
    search_counts.init_tally(state.app)  # type: ignore[arg-type]


@bp.get("/searches")
@reach(Reach.MEMBER)
def index() -> Response:
    who = member()
    rows = [(row, of(row)) for row in queries.mine(who)]
    past = [(text, SearchTerms(text, {}).address()) for text in queries.recent(who)]
    return show("searches/index.html", Form(), rows=rows, past=past, alerts=SHORT, most=queries.MOST_SAVED)


@bp.get("/searches/new")
@reach(Reach.MEMBER)
def new() -> Response:
    search_terms = from_args(request.args).known()
    form = SaveForm(name=search_terms.words(), search=search_terms.args)
    return moved() or _new_page(form, search_terms)


def _new_page(form: SaveForm, search_terms: SearchTerms) -> Response:
    return show("searches/save.html", form, search_terms=search_terms, choices=search_terms.choices(), back=search_terms.address())


@bp.post("/searches/new")
@reach(Reach.MEMBER)
def new_post() -> Response:
    form, who = SaveForm(), member()
    search_terms = from_text(form.search.data or "")
    if not form.validate():
        return _new_page(form, search_terms)
    seen = alerts.seen_now(who, search_terms)

    def make() -> str:
        actions.save(who, search_terms, form.name.data or "", form.alert.data, seen)
        return url_for("searches.index")

    try:
        where = form.once(who.id, make)
    except Invalid as problem:
        form.blame(problem)
        return _new_page(form, search_terms)
    flash("The search is saved.", "success")
    return redirect(where, 303)


@bp.get("/searches/<id:id_>")
@reach(Reach.MEMBER)
def detail(id_: int) -> Response:
    """Where news of it leads: what the search finds now, the newest first."""
    return redirect(of(queries.get(member(), id_)).address(sort="newest"), 303)


@bp.get("/searches/<id:id_>/edit")
@reach(Reach.MEMBER)
def edit(id_: int) -> Response:
    search = queries.get(member(), id_)
    return _edit_page(ChangeForm(name=search.name, alert=search.alert), search)


def _edit_page(form: ChangeForm, search: SavedSearch) -> Response:
    search_terms = of(search)
    return show("searches/edit.html", form, search=search, search_terms=search_terms, choices=search_terms.choices())


@bp.post("/searches/<id:id_>/edit")
@reach(Reach.MEMBER)
def edit_post(id_: int) -> Response:
    search, form, who = queries.get(member(), id_), ChangeForm(), member()
    if not form.validate():
        return _edit_page(form, search)
    seen = alerts.seen_now(who, of(search))
    with transaction():
        actions.change(who, id_, form.name.data or "", form.alert.data, seen)
    flash("Saved.", "success")
    return redirect(url_for("searches.index"), 303)


@bp.post("/searches/<id:id_>/delete")
@reach(Reach.MEMBER)
def delete(id_: int) -> Response:
    with transaction():
        actions.remove(member(), id_)
    flash("The saved search is deleted.", "success")
    return redirect(url_for("searches.index"), 303)


@bp.post("/searches/past/clear")
@reach(Reach.MEMBER)
def clear() -> Response:
    with transaction():
        actions.clear_past(member())
    flash("Your past searches are cleared.", "success")
    return redirect(url_for("searches.index"), 303)


@bp.get("/searches/<id:id_>/stop/<token>")
@reach(Reach.PUBLIC)
def stop(id_: int, token: str) -> Response:
    """Where the mail leads. Programs that read mail open its links, so opening it changes nothing: the button does."""
    search = queries.get(acting(_holder(token, f"alert:{id_}")), id_)
    return show("searches/stop.html", Form(), name=search.name, what="search", done=search.due_at is None)


@bp.post("/searches/<id:id_>/stop/<token>")
@by_token
@reach(Reach.PUBLIC)
def stop_post(id_: int, token: str) -> Response:
    who = acting(_holder(token, f"alert:{id_}"))
    with transaction():
        actions.stop(who, id_)
    return stopped() or redirect(url_for("searches.stop", id_=id_, token=token), 303)


def _holder(token: str, purpose: str) -> int:
    """Return whose link this is. It may be used again, and needs no sign-in. Raises `Invalid`."""
    rate_limits.spend_quickly("stop", asker(), 60, 60, "There were many requests in a short time.")
    return tokens.member_of(token, purpose)


@bp.get("/moderation/searches")
@reach(Reach.STAFF)
def most_searched() -> str:
    order = request.args.get("order", "times")
    order = order if order in queries.ORDERS else "times"
    entries = vocabulary.entries()
    found = queries.most_searched(member(), order)
    rows = [(row, SearchTerms(row.words, {}).address(), entries.get(row.words)) for row in found]
    return render_template("searches/most_searched.html", rows=rows, order=order)
