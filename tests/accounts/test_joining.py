"""Joining and confirming: the link proves the address to whoever follows it, and to nobody else."""

import re
from pathlib import Path

from flask import Flask

from forum.accounts.models import Account, BrowserSession
from forum.kernel.db import db
from forum.kernel.outbox import OutboxRow
from forum.worker import Worker
from tests.accounts.steps import CREDENTIALS, NEW, change, joined, link, mails, prepared
from tests.conftest import PASSWORD
from tests.page import Person
from tests.stories import thread


def test_what_a_stranger_prepared_ends_when_the_owner_confirms(visitor: Person, app: Flask, worker: Worker, tmp_path: Path) -> None:
    stranger = prepared(app)
    assert stranger.client.get_cookie("known") is None, "no browser of an account that nobody confirmed is known"
    stranger.client.post("/account/profile", data={**stranger.hidden("/account", ""), "bio": "Words of the stranger"})
    stranger.post("/account/confirm", on="/account")
    worker.until_empty()
    address = link(mails(tmp_path, NEW["email"])[-1])
    visitor.get(address)
    visitor.post(address, {"password": NEW["password"]})
    assert stranger.client.get("/account").status_code == 303, "the stranger's session ended"
    again = {"email": NEW["email"], "password": PASSWORD}
    stranger.post("/sign-in", again, status=422)
    assert "nia@example.org" not in visitor.get("/").text
    assert visitor.client.get("/account").status_code == 200, "and the owner is signed in"
    assert "Words of the stranger" not in visitor.get("/people/eve-stranger").text
    with app.app_context():
        assert db.session.query(BrowserSession).count() == 1
    Person(app.test_client(), **CREDENTIALS).sign_in()


def test_joining_leads_through_mail_to_the_place_one_wanted(
    visitor: Person, author: Person, app: Flask, worker: Worker, tmp_path: Path
) -> None:
    url = thread(author)
    assert visitor.client.get("/case-studies/new").headers["Location"] == "/sign-in?next=/case-studies/new"
    assert 'href="/join?next=/case-studies/new"' in visitor.get("/sign-in?next=/case-studies/new").text
    assert f'href="/join?next={url}"' in visitor.get(url).text
    visitor.post(f"/join?next={url}%23your-reply", NEW)
    worker.until_empty()
    phone = Person(app.test_client())
    address = link(mails(tmp_path, NEW["email"])[0])
    phone.get(address)
    answer = phone.post(address, {"password": NEW["password"]})
    assert answer.headers["Location"] == f"{url}#your-reply"
    assert "Your email address is confirmed, and you are signed in" in phone.get(url).text
    for foreign in ("https://evil.example/x", "//evil.example", f"/{'x' * 600}"):
        visitor.post("/join?next=" + foreign, {**NEW, "email": f"n{len(foreign)}@example.org"})
        worker.until_empty()
        assert "next=" not in mails(tmp_path, f"n{len(foreign)}@example.org")[0]


def test_what_was_typed_while_signed_out_comes_back_after_joining(visitor: Person, worker: Worker, tmp_path: Path) -> None:
    words = {**visitor.hidden("/join", ""), "subject": "Hello", "message": "Words before joining"}
    sent = visitor.client.post("/people/ada-author/write", data=words)
    assert sent.status_code == 303
    address = joined(visitor, worker, tmp_path)
    assert visitor.post(address, {"password": NEW["password"]}).headers["Location"] == "/resume"
    assert "Words before joining" in visitor.get("/resume").text


def test_joining_twice_by_mistake(visitor: Person, app: Flask, worker: Worker, tmp_path: Path) -> None:
    first = joined(visitor, worker, tmp_path, name="Nia Newcomr")
    second = joined(visitor, worker, tmp_path)
    dead = visitor.get(first, 422).text
    assert "join again with the same address" in dead
    assert "Nia Newcomer</strong>" in visitor.get(second).text, "what was typed last counts"
    visitor.post(second, {"password": NEW["password"]})
    visitor.get("/people/nia-newcomer")
    assert "If you have used it, sign in" in visitor.get(second, 422).text
    with app.app_context():
        assert db.session.query(Account).filter_by(email=NEW["email"]).count() == 1


def test_nobody_learns_who_has_an_account(visitor: Person, app: Flask, worker: Worker, tmp_path: Path) -> None:
    """Confirmed, waiting or new: the same answer, page and rows, so the same time; only the owner's mail differs."""
    joined(visitor, worker, tmp_path)
    answers = [visitor.post("/join", {**NEW, "email": f"{who}@example.org"}) for who in ("ada", "nia", "new")]
    assert {a.headers["Location"] for a in answers} == {"/join/check-your-mail"}
    assert len({re.sub(r"\S+ GMT", "", a.text) for a in answers}) == 1
    visitor.post("/forgotten-password", {"email": "ada@example.org"})
    visitor.post("/forgotten-password", {"email": "nobody@example.org"})
    with app.app_context():
        waiting = [(row.queue, row.name) for row in db.session.query(OutboxRow)]
    assert waiting == [("joining", "join")] * 3 + [("joining", "forgotten")] * 2, "who it is comes out behind the answer"
    worker.until_empty()
    assert "already have an account" in mails(tmp_path, "ada@example.org")[0]
    assert "choose a password" in mails(tmp_path, "new@example.org")[0]


def test_a_link_to_choose_a_password_confirms_and_ends_the_link_to_confirm(
    visitor: Person, app: Flask, worker: Worker, tmp_path: Path
) -> None:
    confirming = joined(visitor, worker, tmp_path)
    visitor.post("/forgotten-password", {"email": NEW["email"]})
    worker.until_empty()
    resetting = link(mails(tmp_path, NEW["email"])[-1])
    assert 'value="nia@example.org" autocomplete="username"' in visitor.get(resetting).text
    visitor.post(resetting, {"password": NEW["password"]})
    visitor.get(confirming, 422)
    visitor.post("/sign-in", CREDENTIALS)
    assert "Confirm your email address" not in visitor.get("/account").text


def test_staff_is_nobody_whose_address_is_not_confirmed(app: Flask, visitor: Person) -> None:
    from click.testing import CliRunner

    from forum.cli import main

    stranger = prepared(app)
    env = {"FORUM_INSTANCE": str(app.config["FORUM"].instance), "FORUM_DATABASE_URL": app.config["FORUM"].database_url}
    refused = CliRunner().invoke(main, ["user", "role", NEW["email"], "moderator"], env=env)
    assert refused.exit_code == 1
    assert "not confirmed yet" in refused.output
    change(app, NEW["email"], access="moderator")
    stranger.get("/moderation", 404)
