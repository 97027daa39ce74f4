"""A measure as one value: plain data by name, as its authors typed it, and everything that is wrong or odd about it.

Texts and choices are `str`; "decimals" and "baseline" are `int`; "people" is `bool` (it counts people); rows are lists of
`dict[str, str]` with dates in ISO form; "points" are `[ISO date, value, numerator or None, denominator or None]` in order of date.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forum.documents.identifiability import Finding, check
from forum.kernel.clock import today
from forum.kernel.text import characters, clean, one_line
from forum.kernel.wording import say_date
from forum.measures.fields import (
    CHOICES,
    FEWEST_BASELINE,
    LEFT_OUT,
    MOST_REMARKS,
    MOST_ROWS,
    PHASE_KINDS,
    REMARKS,
    ROW_NAMES,
    ROWS,
    TEXTS,
)
from forum.spc.read.series import Point, Series, read_text, to_date, to_value
from forum.taxonomy.models import PART
from forum.taxonomy.queries import label

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to put right before a measure can be saved: which input, and what to do."""

    field: str
    message: str


def normal(values: Record) -> dict[str, Any]:
    """The record without unknown names and empty values. Raises `BadText` for text that cannot be stored."""
    found: dict[str, Any] = {}
    for name in TEXTS:
        text = clean(str(values.get(name) or "")).strip()
        found[name] = text if name in {"definition", "source", "interpretation"} else one_line(text)
    for name in (*CHOICES, "part"):
        found[name] = one_line(clean(str(values.get(name) or "")))
    for name in ROWS:
        found[name] = [row for given in values.get(name) or [] if (row := _row(name, given))]
    found["decimals"] = values.get("decimals") or 0
    found["baseline"] = values.get("baseline") or 0
    found["people"] = bool(values.get("people"))
    found["points"] = [list(point) for point in values.get("points") or []]
    return {name: value for name, value in found.items() if value not in ("", [], False, 0)}


def _row(name: str, given: Mapping[str, Any]) -> dict[str, str]:
    row = {column: one_line(clean(str(given.get(column) or ""))) for column in ROWS[name]}
    for column in ("since", "start", "date"):
        day = to_date(row[column]) if row.get(column) else None
        if day is not None:
            row[column] = day.isoformat()
    if name == "targets" and (value := to_value(row["value"])) is not None:
        row["value"] = f"{value:g}" if abs(value) < 1e6 else repr(value)
    return {column: text for column, text in row.items() if text}


def points_of(record: Record) -> list[Point]:
    """Its points, in order of date."""
    return [Point(date.fromisoformat(day), value, above, below, "") for day, value, above, below in record.get("points", [])]


def lines_of(record: Record) -> str:
    """Its points as the form shows them: a line each, date and value, then numerator and denominator where there are any."""
    lines = []
    for day, value, above, below in record.get("points", []):
        cells = [day, _plain(value), *([_plain(above), _plain(below)] if below is not None else [])]
        lines.append("\t".join(cells))
    return "\n".join(lines)


def _plain(number: float | None) -> str:
    return "" if number is None else str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def read_figures(text: str, record: Record) -> tuple[dict[str, Any], Series]:
    """The record with the points, and the notes beside them, that a text of lines holds; and what is wrong with the lines."""
    series = read_text(text, percent=record.get("value_kind") == "percentage", every=record.get("every", ""), upto=today())
    noted = [{"date": p.date.isoformat(), "what": "note", "text": p.note[:120]} for p in series.points if p.note]
    known = {(r.get("date"), r.get("text")) for r in record.get("remarks", [])}
    remarks = [*record.get("remarks", []), *(r for r in noted if (r["date"], r["text"]) not in known)]
    points = [[p.date.isoformat(), p.value, p.numerator, p.denominator] for p in series.points]
    return normal({**record, "points": points, "remarks": remarks}), series


def faults(record: Record) -> list[Fault]:
    """Return what must be put right before it can be saved, in the order of the form."""
    found = [Fault(name, _text(name, str(record.get(name, "")))) for name in TEXTS]
    for name, (question, choices) in CHOICES.items():
        found.append(Fault(name, "" if record.get(name) in choices else f"Choose an answer: {question}"))
    part = record.get("part", "")
    found.append(Fault("part", "" if label(PART, part) else "Choose the part of the system where it is felt"))
    found += [Fault("decimals", "" if record.get("decimals", 0) in range(5) else "Use 0 to 4 decimal places")]
    found += [Fault(name, message) for name in ROWS for message in _rows(name, record.get(name, []))]
    found += [Fault("remarks", message) for message in _unplaced(record)]
    found += [Fault(name, message) for name, message in _ahead(record)]
    found.append(Fault("baseline", _baseline(record)))
    return [fault for fault in found if fault.message]


def _text(name: str, text: str) -> str:
    field = TEXTS[name]
    if field.needed and not text:
        return f"Fill in: {field.question}"
    return f"“{field.question}” is {characters(len(text) - field.longest)} too long" if len(text) > field.longest else ""


