"""Dates, counts and lists as people say them, in mail, pages and files alike. Times are those of London."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from forum.kernel.clock import LONDON


def _local(value: datetime | date) -> datetime | date:
    return value.astimezone(LONDON) if isinstance(value, datetime) else value


def say_date(value: datetime | date) -> str:
    """6 August 2026."""
    local = _local(value)
    return f"{local.day} {local:%B %Y}"


def say_time(value: datetime) -> str:
    """3:42pm."""
    local = value.astimezone(LONDON)
    return f"{local:%I:%M}".lstrip("0") + f"{local:%p}".lower()


def say_datetime(value: datetime) -> str:
    """6 August 2026, 3:42pm."""
    return f"{say_date(value)}, {say_time(value)}"


def say_month(value: datetime | date) -> str:
    """August 2026."""
    return f"{_local(value):%B %Y}"


def iso_date(value: str) -> str:
    """ "2025-03-09" as "9 March 2025"."""
    return say_date(date.fromisoformat(value))


def year_month(value: str) -> str:
    """ "2025-03" as "March 2025"; a year alone stays."""
    return say_month(date.fromisoformat(f"{value}-01")) if re.fullmatch(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])", value) else value


def plural(number: int, one: str, many: str) -> str:
    """ "1 reply", "3 replies", "1,200 replies"."""
    return f"{number:,} {one if number == 1 else many}"


def join_words(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def guideline_items(items: Sequence[str]) -> str:
    """("SQUIRE 9", "SQUIRE 11", "TIDieR 2") as "SQUIRE items 9 and 11, TIDieR item 2"."""
    found: dict[str, list[str]] = {}
    for item in items:
        name, _, number = item.rpartition(" ")
        found.setdefault(name, []).append(number)
    return ", ".join(f"{name} item{'s' if len(n) > 1 else ''} {join_words(n)}" for name, n in found.items())
