"""The record of an adoption as one value: what an adopter says, by name, in plain data.

Texts are plain text. `kept` holds the words of those core parts of the case study that were kept, `context` the same grid as a case
study's.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from forum.case_studies.record.parts import CONTEXT
from forum.documents.identifiability import Finding, check
from forum.kernel.wording import year_month
from forum.records.gaps import Gap
from forum.records.items import CHOICE, CHOICES, MONTH, NAMES, Field, Item, Options, Part
from forum.records.schema import Record, Schema
from forum.taxonomy.models import BARRIER
from forum.taxonomy.queries import ListOf

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

MOST_PLACES = 6
_MONTH = "Year and month, such as 2025-03, or only the year."
_FEW = "A few words are enough."
_STAGE = "Choose how far you are"


def _text(name: str, question: str, heading: str, longest: int, help: str = _FEW, lines: int = 3) -> Field:
    return Field(name, question, heading, help, longest, required=False, markdown=False, lines=lines)


PLACES = Part(
    "organisations",
    NAMES,
    "Where did you try it, or think of trying it?",
    "Organisations",
    "Your organisation. Start typing the name. If it is not in the list, write it in full.",
    required=True,
    most=MOST_PLACES,
    shortest=3,
    missing="Say where you tried it: name at least one organisation",
    many="Name at most {most} organisations, there are {count}",
    wrong="Give the organisation's name in 3 to 120 characters",
)
#: Which these may be is for the case study to say.
KEPT = Part(
    "kept", NAMES, "Which core parts did you keep?", "Core parts kept", "Tick those that you kept.", most=100, longest=1_000
)
_ITEMS: tuple[Item, ...] = (
    PLACES,
    Part("stage", CHOICE, "How far are you?", "Stage", required=True, options=Options(given=STAGES), missing=_STAGE, wrong=_STAGE),
    Part("result", CHOICE, "What came of it?", "Result", options=Options(given=RESULTS), wrong="Choose one of the answers"),
    Part("started", MONTH, "When did you start?", "Started", _MONTH),
    Part("ended", MONTH, "If it has ended, when?", "Ended", _MONTH),
    KEPT,
    Part(
        "reasons",
        CHOICES,
        "Why did you stop, or decide not to?",
        "Reasons",
        "Choose all that apply. Finding out is not a failure: others can learn most from this.",
        options=ListOf(BARRIER),
        wrong="Choose reasons from the list",
    ),
    _text("place", "Which ward, team or area?", "Place", 120, "If the organisation's name does not say enough.", 1),
    _text("result_text", "What happened?", "What happened", 600, "Numbers if you have them, before and after."),
    _text("changed", "What did you change?", "What they changed", 400),
    _text("why", "Why did you change it?", "Why", 400),
    _text("reason_text", "Say more about why", "In their words", 400, "One or two sentences help the next team most."),
    _text("message", "Your message to the next team", "To the next team", 400, "What should they know before they start?"),
    CONTEXT,
)
SCHEMA = Schema({item.name: item for item in _ITEMS})
normal, heading = SCHEMA.normal, SCHEMA.heading
#: What has one text in the form.
PLAIN = tuple(item.name for item in _ITEMS if isinstance(item, Field) or item.shape in {CHOICE, MONTH})


def gaps(record: Record, core_parts: Sequence[str]) -> list[Gap]:
    """Return what is missing or wrong; empty when it can be shared. `core_parts` are those that may be said to be kept."""
    return [*SCHEMA.gaps(record), *_beside(record, core_parts)]


def _beside(record: Record, core_parts: Sequence[str]) -> Iterator[Gap]:
    """Yield what no item tells for itself."""
    stage = record.get("stage", "")
    if stage in TRIED and not record.get("result"):
        yield Gap("result", "Choose what came of it. “Too early to tell” is an answer")
    if stage in ENDED and not record.get("reasons"):
        yield Gap("reasons", "Choose at least one reason: it is what others can learn most from")
    yield from SCHEMA.future(record, ["ended"] if stage in {CONSIDERING, PLANNING} else ["started", "ended"])
    started, ended = record.get("started", ""), record.get("ended", "")
    if started and ended and ended[: len(started)] < started[: len(ended)]:
        yield Gap("ended", "It cannot end before it started")
    if any(part not in core_parts for part in record.get("kept", [])):
        yield Gap("kept", "Choose from the core parts of this case study")


def written(record: Record) -> dict[str, str]:
    """Return what was typed freely, by name; notes on the context by their row."""
    found = SCHEMA.written({name: value for name, value in record.items() if name != "context"})
    notes = {f"context_{row['key']}_note": row["note"] for row in record.get("context", []) if row.get("note")}
    places = record.get("organisations", [])
    return found | notes | ({"organisations": "\n".join(places)} if places else {})


def findings(record: Record) -> list[Finding]:
    """Return findings that need a reason to stay: only those that the check is sure of, as in discussions."""
    return [f for f in check(written(record)) if f.severity == "block"]


def flat(name: str, value: Any) -> str:
    """Return a value as text that a person can read."""
    return year_month(value or "") if name in {"started", "ended"} else SCHEMA.flat(name, value)


def words(record: Record) -> list[tuple[str, str]]:
    """(heading, text) of everything it says, for comparing two versions."""
    said = {heading(name): flat(name, record.get(name)) for name in SCHEMA.items}
    return [(title, text) for title, text in said.items() if text]


def core_parts_of(case_values: Record) -> list[str]:
    """The core parts that a case study names, in its order."""
    return [row["text"] for row in case_values.get("core_parts", []) if row.get("text")]
