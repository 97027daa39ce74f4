"""The record of an adoption as one value: what an adopter says, by name, in plain data.

As in a case study's record, what is empty is left out. Texts are plain text. `kept` holds the words of those core parts of the case
study that were kept, `context` the same grid as a case study's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forum.case_studies.record import completeness
from forum.case_studies.record import values as case_record
from forum.case_studies.record.parts import Part
from forum.documents.identifiability import Finding, check
from forum.kernel.clock import ahead
from forum.kernel.text import characters, clean, one_line
from forum.kernel.wording import year_month
from forum.taxonomy.models import BARRIER
from forum.taxonomy.queries import label

Record = Mapping[str, Any]

CONSIDERING, PLANNING, PILOTING, ADOPTED, ADAPTED = "considering", "planning", "piloting", "adopted", "adapted"
STOPPED, DECIDED_NOT_TO = "stopped", "decided-not-to"
STAGES: dict[str, str] = {
    CONSIDERING: "Considering it",
    PLANNING: "Planning it",
    PILOTING: "Piloting it",
    ADOPTED: "Adopted it as it is",
    ADAPTED: "Adopted it with changes",
    STOPPED: "Tried it and stopped",
    DECIDED_NOT_TO: "Decided not to",
}
#: Stages at which they have done it, for however long: these count as tried, and have a result.
TRIED = frozenset({PILOTING, ADOPTED, ADAPTED, STOPPED})
#: Stages at which the reason is asked for: it is what the next reader most needs.
ENDED = frozenset({STOPPED, DECIDED_NOT_TO})
BETTER, SIMILAR = "better", "similar"
RESULTS: dict[str, str] = {
    BETTER: "Better than before",
    SIMILAR: "Much as before",
    "worse": "Worse than before",
    "too-early": "Too early to tell",
    "not-measured": "Not measured",
}
#: It worked there: no worse than what they had.
WORKED = frozenset({BETTER, SIMILAR})


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the record: what the adopter is asked, what stands over it for readers, and how long it may be."""

    name: str
    question: str
    heading: str
    longest: int
    help: str = ""
    lines: int = 4


