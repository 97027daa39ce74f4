"""From a search that found nothing to a question, and to those who need the same."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.access.actors import Actor
from forum.access.permissions import Permission, authorize
from forum.accounts.queries import acting
from forum.discussions.models import HELD, Thread
from forum.discussions.page import HELD_WORDS
from forum.kernel import rate_limits, tokens
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid
from forum.kernel.text import cut
from forum.searches import actions, queries
from forum.searches.asking.forms import AskForm
from forum.searches.saving import alerts
from forum.searches.search_terms import SearchTerms, from_args, from_text, of
from forum.taxonomy.models import CARE_MODEL, ELEMENT
from forum.web.access_level import Reach, actor, by_token, member, reach
from forum.web.devices import asker
from forum.web.form_responses import show, stopped
from forum.web.forms import Form
from forum.web.own_address import moved
from forum.web.panels import Panel

bp = Blueprint("searches_asking", __name__)


@bp.get("/searches/ask")
@reach(Reach.MEMBER)
def ask() -> Response:
    authorize(member(), Permission.WRITE)
    if own := moved():
        return own
    search_terms = from_args(request.args).known()
    words = search_terms.words()
    form = AskForm(
        title=cut(f"Does anybody have examples of “{search_terms.text or words}”", 110) + "?" if words else "",
        question="question",
        elements=list(search_terms.filters.get(ELEMENT, ()))[:3],
        care_models=list(search_terms.filters.get(CARE_MODEL, ()))[:3],
        search=search_terms.args,
    )
    return _page(form, search_terms)


def _page(form: AskForm, search_terms: SearchTerms, **more: Any) -> Response:
    others = queries.asked_already(actor(), search_terms) if not search_terms.empty else []
    return show("searches/ask.html", form, search_terms=search_terms, choices=search_terms.choices(), others=others, **more)


@bp.post("/searches/ask")
@reach(Reach.MEMBER)
def ask_post() -> Response:
    form, who = AskForm(), member()
    search_terms = from_text(form.search.data or "")
    if not form.validate():
        return _page(form, search_terms)
    if request.form.get("action") == "preview":
        return _page(form, search_terms, status=200, preview=Markup(form.html))
    seen = alerts.seen_now(alerts.ANYBODY, search_terms)

    def make() -> str:
        thread = actions.ask(who, form.draft(), search_terms, seen)
        if thread.status == HELD:
            flash(HELD_WORDS, "info")
        return thread.url

    return redirect(form.once(who.id, make), 303)


@bp.post("/searches/asked/<id:id_>/second")
@reach(Reach.MEMBER)
def second(id_: int) -> Response:
    """The form says on or off, so that a double click or a resend leaves what the person asked for."""
    on = request.form.get("on", "")
    if on not in {"0", "1"}:
        raise Invalid("Go back and use the button on the page.")
    with transaction():
        thread = actions.second(member(), id_, on == "1")
    return redirect(f"{thread.url}#asked", 303)


@bp.get("/searches/asked/<id:id_>/stop/<token>")
@reach(Reach.PUBLIC)
def stop(id_: int, token: str) -> Response:
    """Where the mail leads: opening it changes nothing, the button does."""
    who = acting(_holder(id_, token))
    wanted = queries.wanted(who, id_)
    name = of(wanted.asked).words() if wanted else ""
    return show("searches/stop.html", Form(), name=name, what="question", done=not queries.told(who, id_))


@bp.post("/searches/asked/<id:id_>/stop/<token>")
@by_token
@reach(Reach.PUBLIC)
def stop_post(id_: int, token: str) -> Response:
    who = acting(_holder(id_, token))
    with transaction():
        actions.stop_waiting(who, id_)
    return stopped() or redirect(url_for("searches_asking.stop", id_=id_, token=token), 303)


def _holder(id_: int, token: str) -> int:
    rate_limits.spend_quickly("stop", asker(), 60, 60, "There were many requests in a short time.")
    return tokens.member_of(token, f"examples:{id_}")


def panel(who: Actor, thread: Thread) -> dict[str, Any] | None:
    """Return what the question came from, and who else needs it."""
    wanted = queries.wanted(who, thread.id)
    if wanted is None:
        return None
    search_terms = of(wanted.asked)
    return {"words": search_terms.words(), "href": search_terms.address(), "wanted": wanted, "thread": thread}


PANELS = (Panel("searches/_asked.html", panel),)
