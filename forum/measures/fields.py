"""What a measure is made of: its texts, its choices, its rows and its figures."""

from collections.abc import Mapping

from forum.kernel.numbers import in_full
from forum.records.items import CHOICE, OWN, ROWS, Column, Field, Item, Options, Part
from forum.spc.read.series import to_date, to_value
from forum.taxonomy.models import PART
from forum.taxonomy.queries import ListOf

#: The Model for Improvement's kinds, with experience and cost beside them.
KINDS = {
    "outcome": "Outcome: what it is for",
    "process": "Process: is it done as meant?",
    "balancing": "Balancing: what might get worse elsewhere",
    "experience": "Experience of patients, carers or staff",
    "cost": "Cost",
}
KIND_NAMES = {"outcome": "Outcome", "process": "Process", "balancing": "Balancing", "experience": "Experience", "cost": "Cost"}
VALUE_KINDS = {
    "count": "A count",
    "percentage": "A percentage",
    "rate": "A rate",
    "mean": "A mean",
    "days": "Days",
    "pounds": "Pounds",
    "score": "A score",
}
DIRECTIONS = {"increase": "Higher is better", "decrease": "Lower is better", "neither": "Neither: it should stay as it is"}
INTERVALS = {
    "day": "Every day",
    "week": "Every week",
    "4-weeks": "Every 4 weeks",
    "month": "Every month",
    "quarter": "Every quarter",
    "year": "Every year",
}
PHASE_KINDS = {"baseline": "Before the change", "change": "The change began", "follow-up": "Follow-up"}
#: What is said of single points.
NOTE, PROVISIONAL, LEFT_OUT = "note", "provisional", "left-out"
REMARKS = {NOTE: "A note", PROVISIONAL: "Provisional: may still change", LEFT_OUT: "Leave it out of the limits"}

#: A fixed baseline needs this many points, as NHS England's Excel tool does.
FEWEST_BASELINE = 12
MOST_MEASURES = 20
MOST_ROWS = 20
MOST_REMARKS = 60
#: Dates without a figure that are stored, and characters of the reason.
MOST_NO_FIGURES, LONGEST_WHY = 500, 80


_DATE = "Such as 2025-03 or 31/03/2025"


def _iso(text: str) -> str:
    day = to_date(text)
    return day.isoformat() if day else ""


def _number(text: str) -> str:
    value = to_value(text)
    return in_full(value)


def _date(name: str, label: str, hint: str = _DATE, needed: bool = True) -> Column:
    wrong = "“{text}” is not a date. Write it as 2026-03-31, 31/03/2026 or March 2026"
    return Column(name, label, 20, needed=needed, hint=hint, read=_iso, wrong=wrong)


def _text(name: str, question: str, heading: str, help: str, longest: int, required: bool = False, lines: int = 1) -> Field:
    return Field(name, question, heading, help, longest, required=required, markdown=False, lines=lines)


def _choice(name: str, question: str, given: Mapping[str, str]) -> Part:
    asked = f"Choose an answer: {question}"
    return Part(name, CHOICE, question, question, required=True, options=Options(given=given), missing=asked, wrong=asked)


def _rows(name: str, question: str, heading: str, help: str, one: str, *columns: Column, most: int = MOST_ROWS) -> Part:
    many = "At most {most} can be kept, there are {count}"
    return Part(name, ROWS, question, heading, help, columns=columns, most=most, one=one, many=many, where="{row}")


_FELT = "Choose the part of the system where it is felt"
#: Ticked, not typed: limits are new from the phase on.
ANEW = Column("recalculate", "Recalculate the limits from here", 3, Options(given={"yes": "yes"}))

# fmt: off
_ITEMS: tuple[Item, ...] = (
    _text("name", "What do you measure?", "Measure", "Say where, too. Example: falls per month on the frailty ward.", 100, required=True),
    _text("definition", "How exactly is it counted?", "Definition", "Who and what counts, and what does not. Enough for somebody else to count the same.", 400, required=True, lines=3),
    _text("unit", "Unit", "Unit", "For counts, rates and scores. Example: falls, or per 1,000 bed days.", 30),
    _text("source", "Where do the figures come from, and what are their limits?", "Source and limits", "Which system or audit, who counts, and what you know about its quality.", 300, lines=3),
    _text("interpretation", "What does this tell us?", "What this tells us", "In your own words, for a board member. Readers see the chart once this is filled.", 300, lines=3),
    _choice("kind", "Kind of measure", KINDS),
    _choice("value_kind", "What sort of figure is it?", VALUE_KINDS),
    _choice("direction", "Which direction is better?", DIRECTIONS),
    _choice("every", "How often is it measured?", INTERVALS),
    Part("part", CHOICE, "Where in the system is it felt?", "Part of the system", required=True, options=ListOf(PART), missing=_FELT, wrong=_FELT),
    Part("decimals", OWN, "Decimal places", "Decimal places"),
    _rows("targets", "Target (optional)", "Targets", "If it was raised or lowered over time, one row for each.", "target",
        Column("value", "Target", 20, needed=True, read=_number, wrong="“{text}” is not a number"), _date("since", "From", "Leave empty: from the start", needed=False),
        Column("source", "Who set it", 120)),
    _rows("phases", "Phases: what changed, and when", "Phases", "The day on which the change began lets the site tell whether things got better after it. Limits are recalculated only for a big, lasting shift whose cause is known.", "phase",
        Column("label", "What changed", 60, needed=True, hint="In a few words, such as: huddle starts"), _date("start", "When"),
        Column("kind", "What begins here", 20, Options(given=PHASE_KINDS), needed=True, wrong="choose what begins here"),
        Column("reason", "Why new limits", 200, hint="Needed if you tick the box"), ANEW),
    _rows("remarks", "Notes on single points", "Notes on points", "A note, a figure that may still change, or a point that should not count for the limits.", "note",
        _date("date", "Date of the point"), Column("what", "What about it", 20, Options(given=REMARKS), needed=True, wrong="choose what it is about the point"),
        Column("text", "Note or reason", 120), most=MOST_REMARKS),
    Part("people", OWN, "It counts people: patients, residents, children or staff", "Counts people"),
    Part("points", OWN, "Your figures", "Figures"),
    Part("no_figures", OWN, "Dates without a figure", "Dates without a figure"),
    Part("baseline", OWN, "Fix the limits from the first points", "Points of the fixed baseline", "How many, from 12 to 60. Leave empty to use all points."),
)
# fmt: on
ITEMS: dict[str, Item] = {item.name: item for item in _ITEMS}
TEXTS: dict[str, Field] = {item.name: item for item in _ITEMS if isinstance(item, Field)}
CHOICES: dict[str, Part] = {item.name: item for item in _ITEMS if isinstance(item, Part) and item.shape == CHOICE}
ROW_PARTS: dict[str, Part] = {item.name: item for item in _ITEMS if isinstance(item, Part) and item.shape == ROWS}
