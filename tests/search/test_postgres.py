"""What only the engine in PostgreSQL can get wrong: its own counts, its limits, and whether it finds what the other one finds."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, Engine

from forum.kernel.db import engine_options
from forum.search.port import IndexUnavailable, SearchDocument, SearchRequest
from forum.search.postgres import page as postgres_page
from forum.search.postgres import tables as postgres_tables
from forum.search.postgres.index import PostgresIndex
from forum.search.postgres.query import STEPS, TIMES, WEIGHTS
from forum.search.tokens import FAINTLY, tokens
from forum.search.whoosh.index import WhooshIndex
from tests.databases import Databases, databases
from tests.search.conftest import FACETS
from tests.search.test_index import ALL, DOCUMENTS, ask, document, ids

pytestmark = pytest.mark.skipif(not Databases.base, reason="needs a PostgreSQL server: make test-postgres")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    url = databases().empty(tmp_path)
    made = create_engine(url, **engine_options(url, 5))
    yield made
    made.dispose()
    databases().drop(url)


@pytest.fixture
def index(engine: Engine) -> PostgresIndex:
    made = PostgresIndex(lambda: engine, FACETS)
    made.rebuild(DOCUMENTS)
    return made


def run(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TABLE {s}.documents",
        "DROP TABLE {s}.terms",
        "DROP SCHEMA {s} CASCADE",
        "DELETE FROM {s}.documents WHERE id = 1",
        "DELETE FROM {s}.terms WHERE term = 'ward'",
        "DELETE FROM {s}.marks WHERE label = 'kind=thread'",
        "UPDATE {s}.marks SET bits = ~bits",
        "DELETE FROM {s}.about",
        "UPDATE {s}.about SET format = 'older'",
    ],
)
def test_damage_is_noticed_and_mended(index: PostgresIndex, engine: Engine, damage: str) -> None:
    assert index.verify() == []
    run(engine, damage.format(s=postgres_tables.SCHEMA))
    try:
        noticed = bool(index.verify())
    except IndexUnavailable:
        noticed = True
    assert noticed
    index.rebuild(DOCUMENTS)
    assert index.verify() == []
    assert set(ids(index, "ward")) == {2, 4, 5}


def test_counts_stay_right_through_many_changes(index: PostgresIndex, engine: Engine) -> None:
    """The statistics are those of an index that was built at once from the same documents."""
    dice = random.Random(7)
    words = [
        "ward",
        "discharge",
        "falls",
        "co-production",
        "team",
        "bed",
        "huddle",
        "nurse",
        "A&E",
        "GP",
        "24/7",
        "carer's",
        "home",
    ]
    now = {(d.kind, d.id): d for d in DOCUMENTS}
    for _ in range(15):
        put = [
            document(dice.randint(1, 30), " ".join(dice.choices(words, k=3)), " ".join(dice.choices(words, k=40))) for _ in range(8)
        ]
        drop = [("thread", dice.randint(1, 30)) for _ in range(3)]
        index.apply(put, drop)
        for key in drop:
            now.pop(key, None)
        now.update({(d.kind, d.id): d for d in put})
        assert index.verify() == []
    before = _statistics(engine)
    index.rebuild(now.values())
    assert _statistics(engine) == before
    assert before["ward"][0] > 0


def test_filters_are_counted_across_gaps_and_far_numbers(index: PostgresIndex, engine: Engine) -> None:
    """Bits lie in rows of 8,192: numbers at their edges, in the next rows, and far from all others."""
    now = {(d.kind, d.id): d for d in DOCUMENTS}
    for at in (62, 8_190, 16_384, 70_000):
        run(engine, f"ALTER SEQUENCE {postgres_tables.SCHEMA}.documents_number_seq RESTART WITH {at}")
        fresh = [document(at + n, "Huddle", "ward", region=f"r{n % 2}") for n in range(5)]
        index.apply(fresh, [])
        now.update({(d.kind, d.id): d for d in fresh})
    index.apply([], [("thread", 8_191), ("thread", 70_004)])
    assert index.verify() == []
    whole = ask(index, "huddle")
    assert whole.total == 18
    assert whole.facets["region"] == {"r0": 11, "r1": 7}
    assert ask(index, "huddle", filters={"region": ("r1",)}).facets == {**whole.facets, "kind": {"thread": 7}}


def test_a_document_that_changes_keeps_its_number(index: PostgresIndex, engine: Engine) -> None:
    """Otherwise bitmaps would grow with each change."""
    numbers = text(f"SELECT id, number FROM {postgres_tables.SCHEMA}.documents ORDER BY id")
    with engine.connect() as connection:
        before = connection.execute(numbers).all()
        for _ in range(3):
            index.apply(DOCUMENTS, [])
        assert connection.execute(numbers).all() == before


def _statistics(engine: Engine) -> dict[str, tuple[int, ...]]:
    with engine.connect() as connection:
        terms = connection.execute(text(f"SELECT term, documents, titles FROM {postgres_tables.SCHEMA}.terms")).all()
        about = connection.execute(text(f"SELECT documents, title_size, size, postings FROM {postgres_tables.SCHEMA}.about")).one()
    return {**{term: tuple(numbers) for term, *numbers in terms}, "": tuple(about)}


def test_how_often_a_term_stands_there_is_read_off_its_rank(engine: Engine) -> None:
    with engine.connect() as connection:
        for n in (1, 2, 3, 10, 63, 64):
            made = document(1, "ward " * min(n, 3), "bed " + "ward " * (n - min(n, 3)) + "bed")
            assert _often(connection, made) == n
            assert _often(connection, replace(made, about="ward ward bed ward")) == n, "faint ones add nothing to it"
        for n in (1, 3, 60):
            assert _often(connection, replace(document(1, "", "bed"), about="ward " * n)) == FAINTLY
        assert _often(connection, document(1, "bed", "bed")) == 0


def _often(connection: Connection, made: SearchDocument) -> float:
    step = f"width_bucket(ts_rank({WEIGHTS}, CAST(:v AS tsvector), 'ward'::tsquery)::float8, {STEPS})"
    asked = text(f"SELECT {TIMES} FROM (SELECT {step} AS step) AS once")
    return float(connection.execute(asked, {"v": postgres_tables.row(made, FACETS)["terms"]}).scalar_one())


def test_the_same_is_found_and_counted_as_by_the_embedded_engine(index: PostgresIndex, tmp_path: Path, shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "data/ir/cranfield/docs.jsonl").read_text("utf-8").splitlines()][:500]
    kinds = ("thread", "case-study")
    made = [document(n, d["title"], d["text"], kind=kinds[n % 2], region=f"r{n % 7}") for n, d in enumerate(rows, 1)]
    other = WhooshIndex(tmp_path / "index", FACETS)
    other.rebuild(made)
    index.rebuild(made)
    seen = Counter(term for d in made for term, _, _ in tokens(d.title))
    dice, words = random.Random(3), sorted(t for t in seen if t.isalpha())
    for _ in range(60):
        a, b, c = dice.sample(words, 3)
        for asked in (a, f"{a} {b}", f"{a} OR {b} {c}", f'"{a} {b}"', f"-{c}", f"{a}-{b}"):
            for filters in ({}, {"region": ("r1", "r2")}):
                request = SearchRequest(asked, ALL, kinds=("thread",) if c < "m" else (), filters=filters, per_page=500)
                ours, theirs = index.search(request), other.search(request)
                assert ours.total == theirs.total, asked
                assert {h.id for h in ours.hits} == {h.id for h in theirs.hits}, asked
                assert ours.facets == theirs.facets, asked
                assert (ours.relaxed, ours.terms, ours.pages) == (theirs.relaxed, theirs.terms, theirs.pages), asked


def test_what_has_an_unwanted_word_is_never_found(index: PostgresIndex, shared: Path) -> None:
    """Not compared with the embedded engine, whose library forgets to look at the first document that has the wanted word."""
    rows = [json.loads(line) for line in (shared / "data/ir/cranfield/docs.jsonl").read_text("utf-8").splitlines()][:500]
    index.rebuild(document(n, d["title"], d["text"]) for n, d in enumerate(rows, 1))
    for wanted, unwanted in (("axiallysymmetric", "critical"), ("flow", "layer"), ("wing", "boundary"), ("heat", "transfer")):
        one, other = (set(ids(index, word, per_page=500)) for word in (wanted, unwanted))
        assert set(ids(index, f"{wanted} -{unwanted}", per_page=500)) == one - other
        assert one & other


def test_ranking_few_of_many_gives_the_same_first_ones(index: PostgresIndex, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more is found than is ranked, what is left out would hardly have come first."""
    rows = [json.loads(line) for line in (shared / "data/ir/cranfield/docs.jsonl").read_text("utf-8").splitlines()][:500]
    index.rebuild(document(n, d["title"], d["text"]) for n, d in enumerate(rows, 1))
    questions = ("boundary layer heat transfer in supersonic flow past a flat plate", "slipstream wing propeller zebra")
    whole = {q: ask(index, q) for q in questions}
    monkeypatch.setattr(postgres_page, "CANDIDATES", 150)
    for question, page in whole.items():
        fewer = ask(index, question)
        assert fewer.total == page.total
        assert len({h.id for h in fewer.hits} & {h.id for h in page.hits}) >= 7
    for question, per_page in (("flow", 20), (questions[0], 20), ("flow", 40)):
        whole_ = ask(index, question, per_page=per_page)
        assert whole_.total > 150
        pages = [ask(index, question, page=n, per_page=per_page) for n in range(1, whole_.pages + 1)]
        listed = [hit.id for page in pages for hit in page.hits]
        assert len(listed) == len(set(listed)) == whole_.total, "what is not ranked follows, each thing once"


