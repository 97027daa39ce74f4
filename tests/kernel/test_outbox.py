"""What follows from a change is never lost: it is written with the change, tried again when it fails, and done once."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.exc import IntegrityError

from forum.access.actors import Member
from forum.accounts.models import Account
from forum.cli import main
from forum.discussions.actions import ThreadDraft, Writing, start_thread
from forum.discussions.models import Thread
from forum.kernel import idempotency, outbox, rate_limits
from forum.kernel.clock import now
from forum.kernel.db import db, on_postgresql, transaction
from forum.kernel.errors import TooMany
from forum.kernel.mail import Mail, compose
from forum.kernel.outbox import OutboxRow
from forum.notifications.models import Notification
from forum.worker import Worker

DRAFT = ThreadDraft("A thread to follow", Writing("Text", "<p>Text</p>"))


def waiting() -> int:
    return db.session.query(OutboxRow).count()


def test_a_change_that_fails_leaves_nothing(context: Flask, members: dict[str, Member]) -> None:
    before = waiting()

    def fail_half_way() -> None:
        with transaction():
            start_thread(members["ada"], DRAFT)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail_half_way()
    assert waiting() == before
    assert db.session.query(Thread).filter_by(title=DRAFT.title).count() == 0


def test_a_write_outside_a_transaction_is_refused(context: Flask) -> None:
    db.session.add(OutboxRow(queue="x", name="x", payload={}, created_at=now(), available_at=now()))
    with pytest.raises(RuntimeError, match="outside"):
        db.session.flush()
    db.session.rollback()


def test_a_row_that_fails_waits_and_does_not_hold_up_the_others(context: Flask, members: dict[str, Member]) -> None:
    with transaction():
        outbox.enqueue(
            "mail", "letter", {"to": "x@example.org", "name": "X", "template": "no/such.txt", "token_id": 0, "context": {}}
        )
        good = {"to": "y@example.org", "name": "Y", "template": "accounts/mail/password_changed.txt", "token_id": 0, "context": {}}
        outbox.enqueue("mail", "letter", good)
    worker = Worker(context)
    worker.until_empty()
    db.session.expire_all()
    row = db.session.query(OutboxRow).filter_by(queue="mail").one()
    assert row.attempts == 1
    assert "TemplateNotFound" in row.last_error
    assert row.available_at > now() - timedelta(seconds=1)
    assert len(list((context.config["FORUM"].mail_dir).glob("*.eml"))) == 1
    told = CliRunner().invoke(main, ["queues"], env={"FORUM_INSTANCE": context.instance_path})
    assert told.exit_code == 0, told.output
    assert "mail: 1 waiting, the oldest for" in told.output
    assert "tried 1 times: TemplateNotFound" in told.output


def test_working_twice_tells_once(context: Flask, members: dict[str, Member]) -> None:
    with transaction():
        held = Member(members["ada"].id, "Ada", "ada", trusted=False)
        start_thread(held, DRAFT)
    Worker(context).until_empty()
    told = db.session.query(Notification).count()
    Worker(context).until_empty()
    assert told == 2, "one for each of the staff"
    assert db.session.query(Notification).count() == told


def test_once_is_once_for_each_member(context: Flask) -> None:
    made: list[str] = []

    def make() -> str:
        made.append("x")
        return f"/{len(made)}"

    assert idempotency.once("key", 1, make) == idempotency.once("key", 1, make) == "/1"
    assert idempotency.once("key", 2, make) == "/2"
    assert idempotency.once("", 1, make) == "/3"


def test_limits_count_and_start_again(context: Flask) -> None:
    for _ in range(3):
        rate_limits.spend("try", "me", 3, timedelta(minutes=1), "Wait")
    with pytest.raises(TooMany) as error:
        rate_limits.spend("try", "me", 3, timedelta(minutes=1), "Wait")
    assert 0 < error.value.retry_after <= 60
    rate_limits.spend("try", "somebody else", 3, timedelta(minutes=1), "Wait")
    with transaction():
        rate_limits.forget("try", "me")
    rate_limits.spend("try", "me", 3, timedelta(minutes=1), "Wait")


def test_line_breaks_in_names_start_no_header(context: Flask) -> None:
    mail = Mail("a@example.org\r\nBcc: b@example.org", "Hello\nBcc: c@example.org", "Text", "key")
    message = compose(mail, context.config["FORUM"])
    assert message["Bcc"] is None
    assert "\n" not in str(message["Subject"])


def test_two_accounts_cannot_share_an_address(context: Flask) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Account(username="x", name="X", email="ada@example.org", created_at=now()))


def test_reads_are_limited_without_the_database(context: Flask) -> None:
    for _ in range(2):
        rate_limits.spend_quickly("look", "me", 2, 60, "Wait")
    with pytest.raises(TooMany):
        rate_limits.spend_quickly("look", "me", 2, 60, "Wait")
    rate_limits.spend_quickly("look", "somebody else", 2, 60, "Wait")
    rate_limits.spend_quickly("look", "me", 2, 0, "Wait")


def test_what_one_worker_claimed_is_not_due_for_another(context: Flask) -> None:
    with transaction():
        for number in range(outbox.CLAIMED + 3):
            outbox.enqueue("claimed", "letter", {"number": number})
    rows = outbox.claim("claimed", 50)
    if not on_postgresql():
        assert len(rows) == outbox.CLAIMED + 3, "one worker, nothing to keep from others"
        return
    assert [row.payload["number"] for row in rows] == list(range(outbox.CLAIMED)), "oldest first"
    rest = outbox.claim("claimed", 50)
    assert [row.payload["number"] for row in rest] == [10, 11, 12]
    assert outbox.claim("claimed", 50) == []
    outbox.give_back(rest[1:])
    db.session.expire_all()
    assert [row.payload["number"] for row in outbox.claim("claimed", 50)] == [11, 12]
