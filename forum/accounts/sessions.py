"""Flask-Login, used thinly: the cookie's user id is a session's secret id, looked up in our own table at each request."""

from datetime import timedelta

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import bindparam, select, update

from forum.access.actors import Member
from forum.accounts.actions import digest, sign_out
from forum.accounts.models import Account, BrowserSession, alive, member_of
from forum.kernel.clock import now
from forum.kernel.db import db, read, transaction
from forum.kernel.outbox import VERSION
from forum.notifications.queries import unread_of
from forum.web.pending_forms import token_for

#: How stale "last seen" may be; writing it at every request would make every page a write.
TOUCH = timedelta(minutes=5)


class Cookies(SecureCookieSessionInterface):
    """Flask's sessions, with what signs them made once instead of for each request."""

    _signs: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signs is None:
            self._signs = super().get_signing_serializer(app)
        return self._signs


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login holds: the member, the id of the session by which they came, and how much news waits for them."""

    def __init__(self, member: Member, session_id: str, unread: int = 0) -> None:
        self.member = member
        self.session_id = session_id
        self.unread = unread

    def get_id(self) -> str:
        return self.session_id


_LOOK = (
    select(
        Account.id,
        Account.name,
        Account.username,
        Account.access,
        Account.organisation_id,
        Account.posts_approved,
        Account.confirmed_at,
        BrowserSession.id.label("session"),
        BrowserSession.created_at,
        BrowserSession.seen_at,
        unread_of(Account.id).label("unread"),
        VERSION.scalar_subquery().label("version"),
    )
    .join(BrowserSession, BrowserSession.account_id == Account.id)
    .where(BrowserSession.digest == bindparam("digest"))
)


def load(session_id: str) -> SignedIn | None:
    """Whoever has that session, unless it ended or grew too old."""
    row, at = read(_LOOK, {"digest": digest(session_id)}).first(), now()
    if row is None or not alive(row.created_at, row.seen_at, row.access, at):
        return None
    g.site_version = row.version or 0
    user = SignedIn(member_of(row), session_id, row.unread)
    if row.seen_at + TOUCH < at:
        with transaction():
            db.session.execute(update(BrowserSession).where(BrowserSession.id == row.session).values(seen_at=at))
    return user


def begin(account: Account, session_id: str) -> None:
    """Sign this browser in with a fresh cookie; what it had parked comes along."""
    parked = session.get("parked")
    session.clear()
    if parked:
        session["parked"] = parked
    session["csrf_token"] = token_for(account.id)
    login_user(SignedIn(account.member(), session_id))


def end(session_id: str) -> None:
    """Sign this browser out, on the server and in the cookie."""
    sign_out(session_id)
    logout_user()
    session.clear()


def browser_name() -> str:
    """A few words by which people know their own browser in the list of sessions."""
    agent = request.user_agent.string
    browser = next((b for b in ("Edg", "Firefox", "Chrome", "Safari") if b in agent), "Browser")
    system = next((s for s in ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux") if s in agent), "")
    names = {"Edg": "Edge", "Mac OS": "a Mac"}
    return names.get(browser, browser) + (f" on {names.get(system, system)}" if system else "")


def init_sessions(app: Flask) -> None:
    settings = app.config["FORUM"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.session_interface = Cookies()
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(load)
