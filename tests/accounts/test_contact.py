"""Writing to a member through the site: it arrives once, tells no address, and can be turned off."""

import re
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from forum.accounts.models import Account, Message
from forum.kernel.db import db, transaction
from forum.kernel.rate_limits import Attempt
from forum.worker import Worker
from tests.conftest import PASSWORD
from tests.page import Page, Person
from tests.stories import thread

WRITE = "/people/ada-author/write"
TEXT = "Your huddles sound like ours.\nCould we talk?"
LETTER = {"subject": "Your huddles", "message": TEXT}
BASE = {"name": "Ada Author", "role": "nurse", "organisation": "Anytown Surgery", "bio": ""}


def _id(url: str) -> str:
    return url.split("/")[2].split("-")[0]


def mails(tmp_path: Path, to: str) -> list[EmailMessage]:
    """All mail to an address, oldest first."""
    files = sorted((tmp_path / "mail").glob("*.eml"), key=lambda f: f.name)
    read = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
    return [m for m in read if m["To"] == to]


def sent(app: Flask) -> list[Message]:
    with app.app_context():
        return db.session.query(Message).all()


def change(app: Flask, name: str, **values: object) -> None:
    with app.app_context(), transaction():
        db.session.query(Account).filter_by(email=f"{name}@example.org").update(values)  # type: ignore[arg-type]


def test_it_arrives_by_mail_and_on_the_site_without_addresses(
    author: Person, other: Person, worker: Worker, tmp_path: Path, app: Flask
) -> None:
    other.post("/account/profile", {**BASE, "name": "Olu O'Other", "mail_ok": "y", "contactable": "y"})
    assert f'href="{WRITE}"' in other.get("/people/ada-author").text
    answer = other.post(WRITE, LETTER)
    assert answer.headers["Location"] == "/people/ada-author"
    assert "Your message is sent." in other.get("/people/ada-author").text
    worker.until_empty()
    (mail,) = mails(tmp_path, "ada@example.org")
    assert mail["Subject"] == "Olu O'Other wrote to you: Your huddles"
    text = mail.get_content()
    for words in ("Nurse, Anytown Surgery", "> Your huddles sound", "> Could we talk?", "http://localhost/people/olu-other/write"):
        assert words in text
    assert "@" not in text
    assert mail["Reply-To"] is None
    assert "olu@" not in str(mail)
    page = author.get("/notifications").text
    assert "Could we talk?" in page
    assert 'href="/people/olu-other/write"' in page
    assert "no longer available" not in page
    assert not re.search(r"(olu|ada)@example", page)
    author.post("/people/olu-other/write", {"subject": "Yes", "message": "Gladly"})
    worker.until_empty()
    assert "ada@" not in str(mails(tmp_path, "olu@example.org")[0])


def test_who_wants_no_mail_reads_it_on_the_site(author: Person, other: Person, worker: Worker, tmp_path: Path, app: Flask) -> None:
    change(app, "ada", mail_ok=False)
    other.post(WRITE, LETTER)
    worker.until_empty()
    assert mails(tmp_path, "ada@example.org") == []
    assert "Could we talk?" in author.get("/notifications").text


def test_what_is_sent_to_the_moderators_reaches_those_who_want_no_news(
    visitor: Person, moderator: Person, worker: Worker, tmp_path: Path, app: Flask
) -> None:
    change(app, "mo", mail_ok=False)
    visitor.post("/contact", {"email": "pat@example.org", "text": "The decision about my post looks wrong to me."})
    worker.until_empty()
    assert "looks wrong to me" in mails(tmp_path, "mo@example.org")[0].get_content()


def test_who_was_signed_out_signs_in_and_the_text_comes_back(visitor: Person, other: Person, app: Flask) -> None:
    assert f'href="{WRITE}"' in visitor.get("/people/ada-author").text
    assert visitor.client.get(WRITE).headers["Location"] == f"/sign-in?next={WRITE}"
    left = {**other.hidden(WRITE, WRITE), **LETTER}
    assert visitor.client.post(WRITE, data=left).status_code == 303
    assert sent(app) == []
    visitor.post("/sign-in", {"email": "olu@example.org", "password": PASSWORD})
    page = visitor.get("/resume").text
    assert "Could we talk?" in page
    assert visitor.client.post(WRITE, data=Page(page).form(WRITE)["fields"]).headers["Location"] == "/people/ada-author"
    assert len(sent(app)) == 1


def test_who_may_not(author: Person, other: Person, app: Flask) -> None:
    assert "This is you" in author.get(WRITE, 403).text
    assert WRITE not in author.get("/people/ada-author").text
    author.post(WRITE, LETTER, on="/account", status=403)
    other.get("/people/nobody/write", 404)
    assert "does not take messages" in other.get("/people/shared-practice/write", 403).text
    change(app, "olu", confirmed_at=None)
    assert "Confirm your email address" in other.get(WRITE, 403).text
    other.post(WRITE, LETTER, on="/account", status=403)
    assert sent(app) == []


def test_it_can_be_turned_off(author: Person, other: Person, visitor: Person, app: Flask) -> None:
    hidden = other.hidden(WRITE, WRITE)
    assert 'name="contactable" value="y" checked' in author.get("/account/profile").text
    author.post("/account/profile", BASE)
    for who in (other, visitor):
        assert "Write to" not in who.get("/people/ada-author").text
    assert "Ada Author does not take messages" in other.get(WRITE, 403).text
    late = other.client.post(WRITE, data={**hidden, **LETTER})
    assert late.status_code == 403
    assert "Could we talk?" in late.text, "what was typed comes back"
    assert sent(app) == []
    assert "They cannot write back" in author.get("/people/olu-other/write").text
    author.post("/account/profile", {**BASE, "contactable": "y"})
    other.post(WRITE, LETTER)


