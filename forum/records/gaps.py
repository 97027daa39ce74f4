"""What is missing or wrong in a value, by what its item says. What a kind of record asks besides is for its own slice to tell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forum.documents.markdown import NOTHING_SAID, says_nothing
from forum.kernel.text import characters
from forum.records.items import CHOICE, CHOICES, GRID, MONTH, NAMES, OWN, Column, Field, Item, Part

YEAR_MONTH = re.compile(r"(19|20)[0-9][0-9](-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must change before a record can be sent: which value, and what to do."""

    field: str
    message: str
    #: The page of the form that asks it, where a form has several.
    section: str = ""


def messages(item: Item, value: Any, required: bool) -> list[str]:
    """Return what to do about a value: nothing where it is as it should be."""
    if not value:
        return [item.missing.format(question=item.question)] if required else []
    return _text(item, value) if isinstance(item, Field) else _part(item, value)


def _text(f: Field, text: str) -> list[str]:
    if f.markdown and says_nothing(text):
        return [f"{f.question}: {NOTHING_SAID}"]
    if len(text) < f.shortest:
        return [f"{f.question}: use at least {f.shortest} characters"]
    return [f"“{f.question}” is {characters(len(text) - f.longest)} too long"] if len(text) > f.longest else []


def _part(part: Part, value: Any) -> list[str]:
    if part.shape == MONTH:
        right = YEAR_MONTH.fullmatch(value)
        return [] if right else [f"{part.question} Give year and month, such as 2025-03, or only the year"]
    if part.shape == OWN:
        return []
    if part.shape == CHOICE:
        return [] if part.options.label(value) else [part.wrong or f"{part.question} Choose one of the answers"]
    count = len(value)
    many = [part.many.format(question=part.question, most=part.most, count=count)] if count > part.most else []
    if part.shape == CHOICES:
        others = [part.wrong or f"{part.question} “{v}” is not in the list" for v in value if not part.options.label(v)]
        return many + list(dict.fromkeys(others))
    if part.shape == NAMES:
        rest = f"…” is too long: use at most {part.longest} characters"
        others = [v[:40] for v in value if not part.shortest <= len(v) <= part.longest]
        return many + [part.wrong or f"{part.question} “{v}{rest}" for v in others]
    return many + [m for number, row in enumerate(value, 1) for m in _row(part, row, number)]


def _row(part: Part, row: Mapping[str, str], number: int) -> list[str]:
    named = part.keys[row["key"]] if part.shape == GRID else f"{part.one} {number}"
    where = part.where.format(heading=part.heading, row=named)
    where = where[:1].upper() + where[1:]
    return [f"{where}: {m}" for c in part.columns if (m := _cell(c, row.get(c.name, "")))]


def _cell(column: Column, text: str) -> str:
    if not text:
        return f"fill in “{column.label}”" if column.needed else ""
    if len(text) > column.longest:
        return f"“{column.label}” is {characters(len(text) - column.longest)} too long"
    if column.month and not YEAR_MONTH.fullmatch(text):
        return f"“{column.label}” needs year and month, such as 2025-03"
    if column.read and not column.read(text):
        return column.wrong.format(text=text[:40])
    known = column.options is None or column.options.label(text)
    return "" if known else column.wrong or f"choose one of the answers for “{column.label}”"
