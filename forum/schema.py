"""Bringing the database up to date: tables by migration, then the lists and threads that the site itself brings."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from forum.features import FEATURES
from forum.kernel.db import begin, db, on_postgresql
from forum.kernel.private import tighten

FOLDER = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def head() -> str | None:
    """The newest migration that the program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known() -> set[str]:
    """Every migration that the program knows."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def current() -> str | None:
    """The migration that the database stands at."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate() -> bool:
    """Bring everything up to date; True when tables changed. Safe to repeat. Refuses a database newer than the program."""
    at = current()
    if at is not None and at not in known():
        raise RuntimeError("This database was made by a newer version of the program. Install that version.")
    tighten(current_app.config["FORUM"].instance, None if on_postgresql() else Path(db.engine.url.database or ""))
    changed = at != head()
    if changed:
        config = _config()
        with db.engine.begin() as connection:
            if connection.dialect.name == "sqlite":  # tables are copied and renamed there
                connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            begin(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    for bring in (f.brings for f in reversed(FEATURES) if f.brings):
        bring()
    render_older()
    return changed


def render_older() -> int:
    """Make anew what an older version of the program made of what people wrote; return how much that was. Safe to repeat."""
    return sum(render() for f in reversed(FEATURES) for render in f.renders)


def make_migration(message: str) -> None:
    """For developers: write the migration that brings the last one up to the models."""
    config = _config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)
