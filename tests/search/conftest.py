"""The engines, each on something real: files, and tables where there is a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from forum.kernel.db import engine_options
from forum.search.filters import Facets
from forum.search.port import SearchIndex
from forum.search.postgres.index import PostgresIndex
from forum.search.whoosh.index import WhooshIndex
from tests.databases import Databases, databases

#: What the documents of these tests are narrowed to: the names mean nothing to an engine.
FACETS = Facets(("kind", "element", "region", "outcome", "sector"), ("author", "organisation"))


@pytest.fixture(params=["whoosh", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    """Each engine in turn, before anything was built."""
    if request.param == "whoosh":
        yield WhooshIndex(tmp_path / "index", FACETS)
        return
    if not Databases.base:
        pytest.skip("needs a PostgreSQL server: make test-postgres")
    url = databases().empty(tmp_path)
    engine = create_engine(url, **engine_options(url, 5))
    yield PostgresIndex(lambda: engine, FACETS)
    engine.dispose()
    databases().drop(url)
