"""The page on which one member writes to another."""

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from forum.accounts import messages, queries
from forum.accounts.forms import MessageForm
from forum.kernel.once import once
from forum.web.answers import show
from forum.web.reach import Reach, member, reach

bp = Blueprint("contact", __name__)


@bp.get("/people/<username>/write")
@reach(Reach.MEMBER)
def write(username: str) -> Response:
    return _page(MessageForm(about=request.args.get("about", "")), username)


@bp.post("/people/<username>/write")
@reach(Reach.MEMBER)
def write_post(username: str) -> Response:
    form, who = MessageForm(), member()
    if not form.validate():
        return _page(form, username)

    def make() -> str:
        messages.send(who, username, form.draft())
        return f"/people/{username}"

    location = once(form.form_key.data or "", who.id, make)
    flash("Your message is sent.", "success")
    return redirect(location, 303)


def _page(form: MessageForm, username: str) -> Response:
    who = member()
    account = messages.receiver(who, username)
    return show(
        "accounts/write.html",
        form,
        person=queries.people([account.id])[account.id],
        about=messages.about(who, form.about.data or ""),
        answerable=queries.account(who).contactable,
    )
