"""The search engine in PostgreSQL, for sites that one machine is too small for (design: search.md): the same terms as the embedded
one, matched by tsvector, ranked by BM25, counted in SQL, seen by every host at once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from forum.kernel.db import begin
from forum.search import postgres_tables as tables
from forum.search.analysis import name_of
from forum.search.analysis import term as stem
from forum.search.port import Hit, IndexUnavailable, Key, SearchDocument, SearchPage, SearchRequest
from forum.search.postgres_query import Score, Statistics, loose, score, score_sql, strict
from forum.search.postgres_tables import NEW, OLD, SCHEMA
from forum.search.query import STARTED, Answer, Asked, asked_of, enough, page_of
from forum.search.whoosh_facets import FACETS, KEYWORDS

BATCH = 500
#: Of so many documents the points are added up, which costs a look at the terms of each; where more are found, the rest follows
#: in the order of `_first`.
CANDIDATES = 500
#: No list is so long that PostgreSQL could not count its places.
FARTHEST = 1_000_000_000
SORTS = {
    "newest": "created DESC, number DESC",
    "adopted": "adopted DESC, created DESC, number DESC",
    "evidence": "evidence DESC, adopted DESC, created DESC, number DESC",
}
#: How many of those that pass all filters but perhaps its own have each value.
COUNTS = f"""
    SELECT json_object_agg(label, number) FROM (
        SELECT label, sum(bit_count(k.bits & m.bits)) AS number
        FROM marked AS m JOIN {SCHEMA}.marks AS k USING (chunk)
        WHERE failed IN (0, 1 << array_position(CAST(:chosen AS text[]), facet) - 1) GROUP BY label
    ) AS c WHERE number > 0
"""


class PostgresIndex:
    """The adapter. `engine` gives connections in autocommit; the tables lie in the database that it leads to."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    # -- reading -------------------------------------------------------------------------------------------------

    def search(self, request: SearchRequest) -> SearchPage:
        asked, name = asked_of(request), name_of(request.text)
        with self._reading() as connection:
            asked = asked.opened(lambda start: _beginning(connection, start, request.titles))
            ask = _Ask(connection, request, asked, name)
            found = ask.run([] if asked.empty else [strict(asked)])
            full = found[0]
            if not asked.empty and request.loosely and full < enough(asked):
                found = ask.run([strict(asked), loose(asked)])
        return page_of(request, asked, "postgresql", found, full)

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
            about = connection.execute(text(tables.COMPARE), {"format": tables.FORMAT}).mappings().all()
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
                _insert(connection, SCHEMA, fresh.values(), {(kind, id_): number for kind, id_, number in taken})
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
                _insert(connection, NEW, batch, {})
                count += len(batch)
            connection.execute(text(tables.COUNT_ALL))
            connection.execute(text(tables.MARK_ALL))
            connection.execute(text(tables.SUM_ALL), {"format": tables.FORMAT})
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


def _insert(connection: Connection, schema: str, documents: Collection[SearchDocument], numbers: Mapping[Key, int]) -> None:
    rows = [tables.row(d, numbers.get((d.kind, d.id))) for d in documents]
    if rows:
        audiences = {d.audience: {"audience": list(d.audience)} for d in documents}
        connection.execute(text(tables.INSERT_AUDIENCES.format(schema=schema)), list(audiences.values()))
        connection.execute(text(tables.INSERT.format(schema=schema)), rows)


