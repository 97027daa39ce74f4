"""What a measure is made of: its choices, its texts and how long each may be."""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class TextField:
    """A text of a measure: what is asked, how long it may be, and whether it is needed before the measure can be saved."""

    question: str
    heading: str
    longest: int
    needed: bool = False


TEXTS: Mapping[str, TextField] = {
    "name": TextField("What do you measure?", "Measure", 100, needed=True),
    "definition": TextField("How exactly is it counted?", "Definition", 400, needed=True),
    "unit": TextField("Unit", "Unit", 30),
    "source": TextField("Where do the figures come from, and what are their limits?", "Source and limits", 300),
    "interpretation": TextField("What does this tell us?", "What this tells us", 300),
}
CHOICES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "kind": ("Kind of measure", KINDS),
    "value_kind": ("What sort of figure is it?", VALUE_KINDS),
    "direction": ("Which direction is better?", DIRECTIONS),
    "every": ("How often is it measured?", INTERVALS),
}
#: Rows of a measure, by name: column → (label, longest, needed).
ROWS: Mapping[str, Mapping[str, tuple[str, int, bool]]] = {
    "targets": {"value": ("Target", 20, True), "since": ("From", 20, False), "source": ("Who set it", 120, False)},
    "phases": {
        "label": ("What changed", 60, True),
        "start": ("When", 20, True),
        "kind": ("What begins here", 20, True),
        "recalculate": ("Limits", 3, False),
        "reason": ("Why new limits", 200, False),
    },
    "remarks": {
        "date": ("Date of the point", 20, True),
        "what": ("What about it", 20, True),
        "text": ("Note or reason", 120, False),
    },
}
ROW_NAMES = {"targets": "Target", "phases": "Phase", "remarks": "Note"}
