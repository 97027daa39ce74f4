"""A draft's own page: it leads to the form while that can be sent, and else shows the words and says why not (law 4)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Blueprint, Flask, current_app, flash, jsonify, redirect, render_template, url_for
from flask import Response as JsonResponse
from werkzeug.wrappers import Response

from forum.access.actors import Member
from forum.documents.identifiability import Finding, check
from forum.kernel.db import transaction
from forum.kernel.errors import NotFound, Refusal
from forum.web import drafts
from forum.web.access_level import Reach, member, reach
from forum.web.pending_forms import typed

bp = Blueprint("drafts", __name__)
#: Called with the member and the rest of the draft's key, after its kind. Raises the `Refusal` that the form itself would.
MaySend = Callable[[Member, str], object]
#: Findings that a form shows while somebody types, and how much of a text is looked at then.
MOST_NOTICED, LONGEST_NOTICED = 5, 20_000


def init_drafts(app: Flask, kinds: Mapping[str, MaySend]) -> None:
    app.extensions["forum.drafts"] = dict(kinds)


def keep_typed(key: str, url: str, label: str, fields: Mapping[str, Any]) -> JsonResponse:
    """Save the words as this member's draft; return JSON for the form's script: when they were saved, and what in them may identify
    somebody. Raises `Invalid`."""
    with transaction():
        kept = drafts.keep(member(), key, url, label[:160], fields)
    return jsonify({"saved_at": drafts.saved_at(kept.saved_at), "findings": noticed(check(_readable(fields)))})


def noticed(found: Iterable[Finding]) -> list[str]:
    """Return the first few findings, in the words in which a form shows them while somebody types."""
    return [f"“{f.match}”: {f.reason} {f.advice}" for f in found][:MOST_NOTICED]


def _readable(fields: Mapping[str, Any]) -> dict[str, str]:
    """The texts that others would read."""
    return {name: text[:LONGEST_NOTICED] for name, text in _texts(fields) if name not in {"reason", "justification", "figures"}}


@bp.get("/drafts/<key>")
@reach(Reach.MEMBER)
def draft(key: str) -> Response | str:
    found = drafts.kept(member(), key)
    if found is None:
        raise NotFound("There is no such draft. Perhaps you sent it, or deleted it in another window.")
    try:
        _may_send(found.key)
    except Refusal as why:
        return render_template("drafts/kept.html", draft=found, why=str(why), texts=_texts(found.fields))
    return redirect(found.url, 303)


def _may_send(key: str) -> None:
    kinds: dict[str, MaySend] = current_app.extensions["forum.drafts"]
    for kind, may_send in kinds.items():
        if key.startswith(f"{kind}:"):
            may_send(member(), key.removeprefix(f"{kind}:"))


def _texts(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what somebody typed, as (field, text)."""
    said = [(name, "\n".join(map(str, value)) if isinstance(value, list) else str(value)) for name, value in fields.items()]
    return typed(said)


@bp.post("/drafts/<key>/discard")
@reach(Reach.MEMBER)
def discard(key: str) -> Response:
    with transaction():
        drafts.drop(member(), key)
    flash("The draft is deleted.", "success")
    return redirect(url_for("case_sending.own"), 303)
