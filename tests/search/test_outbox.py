"""The index follows the database, and comes back when it is gone."""

import shutil
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from forum.cli import main
from forum.kernel.db import db
from forum.search import indexing as outbox
from forum.search.postgres.tables import SCHEMA
from forum.search.service import drift, state
from forum.worker import Worker
from tests.databases import Databases
from tests.page import Person
from tests.stories import thread


@pytest.fixture(params=["whoosh", "postgresql"])
def app(request: pytest.FixtureRequest, make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The site with each engine in turn; commands that a test starts use the same one."""
    if request.param == "postgresql" and not Databases.base:
        pytest.skip("needs a PostgreSQL server: make test-postgres")
    monkeypatch.setenv("FORUM_SEARCH", request.param)
    return make_app(FORUM_SEARCH=request.param)


def destroy(app: Flask) -> None:
    if app.config["FORUM"].search == "whoosh":
        shutil.rmtree(app.config["FORUM"].index_dir)
        return
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))


def test_search_answers_while_the_index_is_gone_and_it_is_mended(
    author: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = thread(author, title="A platypus question")
    page = visitor.get("/search?q=platypus").text
    assert "Search is being rebuilt" in page, "no index yet"
    assert url in page
    worker.until_empty()
    assert url in visitor.get("/search?q=platypus").text
    destroy(app)
    assert "Search is being rebuilt" in visitor.get("/search?q=platypus").text
    assert visitor.client.get("/health/ready").get_json()["status"] == "degraded"
    with app.app_context():
        assert outbox.mend()
        assert not outbox.mend()
        assert state() == "ok"
    page = visitor.get("/search?q=platypus").text
    assert "Search is being rebuilt" not in page
    assert url in page
    assert visitor.client.get("/health/ready").get_json()["status"] == "ready"


def test_the_plain_search_shows_nothing_hidden(author: Person, moderator: Person, visitor: Person) -> None:
    url = thread(author, title="A wombat question")
    moderator.post(f"/moderation/thread/{url.split('/')[2].split('-')[0]}/hide", {"reason": "Because"})
    assert "Search is being rebuilt" in visitor.get("/search?q=wombat").text
    assert url not in visitor.get("/search?q=wombat").text


def test_drift_is_found_and_mended(author: Person, worker: Worker, app: Flask) -> None:
    thread(author)
    worker.until_empty()
    with app.app_context():
        assert drift() == {"missing": 0, "extra": 0}
        outbox.search_parts().index.apply([], [("thread", 1)])
        assert drift() == {"missing": 1, "extra": 0}
        assert outbox.problems() == ["1 missing, 0 too many"]
        assert not outbox.check(lambda said: None)
        assert outbox.check()


def test_one_drainer_at_a_time(author: Person, worker: Worker, app: Flask) -> None:
    thread(author)
    with app.app_context(), outbox.only_drainer() as mine:
        assert mine
        with outbox.only_drainer() as other:
            assert not other
        assert outbox.drain() == 0
    assert worker.until_empty() > 0


def test_the_commands_build_and_compare(author: Person, worker: Worker, app: Flask) -> None:
    thread(author)
    worker.until_empty()
    env = {"FORUM_INSTANCE": app.instance_path}
    checked = CliRunner().invoke(main, ["check-index"], env=env)
    assert (checked.exit_code, checked.output) == (0, "The index is sound.\n")
    destroy(app)
    checked = CliRunner().invoke(main, ["check-index"], env=env)
    assert checked.exit_code == 1
    assert "cannot be read" in checked.output
    built = CliRunner().invoke(main, ["reindex"], env=env)
    assert built.exit_code == 0, built.output
    assert "documents are in the index" in built.output
    assert CliRunner().invoke(main, ["check-index"], env=env).exit_code == 0
