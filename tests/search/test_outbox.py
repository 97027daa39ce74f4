"""The index follows the database, and comes back when it is gone."""

import shutil

from flask import Flask

from forum.search import outbox
from forum.search.service import drift, state
from forum.worker import Worker
from tests.page import Person
from tests.stories import thread


def test_search_answers_while_the_index_is_gone_and_it_is_mended(
    author: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = thread(author, title="A platypus question")
    page = visitor.get("/search?q=platypus").text
    assert "Search is being rebuilt" in page, "no index yet"
    assert url in page
    worker.until_empty()
    assert url in visitor.get("/search?q=platypus").text
    shutil.rmtree(app.config["FORUM"].index_dir)
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
