"""What stands in PostgreSQL: the tables of the index, and a document as a row of them.

They have a schema of their own, so that a rebuild can make them anew under another name and swap. Titles and texts themselves are
not kept: nothing reads them there, and words that were removed for good would lie on in them.
"""

from collections.abc import Iterable
from typing import Any

from forum.search.analysis import name_of
from forum.search.port import SearchDocument
from forum.search.whoosh_facets import FACETS, KEYWORDS
from forum.search.whoosh_files import FORMAT as ANALYSIS
from forum.search.whoosh_files import LONGEST, Words

SCHEMA, NEW, OLD = "forum_search", "forum_search_new", "forum_search_old"
#: Another number when these tables change; the rest says when the analysis or the facets do.
FORMAT = f"4 {ANALYSIS}"
#: PostgreSQL's limits: places, places of one term, bytes of a term, bytes of a document's terms with some room left.
LAST_PLACE, MOST_PLACES, TERM, VECTOR = 16_383, 256, 500, 900_000
#: The weight class of words of which only something else is said; those of a title have "A", others none.
FAINT = "C"
_WORDS = Words()

TABLES = f"""
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE SCHEMA {NEW};
CREATE TABLE {NEW}.documents (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    id bigint NOT NULL,
    name text NOT NULL,
    labels text[] NOT NULL,
    audience text[] NOT NULL,
    created timestamptz NOT NULL,
    adopted integer NOT NULL,
    evidence integer NOT NULL,
    title_size integer NOT NULL,
    size integer NOT NULL,
    title tsvector NOT NULL,
    terms tsvector NOT NULL,
    UNIQUE (kind, id)
);
ALTER TABLE {NEW}.documents ALTER terms SET STORAGE EXTERNAL;
CREATE TABLE {NEW}.terms (term text PRIMARY KEY, titles integer NOT NULL, documents integer NOT NULL);
CREATE INDEX terms_gone ON {NEW}.terms (term) WHERE documents <= 0;
CREATE TABLE {NEW}.about (
    format text NOT NULL, documents bigint NOT NULL, title_size bigint NOT NULL, size bigint NOT NULL, postings bigint NOT NULL
);
"""
INDEXES = f"""
CREATE INDEX documents_terms ON {NEW}.documents USING gin (terms) WITH (fastupdate = off);
CREATE INDEX documents_labels ON {NEW}.documents USING gin (labels) WITH (fastupdate = off);
CREATE INDEX terms_beginning ON {NEW}.terms (term text_pattern_ops);
CREATE INDEX terms_near ON {NEW}.terms USING gin (term gin_trgm_ops);
ANALYZE {NEW}.documents;
ANALYZE {NEW}.terms;
"""
INSERT = """
INSERT INTO {schema}.documents (kind, id, name, labels, audience, created, adopted, evidence, title_size, size, title, terms)
VALUES
(:kind, :id, :name, :labels, :audience, :created, :adopted, :evidence, :title_size, :size,
CAST(:title AS tsvector), CAST(:terms AS tsvector))
"""
#: How many documents have each term, and how many have it in their title: in all of them, or in those that were just written.
COUNTED = "count(*) AS documents, count(*) FILTER (WHERE 'A' = ANY (weights)) AS titles"
COUNT_ALL = f"""
INSERT INTO {NEW}.terms (term, documents, titles)
SELECT lexeme, {COUNTED} FROM {NEW}.documents d, unnest(d.terms) GROUP BY lexeme
"""
SUMS = "count(*) AS documents, coalesce(sum(title_size), 0) AS title_size, coalesce(sum(size), 0) AS size"
SUM_ALL = f"""
INSERT INTO {NEW}.about (format, documents, title_size, size, postings)
SELECT :format, d.*, (SELECT coalesce(sum(documents), 0) FROM {NEW}.terms) FROM (SELECT {SUMS} FROM {NEW}.documents) d
"""
TAKE_OUT = f"""
WITH asked AS (SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS bigint[])) AS k(kind, id)),
old AS (DELETE FROM {SCHEMA}.documents d USING asked k WHERE d.kind = k.kind AND d.id = k.id RETURNING d.*),
gone AS (SELECT lexeme, {COUNTED} FROM old, unnest(old.terms) GROUP BY lexeme),
less AS (
    UPDATE {SCHEMA}.terms t SET documents = t.documents - g.documents, titles = t.titles - g.titles
    FROM gone g WHERE t.term = g.lexeme
)
UPDATE {SCHEMA}.about a SET documents = a.documents - o.documents, title_size = a.title_size - o.title_size, size = a.size - o.size,
postings = a.postings - (SELECT coalesce(sum(documents), 0) FROM gone) FROM (SELECT {SUMS} FROM old) o
"""
COUNT_IN = f"""
WITH fresh AS (
    SELECT d.* FROM {SCHEMA}.documents d
    JOIN unnest(CAST(:kinds AS text[]), CAST(:ids AS bigint[])) AS k(kind, id) ON d.kind = k.kind AND d.id = k.id
),
come AS (SELECT lexeme, {COUNTED} FROM fresh, unnest(fresh.terms) GROUP BY lexeme),
more AS (
    INSERT INTO {SCHEMA}.terms AS t (term, documents, titles) SELECT lexeme, documents, titles FROM come
    ON CONFLICT (term) DO UPDATE SET documents = t.documents + excluded.documents, titles = t.titles + excluded.titles
)
UPDATE {SCHEMA}.about a SET documents = a.documents + f.documents, title_size = a.title_size + f.title_size, size = a.size + f.size,
postings = a.postings + (SELECT coalesce(sum(documents), 0) FROM come) FROM (SELECT {SUMS} FROM fresh) f
"""
OFTEN = f"SELECT term, documents FROM {SCHEMA}.terms WHERE term = ANY (CAST(:terms AS text[])) AND documents > 0"
#: What looks like a term, by the groups of three letters that they share; the most alike first.
NEAR = f"SELECT term, documents FROM {SCHEMA}.terms WHERE term % :term AND documents > 0 ORDER BY term <-> :term, term LIMIT 50"
BEGINNING = (
    f"SELECT term, {{number}} FROM {SCHEMA}.terms WHERE (term LIKE :start OR term = :own) AND {{number}} > 0 "
    "ORDER BY {number} DESC, term LIMIT :most"
)
DROP_GONE = f"DELETE FROM {SCHEMA}.terms WHERE documents <= 0"
COMPARE = f"""
SELECT a.format = :format AS same, d.documents = a.documents AND d.title_size = a.title_size AND d.size = a.size AS counted,
(SELECT coalesce(sum(documents), 0) FROM {SCHEMA}.terms) = a.postings AS weighed
FROM {SCHEMA}.about a, (SELECT {SUMS} FROM {SCHEMA}.documents) d
"""


