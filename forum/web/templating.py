"""Templates: everything is escaped, a typing error in a name is an error, and filters for what pages say."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemLoader, StrictUndefined

from forum.kernel.names import TITLES
from forum.kernel.text import cut
from forum.kernel.wording import guideline_items, iso_date, plural, say_date, say_datetime, say_month, say_time, year_month
from forum.web.forms import first_message


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


class Templates(Environment):
    """Templates that share the site's globals as they are.

    Jinja lays a layer for a template's own globals over them, and compares it name by name at each import in each page: a tenth of
    what a page costs. No template of ours brings globals of its own.
    """

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
