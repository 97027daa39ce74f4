"""Assembling the site from its features."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from forum.access.permissions import Permission, may
from forum.accounts.sessions import init_sessions
from forum.config import Settings
from forum.features import FEATURES
from forum.health.views import bp as health
from forum.kernel.db import engine_options, init_db
from forum.kernel.events import Event
from forum.kernel.outbox import Routes, init_outbox
from forum.kernel.references import init_refs
from forum.kernel.tokens import init_tokens
from forum.marks.views import bp as marks
from forum.moderation import queue
from forum.moderation.views import bp as moderation
from forum.notifications.delivery import init_notifications
from forum.notifications.views import bp as notifications_pages
from forum.organisations.queries import invented_here
from forum.search.service import init_search
from forum.taxonomy import queries as taxonomy
from forum.web.access_level import actor, init_reach
from forum.web.annexes import init_annexes
from forum.web.assets import init_assets
from forum.web.context import init_context
from forum.web.converters import init_converters
from forum.web.draft_pages import bp as draft_pages
from forum.web.draft_pages import init_drafts
from forum.web.errors import init_errors
from forum.web.fragments import init_fragments
from forum.web.kept import init_kept
from forum.web.page_cache import init_pages
from forum.web.panels import init_panels
from forum.web.security import init_security
from forum.web.templating import init_templating
from forum.web.upload_limits import init_sizes

#: A full case study with every field at its longest is far below this.
LARGEST_REQUEST = 2 * 1024 * 1024
SERVICES = (draft_pages, notifications_pages, moderation, marks, health)


def folder(name: str) -> Path:
    """Return where templates or static files are: inside the installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    return next(p for p in (here / name, here.parent / name) if p.is_dir())


def create_app(settings: Settings | None = None) -> Flask:
    """The whole site. Raises `SettingsError` when the environment is wrong, RuntimeError when a view declares no reach."""
    settings = settings or Settings.from_env()
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask("forum", static_folder=None, template_folder=str(folder("templates")), instance_path=str(settings.instance))
    # No view of ours is a coroutine: nothing needs to look at each call.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
    app.config.update(
        FORUM=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url, settings.threads + 2),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)  # type: ignore[method-assign]
    init_db(app)
    _init_web(app)
    _init_services(app)
    for blueprint in (*(b for f in FEATURES for b in f.blueprints), *SERVICES):
        app.register_blueprint(blueprint)
    init_reach(app)
    return app


def _init_web(app: Flask) -> None:
    """Order matters: the host is checked before anything is looked up, the token before any view runs."""
    init_converters(app)
    init_templating(app, folder("templates"))
    init_fragments(app)
    init_assets(app, folder("static"))
    init_security(app)
    init_sizes(app)
    init_pages(app)
    init_kept(app)
    init_sessions(app)
    CSRFProtect(app)
    init_errors(app)
    init_context(app, waiting=queue.total, demo=invented_here, can=_can)
    app.jinja_env.filters["term_label"] = lambda slug, scheme: taxonomy.label(scheme, slug)


def _can(permission: str, thing: object = None) -> bool:
    """`can("edit", thread)` in templates: the same rule as everywhere (law 1)."""
    return may(actor(), Permission(permission), thing)  # type: ignore[arg-type]


def _the(offers: Iterable[Any]) -> Any:
    """Return what one slice, and only one, contributes."""
    return next(offer for offer in offers if offer)


def _init_services(app: Flask) -> None:
    sources = tuple(s for f in FEATURES for s in f.searches)
    kinds = tuple(k for f in FEATURES for k in f.notifications)
    wanted: dict[type[Event], tuple[str, ...]] = {}
    for event in (e for f in FEATURES for e in f.events):
        indexed = any(event in source.events for source in sources)
        told = any(kind.event is event for kind in kinds)
        wanted[event] = (*(("index",) if indexed else ()), *(("notify",) if told else ()))
    init_outbox(app, Routes(wanted))
    init_refs(app, {kind: source for f in FEATURES for kind, source in f.cards.items()})
    kinds_shown = {kind for f in FEATURES for kind in f.panels}
    init_panels(app, {kind: [p for f in reversed(FEATURES) for p in f.panels.get(kind, ())] for kind in kinds_shown})
    leaving = {kind for f in FEATURES for kind in f.annexes}
    init_annexes(app, {kind: [f.annexes[kind] for f in reversed(FEATURES) if kind in f.annexes] for kind in leaving})
    init_drafts(app, {kind: may_send for f in FEATURES for kind, may_send in f.drafts.items()})
    init_search(app, sources)
    one = {name: _the(getattr(f, name) for f in FEATURES) for name in ("addresses", "bounced", "acting")}
    init_notifications(app, kinds, **one)
    for feature in FEATURES:
        app.jinja_env.globals.update(feature.context)
    app.extensions["forum.queues"] = tuple(q for f in FEATURES for q in f.queues)
    init_tokens(app, {purpose: lifetime for f in FEATURES for purpose, lifetime in f.links.items()})
    app.extensions["forum.tables"] = {table: words for f in FEATURES for table, words in f.tables.items()}
    app.extensions["forum.forgets"] = tuple(f.forgets for f in FEATURES if f.forgets)
    app.extensions["forum.versions"] = {kind: whose for f in FEATURES for kind, whose in f.versions.items()}
    app.extensions["forum.judged"] = {kind: judged for f in FEATURES for kind, judged in f.judged.items()}
    for name in ("another_moderator", "approved"):
        app.extensions[f"forum.{name}"] = _the(getattr(f, name) for f in FEATURES)
