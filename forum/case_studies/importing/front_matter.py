"""The block of facts at the top of a file, in the dialects of MkDocs, Eleventy and Jekyll."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from forum.kernel.yaml_facts import load

_BLOCK = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)
_DATED_NAME = re.compile(r"(?:^|/)(\d{4})-(\d\d)-(\d\d)-")


@dataclass(frozen=True)
class FrontMatter:
    """What the block said. `rest` holds its other entries as text lines, so that no word of it is lost."""

    title: str = ""
    summary: str = ""
    author: str = ""
    published: date | None = None
    tags: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    warning: str = ""


@dataclass
class _Facts:
    values: dict[str, Any]
    used: set[str] = field(default_factory=set)

    def text(self, *names: str) -> str:
        for name in names:
            value = self.values.get(name)
            if isinstance(value, str | int | float) and str(value).strip():
                self.used.add(name)
                return " ".join(str(value).split())
        return ""


def split(text: str, path: str) -> tuple[FrontMatter, str]:
    """The facts and the body. A block that is no YAML stays in the body, with a warning."""
    found = _BLOCK.match(text)
    named = _DATED_NAME.search(path)
    by_name = _day(*named.groups()) if named else None
    if not found:
        return FrontMatter(published=by_name), text
    try:
        values = load(found.group(1))
    except ValueError:
        return FrontMatter(published=by_name, warning="its front matter could not be read and is kept as text"), text
    if not isinstance(values, dict):
        return FrontMatter(published=by_name), text
    return _facts(_Facts(values), by_name), text[found.end() :]


def _facts(facts: _Facts, by_name: date | None) -> FrontMatter:
    title, summary = facts.text("title"), facts.text("summary", "description")
    author = facts.text("author")
    published = _date(facts.values.get("date")) or by_name
    tags = _list(facts.values.get("tags"))
    known = facts.used | ({"tags"} if tags else set())
    rest = tuple(f"{name}: {_flat(value)}" for name, value in facts.values.items() if name not in known)
    return FrontMatter(title, summary, author, published, tags, rest)


def _day(year: str, month: str, day: str) -> date | None:
    """The day, None for one that no calendar has."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = re.match(r"\s*(\d{4})-(\d\d)-(\d\d)", str(value or ""))
    return _day(*found.groups()) if found else None


def _list(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(t.strip() for t in value.split(",") if t.strip())
    return tuple(str(v) for v in value) if isinstance(value, list) else ()


def _flat(value: Any) -> str:
    """A value as words: nested lists and tables in their order."""
    if isinstance(value, dict):
        return ", ".join(f"{k} {_flat(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(_flat(v) for v in value)
    return str(value)
