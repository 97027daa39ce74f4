"""Joining, signing in and out, recovering: the rows of the security checklist that a browser can see."""

import json
import re
from pathlib import Path

from flask import Flask

from forum.accounts import joining
from forum.kernel import outbox
from forum.kernel.db import db
from forum.kernel.outbox import OutboxRow
from forum.kernel.tokens import Token
from forum.worker import Worker
from tests.accounts.steps import CREDENTIALS, NEW, link, mails
from tests.conftest import PASSWORD
from tests.page import Person
from tests.stories import thread


def test_join_confirm_and_write(visitor: Person, worker: Worker, tmp_path: Path) -> None:
    visitor.post("/join", NEW)
    worker.until_empty()
    visitor.post("/sign-in", CREDENTIALS, status=422)
    address = link(mails(tmp_path, NEW["email"])[0])
    page = visitor.get(address)
    assert "Nia Newcomer</strong>, GP, Anytown Surgery" in page.text
    assert '<input id="whose" name="username" type="email" value="nia@example.org" autocomplete="username" readonly' in page.text
    visitor.post(address, {"password": "short"}, status=422)
    visitor.post(address, {"password": NEW["password"]})
    assert visitor.client.get(address).status_code == 422, "a link works once"
    assert thread(visitor)
    assert "Anytown Surgery" in visitor.get("/account/profile").text


def test_an_old_cookie_opens_nothing_after_sign_out(author: Person) -> None:
    cookie = author.client.get_cookie("session")
    assert cookie is not None
    author.post("/sign-out", on="/account")
    author.client.set_cookie("session", cookie.value)
    assert author.client.get("/account").status_code == 303


def test_signing_in_gives_a_new_session(visitor: Person) -> None:
    visitor.client.get("/sign-in")
    before = visitor.client.get_cookie("session")
    visitor.post("/sign-in", {"email": "ada@example.org", "password": PASSWORD})
    after = visitor.client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_same_answer_for_a_wrong_password_and_an_unknown_address(visitor: Person) -> None:
    known = visitor.post("/sign-in", {"email": "ada@example.org", "password": "wrong one here"}, status=422).text
    unknown = visitor.post("/sign-in", {"email": "bob@example.org", "password": "wrong one here"}, status=422).text
    strip = re.compile(r'name="csrf_token" value="[^"]*"')
    assert strip.sub("", known).replace("ada@", "bob@") == strip.sub("", unknown)


def test_the_eleventh_try_waits_even_with_the_right_password(visitor: Person, make_app: object) -> None:
    for _ in range(10):
        visitor.post("/sign-in", {"email": "ada@example.org", "password": "wrong one here"}, status=422)
    answer = visitor.post("/sign-in", {"email": "ada@example.org", "password": PASSWORD}, status=429)
    assert int(answer.headers["Retry-After"]) <= 300
    visitor.post("/sign-in", {"email": "olu@example.org", "password": PASSWORD})


def test_a_stranger_cannot_lock_the_owner_out(visitor: Person, author: Person) -> None:
    """The owner's browser signed in before: wrong passwords from elsewhere do not count against it, its own do."""
    author.post("/sign-out", on="/account")
    for _ in range(11):
        visitor.client.post(
            "/sign-in", data={**visitor.hidden("/sign-in", ""), "email": "ada@example.org", "password": "wrong one here"}
        )
    visitor.post("/sign-in", {"email": "ada@example.org", "password": PASSWORD}, status=429)
    author.post("/sign-in", {"email": "ada@example.org", "password": PASSWORD})
    author.post("/sign-out", on="/account")
    author.client.set_cookie("known", "forged.value")
    author.post("/sign-in", {"email": "ada@example.org", "password": PASSWORD}, status=429)
    assert author.client.get("/account").status_code == 303, "still signed out"


def test_reset_ends_sessions_and_signs_nobody_in(author: Person, visitor: Person, worker: Worker, tmp_path: Path) -> None:
    visitor.post("/forgotten-password", {"email": "ada@example.org"})
    visitor.post("/forgotten-password", {"email": "ada@example.org"})
    visitor.post("/forgotten-password", {"email": "nobody@example.org"})
    worker.until_empty()
    first, second = (link(m) for m in mails(tmp_path, "ada@example.org"))
    assert visitor.client.get(first).status_code == 422, "a newer link cancels the older"
    visitor.post(second, {"password": "another long quiet river"})
    assert visitor.client.get("/account").status_code == 303
    assert author.client.get("/account").status_code == 303
    visitor.post("/sign-in", {"email": "ada@example.org", "password": "another long quiet river"})


def test_no_token_lies_in_the_database(visitor: Person, worker: Worker, tmp_path: Path, app: Flask) -> None:
    visitor.post("/forgotten-password", {"email": "ada@example.org"})
    with app.app_context():
        for row in outbox.due(joining.QUEUE, 1):
            joining.carry_out(row)
        queued = str([r.payload for r in db.session.query(OutboxRow)])
        rows = db.session.query(Token).all()
        kept = str([(r.salt, r.digest) for r in rows])
    worker.until_empty()
    token = link(mails(tmp_path, "ada@example.org")[0]).rsplit("/", 1)[1]
    assert token not in queued + kept
    assert token.split("-")[1] not in queued + kept


def test_changing_the_password_signs_other_browsers_out(author: Person, app: Flask) -> None:
    second = Person(app.test_client(), author.email, PASSWORD).sign_in()
    author.post("/account/password", {"current_password": "not it at all", "password": "another long quiet river"}, status=422)
    author.post("/account/password", {"current_password": PASSWORD, "password": "another long quiet river"})
    assert author.client.get("/account").status_code == 200
    assert second.client.get("/account").status_code == 303


def test_signing_in_half_way_brings_the_text_back(author: Person, app: Flask) -> None:
    hidden = author.hidden("/discussions/new", "/discussions/new")
    token = Person(app.test_client())
    with app.app_context():
        from forum.accounts.actions import end_sessions
        from forum.accounts.queries import by_email

        account = by_email("ada@example.org")
        assert account is not None
        end_sessions(account.member())
    data = {**hidden, "title": "Written while signed out", "text": "Words that must not be lost", "question": "discussion"}
    answer = author.client.post("/discussions/new", data=data)
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]
    assert "Your text is safe" in author.client.get(answer.headers["Location"]).text
    back = author.post("/sign-in", {"email": author.email, "password": PASSWORD})
    assert back.headers["Location"] == "/resume"
    page = author.get("/resume").text
    assert "Words that must not be lost" in page
    again = {k: v for k, v in data.items() if k != "csrf_token"}
    assert author.post("/discussions/new", again, on="/resume")
    assert token.client.get("/resume").status_code == 303


def test_the_next_page_is_one_of_ours(visitor: Person, shared: Path) -> None:
    from forum.web.pending_forms import own_path

    for row in json.loads((shared / "data/hostile/open_redirect.json").read_text("utf-8")):
        target = own_path(row["p"] if isinstance(row, dict) else row)
        assert target.startswith("/")
        assert not target.startswith(("//", "/\\"))


def test_profile_shows_everywhere(author: Person, visitor: Person) -> None:
    url = thread(author)
    assert "Ada Author" in visitor.get(url).text
    profile = {
        "name": "Ada Newname",
        "role": "gp",
        "organisation": "Anytown Surgery",
        "bio": "I like <b>huddles</b>",
        "mail_ok": "y",
    }
    author.post("/account/profile", profile)
    assert "Ada Newname" in visitor.get(url).text
    assert "&lt;b&gt;huddles" in visitor.get("/people/ada-author").text
