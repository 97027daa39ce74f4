"""How complete a record is: gaps before it can be sent, depth, the state of each section, and what each next step would add.

Depths and what they need follow the case-study schema, part 1; items are those of SQUIRE 2.0 (Ogrinc 2016), TIDieR (Hoffmann
2014) and the GRIPP2 short form (Staniszewska 2017).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forum.case_studies.record.fields import DEPTHS, FULL, QUICK, STANDARD, Field
from forum.case_studies.record.parts import CHOICE, CHOICES, GRID, GRIPP2, MONTH, ROWS, TIDIER, Column, Part
from forum.case_studies.record.sections import BY_SLUG, QUICK_SHARE, SECTIONS, Section
from forum.case_studies.record.values import ITEMS, NOT_APPLICABLE, Item, Record
from forum.documents.markdown import NOTHING_SAID, says_nothing
from forum.kernel.clock import ahead
from forum.kernel.text import characters

BADGES = {QUICK: "Quick share", STANDARD: "Case study", FULL: "Full report"}
_MONTH = re.compile(r"(19|20)[0-9][0-9](-(0[1-9]|1[0-2]))?")
_GRIDS: Mapping[str, Mapping[str, tuple[str, str]]] = {"tidier": TIDIER, "gripp2": GRIPP2}
GUIDELINES = {
    "SQUIRE": ("SQUIRE 2.0", tuple(f"SQUIRE {n}" for n in range(1, 19))),
    "TIDieR": ("TIDieR", tuple(f"TIDieR {n}" for n in range(1, 13))),
    "GRIPP2": ("GRIPP2 short form", tuple(f"GRIPP2 {n}" for n in range(1, 6))),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must change before a case study can be sent: which value, and what to do."""

    field: str
    message: str

    @property
    def section(self) -> str:
        return ITEMS[self.field].section


def gaps(record: Record) -> list[Gap]:
    """Return what is missing for a quick share, and what is wrong anywhere; empty when it can be sent."""
    found: list[Gap] = []
    for item in ITEMS.values():
        value = record.get(item.name)
        if not value and item.depth == QUICK and item.required:
            found.append(Gap(item.name, _missing(item)))
        elif value:
            found += [Gap(item.name, m) for m in (_text(item, value) if isinstance(item, Field) else _part(item, value))]
    planned = record.get("practice_status") == "planning"
    for name in ("stopped",) if planned else ("started", "stopped"):
        if ahead(record.get(name, "")):
            found.append(Gap(name, f"{ITEMS[name].question} This lies in the future. Give the month in which it happened"))
    if record.get("industry") == "yes" and not record.get("funding"):
        found.append(Gap("funding", "A company took part: say under funding who it was and what it gave"))
    return found


def _missing(item: Item) -> str:
    if item.name == "organisations":
        return "Say where it happened: name at least one organisation"
    return "Choose 1 to 3 leadership elements" if item.name == "elements" else f"Fill in: {item.question}"


def _text(f: Field, text: str) -> list[str]:
    if f.markdown and says_nothing(text):
        return [f"{f.question}: {NOTHING_SAID}"]
    if len(text) < f.shortest:
        return [f"{f.question}: use at least {f.shortest} characters"]
    if len(text) > f.longest:
        return [f"“{f.question}” is {characters(len(text) - f.longest)} too long"]
    if f.name == "title" and len(text) > 14 and text.isupper():
        return ["Title: write it in small letters, with a capital at the start"]
    return []


def _part(part: Part, value: Any) -> list[str]:
    if part.shape == MONTH:
        return [] if _MONTH.fullmatch(value) else [f"{part.question} Give year and month, such as 2025-03, or only the year"]
    if part.shape == CHOICE:
        return [] if part.options.label(value) else [f"{part.question} Choose one of the answers"]
    if part.name == "elements" and len(value) > part.most:
        return ["Choose 1 to 3 leadership elements"]
    if len(value) > part.most:
        return [f"{part.question}: at most {part.most}, there are {len(value)}"]
    if part.shape == CHOICES:
        return [f"{part.question} “{v}” is not in the list" for v in value if not part.options.label(v)]
    if part.shape in {ROWS, GRID}:
        return [m for n, row in enumerate(value, 1) for m in _row(part, row, n)]
    return [f"{part.question} “{v[:40]}…” is too long: use at most 120 characters" for v in value if len(v) > 120]


def _row(part: Part, row: Mapping[str, str], number: int) -> list[str]:
    where = part.keys[row["key"]] if part.shape == GRID else f"{part.one} {number}"
    return [f"{part.heading}, {where}: {m}" for c in part.columns if (m := _cell(c, row.get(c.name, "")))]


