"""A record as readers see it: headings with prose, words, lists or tables, in the order of the sections."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forum.case_studies.record.sections import SECTIONS
from forum.case_studies.record.values import ITEMS, NOT_APPLICABLE
from forum.documents.links import address_of
from forum.kernel.wording import year_month
from forum.records.items import GRID, ROWS, Column, Field, Part
from forum.records.schema import Record

#: Shown elsewhere on the page: in its head, or in the facts beside the text.
ELSEWHERE = frozenset(
    [
        "title",
        "summary",
        "organisations",
        "elements",
        "care_models",
        "sectors",
        "settings",
        "practice_status",
        "started",
        "stopped",
        "outcome",
        "expected",
        "licence",
        "visibility",
        "population",
        "industry",
        "design",
        "ethics_kind",
    ]
)
#: A paragraph that is nothing but the name of a picture.
PICTURE = re.compile(r"<p>\[Picture (\d{1,3})\]</p>")
WITHHELD = "This part is not shown: consent for it was withdrawn."


@dataclass(frozen=True, slots=True)
class Shown:
    """One heading with what stands under it: `html` (sanitised), or a `table` of words, or a `list`. Exactly one is filled."""

    name: str
    heading: str
    section: str
    html: str = ""
    words: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    note: str = ""
    #: How a table is best read: "table", or "list" where its cells are long or many.
    look: str = "table"


#: Part of the full report, folded away until a reader wants it: whole sections, and single items.
DEEP = frozenset({"aim", "detail", "tests", "study", "findings", "spread", "declarations"})
DEEP_ITEMS = frozenset({"gripp2", "context", "source_facts"})
#: Heading of an imported text that fitted no field, and is shown as it was written.
WHOLE = "The full text"


def deep(section: str, name: str) -> bool:
    """Return whether an item of that section is folded away."""
    return section in DEEP or name in DEEP_ITEMS


def heading_of(item: Field | Part, names: Collection[str]) -> str:
    """The heading of an item among the narrative texts of `names`."""
    return WHOLE if item.name == "rest" and not set(names) - {"rest", "source_facts"} else item.heading


def grouped(parts: Sequence[Shown], unfolded: bool = False) -> tuple[list[Shown], list[tuple[str, list[Shown]]]]:
    """Return what everybody reads, the plain-language summary first; and the full report, (section title, parts) in order.

    `unfolded`: the narrative of an imported text is all of the first kind, as nobody has made a full report of it.
    """
    first = [p for p in parts if not deep(p.section, p.name) or (unfolded and p.html and p.name not in DEEP_ITEMS)]
    more = [p for p in parts if p not in first]
    titles = {s.slug: s.title for s in SECTIONS} | {"original": "About the file that this text came from"}
    folded = [(titles[slug], [p for p in more if p.section == slug]) for slug in dict.fromkeys(p.section for p in more)]
    return sorted(first, key=lambda p: p.name != "plain_summary"), folded


def shown(values: Record, html: Mapping[str, str], withheld: Collection[str] = ()) -> list[Shown]:
    """Return what stands under the head of a case study, in order; the narrative by its rendering `html`."""
    found = []
    for section in SECTIONS:
        for item in section.items:
            if item.name in ELSEWHERE or not (values.get(item.name) or item.name in (*html, *withheld)):
                continue
            if item.name in withheld:
                found.append(Shown(item.name, item.heading, section.slug, words=WITHHELD))
            elif isinstance(item, Field):
                prose, words = html.get(item.name, ""), "" if item.markdown else values.get(item.name, "")
                found.append(Shown(item.name, heading_of(item, html), section.slug, prose, words))
            else:
                found.append(_part(item, values[item.name], section.slug))
    return found


def _part(part: Part, value: Any, section: str) -> Shown:
    if part.shape not in {ROWS, GRID}:
        words = [part.options.label(v) or v for v in (value if isinstance(value, list) else [value])]
        return Shown(part.name, part.heading, section, words=", ".join(words))
    used = [c for c in part.columns if any(row.get(c.name) for row in value)]
    rows = tuple(_cells(part, used, row) for row in value)
    labels = (*(("",) if part.shape == GRID else ()), *(c.label for c in used))
    long = any(c.lines > 1 for c in used) or len(used) > 4
    look = "list" if long or (len(used) == 1 and part.shape == ROWS) else "table"
    return Shown(part.name, part.heading, section, columns=labels, rows=rows, note=_note(part, value), look=look)


def _cells(part: Part, used: Sequence[Column], row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(words, address) of each cell of a row; the address is "" but for references."""
    first = ((part.keys[row["key"]], ""),) if part.shape == GRID else ()
    return (*first, *((_words(c, row.get(c.name, "")), _address(part, c, row)) for c in used))


def _words(column: Column, text: str) -> str:
    return year_month(text) if column.month else column.say(text)


def _address(part: Part, column: Column, row: Mapping[str, str]) -> str:
    linked = part.name == "references" and column.name == "reference"
    return address_of(row.get("reference", "")) or "" if linked else ""


def _note(part: Part, value: Sequence[Mapping[str, str]]) -> str:
    if part.name != "core_team":
        return ""
    stayed, founding = continuity(value)
    return f"{stayed} of {founding} of the founding core team are still in post." if founding > 1 else ""


def continuity(team: Sequence[Mapping[str, str]]) -> tuple[int, int]:
    """Return how many of the founding core team are still in post, and how many founded it.

    Founders are those with the earliest "from", and those without one (the discussion document's fifth element: a consistent core
    leadership team).
    """
    dates = [row["from"] for row in team if row.get("from")]
    first = min(dates, default="")
    founders = [row for row in team if row.get("from", first) == first]
    return sum(not row.get("to") for row in founders), len(founders)


def not_applicable(values: Record) -> list[tuple[str, str]]:
    """(heading, reason) of what does not apply, in order; what has an answer after all is left out."""
    reasons = values.get(NOT_APPLICABLE, {})
    return [(item.heading, reasons[name]) for name, item in ITEMS.items() if name in reasons and not values.get(name)]
