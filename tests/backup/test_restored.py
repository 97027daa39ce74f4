"""A copy that is made while people write comes back whole somewhere else."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import text

from forum.backup.making import verify
from forum.backup.manifest import Unusable
from forum.backup.restoring import restore
from forum.discussions.models import Thread as Discussion
from forum.kernel.clock import now
from forum.kernel.db import begin, db, transaction
from forum.schema import FOLDER, current, head
from forum.search.indexing import problems
from forum.searches.models import SavedSearch
from forum.worker import Worker
from tests.backup.conftest import copied, restored, rows_of
from tests.case_studies.uploads import PDF, newest, picture, stored, upload
from tests.conftest import person
from tests.kernel.test_private import modes
from tests.page import Person
from tests.searches.test_saved import save
from tests.stories import draft, published, reply, thread

#: What a site that was restored leaves behind, or does at once. A letter that waited to be written counts as one that went out.
CHANGED = {"browser_sessions", "tokens", "outbox", "saved_searches", "notifications", "site_version", "attempts"}


def number_of(url: str) -> int:
    return int(url.split("/")[2].split("-")[0])


def test_what_people_write_meanwhile(make_app: Callable[..., Flask], elsewhere: Callable[[], Flask], copy: Path) -> None:
    """Whatever was acknowledged when the copy began is in it, and what it says of itself is what is in it."""
    app = make_app(FORUM_RATE_LIMITS="off")
    ada, olu, mo = (person(app, name) for name in ("ada", "olu", "mo"))
    case, done, written = draft(ada), Event(), list[tuple[float, int]]()

    def post(by: Person) -> None:
        while not done.is_set():
            id_ = number_of(thread(by, title=f"A wombat, number {len(written)}"))
            written.append((time.monotonic(), id_))

    def come_and_go() -> None:
        while not done.is_set():
            upload(ada, case, PDF + b"%" * len(written) + b"%%EOF", "leaflet.pdf", alt="", caption="A leaflet")
            ada.post(newest(ada, case), {"action": "remove"}, on=f"{case}/files")

    writers = [Thread(target=post, args=(by,)) for by in (olu, mo)] + [Thread(target=come_and_go)]
    for writer in writers:
        writer.start()
    begun, made = [], []
    try:
        for count in (4, 8):
            while len(written) < count:
                time.sleep(0.02)
            begun.append(time.monotonic())
            made.append(copied(app, copy))
    finally:
        done.set()
        for writer in writers:
            writer.join()
    there = elsewhere()
    restored(there, copy)
    with there.app_context():
        found = {id_ for (id_,) in db.session.query(Discussion.id)}
        db.session.remove()
    assert {id_ for at, id_ in written if at < begun[1]} <= found
    assert made[1].tables["threads"] == len(found) > made[0].tables["threads"]
    assert made[1].absent == []
    assert {p.name for p in stored(there)} == set(made[1].digests)


def test_all_that_was_there_and_nothing_twice(
    app: Flask,
    author: Person,
    other: Person,
    moderator: Person,
    visitor: Person,
    worker: Worker,
    elsewhere: Callable[[], Flask],
    copy: Path,
) -> None:
    case = published(author, moderator)
    photo = picture(author, case)
    worker.until_empty()
    save(other, search="q=wombat", name="Wombats", alert="at-once")
    url = thread(author, title="A wombat question")
    reply(other, url, "The answer of a wombat.")  # its news and its mail wait
    visitor.post("/forgotten-password", {"email": "ada@example.org"})
    first = copied(app, copy)
    before, bytes_before = rows_of(app), {p.name: p.read_bytes() for p in stored(app)}
    there = elsewhere()
    documents, unsent = restored(there, copy)
    after = rows_of(there)
    assert {n for n in before if before[n] != after[n]} <= CHANGED
    assert {p.name: p.read_bytes() for p in stored(there)} == bytes_before
    assert first.tables == {n: len(rows) for n, rows in before.items()} | {"alembic_version": 1}
    assert modes(copy, Path(there.instance_path) / "files") == {"folder 700", "file 600"}
    assert (unsent, documents > 3) == (2, True)

    ada, anybody, later = Person(there.test_client(), author.email, author.password), Person(there.test_client()), Worker(there)
    assert anybody.get(photo).data == visitor.get(photo).data
    assert url in anybody.get("/search?q=wombat").text
    assert after["browser_sessions"] == []
    assert "wombat question" in ada.sign_in().get("/notifications").text
    later.until_empty()
    with there.app_context():
        assert problems() == []
        assert db.session.query(SavedSearch).one().seen is None
        with transaction():
            db.session.query(SavedSearch).one().due_at = now() - timedelta(minutes=1)
        db.session.remove()
    later.until_empty()
    assert not list((Path(there.instance_path) / "mail").glob("*")), "it went out before, or will from where the copy was made"
    thread(ada, title="Another wombat question")
    with there.app_context(), pytest.raises(Unusable, match="There is a site here already"):
        restore(copy, verify(copy))


def at_revision(app: Flask, revision: str, stamp: bool = False) -> None:
    """Take the database back to an older migration, or have it say that it stands at one."""
    with app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        begin(connection)
        if stamp:
            connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
            return
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_an_older_copy_is_brought_up_to_date_and_a_newer_one_refused(
    app: Flask, author: Person, elsewhere: Callable[[], Flask], copy: Path
) -> None:
    url = thread(author, title="A wombat question")
    at_revision(app, "0008")
    assert copied(app, copy).schema == "0008", "the time to make one is before the program is made newer"
    there = elsewhere()
    restored(there, copy)
    with there.app_context():
        assert current() == head()
        db.session.remove()
    assert "A wombat question" in Person(there.test_client()).get(url).text
    at_revision(app, "9999", stamp=True)
    copied(app, copy)
    untouched = elsewhere()
    with pytest.raises(Unusable, match="newer version of the program"):
        restored(untouched, copy)
    assert list(Path(untouched.instance_path).iterdir()) == []
