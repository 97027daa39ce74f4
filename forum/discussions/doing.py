"""Small acts on posts, a button each: thanks, the accepted answer, and what moderators do."""

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from forum.discussions import actions, cards, curation, queries
from forum.discussions import purge as purging
from forum.discussions.models import Post
from forum.kernel.db import transaction
from forum.kernel.errors import NotFound
from forum.moderation.forms import ReasonForm
from forum.purging.pages import page
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import given_reason

bp = Blueprint("discussion_doing", __name__)


def _back(post: Post) -> Response:
    return redirect(queries.url_of_reply(post, queries.thread(member(), post.thread_id)), 303)


def _on() -> bool:
    """Which state the pressed button asks for, so that pressing twice is pressing once."""
    return request.form.get("on", "1") == "1"


@bp.post("/discussions/replies/<id:id_>/thanks")
@reach(Reach.MEMBER)
def thank(id_: int) -> Response:
    with transaction():
        post = actions.thank(member(), id_, _on())
    return _back(post)


@bp.post("/discussions/<ref:id_>/answer/<id:reply_id>")
@reach(Reach.MEMBER)
def answer(id_: int, reply_id: int) -> Response:
    with transaction():
        actions.accept_answer(member(), id_, reply_id, _on(), given_reason())
        post = queries.reply(member(), reply_id)
    return _back(post)


@bp.post("/moderation/<any(thread, reply):kind>/<id:id_>/release")
@reach(Reach.STAFF)
def release(kind: str, id_: int) -> Response:
    with transaction():
        curation.release(member(), kind, id_)
    flash("It is published, and its author will be told.", "success")
    return redirect(_address(kind, id_), 303)


@bp.get("/moderation/<any(thread, reply):kind>/<id:id_>/<any(hide, show):verb>")
@reach(Reach.STAFF)
def judge(kind: str, id_: int, verb: str) -> Response:
    return _judge_page(ReasonForm(), kind, id_, verb)


@bp.post("/moderation/<any(thread, reply):kind>/<id:id_>/<any(hide, show):verb>")
@reach(Reach.STAFF)
def judge_post(kind: str, id_: int, verb: str) -> Response:
    form = ReasonForm()
    if not form.validate():
        return _judge_page(form, kind, id_, verb)
    do = curation.hide if verb == "hide" else curation.show_again
    with transaction():
        do(member(), kind, id_, form.reason.data or "")
    flash("Done. Its author will be told, with your reason.", "success")
    return redirect(_address(kind, id_), 303)


def _judge_page(form: ReasonForm, kind: str, id_: int, verb: str) -> Response:
    source = cards.thread_cards if kind == "thread" else cards.reply_cards
    card = source(member(), [id_]).get(id_)
    if card is None:
        raise NotFound(queries.GONE)
    return show("moderation/judge.html", form, what="post", card=card, verb=verb, back=_address(kind, id_))


def _address(kind: str, id_: int) -> str:
    if kind == "thread":
        return queries.thread(member(), id_).url
    post = queries.reply(member(), id_)
    return queries.url_of_reply(post, queries.thread(member(), post.thread_id))


@bp.get("/discussions/<ref:id_>/purge")
@reach(Reach.STAFF)
def purge(id_: int) -> Response:
    back = f"/discussions/{queries.thread(member(), id_).id}"
    return page(
        lambda: purging.scope(queries.thread(member(), id_)),
        lambda: queries.thread(member(), id_).title,
        back,
        "Back to the thread",
    )


bp.add_url_rule("/discussions/<ref:id_>/purge", "purge_post", purge, methods=["POST"])


@bp.post("/moderation/thread/<id:id_>/<any(lock, unlock, pin, unpin):verb>")
@reach(Reach.STAFF)
def keep(id_: int, verb: str) -> Response:
    with transaction():
        if verb in {"lock", "unlock"}:
            thread = curation.lock(member(), id_, verb == "lock", given_reason())
        else:
            thread = curation.pin(member(), id_, verb == "pin", given_reason())
    flash("Done, and recorded.", "success")
    return redirect(thread.url, 303)