def _cell(column: Column, text: str) -> str:
    if not text:
        return f"fill in “{column.label}”" if column.needed else ""
    if len(text) > column.longest:
        return f"“{column.label}” is {characters(len(text) - column.longest)} too long"
    if column.month and not _MONTH.fullmatch(text):
        return f"“{column.label}” needs year and month, such as 2025-03"
    known = column.options is None or column.options.label(text)
    return "" if known else f"choose one of the answers for “{column.label}”"


def answered(record: Record, item: Item) -> bool:
    """Return whether an item is answered, for a grid: at every one of its rows; "not applicable, because…" is an answer."""
    if item.name in record.get(NOT_APPLICABLE, {}):
        return True
    value = record.get(item.name)
    if isinstance(item, Part) and item.shape == GRID:
        return len(value or ()) == len(item.keys)
    return bool(value)


def needed(record: Record, depth: str, measured: bool = False) -> list[Item]:
    """Return what that depth asks for, of this record; `measured` says that it has a measure that readers see."""
    asked = [i for i in ITEMS.values() if i.depth == depth and i.required]
    if depth == STANDARD:
        # A measure, or the date when there will be one (schema, field 17): either answers.
        figures = [] if measured else [ITEMS["measuring"] if record.get("measuring") else ITEMS["expected"]]
        asked += [*figures, *([ITEMS["funding"]] if record.get("industry") == "yes" else [])]
    return asked


def depth_of(record: Record, measured: bool = False) -> str:
    """The deepest level whose questions, and those of all before it, are answered; quick where none is."""
    reached = QUICK
    for depth in DEPTHS:
        if not all(answered(record, item) for item in needed(record, depth, measured)):
            break
        reached = depth
    return reached


TO_DO, STARTED, DONE, NONE = "to do", "started", "done", "not applicable"


def state_of(record: Record, section: Section, measured: bool = False) -> str:
    """to do, started, done, or not applicable: what the task list says of a section."""
    items, reasons = section.items, record.get(NOT_APPLICABLE, {})
    if all(i.name in reasons for i in items):
        return NONE
    asked = [i for depth in DEPTHS for i in needed(record, depth, measured) if i.section == section.slug]
    if all(answered(record, i) for i in asked) and (any(answered(record, i) for i in items) or (measured and not asked)):
        return DONE
    return STARTED if any(record.get(i.name) or i.name in reasons for i in items) else TO_DO


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is still open: what filling its section adds, and which guideline items it answers."""

    name: str
    section: str
    question: str
    adds: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Meter:
    """How far the record is on the way to its next depth, and against each reporting guideline."""

    depth: str
    badge: str
    next: str
    done: int
    total: int
    steps: tuple[Step, ...]
    guidelines: tuple[tuple[str, int, int], ...]

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 100


def meter(record: Record, measured: bool = False, most: int = 5) -> Meter:
    """The completeness meter: at most `most` next steps, in the order of the form."""
    depth = depth_of(record, measured)
    complete = all(answered(record, i) for i in needed(record, depth, measured))
    goal = depth if not complete or depth == FULL else DEPTHS[DEPTHS.index(depth) + 1]
    asked = sorted(needed(record, goal, measured), key=_place)
    open_ = [i for i in asked if not answered(record, i)]
    steps = tuple(Step(i.name, i.section, i.question, BY_SLUG[i.section].why, i.items) for i in open_[:most])
    met = _met(record)
    lines = tuple((title, sum(c in met for c in codes), len(codes)) for title, codes in GUIDELINES.values())
    return Meter(depth, BADGES[depth], BADGES[goal], len(asked) - len(open_), len(asked), steps, lines)


def _place(item: Item) -> tuple[int, int]:
    order = [s.slug for s in SECTIONS]
    return order.index(item.section) if item.section in order else len(order), list(ITEMS).index(item.name)


def _met(record: Record) -> set[str]:
    """The guideline items that the record answers; a grid answers row by row."""
    found = set()
    for item in ITEMS.values():
        if item.name in _GRIDS:
            rows = {row["key"] for row in record.get(item.name, [])}
            whole = item.name in record.get(NOT_APPLICABLE, {})
            found |= {code for key, (code, _q) in _GRIDS[item.name].items() if whole or key in rows}
        elif answered(record, item):
            found |= set(item.items)
    return found


def quick_answered(record: Record) -> tuple[int, int]:
    """Return how many of the questions of a quick share are answered, and how many there are (the ninth are the confirmations)."""
    asked = [i for i in ITEMS.values() if i.section == QUICK_SHARE]
    return sum(answered(record, i) for i in asked), len(asked)
