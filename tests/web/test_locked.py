"""The database is locked by somebody else, or the machine has no time: reading goes on, a write says so and keeps the text."""

import os
import signal

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection

from forum.documents import markdown_process as markdown_child
from forum.documents.markdown import render
from forum.kernel import db as database_module
from forum.kernel.db import begin, db, engine_options
from tests.page import Person


@pytest.fixture
def locked(app: Flask, database: str, author: Person, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """A write lock held from outside; our own patience is cut short so that the test need not wait for it."""
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MS", 50)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            db.session.connection().exec_driver_sql("PRAGMA busy_timeout=50")
            db.session.remove()
    connection = create_engine(database, **engine_options(database, 1)).connect()
    begin(connection)
    return connection


def test_reading_goes_on_and_nothing_typed_is_lost(author: Person, visitor: Person, locked: Connection) -> None:
    for path in ("/", "/discussions", "/search?q=leadership", "/case-studies"):
        assert visitor.client.get(path).status_code == 200, path
    hidden = author.hidden("/discussions/new", "/discussions/new")
    data = {**hidden, "title": "While it was locked", "text": "Words that must come back to me", "question": "discussion"}
    answer = author.client.post("/discussions/new", data=data)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Words that must come back to me" in answer.text
    assert "Traceback" not in answer.text
    locked.rollback()
    locked.close()
    locked.engine.dispose()
    assert author.client.post("/discussions/new", data=data).status_code == 303


def test_no_time_to_show_a_text_is_not_its_fault(author: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = author.hidden("/discussions/new", "/discussions/new")
    data = {**hidden, "title": "While it was busy", "text": "**Words** that must come back to me", "question": "discussion"}
    assert render("**begun**")
    assert markdown_child._child
    os.kill(markdown_child._child.pid, signal.SIGSTOP)
    monkeypatch.setattr(markdown_child, "PATIENCE", 0.3)
    answer = author.client.post("/discussions/new", data=data)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "**Words** that must come back to me" in answer.text
    monkeypatch.undo()
    assert author.client.post("/discussions/new", data=data).status_code == 303
