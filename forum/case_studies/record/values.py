"""The record of a case study as one value: everything its authors say, by name, in plain data.

A record is a `dict` from the names in `fields.py` and `parts.py` to values; what is empty is left out, so that two records are
equal when they say the same. "not_applicable" maps names to the reason why they do not apply.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from forum.case_studies.record.fields import BODY, FIELDS
from forum.case_studies.record.parts import PARTS
from forum.documents.identifiability import Finding, check
from forum.documents.markdown import LONGEST_KEPT, render
from forum.kernel.text import clean, one_line
from forum.records.items import Item
from forum.records.schema import Record, Schema

NOT_APPLICABLE = "not_applicable"

#: What readers see beside the record, by the name under which its versions store it (`versions.py`).
FILES, CHARTS = "shown_files", "shown_charts"
BESIDE = {FILES: "Pictures and files", CHARTS: "Charts"}

#: Everything that a record may hold, by name.
ITEMS: dict[str, Item] = {f.name: f for f in FIELDS} | {p.name: p for p in PARTS}
SCHEMA = Schema(ITEMS)


def normal(values: Record) -> dict[str, Any]:
    """The record without unknown names and empty values, so that equal means equal.

    Raises `BadText` for text that cannot be stored; values of a wrong shape count as empty.
    """
    reasons = values.get(NOT_APPLICABLE) or {}
    # A reason that nobody would see is none: `clean` says so, and it is asked before one counts.
    kept = {n: reason for n, r in reasons.items() if n in ITEMS and (reason := one_line(clean(str(r))))}
    return SCHEMA.normal(values) | ({NOT_APPLICABLE: kept} if kept else {})


def fingerprint(value: Any) -> str:
    """A short name for a value: two editors who were shown the same fingerprint were shown the same text."""
    return hashlib.sha256(json.dumps(value or "", sort_keys=True).encode()).hexdigest()[:10]


def hidden(values: Record, withheld: Mapping[str, Collection[str]]) -> set[str]:
    """Return the names whose present text is withheld (`CaseStudy.withheld`): a rewritten text is shown, a restored one hidden."""
    return {name for name, fingerprints in withheld.items() if fingerprint(values.get(name)) in fingerprints}


def flat(name: str, value: Any) -> str:
    """A value as text that a person can read: for comparing, searching, checking and plain exports."""
    if name == NOT_APPLICABLE and isinstance(value, Mapping):
        return "\n".join(f"{heading(n)}: {reason}" for n, reason in value.items())
    return SCHEMA.flat(name, value)


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
    reasons = record.get(NOT_APPLICABLE)
    return SCHEMA.written(record) | ({NOT_APPLICABLE: "\n".join(reasons.values())} if reasons else {})


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
