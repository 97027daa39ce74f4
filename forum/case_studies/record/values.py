"""The record of a case study as one value: everything its authors say, by name, in plain data.

A record is a `dict` from the names in `fields.py` and `parts.py` to values; what is empty is left out, so that two records are
equal when they say the same. "not_applicable" maps names to the reason why they do not apply.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from forum.case_studies.record.fields import BODY, FIELDS, Field
from forum.case_studies.record.parts import CHOICE, CHOICES, GRID, MONTH, NAMES, PARTS, ROWS, Column, Part
from forum.documents.identifiability import Finding, check
from forum.documents.markdown import LONGEST_KEPT, render
from forum.kernel.text import clean, one_line

Record = Mapping[str, Any]
Item = Field | Part

NOT_APPLICABLE = "not_applicable"

#: What readers see beside the record, by the name under which its versions store it (`versions.py`).
FILES, CHARTS = "shown_files", "shown_charts"
BESIDE = {FILES: "Pictures and files", CHARTS: "Charts"}

#: Everything that a record may hold, by name.
ITEMS: dict[str, Item] = {f.name: f for f in FIELDS} | {p.name: p for p in PARTS}


def normal(values: Record) -> dict[str, Any]:
    """The record without unknown names and empty values, so that equal means equal.

    Raises `BadText` for text that cannot be stored; values of a wrong shape count as empty.
    """
    found = {name: value for name in ITEMS if name in values and (value := _normal(ITEMS[name], values[name]))}
    reasons = values.get(NOT_APPLICABLE) or {}
    stored_findings = {n: one_line(clean(str(r))) for n, r in reasons.items() if n in ITEMS and str(r).strip()}
    return found | ({NOT_APPLICABLE: stored_findings} if stored_findings else {})


def _normal(item: Item, value: Any) -> Any:
    if isinstance(item, Field):
        text = clean(value).strip() if isinstance(value, str) else ""
        return text if item.markdown else one_line(text)
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
    names = ("key", *(c.name for c in part.columns)) if part.shape == GRID else tuple(c.name for c in part.columns)
    found = {}
    for name in names:
        text = clean(str(row.get(name) or "")).strip()
        column = next((c for c in part.columns if c.name == name), None)
        if text:
            found[name] = text if column is not None and column.lines > 1 else one_line(text)
    return found


def fingerprint(value: Any) -> str:
    """A short name for a value: two editors who were shown the same fingerprint were shown the same text."""
    return hashlib.sha256(json.dumps(value or "", sort_keys=True).encode()).hexdigest()[:10]


def hidden(values: Record, withheld: Mapping[str, Collection[str]]) -> set[str]:
    """Return the names whose present text is withheld (`CaseStudy.withheld`): a rewritten text is shown, a restored one hidden."""
    return {name for name, fingerprints in withheld.items() if fingerprint(values.get(name)) in fingerprints}


def cell(column: Column, text: str) -> str:
    """Return what a reader sees in a cell: the label of a choice, else the text."""
    return (column.options.label(text) if column.options else "") or text


def flat(name: str, value: Any) -> str:
    """A value as text that a person can read: for comparing, searching, checking and plain exports."""
    item = ITEMS.get(name)
    if name == NOT_APPLICABLE and isinstance(value, Mapping):
        return "\n".join(f"{heading(n)}: {reason}" for n, reason in value.items())
    if item is None or isinstance(item, Field) or not value:
        return str(value or "")
    if item.shape == CHOICE:
        return item.options.label(value) or str(value)
    if item.shape == MONTH:
        return str(value)
    if item.shape in {CHOICES, NAMES}:
        return "\n".join(item.options.label(v) or v for v in value)
    return "\n".join(_line(item, row) for row in value)


def _line(part: Part, row: Mapping[str, str]) -> str:
    cells = [(c, cell(c, row[c.name])) for c in part.columns if row.get(c.name)]
    first = f"{part.keys[row['key']]} " if part.shape == GRID else ""
    said = "; ".join(text if len(part.columns) == 1 else f"{c.label}: {text}" for c, text in cells)
    return f"{first}{said}"


def heading(name: str) -> str:
    """The heading that stands over a value for readers."""
    return ITEMS[name].heading if name in ITEMS else "Not applicable"


def question(name: str) -> str:
    """Return what the author was asked."""
    return ITEMS[name].question if name in ITEMS else BESIDE.get(name, "Not applicable")


def section_of(name: str) -> str:
    """The page of the form that asks it."""
    return ITEMS[name].section if name in ITEMS else "quick-share"


def written(record: Record) -> dict[str, str]:
    """Only what was typed freely, choices left out; cells joined by line."""
    found: dict[str, str] = {}
    for name, value in record.items():
        item = ITEMS.get(name)
        if isinstance(item, Field):
            found[name] = value
        elif name == NOT_APPLICABLE:
            found[name] = "\n".join(value.values())
        elif item is not None and item.shape in {ROWS, GRID}:
            free = [c for c in item.columns if not c.options and not c.month]
            found[name] = "\n".join("; ".join(row[c.name] for c in free if row.get(c.name)) for row in value)
    return {name: text for name, text in found.items() if text.strip()}


def findings(record: Record) -> list[Finding]:
    """Return what may identify somebody, over every text of the record. The team's names are meant to be read, and left out."""
    return check({name: text for name, text in written(record).items() if name not in {"core_team", "references"}})


def stored_findings(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return findings as a case study stores them, each with its key."""
    return [asdict(f) | {"key": finding_key(f)} for f in found]


def finding_key(finding: Finding) -> str:
    """Return a key by which a finding is known from one check to the next, as long as its text is unchanged."""
    return hashlib.sha256(f"{finding.kind}:{finding.field}:{finding.match}".encode()).hexdigest()[:16]


def html(record: Record) -> dict[str, str]:
    """The narrative rendered, by name. Raises `TooComplex`. May take a moment: call outside a transaction."""
    return {f.name: render(record[f.name], LONGEST_KEPT, prefix=f"{f.name}-") for f in BODY if record.get(f.name)}
