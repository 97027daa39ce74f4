"""Which column of a pasted table is what: by its heading, or by its place where there is none."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from forum.spc.read.cells import is_blank, to_date, to_value

#: Words of headings, by what the column holds; the first that fits and is still free counts.
_WORDS = (
    ("note", re.compile(r"\b(notes?|comments?)\b", re.I)),
    ("value", re.compile(r"\b(percentage|percent|rate|value)\b|%", re.I)),
    ("denominator", re.compile(r"\b(denominator|out of|total)\b", re.I)),
    ("date", re.compile(r"\b(date|month|week|period|day|quarter|year)\b", re.I)),
    ("numerator", re.compile(r"\b(numerator|number|count)\b", re.I)),
    ("value", re.compile(r"\b(result|figure)\b", re.I)),
)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one point, None where there are none."""

    date: object = None
    value: object = None
    numerator: object = None
    denominator: object = None
    note: str = ""


@dataclass(frozen=True)
class Columns:
    """Places of columns, by name; `unread` are headings that nothing is known to do with."""

    places: dict[str, int]
    unread: tuple[str, ...] = field(default=())

    def row(self, cells: Sequence[object]) -> Cells:
        """The cells of a line by their names."""
        found = {name: cells[n] for name, n in self.places.items() if n < len(cells) and not is_blank(cells[n])}
        note = str(found.get("note", "")).strip()
        return Cells(found.get("date"), found.get("value"), found.get("numerator"), found.get("denominator"), note)


def is_heading(cells: Sequence[object]) -> bool:
    """Return whether a first line holds neither a date where a date should be, nor a number anywhere."""
    return all(to_date(cell) is None and to_value(cell) is None for cell in cells if not is_blank(cell))


def by_heading(cells: Sequence[object]) -> Columns | None:
    """The columns that a heading names, None where it is no more than a title above them.

    A first column without a known name is the date, the next such the value.
    """
    heads = [" ".join(str(cell or "").split()) for cell in cells]
    places: dict[str, int] = {}
    for whole in (True, False):
        for n, head in enumerate(heads):
            if n in places.values():
                continue
            name = next((k for k, w in _WORDS if k not in places and (w.fullmatch if whole else w.search)(head)), "")
            if name:
                places[name] = n
    if not places:
        return None
    free = [n for n, head in enumerate(heads) if head and n not in places.values()]
    if "date" not in places and free:
        places["date"] = free.pop(0)
    if "value" not in places and not {"numerator", "denominator"} <= set(places):
        name = "" if free else next((k for k in ("numerator", "denominator") if k in places), "")
        if free or name:
            places["value"] = free.pop(0) if free else places.pop(name)
    enough = "date" in places and ("value" in places or {"numerator", "denominator"} <= set(places))
    return Columns(places, tuple(heads[n] for n in free)) if enough else None


def by_place(cells: Sequence[object]) -> Cells:
    """Date, value, then numerator and denominator where both are numbers, and the rest as a note."""
    first = next((n for n, cell in enumerate(cells) if not is_blank(cell)), len(cells))
    cells = cells[first:]
    if len(cells) > 1 and is_blank(cells[1]) and not _fraction(cells[2:4]):
        cells = [cell for cell in cells if not is_blank(cell)]
    whole = [None if is_blank(cell) else cell for cell in [*cells, None, None][: max(2, len(cells))]]
    rest = whole[2:]
    top, bottom = rest[:2] if _fraction(rest[:2]) else (None, None)
    note = " ".join(str(cell).strip() for cell in (rest if top is None else rest[2:]) if cell is not None)
    return Cells(whole[0], whole[1], top, bottom, note)


def _fraction(cells: Sequence[object]) -> bool:
    return len(cells) == 2 and all(to_value(cell) is not None for cell in cells)


def split(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Numbered lines as cells. What parts the columns of the first line parts those of all that have it too."""
    first = _separator(lines[0][1]) if lines else ""
    for number, line in lines:
        separator = first if first and first in line else _separator(line)
        yield number, _cells(line, separator)


def _separator(line: str) -> str:
    """A tab wherever there is one; else the semicolon or comma that comes first, since dates come first; "" for spaces."""
    if "\t" in line:
        return "\t"
    bare = re.sub(r'"[^"]*"', lambda quoted: "x" * len(quoted[0]), line)
    return min((s for s in (";", ",") if s in bare), key=bare.index, default="")


def _cells(line: str, separator: str) -> list[str]:
    if separator:
        try:
            return [cell.strip() for cell in chain.from_iterable(csv.reader([line], delimiter=separator))]
        except csv.Error:  # a cell larger than the reader takes
            return [cell.strip() for cell in line.split(separator)]
    parts = re.split(r"\s{2,}", line.strip())
    if len(parts) > 1:
        return parts
    before, _, last = line.strip().rpartition(" ")
    return [before.strip(), last]