TEXTS: dict[str, Text] = {
    t.name: t
    for t in (
        Text("place", "Which ward, team or area?", "Place", 120, "If the organisation's name does not say enough.", 1),
        Text("result_text", "What happened?", "What happened", 600, "Numbers if you have them, before and after."),
        Text("changed", "What did you change?", "What they changed", 400),
        Text("why", "Why did you change it?", "Why", 400),
        Text("reason_text", "Say more about why", "In their words", 400, "One or two sentences help the next team most."),
        Text("message", "Your message to the next team", "To the next team", 400, "What should they know before they start?"),
    )
}
MONTHS = {"started": "When did you start?", "ended": "If it has ended, when?"}
MOST_PLACES, LONGEST_PLACE = 6, 120
_CONTEXT = case_record.ITEMS["context"]
assert isinstance(_CONTEXT, Part)
CONTEXT: Part = _CONTEXT
_MONTH = re.compile(r"(19|20)[0-9][0-9](-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must change before the record can be shared: which value, and what to do."""

    field: str
    message: str


def normal(values: Record) -> dict[str, Any]:
    """The record without unknown names and empty values. Raises `BadText` for text that cannot be stored."""
    shared = case_record.normal({n: values[n] for n in ("organisations", "started", "context") if n in values})
    found: dict[str, Any] = {"organisations": shared.get("organisations", [])}
    for name in ("stage", "result", "ended"):
        found[name] = _text(values.get(name), True)
    for name, text in TEXTS.items():
        found[name] = _text(values.get(name), text.lines == 1)
    for name in ("kept", "reasons"):
        lines = (_text(v, True) for v in _many(values.get(name)))
        found[name] = list(dict.fromkeys(line for line in lines if line))
    found |= {"started": shared.get("started", ""), "context": shared.get("context", [])}
    return {name: value for name, value in found.items() if value}


def _many(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _text(value: Any, line: bool) -> str:
    text = clean(value).strip() if isinstance(value, str) else ""
    return one_line(text) if line else text


def gaps(record: Record, core_parts: Sequence[str]) -> list[Gap]:
    """Return what is missing or wrong; empty when it can be shared. `core_parts` are those that may be said to be kept."""
    return [*_essentials(record), *_details(record, core_parts)]


def _essentials(record: Record) -> Iterator[Gap]:
    places, stage, result = record.get("organisations", []), record.get("stage", ""), record.get("result", "")
    if not places:
        yield Gap("organisations", "Say where you tried it: name at least one organisation")
    if len(places) > MOST_PLACES:
        yield Gap("organisations", f"Name at most {MOST_PLACES} organisations, there are {len(places)}")
    for name in places:
        if not 3 <= len(name) <= LONGEST_PLACE:
            yield Gap("organisations", f"Give the organisation's name in 3 to {LONGEST_PLACE} characters")
    if stage not in STAGES:
        yield Gap("stage", "Choose how far you are")
    if result and result not in RESULTS:
        yield Gap("result", "Choose one of the answers")
    elif stage in TRIED and not result:
        yield Gap("result", "Choose what came of it. “Too early to tell” is an answer")
    if stage in ENDED and not record.get("reasons"):
        yield Gap("reasons", "Choose at least one reason: it is what others can learn most from")


def _details(record: Record, core_parts: Sequence[str]) -> Iterator[Gap]:
    for name, text in TEXTS.items():
        over = len(record.get(name, "")) - text.longest
        if over > 0:
            yield Gap(name, f"“{text.question}” is {characters(over)} too long")
    for name, question in MONTHS.items():
        if record.get(name) and not _MONTH.fullmatch(record[name]):
            yield Gap(name, f"{question} Give year and month, such as 2025-03, or only the year")
    for name in ("ended",) if record.get("stage") in {CONSIDERING, PLANNING} else ("started", "ended"):
        if ahead(record.get(name, "")):
            yield Gap(name, f"{MONTHS[name]} This lies in the future. Give the month in which it happened")
    started, ended = record.get("started", ""), record.get("ended", "")
    if started and ended and ended[: len(started)] < started[: len(ended)]:
        yield Gap("ended", "It cannot end before it started")
    if any(part not in core_parts for part in record.get("kept", [])):
        yield Gap("kept", "Choose from the core parts of this case study")
    if any(not label(BARRIER, slug) for slug in record.get("reasons", [])):
        yield Gap("reasons", "Choose reasons from the list")
    if record.get("context"):
        wrong = completeness.gaps({"context": record["context"]})
        yield from (Gap("context", g.message) for g in wrong if g.field == "context")


def texts(record: Record) -> dict[str, str]:
    """Return what was typed freely, by name; notes on the context by their row."""
    found = {name: record[name] for name in TEXTS if record.get(name)}
    notes = {f"context_{row['key']}_note": row["note"] for row in record.get("context", []) if row.get("note")}
    places = record.get("organisations", [])
    return found | notes | ({"organisations": "\n".join(places)} if places else {})


def findings(record: Record) -> list[Finding]:
    """Return findings that need a reason to stay: only those that the check is sure of, as in discussions."""
    return [f for f in check(texts(record)) if f.severity == "block"]


_HEADINGS = {
    "organisations": "Organisations",
    "stage": "Stage",
    "result": "Result",
    "started": "Started",
    "ended": "Ended",
    "kept": "Core parts kept",
    "reasons": "Reasons",
    **{name: text.heading for name, text in TEXTS.items()},
    "context": CONTEXT.heading,
}


def heading(name: str) -> str:
    """The heading that stands over a value where versions are compared."""
    return _HEADINGS.get(name, name)


def in_words(name: str, value: Any) -> str:
    """A value as text that a person can read."""
    if not value:
        return ""
    if name in {"stage", "result"}:
        return (STAGES if name == "stage" else RESULTS).get(value, "")
    if name in MONTHS:
        return year_month(value)
    if name == "reasons":
        return "\n".join(label(BARRIER, slug) or slug for slug in value)
    return case_record.flat("context", value) if name == "context" else "\n".join(value) if isinstance(value, list) else str(value)


def words(record: Record) -> list[tuple[str, str]]:
    """(heading, text) of everything it says, for comparing two versions."""
    said = {heading(name): in_words(name, record.get(name)) for name in _HEADINGS}
    return [(title, text) for title, text in said.items() if text]


def core_parts_of(case_values: Record) -> list[str]:
    """The core parts that a case study names, in its order."""
    return [row["text"] for row in case_values.get("core_parts", []) if row.get("text")]
