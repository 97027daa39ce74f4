"""Error pages that help. Whatever a person had typed comes back with the page (law 4), whichever way it went wrong."""

import json
import logging

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from forum.access.actors import Member, Visitor
from forum.documents.markdown import TooComplex
from forum.kernel.db import db
from forum.kernel.errors import Busy, EditConflict, Forbidden, Invalid, NotFound, ReasonNeeded, Refusal, SentBefore, TooMany
from forum.kernel.idempotency import new_key
from forum.kernel.text import BadText
from forum.web.access_level import Reach, actor
from forum.web.pending_forms import forget_sent, park, park_and_sign_in, posted_fields, typed, writer

log = logging.getLogger("forum.web")

STATUS = {NotFound: 404, Forbidden: 403, Invalid: 422, TooMany: 429, EditConflict: 409, Busy: 503}
TITLES = {
    400: "The site could not understand that",
    401: "Sign in first",
    403: "You cannot do that",
    404: "Page not found",
    405: "That cannot be done at this address",
    409: "Somebody else changed this",
    413: "That is too large",
    422: "Something needs changing",
    429: "Wait a moment",
    500: "Sorry, something went wrong",
    503: "The site is busy",
}


def init_errors(app: Flask) -> None:
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(SentBefore, _sent_before)
    app.register_error_handler(ReasonNeeded, _reason_needed)
    app.register_error_handler(TooComplex, lambda e: page(422, str(e)))
    app.register_error_handler(BadText, lambda e: page(422, str(e)))
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(forget_sent)


def page(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """The error page for `status`, or the same as JSON for scripts that asked so."""
    if request.accept_mimetypes.best == "application/json":
        return Response(json.dumps({"message": message}), status, headers, mimetype="application/json")
    fields = posted_fields() if request.method == "POST" and status != 413 else []
    html = render_template(
        "errors/error.html",
        status=status,
        page_title=TITLES.get(status, TITLES[500]),
        message=message,
        fields=fields,
        texts=typed(fields),
        again=request.path if status in {400, 429, 500, 503} else None,
    )
    return make_response(html, status, headers or {})


def _sent_before(error: SentBefore) -> Response:
    """Return a page, with the words, that asks whether a form sent again with other words is a correction or a second thing."""
    db.session.rollback()
    fields = [(k, v) for k, v in posted_fields() if k != "form_key"]
    again = "" if request.files else request.full_path.rstrip("?")
    html = render_template(
        "errors/sent_before.html", first=error.location, fields=fields, texts=typed(fields), again=again, key=new_key()
    )
    return make_response(html, 409)


def _refusal(error: Refusal) -> Response:
    db.session.rollback()
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany | Busy) else None
    return page(status, str(error), headers)


def _reason_needed(error: ReasonNeeded) -> Response:
    """Return a page that asks for a reason; it holds everything that was sent, to be sent again with it."""
    db.session.rollback()
    if request.accept_mimetypes.best == "application/json":
        return page(422, f"{error} Press Save to do so.")
    fields = [(k, v) for k, v in posted_fields() if k != "reason"]
    where, typed = request.full_path.rstrip("?"), request.form.get("reason", "")
    return make_response(render_template("errors/reason.html", message=str(error), fields=fields, where=where, typed=typed), 422)


def _stale_form(error: CSRFError) -> BaseResponse:
    """Answer a form whose token is not valid: mostly from a page that was open while its owner signed in or out elsewhere."""
    view = current_app.view_functions.get(request.endpoint or "")
    whose, who = writer(), actor()
    try:  # raised inside an error handler, a refusal would find no handler of its own
        if isinstance(who, Member) and whose not in {None, 0, who.id}:
            return _somebody_elses(whose or 0)
        if getattr(view, "reach", Reach.PUBLIC) != Reach.PUBLIC and isinstance(who, Visitor) and whose is not None:
            return park_and_sign_in()
    except Refusal as refusal:
        return _refusal(refusal)
    return page(400, "This page had been open for a long time, so nothing was saved yet. Press Try again.")


def _somebody_elses(member_id: int) -> Response:
    """Answer a form from a page of somebody who was signed in here before: their words wait for them, unseen by others."""
    if request.accept_mimetypes.best == "application/json":
        return Response(json.dumps({"message": "Somebody else is signed in here now."}), 401, mimetype="application/json")
    park(member_id)
    message = (
        "This page was opened by somebody else, who was signed in here before you. Nothing was sent. What they wrote is kept for "
        "them for a day: they will see it when they sign in."
    )
    html = render_template(
        "errors/error.html", status=403, page_title=TITLES[403], message=message, fields=[], texts=[], again=None
    )
    return make_response(html, 403)


def _database_busy(error: OperationalError) -> Response:
    db.session.rollback()
    log.warning("database", exc_info=error)
    text = "Nothing was lost, but it is not saved yet. Wait a few seconds, then press Try again."
    return page(503, text, {"Retry-After": "5"})


def _http(error: HTTPException) -> BaseResponse:
    if isinstance(error, InternalServerError):
        return _unexpected(error.original_exception or error)
    if error.code in {301, 302, 303, 307, 308}:
        return redirect(error.new_url, error.code)  # type: ignore[attr-defined]
    messages = {
        404: "Check the address, or search for what you were looking for.",
        405: "Go back and use the buttons on the page.",
    }
    if isinstance(error, RequestEntityTooLarge):
        return page(413, "What you sent is larger than the site takes. Shorten it or split it in two.")
    return page(error.code or 500, messages.get(error.code or 500, error.description or ""))


def _unexpected(error: BaseException) -> Response:
    db.session.rollback()
    log.error("unexpected", exc_info=error)
    reference = g.get("request_id", "-")
    return page(500, f"It is our fault, not yours. If it happens again, tell us this number: {reference}.")
