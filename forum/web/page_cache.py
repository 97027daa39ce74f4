"""A cache of whole pages for visitors, until the site changes.

Every announced change raises the site's version in its own transaction (`outbox.announce`). A page that a visitor reads
is the same for all visitors until then, so each process caches the last few hundred, and answers "not modified" to
browsers that have it.
Pages with a form of their own (a token, a form key) are never cached: they set a cookie.
"""

import hashlib
from collections import OrderedDict
from functools import cached_property
from threading import Lock

import brotli
from flask import Flask, Response, current_app, g, request, session

from forum.kernel.outbox import site_version

KEPT = 500
#: Below this, compressing costs more than it saves.
SMALLEST = 1_024


class KeptPage:
    """A page as it was made at a version of the site."""

    def __init__(self, version: int, body: bytes, content_type: str) -> None:
        self.version, self.body, self.content_type = version, body, content_type
        self.etag = hashlib.sha256(body).hexdigest()[:24]

    @cached_property
    def small(self) -> bytes:
        """Made when a browser that can read it first asks."""
        made: bytes = brotli.compress(self.body, quality=1)
        return made


class PageCache:
    """The last `KEPT` pages of this process, by address."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, KeptPage] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, version: int) -> KeptPage | None:
        """The page, where it is still true."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found.version != version:
                return None
            self._pages.move_to_end(key)
            return found

    def put(self, key: str, page: KeptPage) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > KEPT:
                self._pages.popitem(last=False)


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
    return _answer(found) if found else None


def _answer(page: KeptPage, made: Response | None = None) -> Response:
    """The page as this browser can take it, or 304 when it has it; `made` just now, or from what was kept."""
    g.page_key = None
    if page.etag in request.if_none_match:
        response = Response(status=304)
    else:
        response = made or Response(page.body, content_type=page.content_type)
        if len(page.body) > SMALLEST and request.accept_encodings["br"]:
            response.set_data(page.small)
            response.headers["Content-Encoding"] = "br"
    response.set_etag(page.etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(["Cookie", "Accept-Encoding"])
    return response


def _into_cache(response: Response) -> Response:
    key = g.get("page_key")
    if key is None or response.status_code != 200 or response.mimetype != "text/html" or _sets_cookie(response):
        return response
    page = KeptPage(g.page_version, response.get_data(), response.headers["Content-Type"])
    current_app.extensions["forum.pages"].put(key, page)
    return _answer(page, response)


def _sets_cookie(response: Response) -> bool:
    """A page that began a session holds a token for one browser only. Flask adds the cookie later."""
    return session.modified or "Set-Cookie" in response.headers
