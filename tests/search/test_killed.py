"""The worker is killed at random moments while people write; when it has come back, the index equals the database."""

import os
import random
import time
from collections.abc import Callable

from flask import Flask

from forum.search.indexing import problems
from forum.search.service import drift
from forum.worker import Worker
from tests.conftest import person
from tests.page import Person
from tests.served import environment, running
from tests.stories import thread

#: `KILLS=50 make kill-drainer` for a thorough run.
KILLS = int(os.environ.get("KILLS", "3"))


def test_the_index_equals_the_database_after_kills(make_app: Callable[..., Flask]) -> None:
    rng, app = random.Random(KILLS), make_app(FORUM_RATE_LIMITS="off")
    author, visitor = person(app, "ada"), Person(app.test_client())
    settings = app.config["FORUM"]
    env = environment(FORUM_INSTANCE=str(settings.instance), FORUM_DATABASE_URL=settings.database_url)
    written = []
    for number in range(KILLS):
        with running(["work"], env, settings.instance / "work.log") as process:
            end = time.monotonic() + rng.uniform(0.8, 3)
            while time.monotonic() < end and len(written) < (number + 1) * 4:
                written.append(thread(author, title=f"Wombat number {len(written)}"))
            time.sleep(max(0.0, end - time.monotonic()))
            process.kill()
            process.wait()
    Worker(app).until_empty()
    with app.app_context():
        assert drift() == {"missing": 0, "extra": 0}
        assert problems() == []
    found = visitor.get("/search?q=wombat").text
    assert f"<strong>{len(written)}</strong>" in found
