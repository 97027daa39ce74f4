"""A cache of whole pages for visitors, until the site changes.

Every announced change raises the site's version in its own transaction (`outbox.announce`). A page that a visitor reads
is the same for all visitors until then, so each process caches the last few hundred, and answers "not modified" to
browsers that have it.
Pages with a form of their own (a token, a form key) are never cached: they set a cookie.
"""

import hashlib
from collections import OrderedDict
from threading import Lock

import brotli
from flask import Flask, Response, current_app, g, request, session

from forum.kernel.outbox import site_version

KEPT = 500
#: Below this, compressing costs more than it saves.
SMALLEST = 1_024


class PageCache:
    """The last `KEPT` pages of this process, by address, with the site version they were made at."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, tuple[int, bytes, bytes, str, str]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, version: int) -> tuple[bytes, bytes, str, str] | None:
        """Body, Brotli body, ETag and content type of a page that is still true."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found[0] != version:
                return None
            self._pages.move_to_end(key)
            return found[1:]

    def put(self, key: str, version: int, body: bytes, content_type: str) -> tuple[bytes, bytes, str, str]:
        etag = hashlib.sha256(body).hexdigest()[:24]
        page = (body, brotli.compress(body, quality=1), etag, content_type)
        with self._lock:
            self._pages[key] = (version, *page)
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        return page


def init_pages(app: Flask) -> None:
    app.extensions["forum.pages"] = PageCache()
    app.before_request(_from_cache)
    app.after_request(_into_cache)


def _key() -> str | None:
    """Return the address as the key, for a visitor without a cookie of ours; None where the page may not be cached."""
    if request.method != "GET" or current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        return None
    if request.path.startswith(("/assets/", "/health", "/search")):
        return None
    return request.full_path if len(request.full_path) < 300 else None


def _from_cache() -> Response | None:
    key = _key()
    if key is None:
        return None
    g.page_key = key
    g.page_version = site_version()
    found = current_app.extensions["forum.pages"].get(key, g.page_version)
    return _answer(*found) if found else None


def _answer(body: bytes, small: bytes, etag: str, content_type: str) -> Response:
    """Return the page compressed where this browser takes that, or 304 when the browser has it."""
    g.page_key = None
    response = Response(status=304) if etag in request.if_none_match else Response(body)
    if response.status_code == 200:
        response.headers["Content-Type"] = content_type
        if request.accept_encodings["br"] and len(body) > SMALLEST:
            response.set_data(small)
            response.headers["Content-Encoding"] = "br"
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(["Cookie", "Accept-Encoding"])
    return response


def _into_cache(response: Response) -> Response:
    key = g.get("page_key")
    if key is None or response.status_code != 200 or response.mimetype != "text/html" or _sets_cookie(response):
        return response
    pages: PageCache = current_app.extensions["forum.pages"]
    page = pages.put(key, g.page_version, response.get_data(), response.headers["Content-Type"])
    return _answer(*page)


def _sets_cookie(response: Response) -> bool:
    """A page that began a session holds a token for one browser only. Flask adds the cookie later."""
    return session.modified or "Set-Cookie" in response.headers
