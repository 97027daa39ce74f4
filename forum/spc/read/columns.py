"""What stands in a line of figures, by its place: date, value, numerator and denominator, note. `forum.tables` reads tables."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from forum.spc.read.cells import is_blank, to_date, to_value


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one point, None where there are none."""

    date: object = None
    value: object = None
    numerator: object = None
    denominator: object = None
    note: str = ""


def is_heading(cells: Sequence[object]) -> bool:
    """Return whether a first line holds neither a date where a date should be, nor a number anywhere."""
    return all(to_date(cell) is None and to_value(cell) is None for cell in cells if not is_blank(cell))


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
