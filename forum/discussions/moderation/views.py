"""Small acts of moderators on threads, a button each; and removing words from a discussion for good."""

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from forum.discussions import queries
from forum.discussions.moderation import actions as moderating
from forum.discussions.moderation import purge as purging
from forum.kernel.db import transaction
from forum.purging.page import page
from forum.web.access_level import Reach, member, reach
from forum.web.forms import given_reason

bp = Blueprint("discussion_moderation", __name__)


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
def lock_or_pin(id_: int, verb: str) -> Response:
    with transaction():
        if verb in {"lock", "unlock"}:
            thread = moderating.lock(member(), id_, verb == "lock", given_reason())
        else:
            thread = moderating.pin(member(), id_, verb == "pin", given_reason())
    flash("Done, and recorded.", "success")
    return redirect(thread.url, 303)
