"""A site to copy, and an empty place to bring it back to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from forum.app import create_app
from forum.backup.making import back_up, verify
from forum.backup.manifest import Manifest
from forum.backup.restoring import restore
from forum.kernel.db import Model, db
from tests.conftest import settings
from tests.databases import databases

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a backup goes: not into the instance, which `tmp_path` is."""
    return tmp_path_factory.mktemp("backup") / "copy"


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Flask]]:
    """A place without a site, as often as it is asked for."""
    made: list[tuple[Flask, str]] = []

    def make() -> Flask:
        folder = tmp_path_factory.mktemp("elsewhere")
        url = databases().empty(folder)
        made.append((create_app(settings(folder, FORUM_DATABASE_URL=url)), url))
        return made[-1][0]

    yield make
    for app, url in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        databases().drop(url)


def copied(app: Flask, folder: Path) -> Manifest:
    with app.app_context():
        return back_up(folder)


def restored(app: Flask, folder: Path) -> tuple[int, int]:
    with app.app_context():
        return restore(folder, verify(folder))


def rows_of(app: Flask) -> Rows:
    """Everything in the database."""
    with app.app_context():
        found: Rows = {}
        for table in Model.metadata.sorted_tables:
            rows = db.session.execute(select(table).order_by(*table.primary_key.columns)).all()
            found[table.name] = [tuple(map(repr, row)) for row in rows]
        db.session.remove()
        return found
