"""The page on which one member writes to another."""

from typing import Any

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from forum.accounts import messages, queries
from forum.accounts.forms import MessageForm
from forum.kernel.text import clean
from forum.web import drafts
from forum.web.access_level import Reach, member, reach
from forum.web.draft_pages import keep_typed
from forum.web.form_responses import show
from forum.web.own_address import moved

bp = Blueprint("contact", __name__)


@bp.get("/people/<username>/write")
@reach(Reach.MEMBER)
def write(username: str) -> Response:
    form, kept = MessageForm(about=request.args.get("about", "")), drafts.kept(member(), _key(username))
    form.refill(kept.fields if kept else {})
    page = _page(form, username, kept)
    return moved() or page


def _key(username: str) -> str:
    return f"message:{username}"


@bp.post("/people/<username>/write")
@reach(Reach.MEMBER)
def write_post(username: str) -> Response:
    form, who = MessageForm(), member()
    if not form.validate():
        return _page(form, username)

    def make() -> str:
        messages.send(who, username, form.draft())
        drafts.drop(who, _key(username))
        return f"/people/{username}"

    location = form.once(who.id, make)
    flash("Your message is sent.", "success")
    return redirect(location, 303)


@bp.post("/people/<username>/write/autosave")
@reach(Reach.MEMBER)
def autosave(username: str) -> Response:
    account = messages.receiver(member(), username)
    fields = {n: clean(request.form.get(n, "")) for n in ("subject", "message", "about")}
    where = f"/people/{account.username}/write"
    return keep_typed(_key(account.username), where, f"Message to {account.name}", fields)


def _page(form: MessageForm, username: str, kept: Any = None) -> Response:
    who = member()
    account = messages.receiver(who, username)
    return show(
        "accounts/write.html",
        form,
        person=queries.people([account.id])[account.id],
        about=messages.about(who, form.about.data or ""),
        answerable=queries.account(who).contactable,
        kept=kept,
    )
