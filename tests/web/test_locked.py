"""The database is locked by somebody else: reading goes on, a write says so and keeps the text."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from forum.kernel.db import db
from tests.page import Person


@pytest.fixture
def locked(app: Flask, tmp_path: Path, author: Person) -> sqlite3.Connection:
    """A write lock held from outside; our own patience is cut short so that the test need not wait for it."""
    with app.app_context():
        db.session.connection().exec_driver_sql("PRAGMA busy_timeout=50")
        db.session.remove()
    connection = sqlite3.connect(tmp_path / "forum.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def test_reading_goes_on_and_nothing_typed_is_lost(author: Person, visitor: Person, locked: sqlite3.Connection) -> None:
    for path in ("/", "/discussions", "/search?q=leadership", "/case-studies"):
        assert visitor.client.get(path).status_code == 200, path
    hidden = author.hidden("/discussions/new", "/discussions/new")
    data = {**hidden, "title": "While it was locked", "text": "Words that must come back to me", "question": "discussion"}
    answer = author.client.post("/discussions/new", data=data)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Words that must come back to me" in answer.text
    assert "Traceback" not in answer.text
    locked.execute("ROLLBACK")
    locked.close()
    assert author.client.post("/discussions/new", data=data).status_code == 303
