"""What people do on the page of authors and reviewers, for the tests of it."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from forum.accounts.actions import create
from forum.accounts.models import Account
from forum.accounts.passwords import hash_password
from forum.case_studies.models import Authorship
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from tests.conftest import PASSWORD
from tests.page import Person

BODY = "Nobody knew the residents."


def invite(leader: Person, url: str, who: str, role: str = "co-author", status: int = 303, **more: object) -> str:
    """Ask somebody; gives the page that answers."""
    answer = leader.post(f"{url}/people", {"who": who, "role": role, **more}, status=status)
    return answer.text if status != 303 else leader.get(f"{url}/people").text


def answer(by: Person, what: str = "accept", status: int = 303) -> None:
    """Accept or decline the newest invitation."""
    forms = [f["action"] for f in by.page("/invitations").forms if f.get("action", "").endswith(what)]
    by.post(forms[-1], on="/invitations", status=status)


def joined(leader: Person, url: str, by: Person, role: str = "co-author", **more: object) -> None:
    invite(leader, url, by.email, role, **more)
    answer(by)


def act(by: Person, url: str, ending: str, status: int = 303, number: int = 0, **more: object) -> None:
    """Press the one button on the page of people whose form ends so; every form there carries the same token."""
    by.post(f"{url}/people/{number or row_of(by, url, ending)}/{ending}", more, on=f"{url}/people", status=status)


def row_of(by: Person, url: str, ending: str) -> int:
    found = [f["action"] for f in by.page(f"{url}/people").forms if f.get("action", "").endswith(ending)]
    assert len(found) == 1, found
    return int(found[0].split("/")[-2])


def rows(app: Flask) -> list[Authorship]:
    with app.app_context():
        return db.session.query(Authorship).order_by(Authorship.id).all()


def account(app: Flask, name: str, email: str, confirmed: bool = True) -> Person:
    """Somebody else with an account, signed in."""
    with app.app_context(), transaction():
        made = create(name, email, hash_password(PASSWORD), "nurse")
        made.confirmed_at = now() if confirmed else None
    return Person(app.test_client(), email, PASSWORD).sign_in()


def change(app: Flask, email: str, **values: object) -> None:
    with app.app_context(), transaction():
        db.session.query(Account).filter_by(email=email).update(values)  # type: ignore[arg-type]


def mails(tmp_path: Path, to: str) -> list[EmailMessage]:
    """All mail to an address, oldest first."""
    files = sorted((tmp_path / "mail").glob("*.eml"), key=lambda f: f.name)
    read = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
    return [m for m in read if m["To"] == to]
