"""How good the ranking is: a judged collection through the product's own index, scored by the four usual measures.

The rules are those of trec_eval: the gain is the grade, the mean is over the queries that have something relevant, and a query
that finds nothing counts as nothing.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from forum.config import Settings
from forum.kernel.db import on_postgresql
from forum.search.filters import Facets
from forum.search.port import SearchDocument, SearchIndex, SearchRequest, Weight
from forum.search.postgres.index import PostgresIndex
from forum.search.synonyms import NONE, Synonyms
from forum.search.whoosh.index import WhooshIndex

#: How many hits of each query are looked at and written down.
DEPTH = 1_000
AUDIENCE = ("everyone",)
#: All documents are of one day, so that their age says nothing.
A_DAY = datetime(2000, 1, 1, tzinfo=UTC)
#: The weight of a document of no particular kind.
WHOLE = Weight()

Grades = Mapping[str, float]


class CannotEvaluate(Exception):
    """Why a collection or an engine cannot be evaluated, in words for whoever asked."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents are read from the file at each use, since there may be many; queries and judgements are held in memory."""

    documents: Callable[[], Iterator[tuple[str, str, str]]]
    queries: Mapping[str, str]
    judged: Mapping[str, Grades]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What each query found, best first, and the mean of each measure over the judged queries."""

    run: Mapping[str, Sequence[str]]
    figures: Mapping[str, float]
    judged: int


# -- measures ----------------------------------------------------------------------------------------------------


def ndcg(found: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain, from 0 to 1: each hit's grade counts less the further down it stands."""
    best = sorted((g for g in grades.values() if g > 0), reverse=True)[:depth]
    gains = [max(0.0, grades.get(d, 0.0)) for d in found[:depth]]
    ideal = _discounted(best)
    return _discounted(gains) / ideal if ideal else 0.0


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains))


def recall(found: Sequence[str], grades: Grades, depth: int = 100) -> float:
    """Return the share of what is relevant, from 0 to 1, that is among the first `depth` hits."""
    relevant = _relevant(grades)
    return len(relevant & set(found[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(found: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """One divided by the place of the first relevant hit."""
    relevant = _relevant(grades)
    return next((1 / place for place, d in enumerate(found[:depth], 1) if d in relevant), 0.0)


def average_precision(found: Sequence[str], grades: Grades) -> float:
    """The share of relevant hits down to each relevant hit, averaged over all that is relevant."""
    relevant, seen, total = _relevant(grades), 0, 0.0
    for place, d in enumerate(found, 1):
        if d in relevant:
            seen += 1
            total += seen / place
    return total / len(relevant) if relevant else 0.0


def _relevant(grades: Grades) -> set[str]:
    return {d for d, grade in grades.items() if grade > 0}


MEASURES: Mapping[str, Callable[[Sequence[str], Grades], float]] = {
    "nDCG@10": ndcg,
    "recall@100": recall,
    "MRR@10": reciprocal_rank,
    "MAP": average_precision,
}


def means(run: Mapping[str, Sequence[str]], judged: Mapping[str, Grades]) -> dict[str, float]:
    """Each measure's mean over the queries that have something relevant; one that is missing from the run scores nothing."""
    counted = {query: grades for query, grades in judged.items() if _relevant(grades)}
    if not counted:
        raise CannotEvaluate("No query of this collection has a relevant document.")
    return {
        name: sum(measure(run.get(query, ()), grades) for query, grades in counted.items()) / len(counted)
        for name, measure in MEASURES.items()
    }


# -- a collection ------------------------------------------------------------------------------------------------


def load(folder: Path) -> Collection:
    """Read docs.jsonl, queries.jsonl and qrels.tsv."""
    missing = [name for name in ("docs.jsonl", "queries.jsonl", "qrels.tsv") if not (folder / name).is_file()]
    if missing:
        raise CannotEvaluate(f"{folder} is not a collection: it has no {' and no '.join(missing)}.")
    queries = {str(row["id"]): str(row["text"]) for row in _rows(folder / "queries.jsonl")}
    judged: dict[str, dict[str, float]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        parts = line.split()
        if len(parts) >= 3 and _is_number(parts[-1]):
            # TREC writes a fourth column, which nobody uses, between query and document.
            judged.setdefault(parts[0], {})[parts[-2]] = float(parts[-1])
    return Collection(lambda: _documents(folder / "docs.jsonl"), queries, judged)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                yield {"id": row["id"], "title": row.get("title") or "", "text": row.get("text") or ""}
            except (ValueError, KeyError, AttributeError, TypeError) as error:
                raise CannotEvaluate(f"{path.name}, line {number} is not a JSON object with an id.") from error


def _documents(path: Path) -> Iterator[tuple[str, str, str]]:
    for row in _rows(path):
        yield str(row["id"]), str(row["title"]), str(row["text"])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


# -- a run -------------------------------------------------------------------------------------------------------


@contextmanager
def scratch(engine: str) -> Iterator[SearchIndex]:
    """An engine with an empty index of its own, gone afterwards: a folder, or a database beside the site's."""
    if engine == "whoosh":
        with tempfile.TemporaryDirectory(prefix="evaluate-") as folder:
            yield WhooshIndex(Path(folder), Facets())
        return
    url = make_url(Settings.from_env().database_url)
    if not on_postgresql(url):
        raise CannotEvaluate("The postgresql engine needs a PostgreSQL database: set FORUM_DATABASE_URL to one.")
    name = f"evaluate_{uuid4().hex}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    beside = create_engine(url.set(database=name), isolation_level="AUTOCOMMIT")
    try:
        yield PostgresIndex(lambda: beside, Facets())
    finally:
        beside.dispose()
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()


def evaluate(
    collection: Collection, index: SearchIndex, synonyms: Synonyms = NONE, weight: Weight = WHOLE, depth: int = DEPTH
) -> Evaluation:
    """Put the collection into the index, as things of one weight, ask every query as a reader would, and score what comes."""
    names: list[str] = []

    def documents() -> Iterator[SearchDocument]:
        for name, title, text in collection.documents():
            names.append(name)
            yield SearchDocument("document", len(names), title, text, {}, AUDIENCE, A_DAY, weight=weight)

    index.rebuild(documents())
    run = {}
    for query, text in collection.queries.items():
        hits = index.search(SearchRequest(text, AUDIENCE, per_page=depth, synonyms=synonyms)).hits
        run[query] = [names[hit.id - 1] for hit in hits]
    counted = sum(1 for grades in collection.judged.values() if _relevant(grades))
    return Evaluation(run, means(run, collection.judged), counted)


def evaluate_folder(folder: Path, engine: str, synonyms: Synonyms, weight: Weight = WHOLE) -> Evaluation:
    """Evaluate a folder in a scratch index that is gone afterwards."""
    collection = load(folder)
    with scratch(engine) as index:
        return evaluate(collection, index, synonyms, weight)


def trec(run: Mapping[str, Sequence[str]], tag: str) -> Iterator[str]:
    """The lines of a TREC run. Its scores only repeat the order in which hits were shown, near-ties included."""
    for query, found in run.items():
        for place, name in enumerate(found, 1):
            yield f"{query} Q0 {name} {place} {DEPTH + 1 - place} {tag}\n"
