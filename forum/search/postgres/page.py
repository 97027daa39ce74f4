"""A page of what PostgreSQL finds: one request as one statement for the total, the hits and the counts of filters."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from forum.kernel.clock import midnight
from forum.search.filters import Facets
from forum.search.port import Hit, SearchRequest
from forum.search.postgres import tables
from forum.search.postgres.query import Score, Statistics, lifted, loose, score, score_sql, strict
from forum.search.postgres.tables import SCHEMA
from forum.search.question.parser import Answer, Asked
from forum.search.ranking import TOGETHER, settled

#: At most this many documents are ranked by points, which costs a look at the terms of each; where more are found, the others
#: follow in the order of `_first`.
CANDIDATES = 500
#: No list is so long that PostgreSQL could not count its places.
FARTHEST = 1_000_000_000
SORTS = {
    "newest": "created DESC, number DESC",
    "adopted": "adopted DESC, created DESC, number DESC",
    "evidence": "evidence DESC, adopted DESC, created DESC, number DESC",
}
#: SQL: for each value of a filter, how many documents have it and pass all the other filters.
COUNTS = f"""
    SELECT json_object_agg(label, number) FROM (
        SELECT label, sum(bit_count(k.bits & m.bits)) AS number
        FROM marked AS m JOIN {SCHEMA}.marks AS k USING (chunk)
        WHERE failed IN (0, 1 << array_position(CAST(:chosen AS text[]), facet) - 1) GROUP BY label
    ) AS c WHERE number > 0
