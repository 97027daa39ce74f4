"""Every page asks the database a constant number of questions, however much there is to show (law 8)."""

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts.queries import by_email
from forum.case_studies.editing.actions import begin
from forum.case_studies.moderation import actions as moderating
from forum.case_studies.record.fields import CONFIRMATIONS
from forum.case_studies.record.values import html
from forum.case_studies.submission.actions import submit
from forum.discussions.actions import ThreadDraft, Writing, add_reply, open_thread
from forum.kernel.db import db, transaction
from forum.kernel.outbox import touch_site
from forum.organisations.models import Organisation
from forum.searches import similar
from forum.worker import Worker
from tests.counting import counted
from tests.page import Person
from tests.stories import CASE

#: The most that a member's page asks: when the site has just changed, and while it stays as it is.
PAGES = {
    "/": (9, 1),
    "/case-studies": (6, 1),
    "/case-studies/1-{case}": (16, 2),
    "/discussions": (4, 1),
    "/discussions/5-{thread}": (8, 3),
    "/elements": (2, 1),
    "/elements/resilience": (8, 1),
    "/search?q=word": (6, 6),
    "/people/ada-author": (9, 4),
    "/organisations/{place}": (7, 3),
}
#: What else moderators may do on a page is asked for them alone.
STAFF = 1


def add(app: Flask, cases: int, replies: int) -> None:
    """More of everything, by several people at several places."""
    with app.app_context():
        accounts = [by_email(f"{n}@example.org") for n in ("ada", "olu", "mo")]
        ada, olu, mo = (a.member() for a in accounts if a)
        writing = Writing("A word", "<p>A word</p>")
        with transaction():
            thread = open_thread(ada.id, ThreadDraft("A word in the title", writing, elements=["resilience"]))
            for number in range(replies):
                add_reply(thread, (ada, olu)[number % 2].id, writing)
        for number in range(cases):
            places = [f"Place {number}", f"Partner {number}", "Shared partner"]
            texts = {k: v for k, v in CASE.items() if isinstance(v, str) and not k.startswith("organisation")}
            facts = {"elements": ["resilience", "shared-vision"], "care_models": ["virtual-ward"], "outcome": "better"}
            values = {**texts, **facts, "organisations": places, "practice_status": "running"}
            with transaction():
                case = begin((ada, olu)[number % 2], values)
            with transaction():
                submit((ada, olu)[number % 2], case.id, html(values), [], {}, list(CONFIRMATIONS))
            with transaction():
                moderating.decide(mo, case.id, "publish", "", "<p>Talk</p>")
        with transaction():
            db.session.query(Organisation).update({"status": "published"})
            touch_site()
        db.session.remove()
    Worker(app).until_empty()
    with app.app_context():
        while similar.refresh_similar():
            db.session.remove()


def paths(app: Flask) -> dict[str, tuple[int, int]]:
    from forum.case_studies.models import CaseStudy
    from forum.discussions.models import Thread
    from forum.organisations.queries import find

    with app.app_context():
        case, thread, place = db.session.get(CaseStudy, 1), db.session.get(Thread, 5), find("Shared partner")
        assert case
        assert thread
        assert place
        names = {
            "/case-studies/1-{case}": case.url,
            "/discussions/5-{thread}": thread.url,
            "/organisations/{place}": f"/organisations/{place.id}-{place.slug}",
        }
    return {names.get(path, path): most for path, most in PAGES.items()}


@pytest.mark.parametrize("who", ["visitor", "member", "moderator"])
def test_the_number_of_queries_does_not_grow(make_app: Callable[..., Flask], who: str) -> None:
    app = make_app()
    # Two, so that each has something similar from the start.
    add(app, 2, 2)
    person = Person(app.test_client())
    if who != "visitor":
        name = {"member": "olu", "moderator": "mo"}[who]
        person = Person(app.test_client(), f"{name}@example.org", "correct horse battery staple").sign_in()
    person.client.get("/about")
    before = measure(person, app)
    add(app, 9, 15)
    person.client.get("/about")
    after, again, more = measure(person, app), measure(person, app), STAFF if who == "moderator" else 0
    for path, (changed, still) in paths(app).items():
        assert after[path] <= before[path], f"{path}: {before[path]} then {after[path]}"
        assert after[path] <= changed + more, f"{path}: {after[path]}"
        assert again[path] <= still + more, f"{path}: {again[path]} though nothing changed"


def measure(person: Person, app: Flask) -> dict[str, int]:
    found = {}
    for path in paths(app):
        with counted() as said:
            person.get(path)
        found[path] = len(said)
    return found
