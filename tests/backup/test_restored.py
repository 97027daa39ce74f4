"""A copy that is made while people write comes back whole somewhere else."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from flask import Flask

from forum.accounts.models import BrowserSession
from forum.backup.making import verify
from forum.discussions.models import Thread as Discussion
from forum.kernel.db import db
from forum.notifications.models import Notification
from forum.search.outbox import problems
from forum.searches.models import SavedSearch
from forum.worker import Worker
from tests.backup.conftest import copied, restored, rows_of
from tests.case_studies.uploads import PDF, picture, stored, upload
from tests.conftest import person
from tests.page import Person
from tests.searches.test_saved import save
from tests.stories import draft, published, reply, thread

#: What a restored site leaves behind, or does at once.
CHANGED = {"browser_sessions", "tokens", "outbox", "saved_searches", "search_requests", "notifications", "site_version"}


def test_what_people_write_meanwhile(make_app: Callable[..., Flask], elsewhere: Callable[[], Flask], tmp_path: Path) -> None:
    """Whatever was acknowledged when the copy began is in it, and what it says of itself is what is in it."""
    app = make_app(FORUM_RATE_LIMITS="off")
    people, done = [person(app, name) for name in ("ada", "olu", "mo")], Event()
    written: list[tuple[float, int]] = []

    def write(by: Person) -> None:
        case = draft(by) if by is people[0] else ""
        while not done.is_set():
            written.append((time.monotonic(), int(thread(by, title=f"A wombat, number {len(written)}").split("/")[2].split("-")[0])))
            if case:
                upload(by, case, PDF + b"%%EOF" * len(written), "leaflet.pdf", alt="", caption="A leaflet")
                number = max(app.test_client() and [int(p) for p in ids(by, case)])
                by.post(f"{case}/files/{number}/remove", on=f"{case}/files")

    writers = [Thread(target=write, args=(by,)) for by in people]
    for writer in writers:
        writer.start()
    begun, manifests = [], []
    while len(written) < 5:
        time.sleep(0.05)
    for _ in range(2):
        begun.append(time.monotonic())
        manifests.append(copied(app, tmp_path / "copy"))
    done.set()
    for writer in writers:
        writer.join()
    there = elsewhere()
    restored(there, tmp_path / "copy")
    with there.app_context():
        found = {id_ for (id_,) in db.session.query(Discussion.id)}
        db.session.remove()
    assert {id_ for at, id_ in written if at < begun[1]} <= found
    assert manifests[1].tables["threads"] == len(found) > manifests[0].tables["threads"] - 1
    assert manifests[1].absent == []
    assert {p.name for p in stored(there)} == set(manifests[1].digests)


def ids(by: Person, case: str) -> list[str]:
    import re

    return re.findall(rf"{case}/files/(\d+)", by.get(f"{case}/files").text)
