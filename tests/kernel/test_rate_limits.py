"""Limits hold however many try at once, and say when to come back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from forum.kernel import rate_limits
from forum.kernel.db import db, transaction
from forum.kernel.errors import TooMany

HOUR = timedelta(hours=1)


def test_side_by_side_no_more_get_through_than_one_after_another(app: Flask) -> None:
    def attempt(_: int) -> bool:
        with app.app_context():
            try:
                rate_limits.spend("trying", "me", 10, HOUR, "Slow down.")
            except TooMany:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(attempt, range(40)))
    assert sum(passed) == 10


def test_what_was_no_harm_is_given_back(context: Flask) -> None:
    for _ in range(5):
        rate_limits.spend("trying", "me", 1, HOUR, "Slow down.")
        with transaction():
            rate_limits.give_back("trying", "me")
    rate_limits.spend("trying", "me", 1, HOUR, "Slow down.")
    with pytest.raises(TooMany):
        rate_limits.spend("trying", "me", 1, HOUR, "Slow down.")
    rate_limits.spend("trying", "you", 1, HOUR, "Slow down.")


def test_a_refusal_says_when(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 7, 6, 14, 35, 20, tzinfo=UTC)  # 3:35pm in London
    monkeypatch.setattr(rate_limits, "now", lambda: at)
    for seconds, words in (
        (1, "in 1 second"),
        (40, "in 40 seconds"),
        (60, "in 1 minute"),
        (61, "in 2 minutes"),
        (3_599, "in 60 minutes"),
        (3_600, "at 4:36pm"),
        (9 * 3_600, "on 7 July at 12:36am"),
    ):
        assert rate_limits.soon(seconds) == words
    rate_limits.spend("trying", "me", 1, HOUR, "Slow down.")
    at += timedelta(minutes=20)
    with pytest.raises(TooMany, match=r"^Slow down\. Try again in 40 minutes\.$") as refusal:
        rate_limits.spend("trying", "me", 1, HOUR, "Slow down.")
    assert refusal.value.retry_after == 2_400
    rate_limits.spend_quickly("reading", "me", 1, 60, "Slow down.")
    with pytest.raises(TooMany, match=r"Try again in (1 minute|\d+ seconds)"):
        rate_limits.spend_quickly("reading", "me", 1, 60, "Slow down.")


def test_a_clock_that_was_put_back_keeps_nobody_waiting(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rate_limits.spend("trying", "me", 1, HOUR, "Slow down.")
    year_ago = datetime.now(UTC) - timedelta(days=365)
    monkeypatch.setattr(rate_limits, "now", lambda: year_ago)
    assert rate_limits.wait("trying", "me", 1, HOUR) == 0
    rate_limits.spend("trying", "me", 1, HOUR, "Slow down.")
    assert rate_limits.wait("trying", "me", 1, HOUR) == 3_600


def test_off_means_off(make_app: Callable[..., Flask]) -> None:
    with make_app(FORUM_RATE_LIMITS="off").app_context():
        for _ in range(3):
            rate_limits.spend("trying", "me", 1, HOUR, "Slow down.")
        assert rate_limits.wait("trying", "me", 1, HOUR) == 0