def test_texts_at_postgresql_s_limits_are_taken(index: PostgresIndex) -> None:
    index.apply(
        [
            document(50, "Quokka " * 400, "word " * 60_000),
            document(51, "One quokka", "x" * 190_000),
            document(52, "Two quokkas", " ".join(f"{n:x}étude漢字" for n in range(30_000))),
            document(53, "Three quokkas", "-".join(f"part{n}" for n in range(30_000))),
            document(54, "Quokka's \\ 'quoted' \\'", "it's a b\\c ''' " * 50),
            document(55, "", ""),
        ],
        [],
    )
    assert set(ids(index, "quokka")) == {50, 51, 52, 53, 54}
    assert index.verify() == []
    assert ids(index, "x" * 190_000) == [51], "an endless word is known by its beginning"


def test_nothing_of_an_earlier_index_stays(index: PostgresIndex, engine: Engine) -> None:
    index.rebuild(DOCUMENTS[:2])
    with engine.connect() as connection:
        schemas = connection.execute(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'forum_search%'")).scalars().all()
    assert schemas == [postgres_tables.SCHEMA]


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(index: PostgresIndex) -> None:
    def broken() -> Iterator[object]:
        yield DOCUMENTS[0]
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        index.rebuild(broken())  # type: ignore[arg-type]
    assert index.count() == len(DOCUMENTS)
    assert index.verify() == []