class _Ask:
    """One request on one connection: a look at the terms, then one statement for the total, the hits and the counts."""

    def __init__(self, connection: Connection, request: SearchRequest, asked: Asked, name: str) -> None:
        self.connection, self.request, self.asked, self.name = connection, request, asked, name
        self.wanted = score(asked, name, request.titles)
        self.column = "title" if request.titles else "terms"
        self.known = _statistics(connection, self.wanted)

    def run(self, queries: list[str]) -> Answer:
        """Documents of any of the queries, those of the first before those of the second; of no query, all of them.

        `failed` has a bit for each chosen filter that does not let a document through: 0 is found, and what fails one filter alone
        is counted among that filter's other choices.
        """
        chosen = self._chosen()
        failed = " | ".join(f"((NOT labels && CAST(:f{i} AS text[]))::int << {i})" for i in range(len(chosen)))
        either = " | ".join(f"({q})" for q in queries)
        hits, values = self._hits(queries)
        values |= {f"f{i}": [f"{facet}={v}" for v in chosen[facet] if v.isprintable()] for i, facet in enumerate(chosen)}
        values |= {"audience": list(self.request.audience), "either": either, "chosen": list(chosen)}
        values |= {"after": self.request.after, "before": self.request.before}
        more = "adopted, evidence, " if self.request.sort in {"adopted", "evidence"} else ""
        # While something is typed, nobody sees how often it is found.
        counted = "NULL" if self.request.titles else COUNTS
        statement = f"""
            WITH matched AS MATERIALIZED (
                SELECT number, created, {more}{failed or 0} AS failed FROM {SCHEMA}.documents
                WHERE audience = ANY (ARRAY(SELECT number FROM {SCHEMA}.audiences WHERE names && CAST(:audience AS text[])))
                {self._within()}
                {f"AND {self.column} @@ CAST(:either AS tsquery)" if queries else ""}
            ),
            marked AS MATERIALIZED ({tables.bits_of("matched", "failed")}),
            hits AS ({hits})
            SELECT (SELECT coalesce(sum(bit_count(bits)), 0) FROM marked WHERE failed = 0),
            (SELECT json_agg(json_build_array(kind, id, score) ORDER BY place) FROM hits), ({counted})
        """
        total, found, counts = self.connection.execute(text(statement), values).one()
        return int(total), tuple(Hit(kind, id_, float(points)) for kind, id_, points in found or ()), _by_facet(counts or {})

    def _chosen(self) -> dict[str, tuple[str, ...]]:
        """facet → values to choose from. The names are the program's own, so they may stand in SQL."""
        kinds = {"kind": self.request.kinds} if self.request.kinds else {}
        return {**kinds, **{k: v for k, v in self.request.filters.items() if k in (*FACETS, *KEYWORDS)}}

    def _within(self) -> str:
        """The days between which things were published, where some are asked for."""
        sides = (("after", ">="), ("before", "<"))
        asked = [f"created {sign} CAST(:{name} AS date)" for name, sign in sides if getattr(self.request, name) is not None]
        return " ".join(f"AND {clause}" for clause in asked)

    def _hits(self, queries: list[str]) -> tuple[str, dict[str, Any]]:
        """The statement for one page of hits, and its parameters."""
        size = int(self.request.per_page)
        start = min(max(0, self.request.page - 1) * size, FARTHEST)
        page = f"LIMIT {size} OFFSET {int(start)}"
        documents = f"JOIN {SCHEMA}.documents AS d USING (number)"
        ranked = max(size, CANDIDATES - CANDIDATES % size)
        order, values = SORTS.get(self.request.sort, SORTS["newest"]), dict[str, Any]()
        by_points = self.request.sort == "relevance" and bool(queries)
        if by_points:
            order, values = self._first(queries)
        if not by_points or start >= ranked:
            best = f"SELECT number FROM matched WHERE failed = 0 ORDER BY {order} {page}"
            placed = f"SELECT number, row_number() OVER () AS place FROM ({best}) AS b"
            return f"SELECT kind, id, 0 AS score, place FROM ({placed}) AS p {documents}", values
        points, terms = score_sql(self.wanted, self.known)
        values |= {**terms, "strict": queries[0]}
        tier = "CASE WHEN d.name = :name AND :name <> '' THEN 0 WHEN v.terms @@ CAST(:strict AS tsquery) THEN 1 ELSE 2 END"
        best = f"""
            SELECT kind, id, {tier} AS tier, {points} AS score
            FROM (SELECT number FROM matched WHERE failed = 0 ORDER BY {order} LIMIT {ranked}) AS c {documents},
            LATERAL (SELECT d.terms || ''::tsvector AS terms OFFSET 0) AS v
            ORDER BY tier, score DESC, d.created DESC, number DESC {page}
        """
        return f"SELECT kind, id, score, row_number() OVER () AS place FROM ({best}) AS b", values

    def _first(self, queries: list[str]) -> tuple[str, dict[str, Any]]:
        """In which order documents are ranked where there are too many, and the rest follows: what is called so, those with all
        words or with a rare one, those with a word in the title, the newest."""
        values = {"name": self.name}
        some = f"SELECT number FROM {SCHEMA}.documents WHERE"
        # An array, since few are called the same, and to look into it costs less than to ask a table of hashes.
        order = [f"number = ANY (ARRAY({some} name = :name AND name <> '')) DESC"]
        if len(queries) > 1:
            values["rare"] = f"({queries[0]}) | ({loose(self.asked, self._rare())})"
            order.append(f"number IN ({some} terms @@ CAST(:rare AS tsquery)) DESC")
        if not self.request.titles:
            values["titled"] = loose(self.asked)
            order.append(f"number IN ({some} title @@ CAST(:titled AS tsquery)) DESC")
        return f"{', '.join(order)}, {SORTS['newest']}", values

    def _rare(self) -> list[str]:
        """The rarest of the terms, as many as fit among the candidates."""
        rare: list[str] = []
        room = CANDIDATES
        for term, number in sorted(((t, self.known.often(t)) for t in self.wanted.common), key=lambda pair: pair[1]):
            room -= number
            if rare and room < 0:
                break
            rare.append(term)
        return rare


def _statistics(connection: Connection, wanted: Score) -> Statistics:
    rows = connection.execute(
        text(
            f"SELECT a.documents, a.size, a.title_size, t.term, t.documents, t.titles FROM {SCHEMA}.about a "
            f"LEFT JOIN {SCHEMA}.terms t ON t.term = ANY (CAST(:terms AS text[]))"
        ),
        {"terms": [t[: tables.TERM] for t in wanted.terms]},
    ).all()
    documents, size, title_size = rows[0][:3] if rows else (0, 0, 0)
    known = {term: (number, titles) for *_, term, number, titles in rows if term is not None}
    return Statistics(documents, size / max(documents, 1), title_size / max(documents, 1), known)


def _by_facet(counts: dict[str, int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for label, number in counts.items():
        facet, _, value = label.partition("=")
        if facet in found:
            found[facet][value] = number
    return found
