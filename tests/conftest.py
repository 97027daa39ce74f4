"""A real database, a real index and a real worker for every test; only the clock of the machine is shared."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from forum.access.actors import Member
from forum.accounts.actions import create
from forum.accounts.models import POSTS_UNTIL_TRUSTED
from forum.accounts.passwords import hash_password
from forum.app import create_app
from forum.config import Settings
from forum.kernel.clock import now
from forum.kernel.db import transaction
from forum.schema import migrate
from forum.worker import Worker
from tests.databases import Databases, databases
from tests.page import Person
from tests.prepared import PASSWORD, as_new, kept, leave, person

__all__ = ["PASSWORD", "person"]
SHARED = Path(__file__).resolve().parents[1].parent / "shared"
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**30:
    # No test pulls the plug, so none needs a disk that is waited for at every commit.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs `shared`, and what uses a database, for a second run on another one; the journeys that are worth it there say
    so themselves.

    The journeys begin, as they last longest: none is left to one process while the other has nothing more to do.
    """
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)
    for item in items:
        with_files = "whoosh" in item.nodeid.partition("[")[2].rstrip("]").split("-")
        if {"database", "bare", "engine"} & set(getattr(item, "fixturenames", ())) and not with_files:
            item.add_marker(pytest.mark.database)
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)


def pytest_collection_finish() -> None:
    """What was imported stays. It need not be looked through for rubbish again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with its lists, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    app = create_app(settings(folder, FORUM_DATABASE_URL=databases().make_template(folder)))
    with app.app_context():
        migrate()
        with transaction():
            digest = hash_password(PASSWORD)
            for name, access in (
                ("Ada Author", "member"),
                ("Olu Other", "member"),
                ("Mo Mod", "moderator"),
                ("Admin", "administrator"),
            ):
                account = create(name, f"{name.split()[0].lower()}@example.org", digest, "nurse", access)
                account.confirmed_at, account.posts_approved = now(), POSTS_UNTIL_TRUSTED
    leave(app)
    return folder


def settings(folder: Path, **changes: str) -> Settings:
    env = {"FORUM_INSTANCE": str(folder), "FORUM_BASE_URL": "http://localhost", "FORUM_SECRET_KEY": "0123456789abcdef" * 4}
    return Settings.from_env(env | changes)


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sites of this process stand, one after the other."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture
def tmp_path(site_folder: Path) -> Path:
    """An empty folder, the instance folder of the test's site. It is at the same place for each test, so that a site can be kept."""
    for path in site_folder.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return site_folder


@pytest.fixture
def database(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a copy of the template, for this test alone; commands that a test starts are told of it."""
    url = databases().copy(template, tmp_path)
    if Databases.base:
        monkeypatch.setenv("FORUM_DATABASE_URL", url)
    yield url
    databases().drop(url)


@pytest.fixture
def make_app(database: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """A site with other settings where wanted, as new. Asked for twice with the same ones: a second process of that site."""
    made: list[Flask] = []

    def make(**changes: str) -> Flask:
        wanted = settings(tmp_path, **{"FORUM_DATABASE_URL": database} | changes)
        app = create_app(wanted) if kept(wanted).app in made else as_new(kept(wanted))
        made.append(app)
        return app

    yield make
    for app in made:
        leave(app)


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def worker(app: Flask) -> Worker:
    return Worker(app)


@pytest.fixture
def author(app: Flask) -> Person:
    return person(app, "ada")


@pytest.fixture
def other(app: Flask) -> Person:
    return person(app, "olu")


@pytest.fixture
def moderator(app: Flask) -> Person:
    return person(app, "mo")


@pytest.fixture
def admin(app: Flask) -> Person:
    return person(app, "admin")


@pytest.fixture
def visitor(app: Flask) -> Person:
    return Person(app.test_client())


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """For tests of actions, which need no HTTP. Not together with clients: they would share the signed-in member."""
    with app.app_context():
        yield app


@pytest.fixture
def members(context: Flask) -> dict[str, Member]:
    """The four known people as actors."""
    from forum.accounts.queries import by_email

    found = {}
    for name in ("ada", "olu", "mo", "admin"):
        account = by_email(f"{name}@example.org")
        assert account is not None
        found[name] = account.member()
    return found


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real texts and attack strings that are not ours to give away. What is ours, or may be passed on, is in `tests/data`."""
    if not SHARED.is_dir():
        pytest.skip('needs the folder "shared" beside the repository, which a newcomer does not have')
    return SHARED
