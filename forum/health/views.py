"""For whoever looks after the site: is it alive, is it ready."""

import shutil
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.outbox import Backlog, backlog
from forum.search.service import state
from forum.web.access_level import Reach, reach

bp = Blueprint("health", __name__)
#: Work that waits longer means that no worker runs, or that what it needs does not answer. `SOON`: what people wait to see.
LATE = timedelta(minutes=2)
SOON = {"index": timedelta(seconds=30), "notify": timedelta(seconds=30)}
DISK_LOW = 200 * 1024 * 1024


@bp.get("/health")
@reach(Reach.PUBLIC)
def alive() -> Response:
    """This process answers."""
    return jsonify({"status": "ok"})


@bp.get("/health/ready")
@reach(Reach.PUBLIC)
def ready() -> tuple[Response, int]:
    """The site can do its work: 200, or 503 without a database. A late queue or a broken index make it "degraded", not down: a load
    balancer must not take every web host away because a mail server is slow. Whoever looks after the site watches `status`."""
    try:
        checks = _checks()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify({"status": "down", "database": "unreachable"}), 503
    degraded = checks["outbox"]["late"] or checks["outbox"]["stuck"] or checks["index"] != "ok" or checks["disk"] != "ok"
    return jsonify({"status": "degraded" if degraded else "ready", **checks}), 200


def _checks() -> dict[str, Any]:
    db.session.execute(text("SELECT 1 FROM accounts LIMIT 1"))
    queues = {queue.queue: _told(queue) for queue in backlog()}
    free = shutil.disk_usage(current_app.config["FORUM"].instance).free
    return {
        "database": "ok",
        "outbox": {
            "waiting": sum(queue["waiting"] for queue in queues.values()),
            "late": any(queue["late"] for queue in queues.values()),
            "stuck": sum(queue["stuck"] for queue in queues.values()),
            "queues": queues,
        },
        "index": state(),
        "disk": "ok" if free > DISK_LOW else "low",
    }


def _told(queue: Backlog) -> dict[str, Any]:
    age = now() - queue.oldest
    late = age > SOON.get(queue.queue, LATE)
    return {"waiting": queue.waiting, "oldest_seconds": int(age.total_seconds()), "late": late, "stuck": queue.stuck}
