"""The search engine in PostgreSQL, for sites that one machine is too small for: the same terms as the embedded
one, matched by tsvector, ranked by BM25, counted in SQL, seen by every host at once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from forum.kernel.db import begin
from forum.search.analysis import name_of
from forum.search.analysis import term as stem
from forum.search.filters import Facets
from forum.search.port import IndexUnavailable, Key, SearchDocument, SearchPage, SearchRequest
from forum.search.postgres import tables
from forum.search.postgres.page import Asking
from forum.search.postgres.query import loose, strict
from forum.search.postgres.tables import NEW, OLD, SCHEMA
from forum.search.question.parser import STARTED, asked_of, enough, page_of

BATCH = 500


class PostgresIndex:
    """The adapter. `engine` makes connections in autocommit, to the database that has the tables."""

    def __init__(self, engine: Callable[[], Engine], facets: Facets) -> None:
        self._engine, self.facets = engine, facets

    @property
    def _format(self) -> str:
        return f"{tables.FORMAT} {' '.join(self.facets.all)}"

    # -- reading -------------------------------------------------------------------------------------------------

    def search(self, request: SearchRequest) -> SearchPage:
        asked, name = asked_of(request), name_of(request.text)
        with self._reading() as connection:
            asked = asked.opened(lambda start: _beginning(connection, start, request.titles))
            asking, missing = Asking(connection, self.facets, request, asked, name), tuple[str, ...]()
            found = asking.run([] if asked.empty else [strict(asked)])
            full = found[0]
            if request.loosely and full < enough(asked):
                found = asking.run([strict(asked), loose(asked)])
                missing = () if full else asking.missing()
        return page_of(request, asked, "postgresql", found, full, missing)

    def often(self, terms: Iterable[str]) -> Mapping[str, int]:
        with self._reading() as connection:
            return _pairs(connection, tables.OFTEN, terms=[t[: tables.TERM] for t in terms])

    def near(self, term: str) -> Mapping[str, int]:
        with self._reading() as connection:
            return _pairs(connection, tables.NEAR, term=term)

    def keys(self) -> Iterator[Key]:
        with self._reading() as connection:
            found = connection.execute(text(f"SELECT kind, id FROM {SCHEMA}.documents")).all()
        return iter([(kind, id_) for kind, id_ in found])

    def count(self) -> int:
        with self._reading() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {SCHEMA}.documents")).scalar_one())

    def verify(self) -> list[str]:
        with self._reading() as connection:
            about = connection.execute(text(tables.COMPARE), {"format": self._format}).mappings().all()
        if len(about) != 1 or not about[0]["same"]:
            return ["it was written by another version"]
        says = {
            "counted": "its documents are not as they were written",
            "weighed": "its terms are not as they were counted",
            "marked": "its filters are not as its documents",
        }
        return [words for name, words in says.items() if not about[0][name]]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine().connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    # -- writing: one process at a time --------------------------------------------------------------------------

    def apply(self, put: Iterable[SearchDocument], drop: Iterable[Key]) -> None:
        fresh = {(d.kind, d.id): d for d in put}
        try:
            with self._writing() as connection:
                taken = connection.execute(text(tables.TAKE_OUT), _columns({*drop, *fresh})).all()
                self._insert(connection, SCHEMA, fresh.values(), {(kind, id_): number for kind, id_, number in taken})
                connection.execute(text(tables.COUNT_IN), _columns(fresh))
                connection.execute(text(tables.DROP_GONE))
        except OperationalError:  # no connection, or a rebuild goes on: the outbox keeps the work for the next round
            raise
        except SQLAlchemyError as error:
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        count, rest = 0, iter(documents)
        with self._writing() as connection:
            _run(connection, f"DROP SCHEMA IF EXISTS {OLD} CASCADE; DROP SCHEMA IF EXISTS {NEW} CASCADE; {tables.TABLES}")
            while batch := list(islice(rest, BATCH)):
                self._insert(connection, NEW, batch, {})
                count += len(batch)
            connection.execute(text(tables.COUNT_ALL))
            connection.execute(text(tables.MARK_ALL))
            connection.execute(text(tables.SUM_ALL), {"format": self._format})
            _run(connection, tables.INDEXES)
            if connection.execute(text(f"SELECT to_regnamespace('{SCHEMA}')")).scalar():
                _run(connection, f"ALTER SCHEMA {SCHEMA} RENAME TO {OLD}")
            _run(connection, f"ALTER SCHEMA {NEW} RENAME TO {SCHEMA}")
        # Apart, because it waits for those who still read the old one, and nobody should have to wait behind it.
        self.drop_old()
        return count

    def drop_old(self) -> None:
        with self._writing() as connection:
            _run(connection, f"DROP SCHEMA IF EXISTS {OLD} CASCADE")

    def _insert(
        self, connection: Connection, schema: str, documents: Collection[SearchDocument], numbers: Mapping[Key, int]
    ) -> None:
        rows = [tables.row(d, self.facets, numbers.get((d.kind, d.id))) for d in documents]
        if rows:
            audiences = {d.audience: {"audience": list(d.audience)} for d in documents}
            connection.execute(text(tables.INSERT_AUDIENCES.format(schema=schema)), list(audiences.values()))
            connection.execute(text(tables.INSERT.format(schema=schema)), rows)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine().begin() as connection:
            begin(connection, "index tables")
            yield connection


def _pairs(connection: Connection, statement: str, **values: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(text(statement), values)}


def _beginning(connection: Connection, start: str, titles: bool) -> list[str]:
    """The most frequent terms that begin so. Terms are stems ("frailti"), so the word itself counts, and where none begins so
    its last letters are left out until one does."""
    found: dict[str, int] = {}
    for short in (start, *(start[:n] for n in range(len(start) - 1, 3, -1))):
        values = {"start": f"{short}%", "own": stem(start), "most": STARTED}
        found = _pairs(connection, tables.BEGINNING.format(number="titles" if titles else "documents"), **values)
        if found:
            break
    return list(found)


def _run(connection: Connection, script: str) -> None:
    for statement in tables.statements(script):
        connection.exec_driver_sql(statement)


def _columns(keys: Iterable[Key]) -> dict[str, Any]:
    pairs = list(keys)
    return {"kinds": [kind for kind, _ in pairs], "ids": [id_ for _, id_ in pairs]}
