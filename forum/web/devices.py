"""Whom a limit counts. A network address may be a whole hospital's, so it is the last thing to go by.

The throttle on an account must not become a lock that a stranger can turn: a browser that signed in once, or followed a link from
the owner's mail, keeps a signed cookie, and its attempts are counted by themselves.
"""

import secrets
from datetime import timedelta

from flask import current_app, request
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

KEEP = timedelta(days=365)


def cookie_name() -> str:
    return "__Host-known" if current_app.config["FORUM"].secure else "known"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["FORUM"].secret_key, salt="known-device")


def known() -> tuple[int, str]:
    """Return the account that this browser signed in to last, and the browser's own random name; (0, "") for a new browser."""
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


def asker() -> str:
    """Return whom a limit counts: the member, else the account that this browser is known by, else the network address.

    An account counts once, not once for each browser: else somebody who signs in a hundred times would count as a hundred people.
    """
    account_id = current_user.member.id if current_user.is_authenticated else known()[0]
    return f"member {account_id}" if account_id else f"address {request.remote_addr}"
