"""A form posted by somebody who was signed out: it waits here while they sign in, then comes back (law 4)."""

import hashlib
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import redirect, request, session, url_for
from sqlalchemy import JSON, delete
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.wrappers import Response

from forum.kernel import limits
from forum.kernel.clock import now
from forum.kernel.db import Model, db, transaction

KEEP = timedelta(hours=24)
LARGEST = 200_000
#: Never kept and never shown again.
SECRET_FIELDS = {"csrf_token", "password", "new_password", "current_password"}


class ParkedForm(Model):
    """Fields of a post that nobody was signed in for. Only the browser that sent it holds the key."""

    __tablename__ = "parked_forms"

    digest: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    at: Mapped[datetime]


def posted_fields() -> list[tuple[str, str]]:
    """What this request posted, in order, without secrets."""
    return [(k, v) for k, v in request.form.items(multi=True) if k not in SECRET_FIELDS]


def own_path(target: str | None) -> str:
    """`target` when it is a path on this site, else "/" (OWASP ASVS 3.7.2: redirects to own paths only)."""
    target = target or "/"
    parts = urlsplit(target)
    bad = parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//")
    if bad or "\\" in target or any(ord(c) < 33 or ord(c) == 127 for c in target):
        return "/"
    return target


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def park() -> None:
    """Keep this request's form for whoever signs in next in this browser."""
    fields = posted_fields()
    if not any(v.strip() for k, v in fields if k not in {"form_key", "version"}):
        return
    if sum(len(k) + len(v) for k, v in fields) > LARGEST:
        return
    message = "Too many forms were sent without signing in. Wait a few minutes and try again."
    limits.spend("park", request.remote_addr, 30, timedelta(minutes=10), message)
    key = secrets.token_urlsafe(32)
    with transaction():
        db.session.add(ParkedForm(digest=_digest(key), path=request.path, fields=[list(f) for f in fields], at=now()))
    session["parked"] = key


def park_and_sign_in() -> Response:
    """Send the visitor to sign in, and back to where they were; what they posted waits."""
    wants_page = request.method in {"GET", "HEAD"}
    if not wants_page:
        if request.accept_mimetypes.best == "application/json":
            return Response('{"message": "Sign in first."}', 401, mimetype="application/json")
        park()
    target = request.full_path.rstrip("?") if wants_page else "/"
    response = redirect(url_for("accounts.sign_in", next=target if target != "/" else None), 303)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def parked() -> ParkedForm | None:
    """The form this browser parked, if it is still there."""
    key = session.get("parked")
    row = db.session.get(ParkedForm, _digest(key)) if key else None
    return row if row is not None and row.at + KEEP > now() else None


def unpark() -> None:
    """The form came back; forget it. Call inside `transaction()`."""
    key = session.pop("parked", None)
    if key:
        db.session.execute(delete(ParkedForm).where(ParkedForm.digest == _digest(key)))


def sweep(at: datetime) -> int:
    """Delete forms that nobody came back for; gives how many. Call inside `transaction()`."""
    gone = db.session.execute(delete(ParkedForm).where(ParkedForm.at < at - KEEP))
    return int(gone.rowcount)  # type: ignore[attr-defined]
