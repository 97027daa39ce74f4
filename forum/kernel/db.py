"""The database: one session a request, one place that commits.

SQLite runs in WAL mode with `synchronous=FULL`, because an acknowledged post must survive a power cut. Reads run without a
transaction; writes begin with `BEGIN IMMEDIATE`, so two writers queue for the lock instead of one failing half-way.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

#: Milliseconds that a writer waits for the lock before the person is told that the site is busy.
BUSY_TIMEOUT_MS = 8_000
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime in and out, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a datetime without a time zone may not be stored")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Model(DeclarativeBase):
    """Base of every table."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UtcDateTime})


db = SQLAlchemy(model_class=Model, session_options={"autoflush": False, "expire_on_commit": False})


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
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


@event.listens_for(Session, "before_flush")
def _only_in_transaction(session: Session, _context: object, _instances: object) -> None:
    if not session.info.get("writing"):
        raise RuntimeError("a write outside `transaction()`: law 3, one commit, at the edge")


def _begin(session: Session, patience_ms: int | None) -> None:
    """Take the write lock, waiting for it as long as the connection does, or `patience_ms`."""
    connection = session.connection()
    run = connection.exec_driver_sql
    if patience_ms is None or connection.dialect.name != "sqlite":
        run("BEGIN IMMEDIATE")
        return
    usual = run("PRAGMA busy_timeout").scalar()
    run(f"PRAGMA busy_timeout={patience_ms}")
    try:
        run("BEGIN IMMEDIATE")
    finally:
        run(f"PRAGMA busy_timeout={usual}")


@contextmanager
def transaction(patience_ms: int | None = None) -> Iterator[Session]:
    """Everything written inside is committed together at the end, or not at all.

    Rows read before are read again inside, so a decision is never taken on what somebody else has changed meanwhile.
    Inside another transaction it joins that one. Raises `sqlalchemy.exc.OperationalError` when the lock is not had in
    `BUSY_TIMEOUT_MS`, or in `patience_ms` for what is not worth waiting for.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    _begin(session, patience_ms)
    session.info["writing"] = True
    try:
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


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once the transaction under way is committed; never if it fails."""
    db.session().info.setdefault("after_commit", []).append(callback)
