"""The search engine in PostgreSQL, for sites that one machine is too small for (design: search.md): the same terms as the embedded
one, matched by tsvector, ranked by BM25, counted in SQL, seen by every host at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
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
#: So many documents are ranked at most. Where more have all the words: those with one in the title, then the newest.
CANDIDATES = 1_000
#: No list is so long that PostgreSQL could not count its places.
FARTHEST = 1_000_000_000
SORTS = {
    "newest": "d.created DESC, d.number DESC",
    "adopted": "d.adopted DESC, d.created DESC, d.number DESC",
    "evidence": "d.evidence DESC, d.adopted DESC, d.created DESC, d.number DESC",
}


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
        says = {"counted": "its documents are not as they were written", "weighed": "its terms are not as they were counted"}
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
                connection.execute(text(tables.TAKE_OUT), _columns({*drop, *fresh}))
                _insert(connection, SCHEMA, fresh.values())
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
                _insert(connection, NEW, batch)
                count += len(batch)
            connection.execute(text(tables.COUNT_ALL))
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


def _insert(connection: Connection, schema: str, documents: Iterable[SearchDocument]) -> None:
    rows = [tables.row(d) for d in documents]
    if rows:
        connection.execute(text(tables.INSERT.format(schema=schema)), rows)


class _Ask:
    """One request on one connection: a look at the terms, then one statement for the total, the hits and the counts."""

    def __init__(self, connection: Connection, request: SearchRequest, asked: Asked, name: str) -> None:
        self.connection, self.request, self.asked, self.name = connection, request, asked, name
        self.wanted = score(asked, name, request.titles)
        # The terms of titles stand among the others, which have an index.
        self.columns = ("terms", "title") if request.titles else ("terms",)
        self.known = _statistics(connection, self.wanted)

    def run(self, queries: list[str]) -> Answer:
        """Documents of any of the queries, those of the first before those of the second; of no query, all of them."""
        chosen = self._chosen()
        failed = ", ".join(f"CASE WHEN labels && CAST(:f{i} AS text[]) THEN NULL ELSE '{f}' END" for i, f in enumerate(chosen))
        either = " | ".join(f"({q})" for q in queries)
        hits, values = self._hits(queries)
        values |= {f"f{i}": [f"{facet}={v}" for v in chosen[facet] if v.isprintable()] for i, facet in enumerate(chosen)}
        values |= {"audience": list(self.request.audience), "either": either}
        values |= {"after": self.request.after, "before": self.request.before}
        statement = f"""
            WITH matched AS MATERIALIZED (
                SELECT number, kind, id, created, adopted, evidence, labels, title,
                array_remove(CAST(ARRAY[{failed}] AS text[]), NULL) AS failed
                FROM {SCHEMA}.documents
                WHERE audience && CAST(:audience AS text[]) {self._within()}
                {" ".join(f"AND {c} @@ CAST(:either AS tsquery)" for c in self.columns) if queries else ""}
            ),
            passed AS (SELECT * FROM matched WHERE cardinality(failed) = 0),
            hits AS ({hits}),
            counts AS (
                SELECT label, count(*) AS number FROM matched, unnest(labels) AS label
                WHERE cardinality(failed) = 0 OR (cardinality(failed) = 1 AND starts_with(label, failed[1] || '=')) GROUP BY label
            )
            SELECT (SELECT count(*) FROM passed), (SELECT json_agg(json_build_array(kind, id, score) ORDER BY place) FROM hits),
            (SELECT json_object_agg(label, number) FROM counts)
        """
        total, found, counts = self.connection.execute(text(statement), values).one()
        return total, tuple(Hit(kind, id_, float(points)) for kind, id_, points in found or ()), _by_facet(counts or {})

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
        start = min(max(0, self.request.page - 1) * self.request.per_page, FARTHEST)
        page = f"LIMIT {int(self.request.per_page)} OFFSET {int(start)}"
        if self.request.sort != "relevance" or not queries:
            order = SORTS.get(self.request.sort, SORTS["newest"])
            return _page("passed AS d", "0", order, page), {}
        points, values = score_sql(self.wanted, self.known)
        values |= {"name": self.name, "strict": queries[0]}
        tier = "CASE WHEN d.name = :name AND :name <> '' THEN 0 WHEN v.terms @@ CAST(:strict AS tsquery) THEN 1 ELSE 2 END"
        best = f"""
            SELECT d.kind, d.id, d.created, d.number, {tier} AS tier, {points} AS score
            FROM ({self._candidates(queries, values)}) AS c JOIN {SCHEMA}.documents AS d ON d.number = c.number,
            LATERAL (SELECT d.terms || ''::tsvector AS terms OFFSET 0) AS v
        """
        return _page(f"({best}) AS b", "score", "tier, score DESC, created DESC, number DESC", page), values

    def _candidates(self, queries: list[str], values: dict[str, Any]) -> str:
        """What is ranked: everything, unless that is too much."""
        often = {t: self.known.often(t) for t in self.wanted.common}
        if len(queries) > 1 and sum(often.values()) > CANDIDATES:
            rare: list[str] = []
            room = CANDIDATES
            for term, number in sorted(often.items(), key=lambda pair: pair[1]):
                room -= number
                if rare and room < 0:
                    break
                rare.append(term)
            values["rare"] = f"({queries[0]}) | ({loose(self.asked, rare)})"
            some = f"SELECT number FROM {SCHEMA}.documents WHERE terms @@ CAST(:rare AS tsquery)"
            return f"SELECT number FROM passed WHERE number IN ({some})"
        needed = [often[w.forms[0]] for w in self.asked.alone if len(w.forms) == 1]
        if len(queries) == 1 and min(needed, default=0) > CANDIDATES:
            values["titled"] = loose(self.asked)
            order = "title @@ CAST(:titled AS tsquery) DESC, created DESC"
            return f"SELECT number FROM passed ORDER BY {order} LIMIT {CANDIDATES}"
        return "SELECT number FROM passed"


def _page(source: str, points: str, order: str, page: str) -> str:
    found = f"SELECT kind, id, {points} AS score, row_number() OVER (ORDER BY {order}) AS place FROM {source}"
    return f"{found} ORDER BY place {page}"


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
