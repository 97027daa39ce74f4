"""Writing in discussions: starting, replying, editing, saving while typing."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.discussions import actions, queries
from forum.discussions.forms import EditReplyForm, EditThreadForm, ReplyForm, ThreadForm
from forum.discussions.models import HELD, Post, Thread
from forum.discussions.page import HELD_WORDS, thread_page
from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict
from forum.kernel.text import clean
from forum.web import drafts
from forum.web.access_level import Reach, member, reach
from forum.web.draft_pages import MaySend, keep_typed
from forum.web.form_responses import show
from forum.web.forms import EditForm
from forum.web.own_address import moved
from forum.web.panels import Begun, panels_of

bp = Blueprint("discussion_writing", __name__)


@bp.get("/discussions/new")
@reach(Reach.MEMBER)
def new() -> BaseResponse:
    authorize(member(), Permission.WRITE)
    if own := moved():
        return own
    form = ThreadForm()
    kept = drafts.kept(member(), "thread:new")
    if kept is not None:
        form.refill(kept.fields)
    elif request.args.get("element"):
        form.elements.data = [request.args["element"]]
    if request.args.get("kind") == "question":
        form.question.data = "question"
    return _new_page(form, kept=kept)


def _new_page(form: ThreadForm, **context: Any) -> BaseResponse:
    panels = panels_of(member(), Begun("new-thread", form.title.data or ""))
    return show("discussions/new.html", form, panels=panels, **context)


@bp.post("/discussions/new")
@reach(Reach.MEMBER)
def new_post() -> BaseResponse:
    form, who = ThreadForm(), member()
    if not form.validate():
        return _new_page(form, kept=None)
    if request.form.get("action") == "preview":
        return _new_page(form, status=200, kept=None, preview=Markup(form.html))

    def make() -> str:
        thread = actions.start_thread(who, form.draft())
        drafts.drop(who, "thread:new")
        if thread.status == HELD:
            flash(HELD_WORDS, "info")
        return thread.url

    return redirect(form.once(who.id, make), 303)


@bp.post("/discussions/new/autosave")
@reach(Reach.MEMBER)
def new_autosave() -> Response:
    fields = _typed_thread()
    return keep_typed("thread:new", url_for("discussion_writing.new"), fields["title"] or "A new thread", fields)


def _typed_thread() -> dict[str, Any]:
    """Return what the form holds now, without any check but that it can be stored."""
    fields: dict[str, Any] = {n: clean(request.form.get(n, "")) for n in ("title", "text", "question", "reason", "justification")}
    return fields | {n: [clean(v) for v in request.form.getlist(n)[:10]] for n in ("elements", "care_models")}


@bp.post("/discussions/<ref:id_>/replies")
@reach(Reach.MEMBER)
def reply_post(id_: int) -> BaseResponse:
    form, who = ReplyForm(), member()
    thread = queries.thread(who, id_)
    if not form.validate():
        return thread_page(thread, form, 422)
    if request.form.get("action") == "preview":
        return show("discussions/reply_preview.html", form, status=200, thread=thread, preview=Markup(form.html))

    def make() -> str:
        post = actions.reply(who, id_, form.writing())
        drafts.drop(who, f"reply:{id_}")
        if post.status == HELD:
            flash(HELD_WORDS, "info")
        return queries.url_of_reply(post, queries.thread(who, id_))

    return redirect(form.once(who.id, make), 303)


@bp.post("/discussions/<ref:id_>/replies/autosave")
@reach(Reach.MEMBER)
def reply_autosave(id_: int) -> Response:
    thread = queries.thread(member(), id_)
    label = f"Reply in: {thread.title}"
    return keep_typed(f"reply:{id_}", f"{thread.url}#your-reply", label, {"text": clean(request.form.get("text", ""))})


@bp.get("/discussions/<ref:id_>/edit")
@reach(Reach.MEMBER)
def edit(id_: int) -> BaseResponse:
    thread = _editable(id_)
    kept = drafts.kept(member(), f"thread-edit:{id_}")
    if own := moved(drafts.began(kept, thread.version)):
        return own
    form = EditThreadForm()
    form.refill(kept.fields if kept else actions.words_of(thread))
    return _edit_page(form, thread, kept=kept)


def may_write(who: Member, _rest: str = "") -> None:
    authorize(who, Permission.WRITE)


#: Drafts of this slice by the first part of their keys, with what their forms ask for.
DRAFTS: dict[str, MaySend] = {
    "thread": may_write,
    "reply": lambda who, id_: actions.may_reply(who, int(id_)),
    "thread-edit": lambda who, id_: authorize(who, Permission.EDIT, queries.thread(who, int(id_))),
    "reply-edit": lambda who, id_: authorize(who, Permission.EDIT, queries.reply(who, int(id_))),
}


def _editable(id_: int) -> Thread:
    thread = queries.thread(member(), id_)
    authorize(member(), Permission.EDIT, thread)
    return thread


def _unsaid(form: EditThreadForm, thread: Thread) -> None:
    """Put in what is stored, where the request did not say. Tick boxes say "none" by silence, when their form was sent whole."""
    whole = "title" in request.form
    for name, value in actions.words_of(thread).items():
        if name not in request.form and not (whole and name in {"elements", "care_models"}):
            form[name].data = value


@bp.post("/discussions/<ref:id_>/edit")
@reach(Reach.MEMBER)
def edit_post(id_: int) -> BaseResponse:
    thread, form, who = _editable(id_), EditThreadForm(), member()
    _unsaid(form, thread)
    if not form.validate():
        return _edit_page(form, thread)
    if request.form.get("action") == "preview":
        return _edit_page(form, thread, preview=Markup(form.html))
    try:
        with transaction():
            thread = actions.edit_thread(who, id_, form.draft(), form.began(who.id, thread.version), *form.by_staff())
            form.saved(who.id, thread.version)
            drafts.drop(who, f"thread-edit:{id_}")
    except EditConflict as conflict:
        return _conflict(form, conflict, lambda **kw: _edit_page(form, thread, **kw))
    return redirect(thread.url, 303)


def _edit_page(form: EditThreadForm, thread: Thread, **context: Any) -> BaseResponse:
    page: dict[str, Any] = {"own": thread.member_id == member().id, "back": thread.url, "where": f"{thread.url}/edit", "kept": None}
    return show("discussions/edit.html", form, **(page | context))


def _conflict(form: EditForm, conflict: EditConflict, page: Any) -> BaseResponse:
    """409 with both texts. The form holds this person's text and the new version: saving again is a choice now."""
    form.take(conflict)
    response: BaseResponse = page(status=409, conflict=conflict)
    return response


