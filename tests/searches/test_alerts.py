"""Alerts: told once, of what is new, published and somebody else's; stopped with one press."""

import email
import re
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest
from flask import Flask

from forum.kernel.db import db, transaction
from forum.notifications.models import Notification
from forum.search.indexing import rebuild
from forum.searches.models import SavedSearch
from forum.searches.saving import alerts
from forum.searches.saving.alerts import WINDOW, fresh
from forum.worker import Worker
from tests.page import Person
from tests.searches.test_saved import save
from tests.stories import published, submitted, thread


@pytest.fixture(autouse=True)
def indexed(request: pytest.FixtureRequest, app: Flask) -> None:
    """An index there is from the start, but where the test is about its absence."""
    if "comes_back" not in request.node.name:
        with app.app_context():
            rebuild()


def later(app: Flask) -> datetime:
    """Two minutes later with every look, so that what is told at once is due again."""
    app.extensions["looks"] = app.extensions.get("looks", 0) + 2
    return datetime.now(UTC) + timedelta(minutes=app.extensions["looks"])


def look(app: Flask, worker: Worker, days: float = 0) -> int:
    """The index takes up what there is, the worker looks for news so much later, and tells it."""
    worker.until_empty()
    with app.app_context():
        told = alerts.run_alerts(later(app) + timedelta(days=days))
    worker.until_empty()
    return told


def letters(app: Flask, subject: str = "New for your search") -> list[email.message.EmailMessage]:
    folder = Path(app.instance_path) / "mail"
    files = sorted(folder.glob("*.eml")) if folder.is_dir() else []
    found = [email.message_from_bytes(f.read_bytes(), policy=policy.SMTP) for f in files]
    return [m for m in found if subject in str(m["Subject"])]  # type: ignore[misc]


def words(letter: email.message.EmailMessage) -> str:
    return str(letter.get_content())


def seen(app: Flask) -> list[str] | None:
    with app.app_context():
        return db.session.query(SavedSearch).one().seen


def test_at_once(app: Flask, author: Person, moderator: Person, other: Person, worker: Worker) -> None:
    published(author, moderator, title="An older ward round in Anytown")
    worker.until_empty()
    save(other, search="q=ward+round", name="Rounds", alert="at-once")
    assert look(app, worker) == 0, "what was there before is no news"
    url = published(author, moderator)
    assert look(app, worker) == 1
    assert look(app, worker) == 0, "told once"
    (letter,) = letters(app)
    assert letter["Subject"] == "New for your search: Rounds"
    assert letter["To"] == "olu@example.org"
    assert "found 1 new result" in words(letter)
    assert f"http://localhost{url}" in words(letter)
    assert "An older ward round" not in words(letter)
    page = other.get("/notifications").text
    assert '1 new result for your search <a href="/searches/1">Rounds</a>' in page
    with app.app_context():
        rows = db.session.query(Notification).filter_by(name="search_found").all()
        assert [r.data for r in rows] == [{"count": 1}], "no titles are kept with it"


def test_daily_and_weekly_wait_for_their_day(app: Flask, author: Person, moderator: Person, other: Person, worker: Worker) -> None:
    save(other, search="q=round", name="Day", alert="daily")
    save(other, search="q=ward", name="Week", alert="weekly")
    save(other, search="q=weekly", name="Never", alert="never")
    published(author, moderator)
    assert look(app, worker) == 0
    assert look(app, worker, days=1) == 1
    assert look(app, worker, days=2) == 0
    assert look(app, worker, days=8) == 1
    assert [m["Subject"] for m in letters(app)] == ["New for your search: Day", "New for your search: Week"]


def test_only_what_is_published_and_not_ones_own(
    app: Flask, author: Person, moderator: Person, other: Person, worker: Worker
) -> None:
    for person in (author, moderator, other):
        save(person, search="q=ward+round", name="Rounds", alert="at-once")
    url = submitted(author)
    assert look(app, worker) == 0, "a moderator may find it, and is not told before it is out"
    moderator.post(f"{url}/review", {"verb": "publish"})
    assert look(app, worker) == 2
    assert sorted(str(m["To"]) for m in letters(app)) == ["mo@example.org", "olu@example.org"]


def test_what_was_hidden_in_between_is_not_named(
    app: Flask, author: Person, moderator: Person, other: Person, worker: Worker
) -> None:
    save(other, search="q=wombat", name="Wombats", alert="at-once")
    url = thread(author, title="A wombat question")
    worker.until_empty()
    with app.app_context():
        assert alerts.run_alerts(later(app)) == 1
    moderator.post(f"/moderation/thread/{url.split('/')[2].split('-')[0]}/hide", {"reason": "Because it must go"})
    worker.until_empty()
    assert letters(app) == []
    assert "new result" not in other.get("/notifications").text


