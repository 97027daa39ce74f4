"""`make bench-search`: what a search costs on each engine, by how much there is to search.

A typical page is what the search page asks for: parse two or three words, the ten best, the exact total, the counts of all filters,
ten titles and excerpts with marks. Times are of the processor: once when a question is new to the process, and the best of three
when its words were asked for before. Percentiles are over questions.
Reading is measured in a process of its own, so that its memory is that of a web process. On PostgreSQL the processor time of the
server's process for this connection is added, by Linux's own account of it.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text

from forum.kernel.db import engine_options
from forum.search.excerpts import excerpt, highlight
from forum.search.port import SearchDocument, SearchIndex, SearchRequest
from forum.search.postgres.index import PostgresIndex
from forum.search.whoosh import mmap_file
from forum.search.whoosh.index import WhooshIndex
from tests.bench import searchtexts as texts

EVERYONE = ("everyone",)
QUESTIONS = 60
Clock = Callable[[], float]


def opened(where: str) -> tuple[SearchIndex, Clock]:
    """The index in a folder, or in a database by its address; and a clock of the processor time that it takes."""
    if not where.startswith("postgresql"):
        return WhooshIndex(Path(where), texts.FACETS), time.process_time
    engine = create_engine(where, **{**engine_options(where, 1), "pool_size": 1, "max_overflow": 0})
    with engine.connect() as connection:
        connection.execute(text("SET max_parallel_workers_per_gather = 0"))
        server = Path(f"/proc/{connection.execute(text('SELECT pg_backend_pid()')).scalar_one()}/schedstat")
    return PostgresIndex(
        lambda: engine, texts.FACETS
    ), lambda: time.process_time() + int(server.read_text("ascii").split()[0]) / 1e9


def page(index: SearchIndex, question: str, **more: object) -> int:
    """All that a page of results needs, but the database; gives how many hits there are."""
    found = index.search(SearchRequest(question, EVERYONE, **more))  # type: ignore[arg-type]
    for hit in found.hits:
        document = texts.kept(hit.id)
        highlight(document.title, found.terms)
        excerpt(document.body, found.terms)
    return found.total


def costs(ask: Callable[[str], object], questions: list[str], repeats: int, clock: Clock) -> list[float]:
    """Processor milliseconds of each question, the best of its repeats, in order."""
    found = []
    for question in questions:
        times = []
        for _ in range(repeats):
            before = clock()
            ask(question)
            times.append(clock() - before)
        found.append(min(times) * 1000)
    return sorted(found)


def percentiles(costs: list[float]) -> str:
    return " / ".join(f"{costs[min(len(costs) - 1, int(len(costs) * p))]:.1f}" for p in (0.5, 0.95, 0.99))


def shown(index: SearchIndex, question: str, more: dict[str, object]) -> None:
    """Make the texts of a page, so that making them is not measured."""
    for hit in index.search(SearchRequest(question, EVERYONE, **more)).hits:  # type: ignore[arg-type]
        texts.kept(hit.id)


def cases() -> dict[str, tuple[list[str], dict[str, object]]]:
    typical = texts.questions(QUESTIONS // 2, 2, 1) + texts.questions(QUESTIONS // 2, 3, 2)
    return {
        "typical page (2 or 3 words)": (typical, {}),
        "the same, one filter chosen": (typical, {"filters": {"element": ("resilience",)}}),
        "the same, newest first": (typical, {"sort": "newest"}),
        "one word": (texts.questions(QUESTIONS, 1, 3), {}),
        "a phrase in quotes": ([f'"{q}"' for q in texts.questions(QUESTIONS, 2, 4)], {}),
        "a sentence": (texts.questions(QUESTIONS, 9, 5), {}),
        "the beginning of a word": ([f"{q[:4]}*" for q in texts.questions(QUESTIONS, 1, 3)], {}),
        "a suggestion (titles, two letters)": ([f"{q[:2]}*" for q in texts.questions(QUESTIONS, 1, 3)], {"titles": True}),
        "no words, all filters": ([""], {}),
    }


def private() -> int:
    """Megabytes that this process shares with no other."""
    rollup = Path("/proc/self/smaps_rollup").read_text("ascii")
    return round(sum(int(kb) for kb in re.findall(r"Private_\w+: +(\d+)", rollup)) / 1024)


def read(where: str) -> None:
    """Ask, in a process that did not build; prints JSON."""
    empty = private()
    index, clock = opened(where)
    before = clock()
    index.count()
    found: dict[str, object] = {"open": round((clock() - before) * 1000, 1)}
    for name, (questions, more) in cases().items():
        for question in questions:
            shown(index, question, more)
        index, clock = opened(where)
        index.count()

        def ask(question: str, index: SearchIndex = index, more: dict[str, object] = more) -> int:
            return page(index, question, **more)

        found[f"{name}, asked first"] = percentiles(costs(ask, questions, 1, clock))
        found[name] = percentiles(costs(ask, questions, 3, clock))
    found["private"] = f"{private()} (before the index was opened {empty})"
    print(json.dumps(found))


def updates(index: SearchIndex, count: int) -> tuple[list[float], list[float]]:
    """Single changes: milliseconds until on disk, and until a reader finds them."""
    written, visible = [], []
    page(index, "ward")
    for number in range(20):
        old = texts.document(1 + number * 7 % count)
        fresh = SearchDocument(old.kind, old.id, f"zebrafish{number}", old.body, old.facets, EVERYONE, old.created)
        before = time.perf_counter()
        index.apply([fresh], [])
        written.append((time.perf_counter() - before) * 1000)
        if index.search(SearchRequest(f"zebrafish{number}", EVERYONE)).total != 1:
            raise SystemExit("a change cannot be found")
        visible.append((time.perf_counter() - before) * 1000)
    return sorted(written), sorted(visible)


def size_of(where: str) -> float:
    """Megabytes of an index on the disk."""
    if not where.startswith("postgresql"):
        return sum(f.stat().st_size for f in Path(where).rglob("*") if f.is_file()) / 1e6
    sizes = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE relnamespace = 'forum_search'::regnamespace AND relkind = 'r'"
    with create_engine(where).connect() as connection:
        return float(connection.execute(text(sizes)).scalar_one()) / 1e6


def measure(count: int, copying: bool, engine: str) -> None:
    print(f"\n{count:,} documents, {engine}{', as Whoosh comes (copying)' if copying else ''}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-search-") as scratch:
        where = scratch if engine == "whoosh" else os.environ["FORUM_TEST_DATABASE"]
        index, clock = opened(where)
        texts.sentences()
        cpu, wall = clock(), time.perf_counter()
        index.rebuild(texts.documents(count))
        cpu, wall = clock() - cpu, time.perf_counter() - wall
        print(f"{'build':<50}{cpu:.0f} s of processor, {wall:.0f} s; {size_of(where):.0f} MB on disk", flush=True)
        command = [sys.executable, "-m", "tests.bench.search", "--read", where]
        answer = subprocess.run([*command, *(["--copying"] if copying else [])], check=True, capture_output=True, text=True)
        for name, value in json.loads(answer.stdout).items():
            unit = {"open": "ms to open", "private": "MB of its own after these"}.get(name, "ms p50 / p95 / p99")
            print(f"{name:<50}{value} {unit}", flush=True)
        written, visible = updates(index, count)
        print(f"{'one change, on disk':<50}{percentiles(written)} ms by the clock")
        print(f"{'one change, found by a reader':<50}{percentiles(visible)} ms by the clock", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000])
    parser.add_argument("--copying", action="store_true", help="without reading from the map, to compare")
    parser.add_argument("--engine", choices=("whoosh", "postgresql"), default="whoosh")
    parser.add_argument("--read", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.copying:
        mmap_file.remove()
    if asked.read:
        read(asked.read)
        return
    for count in asked.sizes:
        measure(count, asked.copying, asked.engine)


if __name__ == "__main__":
    main()