@bp.post("/discussions/<ref:id_>/edit/autosave")
@reach(Reach.MEMBER)
def edit_autosave(id_: int) -> Response:
    thread = _editable(id_)
    return keep_typed(f"thread-edit:{id_}", f"{thread.url}/edit", f"Edit: {thread.title}", _typed_thread() | drafts.began_as_sent())


@bp.get("/discussions/replies/<id:id_>/edit")
@reach(Reach.MEMBER)
def edit_reply(id_: int) -> BaseResponse:
    post = _editable_reply(id_)
    if post.seq == 1:
        return redirect(url_for("discussion_writing.edit", id_=post.thread_id), 303)
    kept = drafts.kept(member(), f"reply-edit:{id_}")
    if own := moved(drafts.began(kept, post.version)):
        return own
    form = EditReplyForm(text=post.text)
    form.refill(kept.fields if kept else {})
    return _edit_reply_page(form, post, kept=kept)


def _editable_reply(id_: int) -> Post:
    post = queries.reply(member(), id_)
    authorize(member(), Permission.EDIT, post)
    return post


@bp.post("/discussions/replies/<id:id_>/edit")
@reach(Reach.MEMBER)
def edit_reply_post(id_: int) -> BaseResponse:
    post, form, who = _editable_reply(id_), EditReplyForm(), member()
    if not form.validate():
        return _edit_reply_page(form, post)
    if request.form.get("action") == "preview":
        return _edit_reply_page(form, post, preview=Markup(form.html))
    try:
        with transaction():
            post = actions.edit_reply(who, id_, form.writing(), form.began(who.id, post.version), *form.by_staff())
            form.saved(who.id, post.version)
            drafts.drop(who, f"reply-edit:{id_}")
    except EditConflict as conflict:
        return _conflict(form, conflict, lambda **kw: _edit_reply_page(form, post, **kw))
    return redirect(queries.url_of_reply(post, queries.thread(who, post.thread_id)), 303)


@bp.post("/discussions/replies/<id:id_>/edit/autosave")
@reach(Reach.MEMBER)
def edit_reply_autosave(id_: int) -> Response:
    post = _editable_reply(id_)
    label = f"Edit of your reply in: {queries.thread(member(), post.thread_id).title}"
    fields = {n: clean(request.form.get(n, "")) for n in ("text", "reason", "justification")} | drafts.began_as_sent()
    return keep_typed(f"reply-edit:{id_}", f"/discussions/replies/{id_}/edit", label, fields)


def _edit_reply_page(form: EditReplyForm, post: Post, **context: Any) -> BaseResponse:
    thread = queries.thread(member(), post.thread_id)
    where, back = f"/discussions/replies/{post.id}/edit", queries.url_of_reply(post, thread)
    page: dict[str, Any] = {"own": post.member_id == member().id, "back": back, "where": where, "kept": None}
    return show("discussions/edit.html", form, **(page | context))
