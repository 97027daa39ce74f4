"""Headers, host and origin checks for every response and request."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_login import current_user

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000; includeSubDomains"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def init_security(app: Flask) -> None:
    app.before_request(_number_request)
    app.before_request(_check_host)
    app.before_request(_check_origin)
    app.after_request(_set_headers)


def _number_request() -> None:
    g.request_id = secrets.token_hex(6)


def _check_host() -> None:
    """Refuse a Host header that names another site; besides, addresses in pages and mail never come from it. Health checks may ask
    by the server's number, since nothing in their answers depends on the name."""
    if request.blueprint == "health":
        return
    if _host_in(f"//{request.host}") not in current_app.config["FORUM"].allowed_hosts:
        abort(400, "This address is not one of the site's own.")


def _host_in(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:  # such as "[": an IPv6 address without its end
        return None


def _check_origin() -> None:
    """Refuse posts that a browser says come from another site: a second check beside the form token."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin.partition("://")[2] != request.host
    if site not in {None, "same-origin", "none"} or foreign:
        abort(403, "This form was sent from another site.")


def _set_headers(response: Response) -> Response:
    has = {name for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in HEADERS.items() if name not in has])
    if current_app.config["FORUM"].secure:
        response.headers["Strict-Transport-Security"] = HSTS
    if "Cache-Control" not in response.headers:
        private = "no-store, private" if current_user.is_authenticated else "private, no-cache"
        response.headers["Cache-Control"] = private
        response.vary.add("Cookie")
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    return response