def lexeme(term: str) -> str:
    """A term as PostgreSQL reads it."""
    return "'" + term[:TERM].replace("\\", "\\\\").replace("'", "''") + "'"


def row(d: SearchDocument) -> dict[str, Any]:
    """A document as parameters of `INSERT`."""
    facets = {"kind": (d.kind,), **{k: v for k, v in d.facets.items() if k in (*FACETS, *KEYWORDS)}}
    title, title_size = _places(d.title, 1, "A")
    # No phrase runs from the title into the text: a place is left out between them.
    start = max((p for places in title.values() for p, _ in places), default=0) + 2
    whole, size = _places(d.body[:LONGEST], start, "")
    start = max((p for places in whole.values() for p, _ in places), default=start) + 2
    about, _ = _places(d.about, start, FAINT)
    parts = title, whole, about
    joined = {term: [p for part in parts for p in part.get(term, ())] for term in dict.fromkeys(t for part in parts for t in part)}
    return {
        "kind": d.kind,
        "id": d.id,
        "name": name_of(d.title),
        "labels": [f"{facet}={value}" for facet, values in facets.items() for value in dict.fromkeys(values)],
        "audience": list(d.audience),
        "created": d.created,
        "adopted": d.adopted,
        "evidence": d.evidence,
        "title_size": title_size,
        "size": title_size + size,
        "title": _vector(title),
        "terms": _vector(joined),
    }


def _places(text: str, start: int, weight: str) -> tuple[dict[str, list[tuple[int, str]]], int]:
    """term → where it stands, by the very tokens that the embedded engine indexes; and how many there are."""
    found: dict[str, list[tuple[int, str]]] = {}
    size = 0
    for token in _WORDS(text, positions=True, start_pos=start):
        places = found.setdefault(token.text[:TERM], [])
        place = (min(token.pos, LAST_PLACE), weight)
        if len(places) < MOST_PLACES and (not places or places[-1] != place):
            places.append(place)
        size += 1
    return found, size


def _vector(places: dict[str, list[tuple[int, str]]]) -> str:
    """The text form of a tsvector; terms that would make it too long for PostgreSQL are left out."""
    parts, room = [], VECTOR
    for term, where in places.items():
        room -= len(term.encode()) + 2 * len(where) + 8
        if room < 0:
            break
        parts.append(f"{lexeme(term)}:{','.join(f'{place}{weight}' for place, weight in where[:MOST_PLACES])}")
    return " ".join(parts)


def statements(script: str) -> Iterable[str]:
    return (s for s in script.split(";") if s.strip())
