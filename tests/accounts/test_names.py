"""Nobody passes for the staff or the site, wherever a name is typed; real names in any script are taken."""

from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from forum.accounts.models import Account
from forum.cli import main
from forum.kernel.db import db
from forum.worker import Worker
from tests.accounts.steps import NEW, change, joined
from tests.cases import cases
from tests.page import Person

PROFILE = {"name": "Ada Author", "role": "nurse", "organisation": "Anytown Surgery", "bio": "", "contactable": "y", "mail_ok": "y"}
LOOKS_LIKE = "could be taken for somebody who looks after the site"
LIKE_STAFF = ("Helen\u200b Ashdown", "Helen Ashdоwn", "HELEN ASHDOWN", "Dr Helen Ashdown")


def test_at_joining(visitor: Person, app: Flask, worker: Worker) -> None:
    change(app, "mo@example.org", name="Helen Ashdown")
    for number, row in enumerate(cases("text/invisible")):
        if "name" not in row["where"] or ("search name" in row["where"] and "refused" not in row["right"]):
            continue
        name = row["value"].encode("utf-16", "surrogatepass").decode("utf-16")
        refused = row["right"].startswith("refused")
        answer = visitor.post("/join", {**NEW, "name": name, "email": f"n{number}@example.org"}, status=422 if refused else 303)
        if refused:
            words = "Enter your full name" if "empty" in row["right"] else LOOKS_LIKE
            assert words in answer.text, row
    for name in (*LIKE_STAFF, "Shared Practice", "Ｓhared Ｐractice team", "NHS Mоderator", "Adm1n", "…", "😀"):
        visitor.post("/join", {**NEW, "name": name}, status=422)
    worker.until_empty()
    with app.app_context():
        names = {a.name for a in db.session.query(Account)}
    assert {"Siân Ó Briain", "Zoë d'Arcy-Müller", "李 明", "Nguyễn Thị Ánh", "محمد علي", "O", "Ward 6202 rebmevoN"} <= names


def test_in_the_profile(author: Person, moderator: Person, app: Flask) -> None:
    change(app, "mo@example.org", name="Helen Ashdown")
    for name in (*LIKE_STAFF, "NHS Moderator", "Shared Practice"):
        page = author.post("/account/profile", {**PROFILE, "name": name, "bio": "What I typed"}, status=422).text
        assert LOOKS_LIKE in page
        assert "What I typed" in page
    author.post("/account/profile", {**PROFILE, "name": "Zoë\u200b d'Arcy-Müller"})
    moderator.post("/account/profile", {**PROFILE, "name": "Helen Ashdown, moderator"})
    change(app, "mo@example.org", name="Zoë d'Arcy-Müller")
    author.post("/account/profile", {**PROFILE, "name": "Zoë d'Arcy-Müller", "bio": "Who had it first keeps it"})


def test_on_the_command_line(app: Flask) -> None:
    env = {"FORUM_INSTANCE": str(app.config["FORUM"].instance), "FORUM_DATABASE_URL": app.config["FORUM"].database_url}

    def create(name: str, *options: str) -> tuple[int, str]:
        command = ["user", "create", f"u{abs(hash(name))}@example.org", "--name", name, "--password", NEW["password"], *options]
        made = CliRunner().invoke(main, command, env=env)
        return made.exit_code, made.output

    code, said = create("NHS Moderator")
    assert code == 1
    assert LOOKS_LIKE in said
    assert create("Mо Mod")[0] == 1
    assert create("\u200b\u200b")[0] == 1
    assert create("Site administrator", "--role", "administrator")[0] == 0, "staff are what they say"
    assert create("李 明")[0] == 0


def test_organisations_that_members_name(
    author: Person, moderator: Person, visitor: Person, worker: Worker, tmp_path: Path
) -> None:
    for name in ("Shared Practice", "NHS Moderators", "Аdmin team", "Sharеd Practice staff"):
        for who, path, form in ((visitor, "/join", NEW), (author, "/account/profile", PROFILE)):
            page = who.post(path, {**form, "organisation": name}, status=422).text
            assert "could be taken for those who look after the site" in page
    author.post("/account/profile", {**PROFILE, "organisation": "Association of Medical Administrators"})
    moderator.post("/account/profile", {**PROFILE, "name": "Mo Mod", "organisation": "Shared Practice"})
    assert joined(visitor, worker, tmp_path, organisation="Homeless Support Trust")
