"""What is searched for is counted: words alone, quickly, never in the way, and gone when a moderator removes the words."""

import logging
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from forum.access.actors import Member
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Forbidden
from forum.search.indexing import rebuild
from forum.searches import queries
from forum.searches.counting import search_counts
from forum.searches.models import PastSearch, SavedSearch, WordCount
from forum.searches.search_terms import SearchTerms
from forum.worker import Worker
from tests.databases import Databases
from tests.page import Person
from tests.searches.test_saved import save
from tests.stories import published, thread


@pytest.fixture(autouse=True)
def indexed(app: Flask) -> None:
    with app.app_context():
        rebuild()


def ask(person: Person, query: str, status: int = 200) -> None:
    """Search from a page of this site."""
    assert person.client.get(f"/search?q={query}", headers={"Referer": "http://localhost/"}).status_code == status


def counts(app: Flask) -> dict[str, tuple[int, int, int]]:
    with app.app_context():
        assert search_counts.flush()
        return {w.words: (w.times, w.found_none, w.clicks) for w in db.session.query(WordCount)}


def test_words_are_counted_by_nobody(app: Flask, author: Person, other: Person, worker: Worker) -> None:
    for n in range(11):
        thread((author, other)[n % 2], title=f"A wombat question, number {n}")
    worker.until_empty()
    for person in (author, other, author):
        ask(person, "Wombat")
        ask(person, "++zebra+STRIPES+")
    other.client.get("/search?kind=thread", headers={"Referer": "http://localhost/"})
    ask(other, "wombat&page=2")
    ask(other, "zebra+stripes+kind:thread")
    assert counts(app) == {"wombat": (3, 0, 0), "zebra stripes": (4, 3, 0)}, "with a filter, words are not to blame"
    with app.app_context():
        assert {c.name for c in WordCount.__table__.columns} == {"id", "week", "words", "times", "found_none", "clicks"}


def test_what_a_stranger_can_cause_is_not_counted(
    app: Flask, author: Person, other: Person, visitor: Person, worker: Worker
) -> None:
    """A visitor, whatever they send, and what a page elsewhere or a link in a mail makes a member's browser ask for."""
    url = thread(author, title="A wombat question")
    worker.until_empty()
    ask(other, "wombat")
    came = {"Referer": "http://localhost/search?q=wombat"}
    for query in ("an+insult", "wombat"):
        ask(visitor, query)
        for referrer in ("", "https://elsewhere.example/", "http://localhost.elsewhere.example/", "http://["):
            other.client.get(f"/search?q={query}", headers={"Referer": referrer} if referrer else {})
    visitor.client.get(url, headers=came)
    assert counts(app) == {"wombat": (1, 0, 0)}
    with app.app_context():
        assert [p.query for p in db.session.query(PastSearch)] == ["wombat"]


def test_names_of_members_are_not_counted(app: Flask, other: Person) -> None:
    for words in ("ada author", "Olu+Other+falls", "ada", "author:%22ada+author%22", "author:ada+falls", "authors", "adapt"):
        ask(other, words)
    assert set(counts(app)) == {"falls", "authors", "adapt"}


def test_a_refined_search_counts_once_and_a_click_is_known(app: Flask, author: Person, other: Person, worker: Worker) -> None:
    url = thread(author, title="A wombat question")
    worker.until_empty()
    ask(other, "wombat")
    came = {"Referer": "http://localhost/search?q=wombat"}
    other.client.get("/search?q=WOMBAT&kind=thread", headers=came)
    assert other.client.get(url, headers={"Referer": "http://localhost/search?kind=thread&q=wombat"}).status_code == 200
    for foreign in ("https://example.org/search?q=wombat", "http://localhost/discussions?q=wombat", "http://[", ""):
        other.client.get(url, headers={"Referer": foreign})
    other.client.get("/discussions", headers=came)
    assert counts(app) == {"wombat": (1, 0, 1)}


def test_what_may_point_to_a_person_is_not_counted(app: Flask, other: Person) -> None:
    for words in ("943+476+5919", "sam%40example.org", "Mrs+Smith+of+Anytown", "mr.+jones", "x" * 200):
        ask(other, words)
    assert counts(app) == {}
    with app.app_context():
        assert db.session.query(PastSearch).count() == 0


