"""Small acts on adoptions, a button each: confirming, withdrawing, and what moderators do."""

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from forum.adoptions import actions, curation, queries
from forum.adoptions.models import WITHDRAWN
from forum.kernel.db import transaction
from forum.moderation.forms import ReasonForm
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import given_reason

bp = Blueprint("adoption_doing", __name__)


def _on() -> bool:
    """Which state the pressed button asks for, so that pressing twice is pressing once."""
    return request.form.get("on", "1") == "1"


@bp.post("/adoptions/<ref:id_>/verify")
@reach(Reach.MEMBER)
def verify(id_: int) -> Response:
    with transaction():
        adoption = actions.verify(member(), id_, _on(), given_reason())
    flash(
        "Thank you. It is confirmed, and its author will be told." if adoption.verified else "It is no longer confirmed.", "success"
    )
    return redirect(adoption.url, 303)


@bp.post("/adoptions/<ref:id_>/withdraw")
@reach(Reach.MEMBER)
def withdraw(id_: int) -> Response:
    with transaction():
        adoption = actions.withdraw(member(), id_, _on())
    away = adoption.status == WITHDRAWN
    flash("It is withdrawn. Nothing is deleted: you can put it back here." if away else "It is back.", "success")
    return redirect(adoption.url, 303)


@bp.post("/moderation/adoption/<id:id_>/release")
@reach(Reach.STAFF)
def release(id_: int) -> Response:
    with transaction():
        adoption = curation.release(member(), id_)
    flash("It is published, and its author will be told.", "success")
    return redirect(adoption.url, 303)


@bp.get("/moderation/adoption/<id:id_>/<any(hide, show):verb>")
@reach(Reach.STAFF)
def judge(id_: int, verb: str) -> Response:
    return _judge_page(ReasonForm(), id_, verb)


@bp.post("/moderation/adoption/<id:id_>/<any(hide, show):verb>")
@reach(Reach.STAFF)
def judge_post(id_: int, verb: str) -> Response:
    form = ReasonForm()
    if not form.validate():
        return _judge_page(form, id_, verb)
    do = curation.hide if verb == "hide" else curation.show_again
    with transaction():
        adoption = do(member(), id_, form.reason.data or "")
    flash("Done. Its author will be told, with your reason.", "success")
    return redirect(adoption.url, 303)


def _judge_page(form: ReasonForm, id_: int, verb: str) -> Response:
    adoption = queries.get(member(), id_)
    card = queries.cards(member(), [id_])[id_]
    return show("moderation/judge.html", form, what="entry", card=card, verb=verb, back=adoption.url)