"""


class Asking:
    """One request on one connection: a look at the terms, then one statement for the total, the hits and the counts."""

    def __init__(self, connection: Connection, facets: Facets, request: SearchRequest, asked: Asked, name: str) -> None:
        self.facets = facets
        self.connection, self.request, self.asked, self.name = connection, request, asked, name
        self.wanted = score(asked, name, request.titles)
        self.column = "title" if request.titles else "terms"
        self.known = _statistics(connection, self.wanted)
        size = int(request.per_page)
        self.start = min(max(0, request.page - 1) * size, FARTHEST)
        self.end = self.start + size
        # Whole pages, so that what follows begins with a page.
        self.ranked = max(size, CANDIDATES - CANDIDATES % size)

    def run(self, queries: list[str]) -> Answer:
        """Return documents that match any of the queries, those of the first before those of the second; all documents for no
        query.

        In the SQL, `failed` has a bit for each chosen filter that a document does not pass. Documents with 0 are hits; those that
        fail one filter alone count among that filter's other choices.
        """
        chosen = self._chosen()
        failed = " | ".join(f"((NOT labels && CAST(:f{i} AS text[]))::int << {i})" for i in range(len(chosen)))
        either = " | ".join(f"({q})" for q in queries)
        ranks = bool(queries) and self.request.sort == "relevance" and self.start < self.ranked
        hits, values = self._best(queries) if ranks else self._listed(queries)
        values |= _labels(chosen, self.facets)
        values |= {"either": either, "chosen": list(chosen), **self._bounds()}
        more = "adopted, evidence, " if self.request.sort in {"adopted", "evidence"} else ""
        # Suggestions while somebody types show no counts.
        counted = "NULL" if self.request.titles else COUNTS
        statement = f"""
            WITH matched AS MATERIALIZED (
                SELECT number, created, {more}{failed or 0} AS failed FROM {SCHEMA}.documents
                WHERE {self._within()}
                {f"AND {self.column} @@ CAST(:either AS tsquery)" if queries else ""}
            ),
            marked AS MATERIALIZED ({tables.bits_of("matched", "failed")}),
            hits AS ({hits})
            SELECT (SELECT coalesce(sum(bit_count(bits)), 0) FROM marked WHERE failed = 0), (
                SELECT json_agg(json_build_array(kind, id, score, better, extract(epoch FROM created)) ORDER BY place)
                FROM hits
            ), ({counted})
        """
        total, found, counts = self.connection.execute(text(statement), values).one()
        rows = _settled(found or [])[self.start : self.end] if ranks else found or []
        return (
            int(total),
            tuple(Hit(kind, id_, float(points)) for kind, id_, points, *_ in rows),
            _by_facet(counts or {}, self.facets),
        )

    def _chosen(self) -> dict[str, tuple[str, ...]]:
        """facet → values to choose from. The names are the program's own, so they may stand in SQL."""
        kinds = {"kind": self.request.kinds} if self.request.kinds else {}
        return {**kinds, **{k: v for k, v in self.request.filters.items() if k in self.facets.all}}

    def missing(self) -> tuple[str, ...]:
        """Return the words that are in no document that this reader may find and that passes the filters."""
        each, chosen = self.asked.each, self._chosen()
        fits = " ".join(f"AND labels && CAST(:f{i} AS text[])" for i in range(len(chosen)))
        statement = f"""
            SELECT n FROM unnest(CAST(:each AS text[])) WITH ORDINALITY AS e(query, n) WHERE NOT EXISTS (
                SELECT FROM {SCHEMA}.documents WHERE {self._within()} {fits} AND {self.column} @@ CAST(query AS tsquery)
            ) ORDER BY n
        """
        values = {"each": [strict(one) for _, one in each], **self._bounds(), **_labels(chosen, self.facets)}
        return tuple(each[n - 1][0] for n in self.connection.execute(text(statement), values).scalars())

    def _within(self) -> str:
        """Return what the reader may find, between the days that are asked for, and without what must not be there."""
        sides = (("after", ">="), ("before", "<"))
        asked = [f"created {sign} CAST(:{name} AS timestamptz)" for name, sign in sides if getattr(self.request, name) is not None]
        unwanted = ["NOT labels && CAST(:without AS text[])"] if self.request.without else []
        may = f"audience = ANY (ARRAY(SELECT number FROM {SCHEMA}.audiences WHERE names && CAST(:audience AS text[])))"
        return " AND ".join([may, *asked, *unwanted])

    def _bounds(self) -> dict[str, Any]:
        """The parameters of `_within`."""
        days = {"after": self.request.after, "before": self.request.before}
        unwanted = [
            tables.label(facet, v, self.facets) for facet, values in self.request.without.items() for v in values if v.isprintable()
        ]
        bounds = {name: midnight(day) for name, day in days.items() if day is not None}
        return {"audience": list(self.request.audience), **bounds, **({"without": unwanted} if self.request.without else {})}

    def _listed(self, queries: list[str]) -> tuple[str, dict[str, Any]]:
        """Return the statement for a page in an order without points, and its parameters."""
        order, values = SORTS.get(self.request.sort, SORTS["newest"]), dict[str, Any]()
        if queries and self.request.sort == "relevance":
            order, values = self._first(queries)
        limit = f"LIMIT {self.end - self.start} OFFSET {self.start}"
        best = f"SELECT number FROM matched WHERE failed = 0 ORDER BY {order} {limit}"
        placed = f"SELECT number, row_number() OVER () AS place FROM ({best}) AS b"
        shown = "kind, id, created, 0 AS score, 0 AS better, place"
        return f"SELECT {shown} FROM ({placed}) AS p JOIN {SCHEMA}.documents USING (number)", values

    def _best(self, queries: list[str]) -> tuple[str, dict[str, Any]]:
        """Return the statement for the best by points, with its parameters: up to the page's last hit and its possible
        near-ties."""
        first, values = self._first(queries)
        points, terms = score_sql(self.wanted, self.known)
        values |= terms
        best = f"""
            SELECT kind, id, better, d.created, {points} * weight / 100.0 * {lifted(self.request.titles)} AS score
            FROM (SELECT number FROM matched WHERE failed = 0 ORDER BY {first} LIMIT {self.ranked}) AS c
            JOIN {SCHEMA}.documents AS d USING (number), LATERAL (SELECT d.terms || ''::tsvector AS terms OFFSET 0) AS v
            ORDER BY score DESC, d.created DESC, number DESC LIMIT {self.end + TOGETHER}
        """
        return f"SELECT *, row_number() OVER () AS place FROM ({best}) AS b", values

    def _first(self, queries: list[str]) -> tuple[str, dict[str, Any]]:
        """Return the order, with its parameters, that decides which documents are ranked where too many are found: those with all
        words in the title, then with all words or a rare one, then with one in the title; the newest first."""
        clauses, values = ["title @@ CAST(:strict AS tsquery)"], {"name": self.name, "strict": queries[0]}
        if len(queries) > 1:
            clauses.append("terms @@ CAST(:rare AS tsquery)")
            values["rare"] = f"({queries[0]}) | ({loose(self.asked, self._rare())})"
        if not self.request.titles:
            clauses.append("title @@ CAST(:titled AS tsquery)")
            values["titled"] = loose(self.asked)
        order = [f"number IN (SELECT number FROM {SCHEMA}.documents WHERE {clause}) DESC" for clause in clauses]
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


def _settled(found: list[Any]) -> list[Any]:
    """Return rows of kind, id, score and what settles near-ties, in the order after that."""
    order = settled([(row[2], n) for n, row in enumerate(found)], lambda n: found[n][3:])
    return [found[n] for _, n in order]


def _labels(chosen: dict[str, tuple[str, ...]], facets: Facets) -> dict[str, list[str]]:
    """Parameters: for each filter that is chosen, the labels of which a document has one."""
    each = enumerate(chosen.items())
    return {f"f{i}": [tables.label(facet, v, facets) for v in values if v.isprintable()] for i, (facet, values) in each}


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


def _by_facet(counts: dict[str, int], facets: Facets) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {facet: {} for facet in facets.counted}
    for label, number in counts.items():
        facet, _, value = label.partition("=")
        if facet in found:
            found[facet][value] = number
    return found
