"""How complete a record is: gaps before it can be sent, depth, the state of each section, and what each next step would add.

Depths and what they need follow the case-study schema, part 1; items are those of SQUIRE 2.0 (Ogrinc 2016), TIDieR (Hoffmann
2014) and the GRIPP2 short form (Staniszewska 2017).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from forum.case_studies.record.fields import DEPTHS, FULL, QUICK, STANDARD
from forum.case_studies.record.parts import GRIPP2, TIDIER
from forum.case_studies.record.sections import BY_SLUG, QUICK_SHARE, SECTIONS, Section
from forum.case_studies.record.values import ITEMS, NOT_APPLICABLE, SCHEMA
from forum.records.gaps import Gap
from forum.records.items import GRID, Item, Part
from forum.records.schema import Record

BADGES = {QUICK: "Quick share", STANDARD: "Case study", FULL: "Full report"}
_GRIDS: Mapping[str, Mapping[str, tuple[str, str]]] = {"tidier": TIDIER, "gripp2": GRIPP2}
GUIDELINES = {
    "SQUIRE": ("SQUIRE 2.0", tuple(f"SQUIRE {n}" for n in range(1, 19))),
    "TIDieR": ("TIDieR", tuple(f"TIDieR {n}" for n in range(1, 13))),
    "GRIPP2": ("GRIPP2 short form", tuple(f"GRIPP2 {n}" for n in range(1, 6))),
}


def gaps(record: Record) -> list[Gap]:
    """Return what is missing for a quick share, and what is wrong anywhere; empty when it can be sent."""
    found = [*_shouted(record), *SCHEMA.gaps(record, QUICK)]
    found += SCHEMA.future(record, ["stopped"] if record.get("practice_status") == "planning" else ["started", "stopped"])
    if record.get("industry") == "yes" and not record.get("funding"):
        found.append(SCHEMA.gap("funding", "A company took part: say under funding who it was and what it gave"))
    return found


def _shouted(record: Record) -> list[Gap]:
    title = record.get("title", "")
    words = "Title: write it in small letters, with a capital at the start"
    return [SCHEMA.gap("title", words)] if len(title) > 14 and title.isupper() else []


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
