"""Browsers that have signed in before: their owner gets in while somebody else is trying passwords (checklist row 12).

The throttle on an account must not become a lock that a stranger can turn. A browser that signed in once keeps a signed cookie, and
its attempts are counted by themselves.
"""

import secrets
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

KEEP = timedelta(days=365)


def cookie_name() -> str:
    return "__Host-known" if current_app.config["FORUM"].secure else "known"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["FORUM"].secret_key, salt="known-device")


def known() -> tuple[int, str]:
    """The account that this browser signed in to last, and the browser's own random name; (0, "") for a new browser."""
    try:
        account_id, name = _serializer().loads(request.cookies.get(cookie_name(), ""))
    except (BadSignature, ValueError, TypeError):
        return 0, ""
    return int(account_id), str(name)


def remember(response: Response, account_id: int) -> None:
    """Let this browser be known as one of that account's."""
    response.set_cookie(
        cookie_name(),
        str(_serializer().dumps([account_id, secrets.token_urlsafe(12)])),
        max_age=KEEP,
        secure=current_app.config["FORUM"].secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
