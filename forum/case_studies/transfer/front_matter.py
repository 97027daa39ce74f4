"""The block of facts at the top of a file, in the dialects of MkDocs, Eleventy, Jekyll and Hugo."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from forum.case_studies.transfer.markup.readable import is_path, plain_line
from forum.documents.facts import load

_BLOCK = re.compile(r"\A\ufeff?\s{0,99}?(---|\+\+\+)[ \t]*\n(.*?)(?:^|\n)\1[ \t]*(?:\n|\Z)", re.S | re.M)
#: Jekyll writes the date before the name, with one digit or two for month and day.
_DATED_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.])(\d{1,2})\2(\d{1,2})(?!\d)[-_. ]?")
_NUMBERS = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
#: Day first, as dates are written here.
_DAY_FIRST = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_IN_WORDS = re.compile(
    r"\s*(?:[a-z]{3,9},?\s+)?(?:(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3})[a-z]{0,6}\.?|([a-z]{3})[a-z]{0,6}\.?\s+(\d{1,2})(?:st|nd|rd|th)?),?\s+(\d{4})\b",
    re.I,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class FrontMatter:
    """What the block said. `rest` holds its other entries as text lines, so that no word of it is lost."""

    title: str = ""
    summary: str = ""
    author: str = ""
    published: date | None = None
    tags: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    #: (name, Markdown) of entries that are texts themselves, such as a list of pictures with a description of each.
    texts: tuple[tuple[str, str], ...] = ()
    warning: str = ""
    #: Its source says that it is not to be shown.
    draft: bool = False


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
    """The facts and the body. A block that cannot be read stays in the body, with a warning."""
    found = _BLOCK.match(text)
    named = _DATED_NAME.search(path)
    by_name = _day(named.group(1), named.group(3), named.group(4)) if named else None
    if not found:
        return FrontMatter(published=by_name), text
    try:
        values = load(found.group(2)) if found.group(1) == "---" else tomllib.loads(found.group(2))
    except ValueError:
        return FrontMatter(published=by_name, warning="its front matter could not be read and is kept as text"), text
    if not values and not found.group(2).strip():
        return FrontMatter(published=by_name), text[found.end() :]
    if not values or not isinstance(values, dict):  # "# One" is a heading here, and no remark
        return FrontMatter(published=by_name), text
    return _facts(_Facts(values), by_name), text[found.end() :]


def name_without_date(stem: str) -> str:
    """The words of a file's name, without the date that some sites put before it."""
    words = _DATED_NAME.sub(" ", stem)
    return " ".join((words if re.search(r"[^\W\d]", words) else stem).replace("_", " ").replace("-", " ").split())


def _facts(facts: _Facts, by_name: date | None) -> FrontMatter:
    title, summary = plain_line(facts.text("title")), plain_line(facts.text("summary", "description"))
    author = facts.text("author", "authors") or _names(facts)
    published = next(filter(None, (_date(facts.values.get(n)) for n in ("date", "published", "publishDate", "pubDate"))), by_name)
    tags = _list(facts.values.get("tags"))
    # A day is shown as the source's date; an hour beside it is not, and stays a fact.
    days = {
        name
        for name, value in facts.values.items()
        if name == "date" and isinstance(value, date) and not isinstance(value, datetime)
    }
    known = facts.used | days | ({"tags"} if tags else set())
    others = {name: value for name, value in facts.values.items() if name not in known}
    texts = tuple((str(name), told) for name, value in others.items() if (told := _told(value)))
    named = {name for name, _ in texts}
    rest = tuple(f"{name}: {said}" for name, value in others.items() if str(name) not in named and (said := _flat(value)))
    draft = facts.values.get("draft") is True or facts.values.get("published") is False
    return FrontMatter(title, summary, author, published, tags, rest, texts, draft=draft)


def _names(facts: _Facts) -> str:
    """The authors, where they are a list."""
    for name in ("author", "authors"):
        if isinstance(facts.values.get(name), list | dict):
            facts.used.add(name)
            return _flat(facts.values[name])
    return ""


#: An entry of so many words is a text for readers, not a fact about the file.
_TEXT_FROM = 25


def _told(value: Any) -> str:
    """Return an entry that is a text: a long one, or a list of things with a description of each. "" for a fact."""
    words = _flat(value)
    short = isinstance(value, list) and all(isinstance(v, str) and len(v.split()) < 9 for v in value)
    if short or len(words.split()) < _TEXT_FROM:
        return ""
    return "\n".join(_entries(value)) if isinstance(value, list | dict) else str(value).strip()


def _entries(value: Any) -> list[str]:
    """Return a line for each thing described, in order, without the names that only a program uses."""
    if isinstance(value, list):
        return [line for v in value for line in _entries(v)]
    if isinstance(value, dict):
        plain = [said for k, v in value.items() if k != "id" and not isinstance(v, list | dict) and (said := _flat(v))]
        return [
            *([f"- {': '.join(plain)}"] if plain else []),
            *(e for v in value.values() if isinstance(v, list | dict) for e in _entries(v)),
        ]
    return [f"- {said}"] if (said := _flat(value)) else []


def _day(year: str, month: str, day: str) -> date | None:
    """The day, None for one that no calendar has."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _date(value: Any) -> date | None:
    """The day that an entry names, in numbers (year or day first) or in words."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "")[:100]
    if found := _NUMBERS.match(text):
        return _day(*found.groups())
    if found := _DAY_FIRST.match(text):
        return _day(found.group(3), found.group(2), found.group(1))
    if found := _IN_WORDS.match(text):
        month = (found.group(2) or found.group(3)).lower()
        return _day(found.group(5), str(_MONTHS.index(month) + 1), found.group(1) or found.group(4)) if month in _MONTHS else None
    return None


def _list(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(t.strip() for t in value.split(",") if t.strip())
    return tuple(str(v) for v in value) if isinstance(value, list) else ()


def _flat(value: Any) -> str:
    """A value as words: nested lists and tables in their order. The path of a picture says nothing here."""
    if isinstance(value, dict):
        return ", ".join(f"{k} {said}" for k, v in value.items() if (said := _flat(v)))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_flat, value)))
    return "" if value is None or is_path(str(value)) else " ".join(str(value).split())