def test_nothing_is_sent_twice(other: Person, worker: Worker, tmp_path: Path, app: Flask) -> None:
    data = {**other.hidden(WRITE, WRITE), **LETTER}
    with ThreadPoolExecutor(3) as pool:
        codes = list(pool.map(lambda _: other.client.post(WRITE, data=data).status_code, range(3)))
    assert codes == [303] * 3
    assert other.client.post(WRITE, data=data).status_code == 303
    worker.until_empty()
    assert len(sent(app)) == 1
    assert len(mails(tmp_path, "ada@example.org")) == 1


def test_five_an_hour_and_the_text_is_kept(author: Person, other: Person, moderator: Person, app: Flask) -> None:
    for number in range(5):
        other.post(WRITE, {**LETTER, "subject": f"Letter {number}", "form_key": f"k{number}"})
    answer = other.post(WRITE, {**LETTER, "form_key": "k5", "message": "My sixth words, which are kept"}, status=429)
    assert answer.headers["Retry-After"].isdigit()
    assert "5 messages an hour and 20 a day" in answer.text
    assert "My sixth words, which are kept" in answer.text
    assert len(sent(app)) == 5
    moderator.post(WRITE, LETTER)


def test_twenty_a_day(other: Person, app: Flask) -> None:
    from forum.kernel.rate_limits import _key

    with app.app_context():
        olu = db.session.query(Account).filter_by(email="olu@example.org").one().id
    hidden = other.hidden(WRITE, WRITE)
    for number in range(21):
        with app.app_context(), transaction():
            db.session.query(Attempt).filter_by(key=_key("message", olu)).delete()
        answer = other.client.post(WRITE, data={**hidden, **LETTER, "subject": f"Letter {number}", "form_key": f"k{number}"})
        assert answer.status_code == (303 if number < 20 else 429)


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b"])
def test_a_subject_starts_no_header_and_no_text(other: Person, worker: Worker, tmp_path: Path, break_: str) -> None:
    other.post(WRITE, {"subject": f"Hello{break_}Bcc: eve@example.com", "message": "Words"})
    worker.until_empty()
    (mail,) = mails(tmp_path, "ada@example.org")
    assert mail["Bcc"] is None
    assert re.fullmatch(r"Olu Other wrote to you: Hello ?Bcc: eve@example.com", mail["Subject"])
    assert mail.get_content().startswith("Hello Ada Author")


def test_words_are_text_not_markup_or_template(author: Person, other: Person, worker: Worker, tmp_path: Path) -> None:
    other.post(WRITE, {"subject": "<b>x</b> {{ 7 * 7 }}", "message": "<script>alert(1)</script>\n{{ site.secret_key }}"})
    worker.until_empty()
    page = author.get("/notifications").text
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ site.secret_key }}" in page
    (mail,) = mails(tmp_path, "ada@example.org")
    assert mail["Subject"] == "Olu Other wrote to you: <b>x</b> {{ 7 * 7 }}"
    assert "> {{ site.secret_key }}" in mail.get_content()


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("subject", "", "Give your message a subject"),
        ("subject", "x" * 101, "at most 100"),
        ("message", "", "Write your message"),
        ("message", "x" * 2_001, "at most 2,000"),
        ("message", "The patient is 943 476 5919 by number", "the form of an NHS number"),
        ("subject", "Born on 3 May 1941", "looks like a date of birth"),
    ],
)
def test_what_cannot_go_comes_back(other: Person, app: Flask, field: str, text: str, words: str) -> None:
    page = other.post(WRITE, {**LETTER, field: text}, status=422).text
    assert words in page
    assert text in page
    assert sent(app) == []


def test_a_likely_identifier_may_be_ones_own(other: Person, app: Flask) -> None:
    other.post(WRITE, {**LETTER, "message": "Ring me on 0161 496 0000, or write to olu.work@example.org"})
    assert len(sent(app)) == 1


def test_about_is_shown_to_those_who_may_see_it(
    author: Person, other: Person, moderator: Person, worker: Worker, tmp_path: Path
) -> None:
    url = thread(author, title="A quokka in the title")
    about = f"thread:{_id(url)}"
    assert "About: " in other.get(f"{WRITE}?about={about}").text
    other.post(WRITE, {**LETTER, "about": about})
    worker.until_empty()
    (mail,) = mails(tmp_path, "ada@example.org")
    assert "About: A quokka in the title" in mail.get_content()
    assert f"/people/olu-other/write?about={about}" in mail.get_content()
    assert f'About: <a href="{url}">' in author.get("/notifications").text
    moderator.post(f"/moderation/thread/{_id(url)}/hide", {"reason": "It names a person"})
    assert "quokka" not in other.get(f"{WRITE}?about={about}").text
    moderator.post("/people/olu-other/write", {**LETTER, "about": about})
    worker.until_empty()
    assert "quokka" not in str(mails(tmp_path, "olu@example.org")[0].get_content())
    assert "quokka" not in other.get("/notifications").text


@pytest.mark.parametrize(
    "about", ["", "x", "thread", "thread:", "thread:0", "thread:1x", f"thread:{'9' * 40}", "nothing:1", "a:b:c"]
)
def test_about_nothing_is_no_error(other: Person, app: Flask, about: str) -> None:
    assert "About: " not in other.get(f"{WRITE}?about={about}").text
    other.post(WRITE, {**LETTER, "about": about})
    assert (sent(app)[0].about_kind, sent(app)[0].about_id) == ("", 0)
