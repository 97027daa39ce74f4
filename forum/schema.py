"""Bringing the database up to date: tables by migration, then the lists and threads that the site itself brings."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from forum.adoptions import models as _adoptions  # noqa: F401
from forum.case_studies import models as _case_studies  # noqa: F401  (each table must be known to the metadata)
from forum.discussions.seed import open_key_questions
from forum.kernel.db import begin, db, on_postgresql
from forum.kernel.private import tighten
from forum.measures import models as _measures  # noqa: F401
from forum.organisations.actions import load_organisations
from forum.rerender import render_older
from forum.searches import models as _searches  # noqa: F401
from forum.taxonomy.actions import load_lists
from forum.updates import models as _updates  # noqa: F401
from forum.vocabulary.actions import load_vocabulary

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
    load_lists()
    load_organisations()
    load_vocabulary()
    open_key_questions()
    render_older()
    return changed


def make_migration(message: str) -> None:
    """For developers: write the migration that brings the last one up to the models."""
    config = _config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)
