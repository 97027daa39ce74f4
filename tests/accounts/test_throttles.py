"""Who is stopped and who is not: a known browser is counted first, then the account, and a hospital's address last."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Flask

from forum.worker import Worker
from tests.accounts.steps import NEW, joined, link, mails, prepared
from tests.conftest import PASSWORD
from tests.page import Person

WRONG = {"email": "ada@example.org", "password": "wrong one here"}
RIGHT = {"email": "ada@example.org", "password": PASSWORD}


def test_forty_side_by_side_try_ten_passwords(app: Flask, visitor: Person) -> None:
    hidden = visitor.hidden("/sign-in", "")
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None

    def attempt(_: int) -> int:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        return client.post("/sign-in", data={**hidden, **WRONG}).status_code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(attempt, range(40)))
    assert (codes.count(422), codes.count(429)) == (10, 30)
    answer = visitor.post("/sign-in", RIGHT, status=429)
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "Try again in " in answer.text


def test_many_wrong_ones_at_a_hospital_stop_none_of_its_people(app: Flask, visitor: Person, author: Person) -> None:
    """Thirty colleagues mistype: who gives the right password gets in, from a browser that nobody knows as well."""
    hidden = visitor.hidden("/sign-in", "")
    codes = [
        visitor.client.post("/sign-in", data={**hidden, "email": f"colleague{n}@example.org", "password": "wrong one here"})
        for n in range(35)
    ]
    assert [c.status_code for c in codes] == [422] * 30 + [429] * 5, "the crowd is told to wait"
    assert "There were many wrong attempts on your network. Try again in " in codes[-1].text
    for _ in range(3):
        Person(app.test_client(), "olu@example.org", PASSWORD).sign_in()
    for _ in range(3):
        assert visitor.client.post("/sign-in", data={**hidden, **WRONG}).status_code == 429
    stopped = visitor.post("/sign-in", RIGHT, status=429)
    assert "choose a new password with the link that we email you" in stopped.text
    author.post("/sign-out", on="/account")
    author.post("/sign-in", WRONG, status=422)
    author.post("/sign-in", RIGHT)


def test_the_link_in_the_mail_lets_a_new_browser_in_at_once(visitor: Person, app: Flask, worker: Worker, tmp_path: Path) -> None:
    for _ in range(11):
        visitor.client.post("/sign-in", data={**visitor.hidden("/sign-in", ""), **WRONG})
    owner = Person(app.test_client())
    owner.post("/sign-in", RIGHT, status=429)
    owner.post("/forgotten-password", {"email": "ada@example.org"})
    worker.until_empty()
    owner.post(link(mails(tmp_path, "ada@example.org")[-1]), {"password": NEW["password"]})
    owner.post("/sign-in", {"email": "ada@example.org", "password": NEW["password"]})
    assert owner.client.get("/account").status_code == 200


def test_forty_joins_send_three_mails_and_the_last_link_works(visitor: Person, worker: Worker, tmp_path: Path) -> None:
    for known in ("ada@example.org", NEW["email"]):
        answers = {visitor.post("/join", {**NEW, "email": known}).headers["Location"] for _ in range(40)}
        assert answers == {"/join/check-your-mail"}
        worker.until_empty()
        assert len(mails(tmp_path, known)) == 3
    visitor.post(link(mails(tmp_path, NEW["email"])[-1]), {"password": NEW["password"]})


def test_asking_again_counts_with_joining_and_says_when(app: Flask, visitor: Person, worker: Worker, tmp_path: Path) -> None:
    waiting = prepared(app)
    for _ in range(2):
        joined(visitor, worker, tmp_path, name="Eve Stranger")
    waiting.post("/account/confirm", on="/account")
    answer = waiting.post("/account/confirm", on="/account", status=429)
    assert "The newest works for 48 hours" in answer.text
    assert "Try again " in answer.text


def test_a_stranger_spends_nobodys_links(visitor: Person, author: Person, worker: Worker, tmp_path: Path) -> None:
    """After the third in an hour none goes out, silently; the newest still works, and a browser of the owner's is counted by itself."""
    for _ in range(10):
        assert visitor.post("/forgotten-password", {"email": "ada@example.org"}).headers["Location"] == "/forgotten-password/sent"
    worker.until_empty()
    sent = mails(tmp_path, "ada@example.org")
    assert len(sent) == 3
    visitor.get(link(sent[-1]))
    author.post("/sign-out", on="/account")
    author.post("/forgotten-password", {"email": "ada@example.org"})
    worker.until_empty()
    sent = mails(tmp_path, "ada@example.org")
    assert len(sent) == 4
    author.post(link(sent[-1]), {"password": NEW["password"]})


def test_a_wrong_current_password_is_counted_before_it_is_checked(author: Person) -> None:
    wrong = {"current_password": "not it at all", "password": "another long quiet river"}
    for _ in range(10):
        author.post("/account/password", wrong, status=422)
    answer = author.post("/account/password", {**wrong, "current_password": PASSWORD}, status=429)
    assert "Try again in " in answer.text


def test_members_behind_one_address_are_counted_apart(visitor: Person, author: Person, other: Person) -> None:
    message = {"email": "sam@example.org", "text": "Please look at this."}
    for number in range(10):
        visitor.post("/contact", {**message, "text": f"Please look at number {number}."})
    assert "Try again " in visitor.post("/contact", message, status=429).text
    author.post("/contact", message)
    other.post("/sign-out", on="/account")
    other.post("/contact", {**message, "text": "And at this."})