def test_a_lock_is_not_waited_for(
    app: Flask, other: Person, author: Person, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "forum.searches")
    connection = sqlite3.connect(tmp_path / "forum.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    for person in (other, author):
        ask(person, "wombat")
    assert time.monotonic() - begun < 3
    connection.execute("ROLLBACK")
    connection.close()
    assert counts(app) == {"wombat": (2, 2, 0)}, "they are counted when the lock is free"
    told = [record for record in caplog.records if "counted later" in record.message]
    assert told or Databases.base, "on PostgreSQL this lock is nobody's"
    assert all(record.exc_info is None and "\n" not in record.message for record in told), "a line, and no traceback"


def test_the_last_ten_of_ones_own(app: Flask, other: Person, author: Person) -> None:
    for number in range(12):
        ask(other, f"Wombat+{number}")
    ask(other, "wombat+5")
    page = other.get("/searches").text
    assert page.count('<li class="app-words">') == 10
    assert "Wombat 1<" not in page
    assert "wombat 5" in page.partition("Past searches")[2].partition("Wombat 11")[0], "the last first"
    assert "ombat" not in author.get("/searches").text
    with app.app_context():
        from forum.accounts.queries import by_email

        olu = by_email("olu@example.org")
        assert olu
        assert queries.recent(olu.member(), "wombat 1") == ["Wombat 11", "Wombat 10"]
        assert queries.recent(olu.member(), "", 2) == ["wombat 5", "Wombat 11"]
        assert queries.recent(olu.member(), "zebra") == []
    other.post("/searches/past/clear", on="/searches")
    assert "Clear my past searches" not in other.get("/searches").text


def test_the_moderators_page(app: Flask, author: Person, other: Person, moderator: Person) -> None:
    thread(author, title="A wombat question")
    with app.app_context():
        rebuild()
    for _ in range(3):
        ask(other, "wombat")
    ask(other, "zebra")
    counts(app)
    other.get("/moderation/searches", 404)
    assert "/moderation/searches" in moderator.get("/moderation").text
    page = moderator.get("/moderation/searches").text
    assert page.index(">wombat</a>") < page.index(">zebra</a>")
    page = moderator.get("/moderation/searches?order=nothing").text
    assert ">zebra</a>" in page
    assert ">wombat</a>" not in page
    page = moderator.get("/moderation/searches?order=no-click").text
    assert ">wombat</a>" in page
    assert ">zebra</a>" not in page, "nothing was found that could have been opened"


def test_old_weeks_go(members: dict[str, Member]) -> None:
    today = now().date()
    with transaction():
        for days in (1, 60, 200):
            db.session.add(WordCount(week=today - timedelta(days=days), words="wombat", times=1, found_none=0, clicks=3))
    found = queries.most_searched(members["mo"])
    assert [(c.words, c.times, c.no_click) for c in found] == [("wombat", 2, 0)], "clicks never make it less than none"
    with transaction():
        assert search_counts.sweep(now()) == 1
    with pytest.raises(Forbidden):
        queries.most_searched(members["olu"])


def test_a_purge_removes_the_words_here_too(app: Flask, author: Person, moderator: Person, other: Person) -> None:
    url = published(author, moderator, summary="Zebediah Quill liked the ward.")
    ask(other, "zebediah+quill+falls")
    ask(author, "falls")
    ask(author, "Zebediah,+Quill")
    save(other, search="q=zebediah+quill", name="A patient")
    save(other, search="q=falls", name="Falls")
    moderator.post(
        f"{url}/purge", {"words": "Zebediah Quill", "reason": "It names a patient who did not agree.", "action": "remove"}
    )
    assert set(counts(app)) == {"falls"}
    with app.app_context():
        assert [p.query for p in db.session.query(PastSearch)] == ["falls"]
        assert [s.name for s in db.session.query(SavedSearch)] == ["Falls"]


def test_one_process_does_not_keep_everything(context: Flask) -> None:
    mine = search_counts.Tally()
    for number in range(search_counts.MOST_WAITING + 50):
        mine.add((now().date(), f"word {number}"), times=1)
    assert len(mine.take()) == search_counts.MOST_WAITING
    assert SearchTerms("", {}).empty
