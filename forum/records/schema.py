"""A kind of record as one value: plain data by the names of its items.

What is empty is left out, so that two records are equal when they say the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forum.kernel.clock import ahead
from forum.kernel.text import clean, one_line
from forum.records.gaps import Gap, messages
from forum.records.items import CHOICE, CHOICES, GRID, MONTH, NAMES, OWN, ROWS, Field, Item, Part

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Schema:
    """The items of a kind of record, by name, in the order of its form."""

    items: Mapping[str, Item]

    def normal(self, values: Record) -> dict[str, Any]:
        """Return the record without unknown names and empty values; values of a wrong shape count as empty.

        Raises `BadText` for text that cannot be stored.
        """
        return {n: value for n, item in self.items.items() if n in values and (value := _normal(item, values[n]))}

    def gaps(self, record: Record, depth: str = "") -> list[Gap]:
        """Return what is missing of what is required at that depth, and what is wrong anywhere."""
        found = []
        for name, item in self.items.items():
            found += [self.gap(name, m) for m in messages(item, record.get(name), item.required and item.depth == depth)]
        return found

    def gap(self, name: str, message: str) -> Gap:
        """Return what is missing or wrong in a value by a rule that its item does not tell."""
        return Gap(name, message, self.items[name].section)

    def future(self, record: Record, names: Iterable[str]) -> list[Gap]:
        """Return which of these months lie in the future."""
        words = "This lies in the future. Give the month in which it happened"
        return [self.gap(n, f"{self.question(n)} {words}") for n in names if ahead(record.get(n, ""))]

    def heading(self, name: str) -> str:
        """Return what stands over a value for readers."""
        return self.items[name].heading if name in self.items else name

    def question(self, name: str) -> str:
        """Return what the author was asked."""
        return self.items[name].question if name in self.items else name

    def flat(self, name: str, value: Any) -> str:
        """Return a value as text that a person can read: for comparing, searching, checking and plain exports."""
        item = self.items.get(name)
        if item is None or isinstance(item, Field) or item.shape in {MONTH, OWN} or not value:
            return str(value or "")
        if item.shape == CHOICE:
            return item.options.label(value) or str(value)
        if item.shape in {CHOICES, NAMES}:
            return "\n".join(item.options.label(v) or v for v in value)
        return "\n".join(_line(item, row) for row in value)

    def written(self, record: Record) -> dict[str, str]:
        """Return only what was typed freely, choices left out; cells joined by line."""
        found: dict[str, str] = {}
        for name, value in record.items():
            item = self.items.get(name)
            if isinstance(item, Field):
                found[name] = value
            elif item is not None and item.shape in {ROWS, GRID}:
                free = [c.name for c in item.columns if not (c.options or c.month or c.read)]
                found[name] = "\n".join("; ".join(row[c] for c in free if row.get(c)) for row in value)
        return {name: text for name, text in found.items() if text.strip()}


def _normal(item: Item, value: Any) -> Any:
    if isinstance(item, Field):
        text = clean(value).strip() if isinstance(value, str) else ""
        return text if item.markdown or item.lines > 1 else one_line(text)
    if item.shape == OWN:
        return value
    if item.shape in {CHOICE, MONTH}:
        return one_line(clean(value)) if isinstance(value, str) else ""
    if not isinstance(value, list | tuple):
        return []
    if item.shape in {CHOICES, NAMES}:
        return list(dict.fromkeys(line for v in value if isinstance(v, str) and (line := one_line(clean(v)))))
    rows = [_row(item, row) for row in value if isinstance(row, Mapping)]
    if item.shape == GRID:
        by_key = {row["key"]: row for row in rows if row.get("key") in item.keys and len(row) > 1}
        return [by_key[key] for key in item.keys if key in by_key]
    return [row for row in rows if row]


def _row(part: Part, row: Mapping[str, Any]) -> dict[str, str]:
    found = {"key": one_line(clean(str(row.get("key") or "")))} if part.shape == GRID else {}
    for column in part.columns:
        text = clean(str(row.get(column.name) or "")).strip()
        text = text if column.lines > 1 else one_line(text)
        found[column.name] = (column.read(text) if column.read and text else "") or text
    return {name: text for name, text in found.items() if text}


def _line(part: Part, row: Mapping[str, str]) -> str:
    cells = [(c.label, c.say(row[c.name])) for c in part.columns if row.get(c.name)]
    first = f"{part.keys[row['key']]} " if part.shape == GRID else ""
    return first + "; ".join(text if len(part.columns) == 1 else f"{label}: {text}" for label, text in cells)
