"""What people do to join and recover, and their mail."""

import re
from email import message_from_bytes, policy
from pathlib import Path

from flask import Flask

from forum.accounts.models import Account
from forum.accounts.passwords import hash_password
from forum.kernel.db import db, transaction
from forum.worker import Worker
from tests.conftest import PASSWORD
from tests.page import Person

NEW = {
    "name": "Nia Newcomer",
    "email": "nia@example.org",
    "password": "purple otter lamp nine",
    "role": "gp",
    "organisation": "Anytown Surgery",
}
CREDENTIALS = {"email": NEW["email"], "password": NEW["password"]}


def mails(tmp_path: Path, to: str) -> list[str]:
    """The texts of all mail to an address, oldest first."""
    files = sorted((tmp_path / "mail").glob("*.eml"), key=lambda f: f.name)
    read = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
    return [f"{m['Subject']}\n{m.get_content()}" for m in read if m["To"] == to]


def link(text: str) -> str:
    found = re.search(r"http://localhost(/\S+)", text)
    assert found, text
    return found.group(1)


def prepared(app: Flask, name: str = "Eve Stranger", email: str = NEW["email"], password: str = PASSWORD) -> Person:
    """Somebody who has a password and a session for an account that nobody confirmed, as could be had by joining before."""
    from forum.accounts.actions import create

    with app.app_context(), transaction():
        create(name, email, hash_password(password), "nurse")
    return Person(app.test_client(), email, password).sign_in()


def change(app: Flask, email: str, **values: object) -> None:
    with app.app_context(), transaction():
        db.session.query(Account).filter_by(email=email).update(values)  # type: ignore[arg-type]


def joined(by: Person, worker: Worker, tmp_path: Path, **changes: str) -> str:
    """Join; gives the address that was mailed last."""
    by.post("/join", {**NEW, **changes})
    worker.until_empty()
    return link(mails(tmp_path, changes.get("email", NEW["email"]))[-1])
