"""The narrative fields of a case study. One line here drives the form, the page, the preview, completeness, search text and import.

Numbers, limits and help texts follow the case-study record (design: case-study schema, part 2). To add a field: a line here, a column of
the same name in `models.py`, and a migration.
"""

from collections.abc import Mapping
from dataclasses import dataclass

QUICK, STANDARD, FULL = "quick", "standard", "full"


@dataclass(frozen=True, slots=True)
class Field:
    """One narrative field: `question` is asked of the author, `heading` stands over the text for readers."""

    name: str
    question: str
    heading: str
    help: str
    longest: int
    depth: str = QUICK
    required: bool = True
    shortest: int = 0
    markdown: bool = True
    standard: str = ""


# fmt: off
FIELDS: tuple[Field, ...] = (
    Field("title", "Title", "Title", "Say what changed and for whom. Example: Weekly care-home ward round cuts emergency admissions in Anytown.", 100, shortest=15, markdown=False, standard="SQUIRE 1; TIDieR 1"),
    Field("summary", "The result in one line", "In one line", "What is better now? If it is too early or it did not work, say so.", 140, markdown=False, standard="SQUIRE 2"),
    Field("problem", "What was the problem?", "The problem", "Who was affected, how often, how did you know? No patient details.", 800, standard="SQUIRE 3"),
    Field("actions", "What did you do?", "What we did", "Enough for a colleague elsewhere to picture it.", 1_500, standard="SQUIRE 8; TIDieR 3–8"),
    Field("results", "What happened?", "What happened", "Numbers if you have them, before and after, with dates.", 800, standard="SQUIRE 13"),
    Field("advice", "What would you tell someone starting tomorrow?", "What we would tell someone starting tomorrow", "One thing to do, one to avoid.", 600, standard="AHRQ adoption considerations"),
)
# fmt: on

BY_NAME: dict[str, Field] = {f.name: f for f in FIELDS}
BODY: tuple[Field, ...] = tuple(f for f in FIELDS if f.markdown)

CONFIRMATIONS: dict[str, str] = {
    "identity": "No patient, carer or member of staff can be identified, alone or from several details together",
    "consent": "Consent is recorded for any story or picture of a person",
    "rights": "I may share this: it is my team's work, or we have permission",
    "licence": "Others may use it with credit, under the Creative Commons Attribution 4.0 licence",
    "interests": "Any money or interest from a company is said in the text",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must change before a case study can be sent: which input, and what to do."""

    field: str
    message: str


def gaps(texts: Mapping[str, str], elements: int, organisations: int) -> list[Gap]:
    """What is missing or too long at quick-share depth; empty when it can be sent."""
    found = []
    for f in FIELDS:
        text = texts.get(f.name, "").strip()
        if f.required and not text:
            found.append(Gap(f.name, f"Fill in: {f.question}"))
        elif text and len(text) < f.shortest:
            found.append(Gap(f.name, f"{f.question}: use at least {f.shortest} characters"))
        elif len(text) > f.longest:
            found.append(Gap(f.name, f"{f.question}: {len(text) - f.longest} characters too long"))
    title = texts.get("title", "")
    if len(title) > 14 and title.isupper():
        found.append(Gap("title", "Title: write it in small letters, with a capital at the start"))
    if not organisations:
        found.append(Gap("organisation_1", "Say where it happened: name at least one organisation"))
    if not 1 <= elements <= 3:
        found.append(Gap("elements", "Choose 1 to 3 leadership elements"))
    return found


def answered(texts: Mapping[str, str], elements: int, organisations: int) -> tuple[int, int]:
    """How many of the fields that a quick share asks for are filled, and how many there are."""
    filled = sum(bool(texts.get(f.name, "").strip()) for f in FIELDS) + bool(elements) + bool(organisations)
    return filled, len(FIELDS) + 2
