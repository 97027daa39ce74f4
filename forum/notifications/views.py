"""A member's notifications."""

from flask import Blueprint, current_app, redirect, url_for
from werkzeug.wrappers import Response

from forum.kernel.db import transaction
from forum.notifications import actions, queries
from forum.notifications.delivery import titles
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import Form
from forum.web.paging import Page, page_number

bp = Blueprint("notifications", __name__)
PER_PAGE = 25


@bp.get("/notifications")
@reach(Reach.MEMBER)
def index() -> Response:
    who = member()
    page = Page(page_number(), queries.count(who), PER_PAGE).check()
    rows = queries.newest(who, page.offset, PER_PAGE)
    templates = {k.name: k.template("notices") for k in current_app.extensions["forum.notifications"]}
    cards = titles(who, rows)
    return show("notifications/index.html", Form(), rows=rows, cards=cards, page=page, templates=templates)


@bp.post("/notifications/read")
@reach(Reach.MEMBER)
def read() -> Response:
    with transaction():
        actions.mark_read(member())
    return redirect(url_for("notifications.index"), 303)
