"""Mail goes by checked TLS or not at all, no server keeps it busy for long, and the row says in words why it still waits."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from flask import Flask

from forum.accounts.queries import by_email
from forum.kernel import outbox, smtp
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.outbox import OutboxRow
from forum.worker import Worker
from tests.mail_server import MailServer

PASSWORD = "not for strangers"
TO = "ada@example.org"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, sooner; and a name elsewhere that leads here, since nothing but this machine is asked."""
    for name, seconds in (("CONNECT", 0.5), ("ANSWER", 0.7), ("ALL", 1.5)):
        monkeypatch.setattr(smtp, name, seconds)
    look_up = socket.getaddrinfo

    def here(host: str, *rest: object, **more: object) -> object:
        return look_up("127.0.0.1" if host == "relay.example" else host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", here)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(autouse=True)
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an administrator trusts an authority of their own."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.fixture
def good(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("relay.example")


class Post:
    """Queues mail and has the worker send it."""

    def __init__(self, app: Flask) -> None:
        self.app, self.settings, self.worker = app, app.config["FORUM"], Worker(app)

    def send(self, server: MailServer, where: str, to: tuple[str, ...] = (TO, "olu@example.org")) -> list[OutboxRow]:
        """What is left in the queue."""
        url = where.format(f"user:{PASSWORD.replace(' ', '%20')}@", server.port)
        self.app.config["FORUM"] = replace(self.settings, mail_url=url)
        with transaction() as session:
            session.query(OutboxRow).delete()
            for address in to:
                letter = {
                    "to": address,
                    "name": "X",
                    "template": "accounts/mail/password_changed.txt",
                    "token_id": 0,
                    "context": {},
                }
                outbox.enqueue("mail", "letter", letter)
        self.worker.until_empty()
        server.close()
        db.session.expire_all()
        rows = db.session.query(OutboxRow).order_by(OutboxRow.id).all()
        for row in rows:
            assert PASSWORD not in row.last_error
            assert "@example.org" not in row.last_error
        return rows


@pytest.fixture
def post(context: Flask) -> Post:
    return Post(context)


AWAY, TLS, HERE = "smtp://{}relay.example:{}", "smtps://{}relay.example:{}", "smtp://{}localhost:{}"


def test_it_arrives_under_checked_tls(post: Post, good: trustme.LeafCert) -> None:
    for server, where in (
        (MailServer(good, implicit=True), TLS),
        (MailServer(good, starttls=True), AWAY),
        (MailServer(good, implicit=True, silent="QUIT"), TLS),
        (MailServer(good, starttls=True, answers={"QUIT": "500 no"}), AWAY),
    ):
        assert post.send(server, where) == []
        assert len(server.messages) == 2, "each once, however the server says goodbye"
        assert server.passwords == [PASSWORD] * 2
        assert all(line.startswith(("EHLO", "STARTTLS")) for line in server.clear), "nothing that matters in clear"
    server = MailServer()
    assert post.send(server, HERE) == [], "on this machine it may be clear"
    assert len(server.messages) == 2


def test_an_untrusted_server_is_told_nothing(post: Post, good: trustme.LeafCert) -> None:
    other_name, stranger = trustme.CA().issue_cert("relay.example"), good
    cases = (
        (MailServer(other_name, implicit=True), TLS, "certificate is not in order"),
        (MailServer(other_name, starttls=True), AWAY, "certificate is not in order"),
        (MailServer(stranger, implicit=True), "smtps://{}localhost:{}", "certificate is not in order"),
        (MailServer(), AWAY, "STARTTLS extension not supported"),
        (MailServer(answers={"STARTTLS": "454 not today"}, starttls=True), AWAY, "it answers 454 not today"),
        (MailServer(), TLS, "smtps:// is for TLS from the start"),
    )
    for server, where, words in cases:
        first, second = post.send(server, where)
        assert words in first.last_error
        assert first.last_error.startswith("The mail server ")
        assert server.passwords == server.messages == server.secret == []
        assert not any(line.startswith(("MAIL", "AUTH")) for line in server.clear)
        assert (first.attempts, second.attempts) == (1, 0), "the others wait, and are not to blame"
        assert min(first.available_at, second.available_at) > now()


@pytest.mark.parametrize("fault", ["CONNECT", "EHLO", "AUTH", "RCPT", "MESSAGE", "drips", "full"])
def test_a_server_that_hangs_is_left(post: Post, fault: str) -> None:
    server = MailServer(silent=fault, drips=fault == "drips")
    waiting = []
    if fault == "full":  # it takes no more connections: the attempt to connect hangs
        server.close()
        server.listener = socket.create_server(("127.0.0.1", server.port), backlog=0)
        for _ in range(3):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(("127.0.0.1", server.port))
    first, second = post.send(server, HERE)
    assert "it did not answer in time" in first.last_error
    assert (first.attempts, second.attempts, server.messages) == (1, 0, [])
    for each in waiting:
        each.close()


def test_a_server_that_refuses(post: Post) -> None:
    whole = (  # nobody's mail can go
        (MailServer(answers={"AUTH": f"535 5.7.8 wrong: {PASSWORD}"}), "does not take the user name and password"),
        (MailServer(auth=False), "SMTP AUTH extension not supported"),
        (MailServer(answers={"MAIL": "550 5.1.8 who?"}), "takes no mail from FORUM_MAIL_FROM (550 5.1.8 who?)"),
        (MailServer(answers={"CONNECT": "554 go away"}), "it answers 554 go away"),
        (MailServer(answers={"RCPT": "421 4.3.2 closing"}), "421 4.3.2 closing"),
    )
    for server, words in whole:
        first, second = post.send(server, HERE)
        assert words in first.last_error
        assert (first.attempts, second.attempts, server.messages) == (1, 0, [])
    one = (  # this mail cannot, others may
        (
            MailServer(answers={"RCPT": f"452 4.2.2 <{TO}> is full"}),
            "refuses the recipient for now: 452 4.2.2 <the address> is full",
        ),
        (MailServer(answers={"RCPT": "550 5.7.1 relaying denied"}), "refuses the recipient for good: 550 5.7.1 relaying denied"),
        (MailServer(answers={"MESSAGE": "554 5.6.0 looks like spam"}), "everything but this message: 554 5.6.0 looks like spam"),
    )
    for server, words in one:
        rows = post.send(server, HERE)
        assert [words in row.last_error for row in rows] == [True, True]
        assert [row.attempts for row in rows] == [1, 1]
    gone = MailServer(answers={"RCPT": "550 5.1.1 nobody here"})
    assert post.send(gone, HERE, (TO,)) == []
    account = by_email(TO)
    assert account is not None
    assert account.bounced_at is not None
    nobody = MailServer()
    nobody.close()
    assert "it cannot be reached" in post.send(nobody, HERE, (TO,))[0].last_error
