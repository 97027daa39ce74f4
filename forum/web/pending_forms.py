"""A form posted by somebody who was signed out: it waits here while they sign in, then comes back (law 4).

It comes back to whoever typed it, and to nobody else: the form's token says for whom the page was made. What a visitor filled in
belongs to whoever signs in next in that browser.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flask import Response as FlaskResponse
from flask import current_app, redirect, request, session, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import JSON, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.wrappers import Response

from forum.kernel import rate_limits
from forum.kernel.clock import now
from forum.kernel.db import Model, db, transaction
from forum.kernel.errors import Invalid
from forum.web.devices import asker

#: Fields that nobody typed: what a page puts into a form.
UNSEEN = {"form_key", "version", "next", "on", "about", "expected"}
#: Fields that people write in, so that even one small word there was typed and not chosen.
WRITTEN = {"title", "text", "summary", "message", "name", "reason"}
_CHOSEN = re.compile(r"[a-z0-9_-]{1,60}")
KEEP = timedelta(hours=24)
LARGEST = 200_000
#: Never stored and never shown again.
SECRET_FIELDS = {"csrf_token", "password", "new_password", "current_password", "parked"}


class ParkedForm(Model):
    """Fields of a post that nobody was signed in for."""

    __tablename__ = "parked_forms"

    digest: Mapped[str] = mapped_column(primary_key=True)
    #: Who typed it; 0 for a visitor, whose browser alone has the key that `digest` is of.
    member_id: Mapped[int] = mapped_column(default=0, index=True)
    path: Mapped[str]
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    at: Mapped[datetime]


def posted_fields() -> list[tuple[str, str]]:
    """Return what this request posted, in order, without secrets."""
    return [(k, v) for k, v in request.form.items(multi=True) if k not in SECRET_FIELDS]


def typed(fields: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """Return those of a form's (name, value) pairs that somebody typed and would miss: not what the page itself puts in, nor
    buttons, ticks and choices, whose values are the form's own."""
    return [(k, v) for k, v in fields if v.strip() and k not in UNSEEN and (k in WRITTEN or not _CHOSEN.fullmatch(v))]


def own_path(target: str | None) -> str:
    """`target` when it is a path on this site, else "/" (OWASP ASVS 3.7.2: redirects to own paths only)."""
    target = target or "/"
    bad = not target.startswith("/") or target.startswith("//") or "\\" in target
    return "/" if bad or any(ord(c) < 33 or ord(c) == 127 for c in target) else target


def token_for(member_id: int) -> str:
    """The secret of a session's form tokens, which also says whose session it is. Forms carry it signed."""
    return f"{member_id}.{secrets.token_hex(20)}"


def writer() -> int | None:
    """Return for whom the posted form's page was made, by its token: a member's id, 0 for a visitor, None by no token of ours.

    Pages that are cached for visitors have buttons without a token (`web/page_cache.py`).
    """
    if not request.form.get("csrf_token"):
        return 0
    sealed = URLSafeTimedSerializer(current_app.secret_key, salt="wtf-csrf-token")  # type: ignore[arg-type]  # as Flask-WTF makes it
    try:
        token = str(sealed.loads(request.form["csrf_token"]))
    except BadSignature:
        return None
    whose, _, rest = token.partition(".")
    return int(whose) if rest and whose.isdecimal() else 0


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def park(member_id: int) -> None:
    """Store this request's form for the member who typed it; for member 0, for whoever signs in next in this browser.

    Raises `Invalid` where it is too long to store, and `TooMany`: the error page then shows the text again.
    """
    fields = posted_fields()
    if not any(v.strip() for k, v in fields if k not in {"form_key", "version"}):
        return
    if sum(len(k) + len(v) for k, v in fields) > LARGEST:
        raise Invalid("You are signed out, and this is too long to keep for you. Copy it, sign in, then paste it again.")
    rate_limits.spend("park", asker(), 30, timedelta(minutes=10), "Many forms were sent from here without signing in.")
    key = secrets.token_urlsafe(32)
    row = ParkedForm(digest=_digest(key), member_id=member_id, path=request.path, fields=[list(f) for f in fields], at=now())
    with transaction():
        db.session.add(row)
    session["parked"] = key


def park_and_sign_in() -> Response:
    """Send the visitor to sign in, and back to where they were; what they posted waits."""
    wants_page = request.method in {"GET", "HEAD"}
    if not wants_page:
        if request.accept_mimetypes.best == "application/json":
            return Response('{"message": "Sign in first."}', 401, mimetype="application/json")
        park(writer() or 0)
    target = request.full_path.rstrip("?") if wants_page else "/"
    response = redirect(url_for("accounts.sign_in", next=target if target != "/" else None), 303)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def waiting() -> ParkedForm | None:
    """Return the form that this browser last sent while signed out, whoever typed it: to say that it is safe, never to show it."""
    key = session.get("parked")
    row = db.session.get(ParkedForm, _digest(key)) if key else None
    return row if row is not None and row.at + KEEP > now() else None


def parked() -> ParkedForm | None:
    """The newest form that waits for the member who is signed in: typed by them, or as a visitor in this browser."""
    own = [ParkedForm.member_id == current_user.member.id] if current_user.is_authenticated else []
    visitors = (ParkedForm.member_id == 0) & (ParkedForm.digest == _digest(session.get("parked", "")))
    rows = select(ParkedForm).where(or_(visitors, *own), ParkedForm.at > now() - KEEP)
    return db.session.scalars(rows.order_by(ParkedForm.at.desc()).limit(1)).first()


def unpark(digest: str) -> None:
    """Delete the form, which came back to its writer. Call inside `transaction()`."""
    row = parked()
    if row is not None and row.digest == digest:
        db.session.execute(delete(ParkedForm).where(ParkedForm.digest == digest))


def forget_sent(response: FlaskResponse) -> FlaskResponse:
    """After every request: a parked form that was sent on and taken waits no longer."""
    digest = request.form.get("parked", "") if request.method == "POST" and response.status_code == 303 else ""
    if digest and current_user.is_authenticated:
        with transaction():
            unpark(digest)
    return response


def sweep(at: datetime) -> int:
    """Delete forms that nobody came back for; return how many. Call inside `transaction()`."""
    gone = db.session.execute(delete(ParkedForm).where(ParkedForm.at < at - KEEP))
    return int(gone.rowcount)  # type: ignore[attr-defined]
