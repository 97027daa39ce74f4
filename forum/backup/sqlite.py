"""Copying a SQLite database while people write, by SQLite's own backup: what stands in its log is in the copy as well."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from forum.backup.contents import Contents, contents
from forum.backup.manifest import Unusable, sync
from forum.kernel.db import db

SUFFIX = "sqlite"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def _file() -> Path:
    return Path(db.engine.url.database or "")


def snapshot(target: Path) -> Contents:
    """The database as it is at one moment, as one file at `target`."""
    with closing(sqlite3.connect(_file(), isolation_level=None)) as source, closing(sqlite3.connect(target)) as copy:
        # All pages in one step: in smaller ones it begins anew whenever somebody writes. Nobody waits for it.
        source.backup(copy)
        # Whoever opens the copy should find one file, not begin a log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = _contents(copy)
    sync(target)
    return found


def _contents(connection: sqlite3.Connection) -> Contents:
    return contents(lambda sql: connection.execute(sql).fetchall(), [row[0] for row in connection.execute(TABLES).fetchall()])


def check(copy: Path) -> Contents:
    """Return what is in a copy. Raises `Unusable` where it is not sound."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(copy))}?mode=ro&immutable=1", uri=True)) as connection:
            said = connection.execute("PRAGMA integrity_check(3)").fetchall()
            if said != [("ok",)]:
                raise Unusable(f"The database in it is damaged: {'; '.join(row[0] for row in said)}.")
            return _contents(connection)
    except sqlite3.DatabaseError as error:
        raise Unusable(f"The database in it is damaged: {error}.") from error


def tables() -> list[str]:
    """Return those of the site's database; none where there is no such file."""
    if not _file().exists():
        return []
    with closing(sqlite3.connect(f"file:{quote(str(_file()))}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute(TABLES).fetchall()]


def load(copy: Path, wanted: dict[str, int]) -> None:
    """Make a copy the site's database, in one step; `check` has said that `wanted` is in it. Call where there are no tables."""
    db.engine.dispose()
    target = _file()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.restoring")
    try:
        shutil.copyfile(copy, draft)
        sync(draft)
        for end in ("", "-wal", "-shm", "-journal"):  # of a database without tables: its log must not be taken for this one's
            target.with_name(target.name + end).unlink(missing_ok=True)
        os.replace(draft, target)
        sync(target.parent)
    finally:
        draft.unlink(missing_ok=True)
