"""One site a process, made as new for each test: to build one costs more than most tests do.

What a process keeps in memory is listed in `as_new`; `tests/architecture/test_prepared.py` fails when something is forgotten there.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, session
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response

from forum.accounts import queries
from forum.accounts.actions import open_session
from forum.accounts.sessions import begin
from forum.app import create_app
from forum.config import Settings
from forum.kernel.db import db, transaction
from forum.search.service import Search, init_search
from forum.searches.counting.search_counts import init_tally
from forum.web import devices
from forum.web.kept import init_kept
from forum.web.page_cache import PageCache
from tests.page import Browser, Person

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Kept:
    """A site, and what it was set up with."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]


@lru_cache(maxsize=8)
def kept(settings: Settings) -> Kept:
    """The site of this process with these settings. Its database and its folder are emptied and filled again between tests."""
    app = create_app(settings)
    app.test_client_class = Browser
    return Kept(app, dict(app.config), dict(app.extensions))


def as_new(site: Kept) -> Flask:
    """The site as a process has it that has just started."""
    app = site.app
    for now, then in ((app.config, site.config), (app.extensions, site.extensions)):
        now.clear()
        now.update(then)
    app.extensions["forum.pages"] = PageCache()
    init_kept(app)
    init_tally(app)
    search: Search = app.extensions["forum.search"]
    init_search(app, tuple(search.sources.values()))
    return app


def leave(app: Flask) -> None:
    """Let go of the database, which is about to be replaced."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def signed_in(app: Flask, email: str) -> dict[str, str]:
    """The cookies of a browser that has just signed in, without the form and the slow check of the password."""
    with app.test_request_context():
        with transaction():
            account = queries.by_email(email)
            assert account is not None, f"nobody has the address {email}"
            session_id = open_session(account, "Browser")
        begin(account, session_id)
        response = Response()
        devices.remember(response, account.id)
        known = parse_cookie(response.headers["Set-Cookie"].partition(";")[0])
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return {**known, app.config["SESSION_COOKIE_NAME"]: signer.dumps(dict(session))}


def person(app: Flask, name: str) -> Person:
    """One of the known people, signed in with a browser of their own."""
    client, email = app.test_client(), f"{name}@example.org"
    for cookie, value in signed_in(app, email).items():
        client.set_cookie(cookie, value)
    return Person(client, email, PASSWORD)
