"""`forum serve` and `forum work` as they are started: told when they answer, not held up by a mail server, ended in time."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from forum import server
from forum.kernel import outbox
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.outbox import OutboxRow
from forum.notifications.models import Notification
from forum.server import GRACEFUL
from forum.worker import GRACE, Worker, die_with_parent
from tests.conftest import person
from tests.mail_server import MailServer
from tests.page import Person
from tests.served import ROOT
from tests.stories import thread

LETTER = {"to": "y@example.org", "name": "Y", "template": "accounts/mail/password_changed.txt", "token_id": 0, "context": {}}
#: Said to each command that has a worker.
HURRY = f"""
import sys
if "work" in sys.orig_argv or "serve" in sys.orig_argv:
    from forum import worker
    worker.GRACE = {GRACE / 10}
"""
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(database: str, app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a command on this test's database, with mail by SMTP to a port of this machine. At its end it waits for the work in hand
    for a tenth of the usual time."""
    started: list[subprocess.Popen[str]] = []
    hurried = tmp_path_factory.mktemp("hurried")
    (hurried / "sitecustomize.py").write_text(HURRY, "utf-8")

    def go(mail: MailServer, *command: str) -> subprocess.Popen[str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")}
        env |= {
            "FORUM_INSTANCE": app.instance_path,
            "FORUM_DATABASE_URL": database,
            "FORUM_MAIL_URL": f"smtp://localhost:{mail.port}",
            "PYTHONPATH": os.pathsep.join((str(hurried), str(ROOT), os.environ.get("PYTHONPATH", ""))),
        }
        command = (sys.executable, "-m", "forum", *command)
        started.append(subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent))
        return started[-1]

    yield go
    for process in started:
        process.terminate()
        process.wait(40)
        assert process.stdout
        process.stdout.close()


def ask(port: int, path: str, host: str) -> tuple[int, str]:
    """One request over a connection of its own, without a second try."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def until(what: Callable[[], bool]) -> None:
    for _ in range(600):
        if what():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come")


def mails(app: Flask) -> int:
    with app.app_context():
        return db.session.query(OutboxRow).filter_by(queue="mail").count()


def test_a_mail_server_that_hangs_keeps_nobody_waiting(app: Flask, author: Person, visitor: Person, start: Start) -> None:
    with app.app_context(), transaction():
        for _ in range(3):
            outbox.enqueue("mail", "letter", LETTER)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    mail = MailServer(silent="CONNECT")
    serve = start(mail, "serve", "--port", str(port), "--workers", "1")
    assert serve.stdout
    assert serve.stdout.readline().startswith(f"Shared Practice is at http://127.0.0.1:{port} ")
    assert ask(port, "/health", "10.1.2.3") == (200, '{"status":"ok"}\n'), "it answers, and a probe that knows its number only"
    assert ask(port, "/", "10.1.2.3")[0] == 400
    until(lambda: mail.reached > 0)
    url = thread(author, title="A wombat question")

    def found() -> bool:
        page = visitor.get("/search?q=wombat").text
        return url in page and "Search is being rebuilt" not in page

    until(found)
    moderator = person(app, "mo")
    number = url.split("/")[2].split("-")[0]
    moderator.post(f"/moderation/thread/{number}/hide", {"reason": "A word to its author"})

    def told() -> bool:
        with app.app_context():
            return db.session.query(Notification).count() > 0

    until(told)
    assert mails(app) > 3, "all of it still waits"
    with app.app_context(), transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.queue == "mail").values(created_at=now() - timedelta(minutes=5)))
    status, said = ask(port, "/health/ready", "10.1.2.3")
    ready = json.loads(said)
    assert (status, ready["status"]) == (200, "degraded"), "told, and no reason to send readers elsewhere"
    assert ready["outbox"]["queues"]["mail"]["late"]
    assert ready["outbox"]["queues"]["mail"]["oldest_seconds"] >= 300
    assert not any(queue["late"] for name, queue in ready["outbox"]["queues"].items() if name != "mail")
    serve.terminate()
    assert serve.wait(40) == 0
    assert GRACE < GRACEFUL, "at the usual pace too the worker ends by itself before the site ends it"
    assert mails(app) > 3
    mail.close()


def test_the_piece_in_hand_is_finished(app: Flask, start: Start) -> None:
    with app.app_context(), transaction():
        for _ in range(50):
            outbox.enqueue("mail", "letter", LETTER)
    mail = MailServer(ponders=0.5)
    work = start(mail, "work")
    until(lambda: any(line.startswith("DATA") for line in mail.clear))
    work.terminate()
    assert work.wait(40) == 0
    assert mails(app) == 50 - len(mail.messages), "each that was taken is gone from the queue, the others wait"
    assert 0 < len(mail.messages) < 50
    mail.close()


def test_one_worker_for_a_queue(app: Flask, database: str) -> None:
    with app.app_context():
        if database.startswith("postgresql"):
            pytest.skip("there rows are claimed, and workers may be many")
        with transaction():
            outbox.enqueue("mail", "letter", LETTER)
        with outbox.alone_here("mail"):
            Worker(app).until_empty()
            assert mails(app) == 1
        Worker(app).until_empty()
        assert mails(app) == 0


@pytest.mark.parametrize(("code", "told"), [("pass", 0), ("sys.exit(3)", 3), ("sys.exit('words')", 1), ("1 / 0", 1)])
def test_what_a_part_ends_with(code: str, told: int) -> None:
    child = server.start(lambda: exec(code))
    while (found := server.ended(child)) is None:
        time.sleep(0.01)
    assert found == told


def test_a_part_that_dies_is_started_again(app: Flask, start: Start) -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    mail = MailServer()
    serve = start(mail, "serve", "--port", str(port), "--workers", "1")
    assert serve.stdout
    assert serve.stdout.readline().startswith("Shared Practice is at")

    def children(of: int) -> set[int]:
        return {int(pid) for pid in Path(f"/proc/{of}/task/{of}/children").read_text().split()}

    before = children(serve.pid)
    assert len(before) == 2, "the web and the worker"
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(children(serve.pid) - before) == 2)

    def answers() -> bool:
        try:
            return ask(port, "/health", "localhost")[0] == 200
        except OSError:
            return False

    until(answers)
    serve.terminate()
    assert serve.wait(40) == 0
    mail.close()
