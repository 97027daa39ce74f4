"""Templates: everything is escaped, a typing error in a name is an error, and dates read as people say them."""

import re
from collections.abc import MutableMapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemLoader, StrictUndefined

from forum.kernel.clock import LONDON
from forum.kernel.names import TITLES
from forum.kernel.text import cut
from forum.web.forms import first_message


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


def year_month(value: str) -> str:
    """ "2025-03" as "March 2025"; a year alone stays."""
    return say_month(date.fromisoformat(f"{value}-01")) if re.fullmatch(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])", value) else value


def iso_date(value: str) -> str:
    """ "2025-03-09" as "9 March 2025"."""
    return say_date(date.fromisoformat(value))


def guideline_items(items: Sequence[str]) -> str:
    """("SQUIRE 9", "SQUIRE 11", "TIDieR 2") as "SQUIRE items 9 and 11, TIDieR item 2"."""
    found: dict[str, list[str]] = {}
    for item in items:
        name, _, number = item.rpartition(" ")
        found.setdefault(name, []).append(number)
    return ", ".join(f"{name} item{'s' if len(n) > 1 else ''} {join_words(n)}" for name, n in found.items())


def join_words(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def initials(name: str) -> str:
    """The first letters of the first and the last name; a title before them is no name."""
    words = [w for w in name.split() if w[:1].isalpha()]
    if len(words) > 1 and words[0].rstrip(".").lower() in TITLES:
        words = words[1:]
    return "".join(w[0] for w in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def tint(seed: int | str) -> int:
    """One of seven colours, always the same for the same person."""
    number = seed if isinstance(seed, int) else sum(map(ord, seed))
    return number % 7 + 1


def plural(number: int, one: str, many: str) -> str:
    """ "1 reply", "3 replies", "1,200 replies"."""
    return f"{number:,} {one if number == 1 else many}"


class Templates(Environment):
    """Templates that share the site's globals as they are. Jinja lays a layer over them for a template's own, which none of ours
    has, and compares it name by name at each import in each page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def init_templating(app: Flask, template_dir: Path) -> None:
    app.jinja_environment = Templates
    app.jinja_options = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    env = app.jinja_env
    env.loader = FileSystemLoader(str(template_dir))
    env.filters.update(
        date=say_date,
        time=say_time,
        datetime=say_datetime,
        month=say_month,
        year_month=year_month,
        cut=cut,
        iso_date=iso_date,
        initials=initials,
        guideline_items=guideline_items,
        first_message=first_message,
        tint=tint,
        plural=plural,
        thousands=lambda n: f"{n:,}",
    )
