"""Copying a PostgreSQL database while people write, by `pg_dump`, and bringing it back by `pg_restore`."""

import os
import subprocess
from pathlib import Path

from sqlalchemy import Connection

from forum.backup.contents import Contents, contents
from forum.backup.manifest import Unusable
from forum.kernel.db import db
from forum.search.postgres.tables import SCHEMA

SUFFIX = "pgdump"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
TIMEOUT_MS = 60_000


def _run(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs on the site's database. Raises `Unusable` with what it said."""
    password = db.engine.url.password
    env = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}  # a command line can be read by everybody here
    try:
        done = subprocess.run([program, *options], env=env, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        needed = f"{program} is needed for PostgreSQL. Install the client programs of the server's version (postgresql-client)."
        raise Unusable(needed) from error
    if done.returncode:
        raise Unusable(f"{program} failed: {' '.join(done.stderr.split())[-600:]}")


def _address() -> str:
    return "--dbname=" + db.engine.url.set(drivername="postgresql", password=None).render_as_string()


def snapshot(target: Path) -> Contents:
    """The database as it is at one moment. What is counted here is what `pg_dump` sees: both look at one snapshot."""
    with db.engine.connect() as connection:
        run = connection.exec_driver_sql
        run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            seen = run("SELECT pg_export_snapshot()").scalar_one()
            found = _contents(connection)
            what = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={SCHEMA}*", f"--snapshot={seen}"]
            _run("pg_dump", *what, f"--lock-wait-timeout={TIMEOUT_MS}", f"--file={target}", _address())
            return found
        finally:
            run("ROLLBACK")


def _contents(connection: Connection) -> Contents:
    run = connection.exec_driver_sql
    return contents(lambda sql: run(sql).all(), run(TABLES).scalars().all())


def check(copy: Path) -> None:
    """Have `pg_restore` read all of a copy. Raises `Unusable` where it cannot. Needs no server."""
    try:
        done = subprocess.run(["pg_restore", f"--file={os.devnull}", str(copy)], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise Unusable("pg_restore is needed to look into this backup. Install postgresql-client.") from error
    if done.returncode:
        raise Unusable(f"The database in it is damaged: {' '.join(done.stderr.split())[-300:]}")


def tables() -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.exec_driver_sql(TABLES).scalars())


def load(copy: Path, wanted: dict[str, int]) -> None:
    """Bring a copy into the site's database, all of it or nothing. Call where there are no tables."""
    what = ["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", *what, _address(), str(copy))
    with db.engine.connect() as connection:
        found = _contents(connection).tables
    if found != wanted:
        differ = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
        raise Unusable(f"What was restored is not what was copied: {', '.join(differ)}. Empty the database and use another backup.")
