"""Tests share one site a process: one that was used and made new again knows nothing that one just started does not know."""

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import Environment

from forum.app import create_app
from forum.worker import Worker
from tests.page import Person
from tests.prepared import Kept, as_new
from tests.stories import published


def known(value: Any) -> Any:
    """What an object of ours holds, so that two of them can be compared; of others' objects only the kind."""
    if isinstance(value, str | bytes | int | float | bool | Path | None):
        return value
    if isinstance(value, dict):
        return {repr(known(k)): known(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [type(value).__name__, *map(known, value)] if not isinstance(value, set | frozenset) else sorted(map(repr, value))
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, {f.name: known(getattr(value, f.name)) for f in fields(value)}
    # An environment of templates is jinja's, whatever its class: what it holds is the site's globals.
    if type(value).__module__.startswith("forum.") and not isinstance(value, Environment):
        return type(value).__name__, known(vars(value))
    return getattr(value, "__qualname__", type(value).__name__)


def memory(app: Flask) -> dict[str, Any]:
    ours = {name: value for name, value in app.extensions.items() if name.startswith("forum.")}
    return {"extensions": known(ours), "config": known(dict(app.config)), "all": sorted(app.extensions)}


def test_as_new_is_as_just_started(app: Flask, author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    start = Kept(app, dict(app.config), dict(app.extensions))
    url = published(author, moderator)
    worker.until_empty()
    for path in ("/", "/search?q=ward", "/search/suggest?q=ward", "/search/similar?title=Weekly+ward+round", url, f"{url}/board"):
        visitor.client.get(path)
        author.client.get(path)
    fresh = memory(create_app(app.config["FORUM"]))
    used = memory(app)
    assert used != fresh, "it has learnt something"
    assert {"forum.quick", "forum.vocabulary", "forum.taxonomy"} <= set(used["all"])
    assert used["extensions"]["'forum.pages'"] != fresh["extensions"]["'forum.pages'"]
    assert memory(as_new(start)) == fresh
