"""References: where they lead, and what happens when they lead nowhere any more."""

import errno
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from flask import Flask

from forum.case_studies.evidence import link_checks
from forum.case_studies.models import CaseStudy, LinkCheck
from forum.kernel.db import db, transaction
from forum.worker import Worker
from tests.conftest import person
from tests.page import Person
from tests.stories import CONFIRMED, published


class Answers(BaseHTTPRequestHandler):
    status = 200

    def do_HEAD(self) -> None:
        self.send_response(type(self).status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/paper"
    server.shutdown()
    server.server_close()


def a_day_later() -> None:
    with transaction():
        for row in (*db.session.query(CaseStudy), *db.session.query(LinkCheck)):
            name = "links_checked_at" if isinstance(row, CaseStudy) else "checked_at"
            before = getattr(row, name)
            setattr(row, name, before - timedelta(days=1, minutes=1) if before else None)


def look(app: Flask, later: bool = True) -> int:
    with app.app_context():
        asked = link_checks.check_links(allow_private=True)
        if later:
            a_day_later()
        db.session.remove()
    return asked


def with_reference(author: Person, moderator: Person, *given: str) -> str:
    url = published(author, moderator)
    rows = {f"references-{n}-reference": reference for n, reference in enumerate(given)}
    author.post(f"{url}/edit/aim", {**rows, "references-0-title": "A paper", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    return url


def test_the_author_is_told_once_when_two_looks_find_it_gone(
    app: Flask, author: Person, moderator: Person, worker: Worker, elsewhere: str
) -> None:
    Answers.status = 200
    url = with_reference(author, moderator, elsewhere)
    assert look(app) == 1
    Answers.status = 404
    # Fine was found yesterday: it is asked again after a fortnight only.
    assert look(app) == 0
    for _ in range(13):
        with app.app_context():
            a_day_later()
            db.session.remove()
    assert look(app) == 1
    worker.until_empty()
    assert "no longer works" not in author.get("/notifications").text, "one look may meet a bad day"
    assert look(app) == 1
    worker.until_empty()
    assert "no longer works" in author.get("/notifications").text
    assert "It answers 404" in author.get(f"{url}/edit/aim").text
    assert look(app) == 1
    worker.until_empty()
    assert author.get("/notifications").text.count("no longer works") == 1


def test_a_case_study_has_its_turn_once_a_day(app: Flask, author: Person, moderator: Person, elsewhere: str) -> None:
    Answers.status = 200
    with_reference(author, moderator, elsewhere, "Not an address at all")
    assert look(app, later=False) == 1
    assert look(app, later=False) == 0


def test_nothing_inside_is_asked_in_earnest(app: Flask, author: Person, moderator: Person, elsewhere: str) -> None:
    with_reference(author, moderator, elsewhere)
    with app.app_context():
        link_checks.check_links()
        assert db.session.query(LinkCheck).one().state == "unsure"
        db.session.remove()


def test_references_are_links_for_readers(author: Person, moderator: Person, visitor: Person) -> None:
    url = with_reference(author, moderator, "NICE NG27", "10.1136/bmjqs-2015-004411", "javascript:alert(1)")
    page = visitor.get(url).text
    assert 'href="https://www.nice.org.uk/guidance/ng27"' in page
    assert 'href="https://doi.org/10.1136/bmjqs-2015-004411"' in page
    assert 'href="javascript' not in page


def test_without_a_network_nothing_is_gone(
    make_app: Callable[..., Flask],
    author: Person,
    moderator: Person,
    worker: Worker,
    elsewhere: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a server said stays as it was said; whom nobody could ask is not gone; and whoever turns the look off is not told."""
    app, (host, _, _) = worker.app, elsewhere.partition("/paper")
    Answers.status = 404
    url = with_reference(author, moderator, f"{host}/gone", "http://no-such-name.invalid/", "http://127.0.0.1:9/")
    assert [look(app), look(app)] == [3, 1], "whom nobody could ask has its turn in a fortnight"
    worker.until_empty()
    assert author.get("/notifications").text.count("no longer works") == 1
    page = author.get(f"{url}/edit/aim").text
    assert "It answers 404" in page
    assert page.count("It answers") == 1
    with monkeypatch.context() as without:
        without.setattr(socket.socket, "connect", unreachable)
        for _ in range(3):
            look(app)
    assert "It answers 404" in author.get(f"{url}/edit/aim").text
    for _ in range(2):
        look(app)
    worker.until_empty()
    assert author.get("/notifications").text.count("no longer works") == 1, "it was told already"
    off = make_app(FORUM_CHECK_LINKS="off")
    assert look(off) == 0
    assert "It answers" not in person(off, "ada").get(f"{url}/edit/aim").text


def unreachable(*_: object) -> None:
    raise OSError(errno.ENETUNREACH, "Network is unreachable")
