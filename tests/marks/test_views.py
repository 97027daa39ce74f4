"""Marks through their buttons: who may, what doing it twice does, and that a list of saved things tells nothing it should not."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from forum.access.actors import Member, Visitor
from forum.accounts.models import Account
from forum.accounts.queries import by_email
from forum.discussions.actions import ThreadDraft, Writing, open_thread
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Forbidden, Invalid, NotFound
from forum.kernel.outbox import SiteVersion
from forum.marks import actions, queries
from forum.marks.models import MOST_SAVED, Bookmark, Mark
from tests.conftest import PASSWORD, person
from tests.counting import counted
from tests.page import Page, Person
from tests.stories import thread


def _id(url: str) -> int:
    return int(url.split("/")[2].split("-")[0])


def press(who: Person, name: str, id_: int, on: int = 1, status: int = 303, **more: object) -> str:
    """Press a mark's button; the token is the account page's. Gives where it leads."""
    answer = who.post(f"/marks/{name}/thread/{id_}", {"on": on, **more}, on="/account", status=status)
    return answer.headers.get("Location", answer.text)


def marks(app: Flask) -> list[tuple[str, int, str]]:
    with app.app_context():
        return [(m.name, m.ref_id, m.kind) for m in db.session.query(Mark)]


def draw(app: Flask, signed_in: bool, mine: set[str], count: int = 0, own: bool = False) -> str:
    """The buttons as a page shows them."""
    source = '{% from "components/marks.html" import marks with context %}{{ marks("thread", 5, count, mine, own) }}'
    me = type("Me", (), {"signed_in": signed_in})
    with app.test_request_context("/"):
        return app.jinja_env.from_string(source).render(me=me, mine=mine, count=count, own=own)


def test_a_member_marks_and_takes_it_back(author: Person, other: Person, app: Flask) -> None:
    url = thread(author)
    id_ = _id(url)
    for _ in range(2):
        assert press(other, "helpful", id_) == f"{url}#marks"
        assert press(other, "saved", id_) == f"{url}#marks"
    assert sorted(marks(app)) == [("helpful", id_, "thread"), ("saved", id_, "thread")]
    assert "How do you keep huddles going?" in other.get("/saved").text
    for _ in range(2):
        press(other, "helpful", id_, 0)
        press(other, "saved", id_, 0)
    assert marks(app) == []
    assert "Nothing saved yet" in other.get("/saved").text


def test_a_visitor_signs_in_and_the_press_comes_back(author: Person, visitor: Person, app: Flask) -> None:
    """As a browser would from a cached page: no session, no token."""
    url = thread(author)
    path = f"/marks/saved/thread/{_id(url)}"
    answer = visitor.client.post(path, data={"on": "1"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
    assert "Sign in to go on" in visitor.get("/sign-in").text
    assert marks(app) == []
    back = visitor.post("/sign-in", {"email": "olu@example.org", "password": PASSWORD})
    assert back.headers["Location"] == "/resume"
    page = visitor.get("/resume").text
    assert "Press Continue to finish" in page
    fields = Page(page).form(path)["fields"]
    assert fields["on"] == "1"
    assert visitor.client.post(path, data=fields).headers["Location"] == f"{url}#marks"
    assert marks(app) == [("saved", _id(url), "thread")]
    assert visitor.client.get("/saved").status_code == 200
    assert Person(app.test_client()).client.get("/saved").status_code == 303


def test_nobody_finds_their_own_helpful(author: Person, moderator: Person, app: Flask) -> None:
    id_ = _id(thread(author))
    assert "This is your own" in press(author, "helpful", id_, status=403)
    press(author, "saved", id_)
    press(moderator, "helpful", id_)
    assert sorted(marks(app)) == [("helpful", id_, "thread"), ("saved", id_, "thread")]


def test_only_confirmed_members(author: Person, other: Person, app: Flask) -> None:
    id_ = _id(thread(author))
    with app.app_context(), transaction():
        db.session.query(Account).filter_by(email="olu@example.org").update({"confirmed_at": None})
    for name in ("helpful", "saved"):
        assert "Confirm your email address" in press(other, name, id_, status=403)
    assert marks(app) == []


def test_what_one_may_not_see_is_not_there(author: Person, other: Person, moderator: Person, app: Flask) -> None:
    url = thread(author)
    moderator.post(f"/moderation/thread/{_id(url)}/hide", {"reason": "It names a person"})
    for name in ("helpful", "saved"):
        press(other, name, _id(url), status=404)
        press(other, name, 999_999, status=404)
        assert other.post(f"/marks/{name}/nothing/1", {"on": 1}, on="/account", status=404)
    assert "not published" in press(moderator, "helpful", _id(url), status=403)
    assert marks(app) == []


def test_what_was_hidden_later_is_not_leaked(author: Person, other: Person, moderator: Person, app: Flask) -> None:
    url = thread(author, title="A quokka in the title", text="wombat words")
    press(other, "saved", _id(url))
    assert "quokka" in other.get("/saved").text
    moderator.post(f"/moderation/thread/{_id(url)}/hide", {"reason": "It names a person"})
    page = other.get("/saved").text
    assert "No longer available" in page
    assert not re.search("quokka|wombat|Ada Author", page)
    form = Page(page).form(f"/marks/saved/thread/{_id(url)}")
    answer = other.client.post(form["action"], data=form["fields"])
    assert answer.headers["Location"] == "/saved"
    assert marks(app) == []
    assert press(other, "saved", _id(url), 0) == "/saved", "the same for what is hidden and for what never was"
    assert press(other, "saved", 999_999, 0) == "/saved"


def test_a_list_is_ones_own(author: Person, other: Person, moderator: Person) -> None:
    press(other, "saved", _id(thread(author, title="Only Olu saved this")))
    assert "Only Olu saved this" in other.get("/saved").text
    for who in (author, moderator):
        assert "Only Olu saved this" not in who.get("/saved").text


def test_both_at_once_make_one_mark(author: Person, app: Flask) -> None:
    id_ = _id(thread(author))
    people = [person(app, "olu") for _ in range(4)]
    data = [{**p.hidden("/account", ""), "on": "1"} for p in people]
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda p, d: p.client.post(f"/marks/helpful/thread/{id_}", data=d).status_code, people, data)
        assert list(found) == [303] * 4
    assert marks(app) == [("helpful", id_, "thread")]


def test_pages_lead_on_and_back(author: Person, other: Person, app: Flask) -> None:
    with app.app_context(), transaction():
        ada, olu = by_email("ada@example.org"), by_email("olu@example.org")
        assert ada
        assert olu
        at = now()
        for number in range(21):
            made = open_thread(ada.id, ThreadDraft(f"Thread number {number}", Writing("x", "<p>x</p>")))
            db.session.add(Bookmark(kind="thread", ref_id=made.id, member_id=olu.id, at=at + timedelta(seconds=number)))
    first, last = other.get("/saved").text, other.get("/saved?page=2").text
    assert first.index("Thread number 20") < first.index("Thread number 19")
    assert "Thread number 0" in last
    form = Page(last).form(re.findall(r"/marks/saved/thread/\d+", last)[0])
    assert other.client.post(form["action"], data=form["fields"]).headers["Location"] == "/saved", "page 2 is gone now"
    assert other.client.get("/saved?page=2").status_code == 404


def test_the_form_says_on_or_off_and_leads_to_our_own_pages(author: Person, other: Person, app: Flask) -> None:
    id_ = _id(thread(author))
    press(other, "saved", id_, 7, status=422)
    assert marks(app) == []
    assert press(other, "saved", id_, 1, next="//evil.example") == "/"


def test_the_count_reaches_cached_pages_and_saving_does_not(author: Person, other: Person, app: Flask) -> None:
    id_ = _id(thread(author))

    def version() -> int:
        with app.app_context():
            return db.session.query(SiteVersion.number).scalar() or 0

    before = version()
    press(other, "saved", id_)
    assert version() == before
    press(other, "helpful", id_)
    press(other, "helpful", id_)
    assert version() == before + 1


def test_actions_and_counts(context: Flask, members: dict[str, Member]) -> None:
    ada, olu, mo = members["ada"], members["olu"], members["mo"]
    with transaction():
        threads = [open_thread(ada.id, ThreadDraft(f"Thread {n}", Writing("x", "<p>x</p>"))).id for n in range(2)]
        for who in (olu, mo):
            actions.mark(who, ("thread", threads[0]), "helpful")
        actions.mark(olu, ("thread", threads[1]), "saved")
    assert [queries.on(olu, "thread", id_) for id_ in threads[:2]] == [(2, {"helpful"}), (0, {"saved"})]
    assert queries.on(Visitor(), "thread", threads[0]) == (2, set())
    assert queries.on(olu, "thread", 0) == (0, set())
    for who, ref, name, error in (
        (ada, ("thread", threads[0]), "helpful", Forbidden),
        (olu, ("thread", 999_999), "saved", NotFound),
        (olu, ("thread", threads[0]), "loved", Invalid),
    ):
        with pytest.raises(error), transaction():
            actions.mark(who, ref, name)


def test_five_hundred_are_enough(context: Flask, members: dict[str, Member]) -> None:
    olu = members["olu"]
    with transaction():
        id_ = open_thread(members["ada"].id, ThreadDraft("One more", Writing("x", "<p>x</p>"))).id
        rows = [Bookmark(kind="x", ref_id=n, member_id=olu.id, at=now()) for n in range(MOST_SAVED)]
        db.session.add_all(rows)
    with pytest.raises(Invalid, match="500"), transaction():
        actions.mark(olu, ("thread", id_), "saved")
    with transaction():
        actions.unmark(olu, ("x", 1), "saved")
        actions.mark(olu, ("thread", id_), "saved")


def test_the_number_of_queries_does_not_grow(author: Person, make_app: Callable[..., Flask]) -> None:
    app = make_app(FORUM_RATE_LIMITS="off")
    ada, olu = person(app, "ada"), person(app, "olu")
    found = []
    for number in (2, 9):
        for n in range(number):
            press(olu, "saved", _id(thread(ada, title=f"Thread number {n}", elements=["resilience"])))
        olu.client.get("/about")
        with counted() as said:
            olu.get("/saved")
        found.append(len(said))
    assert found[1] <= found[0] <= 14, found


def test_the_buttons_say_what_they_are(app: Flask) -> None:
    visitor = draw(app, False, set(), 3)
    assert "csrf" not in visitor
    assert "Helpful (3)" in visitor
    assert "Save for later" in visitor
    assert visitor.count('aria-pressed="false"') == 2
    member = draw(app, True, {"helpful", "saved"}, 1)
    assert member.count("csrf_token") == 2
    assert member.count('aria-pressed="true"') == 2
    assert member.count('name="on" value="0"') == 2
    own = draw(app, True, set(), 1, own=True)
    assert "/marks/helpful/" not in own
    assert "1 person found this helpful" in " ".join(own.split())
    assert "Helpful" not in draw(app, True, set(), 0, own=True)
