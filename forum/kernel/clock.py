"""The time. Everything inside is UTC and aware; templates show it in the reader's (London) time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return the current time: aware, UTC, to the microsecond."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date in London, where readers are."""
    return now().astimezone(LONDON).date()


def ahead(month: str) -> bool:
    """Return whether a month such as "2025-03", or a year, lies in the future."""
    return month > f"{today():%Y-%m}"[: len(month)]


def midnight(day: date) -> datetime:
    """Return when a day begins in London, where readers are."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
