"""The time. Everything inside is UTC and aware; templates show it in the reader's (London) time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The moment, aware, UTC, whole microseconds."""
    return datetime.now(UTC)
