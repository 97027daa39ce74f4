"""Measures typed as a person would."""

from tests.page import Person

BEFORE = [42, 45, 39, 44, 41, 43, 46, 40, 42, 44, 41, 43, 45]
AFTER = [33, 31, 30, 32, 29, 31, 30, 28, 31, 30]


def lines(values: list[float] | list[int], year: int = 2023) -> str:
    """A line for each month from January of that year."""
    return "\n".join(f"{year + n // 12}-{n % 12 + 1:02}\t{v}" for n, v in enumerate(values))


FIELDS = {
    "name": "Falls a month on the frailty ward",
    "definition": "Every fall in the incident system, also those without harm.",
    "kind": "outcome",
    "part": "acute-and-specialist",
    "value_kind": "count",
    "unit": "falls",
    "decimals": "0",
    "direction": "decrease",
    "every": "month",
    "figures": lines(BEFORE + AFTER),
    "phases-0-label": "Huddle starts",
    "phases-0-start": "2024-02",
    "phases-0-kind": "change",
    "interpretation": "Falls went down once the huddle began.",
    "right": "y",
}


def measure(by: Person, url: str, status: int = 303, **changes: object) -> str:
    """Add a measure to the thing at `url`; gives its address."""
    data = {**FIELDS, "action": "save", **changes}
    response = by.post(f"{url}/measures/new", {k: v for k, v in data.items() if v is not None}, status=status)
    return by.location(response) if status == 303 else response.text
