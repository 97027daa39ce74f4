"""The two buttons that any thing may have, and the page of what one saved."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from forum.access.actors import Member
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid
from forum.kernel.references import Ref, cards
from forum.marks import actions, queries
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import Form
from forum.web.paging import Page, page_number
from forum.web.pending_forms import own_path

bp = Blueprint("marks", __name__)
PER_PAGE = 20
SWITCH = {"1": actions.mark, "0": actions.unmark}


@bp.post("/marks/<any(helpful, saved):name>/<kind>/<ref:id_>")
@reach(Reach.MEMBER)
def switch(name: str, kind: str, id_: int) -> Response:
    """The form says on or off, so that a double click or a resend leaves what the person asked for."""
    who, do = member(), SWITCH.get(request.form.get("on", ""))
    if do is None:
        raise Invalid("Go back and use the button on the page.")
    with transaction():
        do(who, (kind, id_), name)
    return redirect(_back(who, (kind, id_)), 303)


def _back(who: Member, ref: Ref) -> str:
    """Return where the form asks to go, else the thing's own page; the list for what is gone."""
    if request.form.get("next"):
        return own_path(request.form["next"])
    card = cards(who, [ref]).get(ref)
    return f"{card.url.partition('#')[0]}#marks" if card else url_for("marks.saved")


@bp.get("/saved")
@reach(Reach.MEMBER)
def saved() -> Response:
    who = member()
    page = Page(page_number(), queries.count_bookmarks(who), PER_PAGE).check()
    rows = queries.bookmarks(who, page.offset, PER_PAGE)
    # Taking away the only row of a last page must not lead to a page that is no longer there.
    number = page.number - 1 if len(rows) == 1 and page.number > 1 else page.number
    return show("marks/saved.html", Form(), rows=rows, page=page, back=page.url(number))
