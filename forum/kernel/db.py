"""The database: one session a request, one place that commits.

SQLite runs in WAL mode with `synchronous=FULL`, because an acknowledged post must survive a power cut. Reads run without a
transaction; writes begin with `BEGIN IMMEDIATE`, so two writers queue for the lock instead of one failing half-way.

PostgreSQL is used in the same way: reads in autocommit, which halves their cost, and writes in a READ COMMITTED transaction that
first takes one lock for all writers. The actions decide on what they have read, so they must not change things side by side.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask, g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Executable, MetaData, event
from sqlalchemy.engine import Connection, CursorResult, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

#: Milliseconds that a writer waits for the lock before the person is told that the site is busy.
BUSY_TIMEOUT_MS = 8_000
#: The numbers of PostgreSQL's advisory locks, by the work that only one connection may do at a time.
LOCKS = {"write": 7_001, "index": 7_002, "index tables": 7_003}
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime in and out, whatever the database stores."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a datetime without a time zone may not be stored")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Base of every table."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UtcDateTime})


db = SQLAlchemy(model_class=Model, session_options={"autoflush": False, "expire_on_commit": False})


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        _prepare_postgresql(connection)
        return
    connection.isolation_level = None  # reads then take no lock and no snapshot; `transaction` begins writes itself
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "mmap_size=536870912",
    ):
        connection.execute(f"PRAGMA {pragma}")


def engine_options(url: str, pool: int) -> dict[str, Any]:
    """Return SQLAlchemy's engine options for that address.

    Reads need no transaction; `begin` starts one for writes. Each thread may have two connections: the one that it read with before
    it had a session, and the session's.
    """
    options: dict[str, Any] = {"pool_size": 2 * pool, "max_overflow": 10}
    if on_postgresql(url):
        options |= {"isolation_level": "AUTOCOMMIT", "pool_recycle": 1_800}
    return options


def on_postgresql(url: object = None) -> bool:
    """Return whether `url` is the address of a PostgreSQL database; without one, whether the site's own database is PostgreSQL."""
    return (str(url) if url is not None else db.engine.dialect.name).startswith("postgresql")


def begin(connection: Connection, what: str = "write", patience_ms: int | None = None) -> None:
    """Start a write on a connection; others who want the same lock wait until it ends, at most `BUSY_TIMEOUT_MS`.

    `patience_ms` is how long this one waits for the lock itself, where that is less.
    """
    run = connection.exec_driver_sql
    if connection.dialect.name == "sqlite":
        if patience_ms is not None:
            run(f"PRAGMA busy_timeout={patience_ms}")
        try:
            run("BEGIN IMMEDIATE")
        finally:
            if patience_ms is not None:
                run(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        return
    run("BEGIN ISOLATION LEVEL READ COMMITTED")
    run(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS if patience_ms is None else patience_ms}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCKS[what]})")


@contextmanager
def alone(what: str) -> Iterator[bool]:
    """Yield True in the one process, on whichever host, that has the lock `what`. For PostgreSQL; it ends with the connection."""
    with db.engine.connect() as connection:
        mine = bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCKS[what]})").scalar())
        try:
            yield mine
        finally:
            if mine:
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LOCKS[what]})")


def _prepare_postgresql(connection: Any) -> None:
    """Set up a connection: no JIT, which costs more than it saves on small statements; times in UTC, as they are stored; memory for
    what a search finds among 100,000 documents; and the cost of an index that lies in memory or on an SSD."""
    before, connection.autocommit = connection.autocommit, True
    settings = {"jit": "off", "TimeZone": "UTC", "work_mem": "16MB", "random_page_cost": "1.1"}
    connection.execute("SELECT " + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings.items()))
    connection.autocommit = before


@event.listens_for(Session, "before_flush")
def _only_in_transaction(session: Session, _context: object, _instances: object) -> None:
    if not session.info.get("writing"):
        raise RuntimeError("a write outside `transaction()`: law 3, one commit, at the edge")


@contextmanager
def transaction(patience_ms: int | None = None) -> Iterator[Session]:
    """Everything written inside is committed together at the end, or not at all.

    Rows read before are read again inside, so a decision is never taken on what somebody else has changed meanwhile.
    Inside another transaction it joins that one. Raises `sqlalchemy.exc.OperationalError` when it does not get the
    lock within `BUSY_TIMEOUT_MS`, or within `patience_ms` for what is not worth waiting for.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    try:
        begin(session.connection(), patience_ms=patience_ms)
        session.info["writing"] = True
        yield session
        session.flush()
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop("after_commit", None)
        raise
    finally:
        session.info.pop("writing", None)
    for callback in session.info.pop("after_commit", []):
        callback()


def read(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """Return plain rows with named columns, for pages: without the session's bookkeeping a row costs a third. In a transaction they
    include what was flushed."""
    return _reading().execute(statement, values)


def _reading() -> Connection:
    """Return the connection to read with. A request that has only read so far needs no session, which would cost twice as much."""
    if not has_request_context() or db.session.registry.has():
        return db.session.connection()
    if "reading" not in g:
        g.reading = db.engine.connect()
    found: Connection = g.reading
    return found


def init_db(app: Flask) -> None:
    db.init_app(app)

    @app.teardown_appcontext
    def _give_back(_error: BaseException | None) -> None:
        if "reading" in g:
            g.pop("reading").close()


def writing() -> bool:
    """Return whether a transaction is under way."""
    return db.session.registry.has() and bool(db.session().info.get("writing"))


def let_go(*rows: Model) -> None:
    """Take rows out of the session, to be kept for reading: its end, or a write's, no longer touches them."""
    session = db.session()
    for row in rows:
        if row in session:
            session.expunge(row)


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once the transaction under way is committed; never if it fails."""
    db.session().info.setdefault("after_commit", []).append(callback)
