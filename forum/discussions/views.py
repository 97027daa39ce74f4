"""Reading discussions: the list, a thread, what was edited."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forum.access.permissions import Permission, may
from forum.accounts.queries import FORMER, people
from forum.discussions import actions, queries
from forum.discussions.lists import THREADS_PER_PAGE, ThreadFilter, count_threads, list_threads
from forum.discussions.models import Post, Thread, page_of
from forum.discussions.page import thread_page
from forum.kernel.db import transaction
from forum.kernel.revisions import history
from forum.taxonomy import queries as taxonomy
from forum.web.access_level import Reach, actor, member, reach
from forum.web.forms import given_reason, turned_on
from forum.web.paging import Page, page_number

bp = Blueprint("discussions", __name__)

KINDS = {"": "All", "question": "Questions", "unanswered": "Waiting for an answer", "discussion": "Discussions"}


@bp.get("/discussions")
@reach(Reach.READER)
def index() -> str:
    kind = request.args.get("kind", "")
    element, care_model = request.args.get("element", ""), request.args.get("care-model", "")
    wanted = ThreadFilter(element, care_model, kind if kind in KINDS else "")
    page = Page(page_number(), count_threads(actor(), wanted), THREADS_PER_PAGE).check()
    return render_template(
        "discussions/index.html",
        threads=list_threads(actor(), wanted, page.offset, THREADS_PER_PAGE),
        page=page,
        kinds=KINDS,
        wanted=wanted,
        elements=taxonomy.terms("element"),
        care_models=taxonomy.terms("care-model"),
    )


@bp.get("/discussions/<ref:id_>")
@reach(Reach.READER)
def thread(id_: int) -> Response:
    found = queries.shown(actor(), id_).thread
    if request.path != found.url:
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(found.url + query, 301)
    # A visitor gets no form, hence no cookie, hence a page that is the same for all visitors.
    return thread_page(found)


@bp.get("/discussions/replies/<id:id_>")
@reach(Reach.READER)
def reply(id_: int) -> Response:
    """A reply's own address leads to where it stands in its thread."""
    post = queries.reply(actor(), id_)
    return redirect(queries.url_of_reply(post, queries.thread(actor(), post.thread_id)), 302)


@bp.get("/discussions/<ref:id_>/history")
@reach(Reach.READER)
def thread_history(id_: int) -> str:
    found = queries.thread(actor(), id_)
    return _history(found, found, found.url)


@bp.get("/discussions/replies/<id:id_>/history")
@reach(Reach.READER)
def reply_history(id_: int) -> str:
    post = queries.reply(actor(), id_)
    found = queries.thread(actor(), post.thread_id)
    return _history(post, found, f"{found.url}?page={page_of(post.seq)}#{post.anchor}")


def _history(thing: Thread | Post, found: Thread, back: str) -> str:
    """Return what each edit changed; the first row is what was posted."""
    steps = history((thing.kind, thing.id))
    who = people(step.revision.member_id for step in steps)
    hides = f"/moderation/versions/{thing.kind}/{thing.id}" if may(actor(), Permission.DECIDE, thing) else ""
    return render_template("discussions/history.html", thread=found, steps=steps, who=who, former=FORMER, back=back, hides=hides)


def _back(post: Post) -> Response:
    return redirect(queries.url_of_reply(post, queries.thread(member(), post.thread_id)), 303)


@bp.post("/discussions/replies/<id:id_>/thanks")
@reach(Reach.MEMBER)
def thank(id_: int) -> Response:
    with transaction():
        post = actions.thank(member(), id_, turned_on())
    return _back(post)


@bp.post("/discussions/<ref:id_>/answer/<id:reply_id>")
@reach(Reach.MEMBER)
def answer(id_: int, reply_id: int) -> Response:
    with transaction():
        actions.accept_answer(member(), id_, reply_id, turned_on(), given_reason())
        post = queries.reply(member(), reply_id)
    return _back(post)
