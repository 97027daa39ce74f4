"""Writing in discussions: starting, replying, editing, saving while typing."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from forum.access.permissions import Permission, authorize
from forum.discussions import actions, queries
from forum.discussions.forms import EditReplyForm, EditThreadForm, ReplyForm, ThreadForm
from forum.discussions.models import HELD, Post, Thread
from forum.discussions.views import thread_page
from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict
from forum.kernel.once import once
from forum.kernel.text import clean
from forum.taxonomy.models import CARE_MODEL, ELEMENT
from forum.taxonomy.queries import tags_of
from forum.web import drafts
from forum.web.answers import show
from forum.web.panels import Begun, panels_of
from forum.web.reach import Reach, member, reach

bp = Blueprint("discussion_writing", __name__)

HELD_WORDS = "Thank you. A moderator looks at it first, because your first posts are held. You will be told."


@bp.get("/discussions/new")
@reach(Reach.MEMBER)
def new() -> BaseResponse:
    authorize(member(), Permission.WRITE)
    form = ThreadForm()
    kept = drafts.kept(member(), "thread:new")
    if kept is not None:
        for name, value in kept.fields.items():
            if name in form and value:
                form[name].data = value
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

    return redirect(once(form.form_key.data or "", who.id, make), 303)


@bp.post("/discussions/new/autosave")
@reach(Reach.MEMBER)
def new_autosave() -> Response:
    names = ("title", "text", "question")
    fields: dict[str, Any] = {n: clean(request.form.get(n, "")) for n in names}
    fields |= {n: request.form.getlist(n)[:10] for n in ("elements", "care_models")}
    return _kept("thread:new", url_for("discussion_writing.new"), fields["title"] or "A new thread", fields)


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

    return redirect(once(form.form_key.data or "", who.id, make), 303)


@bp.post("/discussions/<ref:id_>/replies/autosave")
@reach(Reach.MEMBER)
def reply_autosave(id_: int) -> Response:
    thread = queries.thread(member(), id_)
    label = f"Reply in: {thread.title}"
    return _kept(f"reply:{id_}", f"{thread.url}#your-reply", label, {"text": clean(request.form.get("text", ""))})


def _kept(key: str, url: str, label: str, fields: dict[str, Any]) -> Response:
    with transaction():
        draft = drafts.keep(member(), key, url, label[:160], fields)
    return jsonify({"saved_at": drafts.saved_at(draft.saved_at)})


@bp.post("/drafts/<key>/discard")
@reach(Reach.MEMBER)
def discard(key: str) -> BaseResponse:
    with transaction():
        drafts.drop(member(), key)
    flash("The draft is gone.", "success")
    return redirect(url_for("case_writing.own"), 303)


@bp.get("/discussions/<ref:id_>/edit")
@reach(Reach.MEMBER)
def edit(id_: int) -> BaseResponse:
    thread = _editable(id_)
    form = EditThreadForm(version=thread.version)
    _fill(form, thread)
    return _edit_page(form, thread)


def _editable(id_: int) -> Thread:
    thread = queries.thread(member(), id_)
    authorize(member(), Permission.EDIT, thread)
    return thread


def _stored(thread: Thread) -> dict[str, Any]:
    tags = tags_of("thread", [thread.id])[thread.id]
    return {
        "title": thread.title,
        "text": queries.first_post(thread).text,
        "question": "question" if thread.question else "discussion",
        "elements": [t.slug for t in tags if t.scheme == ELEMENT],
        "care_models": [t.slug for t in tags if t.scheme == CARE_MODEL],
    }


def _fill(form: EditThreadForm, thread: Thread) -> None:
    """Put in what is stored, where the request did not say. Tick boxes say "none" by silence, when their form was sent whole."""
    whole = "title" in request.form
    for name, value in _stored(thread).items():
        if name not in request.form and not (whole and name in {"elements", "care_models"}):
            form[name].data = value


@bp.post("/discussions/<ref:id_>/edit")
@reach(Reach.MEMBER)
def edit_post(id_: int) -> BaseResponse:
    thread, form = _editable(id_), EditThreadForm()
    _fill(form, thread)
    if not form.validate():
        return _edit_page(form, thread)
    if request.form.get("action") == "preview":
        return _edit_page(form, thread, preview=Markup(form.html))
    try:
        with transaction():
            thread = actions.edit_thread(member(), id_, form.draft(), form.version.data or 0, form.reason.data or "")
    except EditConflict as conflict:
        return _conflict(form, conflict, lambda **kw: _edit_page(form, thread, **kw))
    return redirect(thread.url, 303)


def _edit_page(form: EditThreadForm, thread: Thread, **context: Any) -> BaseResponse:
    own = thread.member_id == member().id
    return show("discussions/edit.html", form, thread=thread, own=own, back=thread.url, **context)


def _conflict(form: Any, conflict: EditConflict, page: Any) -> BaseResponse:
    """409 with both texts. The form holds this person's text and the new version: saving again is a choice now."""
    form.renew(conflict.version)
    response: BaseResponse = page(status=409, conflict=conflict)
    return response


@bp.get("/discussions/replies/<int:id_>/edit")
@reach(Reach.MEMBER)
def edit_reply(id_: int) -> BaseResponse:
    post = _editable_reply(id_)
    if post.seq == 1:
        return redirect(url_for("discussion_writing.edit", id_=post.thread_id), 303)
    return _edit_reply_page(EditReplyForm(version=post.version, text=post.text), post)


def _editable_reply(id_: int) -> Post:
    post = queries.reply(member(), id_)
    authorize(member(), Permission.EDIT, post)
    return post


@bp.post("/discussions/replies/<int:id_>/edit")
@reach(Reach.MEMBER)
def edit_reply_post(id_: int) -> BaseResponse:
    post, form = _editable_reply(id_), EditReplyForm()
    if not form.validate():
        return _edit_reply_page(form, post)
    if request.form.get("action") == "preview":
        return _edit_reply_page(form, post, preview=Markup(form.html))
    try:
        with transaction():
            version, reason = form.version.data or 0, form.reason.data or ""
            post = actions.edit_reply(member(), id_, form.writing(), version, reason)
    except EditConflict as conflict:
        return _conflict(form, conflict, lambda **kw: _edit_reply_page(form, post, **kw))
    return redirect(queries.url_of_reply(post, queries.thread(member(), post.thread_id)), 303)


def _edit_reply_page(form: EditReplyForm, post: Post, **context: Any) -> BaseResponse:
    thread = queries.thread(member(), post.thread_id)
    back, own = queries.url_of_reply(post, thread), post.member_id == member().id
    return show("discussions/edit.html", form, thread=thread, own=own, back=back, **context)
