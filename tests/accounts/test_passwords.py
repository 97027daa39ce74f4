"""Passwords: what is left of one without what anybody knows must be strong by itself; é is é however it was typed."""

import json
from pathlib import Path
from unicodedata import normalize

import pytest
from flask import Flask

from forum.accounts.guessing import guesses
from forum.accounts.models import Account
from forum.accounts.passwords import _hasher, check_choice
from forum.kernel.db import db
from forum.kernel.errors import Invalid
from forum.worker import Worker
from tests.accounts.steps import NEW, change, joined, link, mails
from tests.conftest import PASSWORD
from tests.page import Person

KNOWN = ["Nia Wexcombe", "nia.w", "westmarch-hospitals.example", "Westmarch Hospitals NHS Trust", "Shared Practice", "localhost"]
WEAK = [
    "nhsforum2026!!",
    "westmarch2026!!",
    "wexcombe2026!!",
    "wexcombewexcombe",
    "westmarchwestmarch",
    "ebmocxew2026!!",
    "hcramtsew2026!!",
    "W3stm4rch2026!!",
    "w3xc0mb3!2026",
    "n2h0s2f6orum",
    "nhs-forum-westmarch-wexcombe-2026",
    "nhs9nhs7nhs5nhs",
    "WexcombeNia1974",
    "Wéxcombe2026!!",
    "12031974wexcombe",
    "wexcombe12345678",
    "niawexcombe2026",
    "w.e.x.c.o.m.b.e.1",
    "SharedPractice!!",
    "westmarchhospitals",
    "westmarch_westmarch_1",
    "password2026!!",
    "summer2026!!!!",
    "December2026!!",
    "Summer-Winter-2026",
    "qwertyuiop2026",
    "Welcome123456!",
    "manchester2026!!",
    "1q2w3e4r5t6y",
    "zaq12wsxcde3",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "abcdefgh12345678",
    "letmeinletmein",
    "nurse-nurse-nurse",
    "Liverpool2026!!",
    "localhost2026!",
]
STRONG = [
    PASSWORD,
    NEW["password"],
    "otter lamp purple river quiet",
    "window maple tiger candle",
    "Kettle 7 bridges, no shoes",
    "tea kettle window",
    "purpleotterlampnine",
    "westmarch lamp river tiger",
    "k7#Qz9!x2Lp4",
    "xkvmwpqzrtls",
    "🦊 vixen long words",
    "我喜欢在早上喝热茶和吃面包",
]


def test_what_is_left_must_be_strong_by_itself() -> None:
    for password in WEAK:
        with pytest.raises(Invalid):
            check_choice(password, staff=False, personal=KNOWN)
    for password in STRONG:
        check_choice(password, staff=False, personal=KNOWN)
    with pytest.raises(Invalid, match="at least 15"):
        check_choice("k7#Qz9!x2Lp4", staff=True, personal=KNOWN)


def test_the_words_of_another_are_just_words() -> None:
    assert guesses("wexcombe quay tiger", KNOWN) * 100 < guesses("wexcombe quay tiger", ["Ada Author"])


def test_every_common_password_is_refused(shared: Path) -> None:
    """All of a list of common passwords that are long enough to be tried."""
    rows = json.loads((shared / "data/hostile/common_passwords_10plus.json").read_text("utf-8"))
    for row in rows:
        password = row["p"] if isinstance(row, dict) else row
        with pytest.raises(Invalid):
            check_choice(password, staff=False, personal=["Nia Newcomer", "nia"])


def test_name_address_and_organisation_are_known_wherever_a_password_is_chosen(
    visitor: Person, author: Person, worker: Worker, tmp_path: Path
) -> None:
    place = {"organisation": "Westmarch Hospitals", "name": "Nia Wexcombe"}
    address = joined(visitor, worker, tmp_path, **place)
    for password, words in (
        ("short", "at least 12"),
        ("passwordpassword", "easy to guess"),
        ("x" * 300, "at most 256"),
        ("nhsforum2026!!", "the site's name or a year"),
        ("Westmarch2026!!", "where you work"),
        ("w3xc0mb3-2026!", "your name"),
    ):
        page = visitor.post(address, {"password": password}, status=422).text
        assert words in page.replace("&#39;", "'")
        assert password not in page
    visitor.post(address, {"password": NEW["password"]})
    change = {"current_password": NEW["password"], "password": "westmarch-2026-nia"}
    assert "where you work" in visitor.post("/account/password", change, status=422).text
    assert 'value="nia@example.org" autocomplete="username" readonly' in visitor.get("/account/password").text
    visitor.post("/forgotten-password", {"email": NEW["email"]})
    worker.until_empty()
    address = link(mails(tmp_path, NEW["email"])[-1])
    visitor.post(address, {"password": "Westmarch2026!!"}, status=422)
    visitor.post(address, {"password": "another long quiet river"})


def test_long_unusual_and_composed_passwords_are_taken_whole(visitor: Person, app: Flask, worker: Worker, tmp_path: Path) -> None:
    password = "🦊 vixen née Ångström " + "long words and more " * 6
    address = joined(visitor, worker, tmp_path)
    visitor.post(address, {"password": normalize("NFD", password)})
    phone = Person(app.test_client())
    cut = phone.post("/sign-in", {"email": NEW["email"], "password": password[:-2]}, status=422)
    assert "do not match" in cut.text
    for form in ("NFD", "NFC"):
        Person(app.test_client(), NEW["email"], normalize(form, password)).sign_in()  # type: ignore[arg-type]


def test_an_older_hash_of_what_was_typed_goes_on_and_is_made_anew(app: Flask) -> None:
    typed = normalize("NFD", "crème brûlée à la carte")
    old = _hasher.hash(typed)
    change(app, "ada@example.org", password_hash=old)
    ada = Person(app.test_client(), "ada@example.org", typed).sign_in()
    with app.app_context():
        fresh = db.session.query(Account).filter_by(email="ada@example.org").one().password_hash
    assert fresh != old
    assert ada.client.get("/account").status_code == 200
    Person(app.test_client(), "ada@example.org", normalize("NFC", typed)).sign_in()
    with app.app_context():
        assert db.session.query(Account).filter_by(email="ada@example.org").one().password_hash == fresh


def test_no_password_takes_long_to_judge() -> None:
    """zxcvbn alone tries every way to read signs as letters: half a minute for this one, while others wait."""
    assert guesses("@4@8({[<369&#!/|1+%0$57x2" * 3, KNOWN) > 0