def test_all_words_must_be_there(app: Flask, author: Person, other: Person, worker: Worker) -> None:
    save(other, search="q=wombat+huddle", name="Both", alert="at-once")
    thread(author, title="A wombat question")
    assert look(app, worker) == 0
    thread(author, title="A wombat huddle")
    assert look(app, worker) == 1


def test_the_link_in_the_mail_stops_it_without_signing_in(
    app: Flask, author: Person, other: Person, visitor: Person, worker: Worker
) -> None:
    save(other, search="q=wombat", name="Wombats", alert="at-once")
    thread(author, title="A wombat question")
    look(app, worker)
    thread(author, title="Another wombat question")
    look(app, worker)
    first, last = letters(app)
    found = re.search(r"http://localhost(/searches/1/stop/\S+)", words(first))
    assert found
    assert last["List-Unsubscribe"].startswith("<http://localhost/searches/1/stop/")
    path = found.group(1)
    assert "Stop this email?" in visitor.get(path).text
    with app.app_context():
        assert db.session.query(SavedSearch).one().alert == "at-once", "opening the link changes nothing"
    visitor.post(path)
    assert "Email is stopped" in visitor.get(path).text, "an older mail's link works, and works again"
    thread(author, title="A third wombat question")
    assert look(app, worker) == 0
    visitor.get(path[:-1] + ("0" if path[-1] != "0" else "1"), 422)
    visitor.get(path.replace("/searches/1/", "/searches/2/"), 422)


def test_a_mail_program_stops_it_with_one_post(app: Flask, author: Person, other: Person, worker: Worker) -> None:
    """RFC 8058: no cookie, no token of a form, no redirect; and nobody else's mail by guessing."""
    save(other, search="q=wombat", name="Wombats", alert="at-once")
    thread(author, title="A wombat question")
    look(app, worker)
    (letter,) = letters(app)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = letter["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    program = app.test_client(use_cookies=False)
    assert program.post(path[:-1], data={"List-Unsubscribe": "One-Click"}).status_code == 422
    answer = program.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.text) == (200, "Stopped.\n")
    thread(author, title="Another wombat question")
    assert look(app, worker) == 0


def test_turning_alerts_on_again_tells_nothing_old(app: Flask, author: Person, other: Person, worker: Worker) -> None:
    save(other, search="q=wombat", name="Wombats", alert="never")
    thread(author, title="A wombat question")
    worker.until_empty()
    other.post("/searches/1/edit", {"name": "Wombats", "alert": "at-once"})
    assert seen(app) == ["thread:5"]
    assert look(app, worker) == 0


def test_what_the_index_has_not_taken_up_is_told_later(app: Flask, author: Person, other: Person, worker: Worker) -> None:
    worker.until_empty()
    save(other, search="q=wombat", name="Wombats", alert="at-once")
    worker.until_empty()
    with app.app_context():
        alerts.run_alerts(later(app))
    thread(author, title="A wombat question")
    with app.app_context():
        assert alerts.run_alerts(later(app)) == 0
    assert look(app, worker) == 1


def test_a_deleted_search_says_nothing(app: Flask, author: Person, other: Person, worker: Worker) -> None:
    save(other, search="q=wombat", name="Wombats", alert="at-once")
    thread(author, title="A wombat question")
    worker.until_empty()
    with app.app_context():
        assert alerts.run_alerts(later(app)) == 1
        with transaction():
            db.session.delete(db.session.query(SavedSearch).one())
    worker.until_empty()
    assert letters(app) == []


@pytest.mark.parametrize("gone", [1, 3])
def test_what_moves_into_the_window_is_not_new(gone: int) -> None:
    class Thing:
        kind = "thread"

        def __init__(self, id_: int) -> None:
            self.id = id_

    things = [Thing(n) for n in range(100, 0, -1)]
    before = [f"thread:{t.id}" for t in things[:WINDOW]]
    now = [Thing(200), *things[gone : WINDOW + gone - 1]]
    assert [c.id for c in fresh(before, now)] == [200]  # type: ignore[arg-type]
    assert [c.id for c in fresh([], now[:2])] == [200, now[1].id]  # type: ignore[arg-type]
    assert fresh(None, now) == [], "nothing is news at the first look"  # type: ignore[arg-type]


def test_an_index_that_comes_back_is_no_news(app: Flask, author: Person, other: Person, worker: Worker) -> None:
    thread(author, title="A wombat question")
    save(other, search="q=wombat", name="Wombats", alert="at-once")
    assert seen(app) is None, "there was no index yet"
    assert look(app, worker) == 0
    assert seen(app) == ["thread:5"]
    thread(author, title="Another wombat question")
    assert look(app, worker) == 1
