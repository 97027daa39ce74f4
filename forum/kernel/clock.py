"""The time. Everything inside is UTC and aware; templates show it in the reader's (London) time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The moment, aware, UTC, whole microseconds."""
    return datetime.now(UTC)


def today() -> date:
    """The day that it is for readers."""
    return now().astimezone(LONDON).date()


def ahead(month: str) -> bool:
    """Whether a month such as "2025-03", or a year, lies in the future."""
    return month > f"{today():%Y-%m}"[: len(month)]


def midnight(day: date) -> datetime:
    """When a day begins for readers."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