def _rows(name: str, rows: Sequence[Mapping[str, str]]) -> list[str]:
    most = MOST_REMARKS if name == "remarks" else MOST_ROWS
    found = [f"At most {most} can be kept, there are {len(rows)}"] if len(rows) > most else []
    for number, row in enumerate(rows, 1):
        found += [f"{ROW_NAMES[name]} {number}: {m}" for m in _cells(name, row)]
    starts = [row["start"] for row in rows if "start" in row]
    if len(set(starts)) < len(starts):
        found.append("Two phases begin on the same day. Join them, or correct a date")
    return found


def _cells(name: str, row: Mapping[str, str]) -> list[str]:
    found = []
    for column, (title, longest, needed) in ROWS[name].items():
        text = row.get(column, "")
        if needed and not text:
            found.append(f"fill in “{title}”")
        elif len(text) > longest:
            found.append(f"“{title}” is {characters(len(text) - longest)} too long")
        elif column in {"since", "start", "date"} and text and to_date(text) is None:
            found.append(f"“{text[:40]}” is not a date. Write it as 2026-03-31, 31/03/2026 or March 2026")
    if name == "targets" and row.get("value") and to_value(row["value"]) is None:
        found.append(f"“{row['value'][:40]}” is not a number")
    if name == "phases" and row.get("kind", "baseline") not in PHASE_KINDS:
        found.append("choose what begins here")
    if name == "phases" and row.get("recalculate") and not row.get("reason"):
        found.append("say why the limits are recalculated from here: readers see it")
    if name == "remarks" and row.get("what", LEFT_OUT) not in REMARKS:
        found.append("choose what it is about the point")
    if name == "remarks" and row.get("what") != "provisional" and row.get("what") in REMARKS and not row.get("text"):
        found.append("say why it is left out: readers see it" if row["what"] == LEFT_OUT else "write the note")
    return found


def _unplaced(record: Record) -> list[str]:
    days = {day for day, *_ in record.get("points", [])}
    missing = [r["date"] for r in record.get("remarks", []) if days and r.get("date") and r["date"] not in days]
    return [f"There is no point on {day}, which one of the notes is about" for day in missing]


def _ahead(record: Record) -> list[tuple[str, str]]:
    """Return faults for figures and phases that lie in the future: both say what has happened. Targets may lie there."""
    on = today().isoformat()
    phases = [row for row in record.get("phases", []) if to_date(row.get("start", "")) and row["start"] > on]
    late = [("phases", f"Phase “{row.get('label', '')}” begins in the future. Add it when it has begun") for row in phases]
    days = [day for day, *_ in record.get("points", []) if day > on]
    return [
        *late,
        *(("figures", f"{say_date(date.fromisoformat(day))} lies in the future. Give figures up to today") for day in days),
    ]


def _baseline(record: Record) -> str:
    first = record.get("baseline", 0)
    if not first:
        return ""
    return (
        ""
        if FEWEST_BASELINE <= first <= 60
        else f"Fix the limits from at least {FEWEST_BASELINE} points and at most 60, or leave it empty"
    )


def written(record: Record) -> dict[str, str]:
    """Return what was typed freely, by name, for the identifiability check and for search."""
    found = {name: str(record.get(name, "")) for name in TEXTS}
    for name in ROWS:
        free = [c for c in ROWS[name] if c in {"label", "reason", "text", "source"}]
        found[name] = "\n".join("; ".join(row[c] for c in free if row.get(c)) for row in record.get(name, []))
    return {name: text for name, text in found.items() if text.strip()}


def findings(record: Record) -> list[Finding]:
    """Return what may identify somebody in its texts."""
    return check(written(record))


def flat(name: str, value: Any) -> str:
    """A value in words, for its history."""
    if name == "points":
        return lines_of({"points": value or []})
    if name in CHOICES:
        return CHOICES[name][1].get(value or "", "")
    if name == "part":
        return label(PART, value or "")
    if name in ROWS:
        return "\n".join("; ".join(row[c] for c in ROWS[name] if row.get(c)) for row in value or [])
    return "" if not value else "yes" if value is True else str(value)


def heading(name: str) -> str:
    """Return what stands over a value in its history."""
    titles = {"points": "Figures", "part": "Part of the system", "decimals": "Decimal places", "people": "Counts people"}
    titles |= {"targets": "Targets", "phases": "Phases", "remarks": "Notes on points", "baseline": "Points of the fixed baseline"}
    return TEXTS[name].heading if name in TEXTS else CHOICES[name][0] if name in CHOICES else titles.get(name, name)


def changes(theirs: Record, mine: Record) -> list[tuple[str, str]]:
    """(heading, their value in words) of everything in which two versions differ."""
    names = [name for name in {**theirs, **mine} if theirs.get(name) != mine.get(name)]
    return [(heading(name), flat(name, theirs.get(name)) or "(empty)") for name in names]
