"""A GET writes nothing: not for a visitor, whatever their browser says it comes from, and not for a member who was led there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from forum.worker import Worker
from tests.adoptions.steps import share
from tests.case_studies.uploads import picture
from tests.measures.steps import measure
from tests.page import Person
from tests.searches.test_saved import save
from tests.stories import published, reply, thread

LINKS = re.compile(r"http://localhost(/\S+)")
WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.I)


def text_of(letter: Path) -> str:
    return str(message_from_bytes(letter.read_bytes(), policy=SMTP).get_content())


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change something."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if WRITES.match(statement):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def filled(app: Flask, posts: int) -> list[str]:
    """An address for each GET, of the things that were made here: the first of each kind."""
    words = {
        "slug": "resilience",
        "username": "ada-author",
        "name": "case-studies",
        "kind": "thread",
        "token": "1-x",
        "build": "x",
        "measure_id": "1",
    }
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()):
            continue
        path = rule.rule.replace("<slug>", "virtual-ward") if rule.rule.startswith("/care-models") else rule.rule
        path = path.replace("<slug>", "story") if path.startswith("/case-studies") else path
        path = re.sub(r"/replies/<int:id_>", f"/replies/{posts}", path)
        path = re.sub(r"/adoptions/<ref:id_>/measures/<int:measure_id>", "/adoptions/1/measures/2", path)
        path = re.sub(r"<any\('?([a-z.-]+)[^>]*>", r"\1", path)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: words.get(m[1], "1"), path)
        found.append(path)
    return found


def test_no_get_writes(app: Flask, author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    case = published(
        author,
        moderator,
    )
    picture(author, case)
    measure(author, case)
    measure(other, share(other, case))
    author.post(
        f"{case}/updates/new",
        {"entry": "update", "practice_status": "running", "happened": "1/11/2025", "text": "It goes on.", "contact": "yes"},
    )
    url = thread(author, title="A wombat question")
    post = int(reply(other, url).split("#reply-")[1])
    number = url.split("/")[2].split("-")[0]
    with written() as found:
        author.post(f"/discussions/replies/{post}/thanks", on=url)
    assert found, "a post does"
    save(other, search="q=wombat", name="Wombats", alert="at-once")
    visitor.post("/forgotten-password", {"email": "ada@example.org"})
    worker.until_empty()
    mailed = [link for letter in (Path(app.instance_path) / "mail").glob("*.eml") for link in LINKS.findall(text_of(letter))]
    assert any("/reset/" in link for link in mailed)
    paths = [*filled(app, post), "/search?q=wombat", "/search?q=nothing+at+all", f"/discussions/{number}", *mailed]
    answered = 0
    for person in (visitor, author, other, moderator):
        headers = {"Referer": "http://localhost/search?q=wombat"} if person is visitor else {}
        for path in paths:
            with written() as found:
                answer = person.client.get(path, headers=headers)
            assert not found, (path, person.email, found)
            answered += answer.status_code == 200
    assert answered > len(paths) * 2, "most of them are there"
