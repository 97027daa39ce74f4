"""The level of evidence that a record suggests, 0 to 5, with the reasons in words.

After the Nesta Standards of Evidence (Puttick and Ludlow 2013). Levels build on each other. A moderator confirms one; the authors
never do. How strong the evidence is says nothing of which way it points: see `direction`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forum.case_studies.models import CaseStudy
from forum.case_studies.record.values import SCHEMA
from forum.measures.models import Measure
from forum.records.gaps import Gap
from forum.spc.summary import FEWEST_LIMITS
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import EVIDENCE

LEVELS = range(6)
DESCRIBED, MEASURED, ATTRIBUTED, REPLICATED, SCALED = 1, 2, 3, 4, 5
#: Designs that compare, of those in `record/parts.py`.
COMPARING = {"comparison": "compared with another place or group", "randomised": "randomised"}
#: How many months figures, or the practice itself, must reach after the change to show that it lasts.
LASTING_MONTHS = 12
#: The answers that make a clear account: name of the field → what a reader learns from it.
ACCOUNT = {"problem": "what the problem was", "actions": "what was done", "rationale": "why it should work"}
NOT_YET = "Not assessed yet"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The level, why it is that, and what the next one would need; sentences for the page."""

    level: int
    reasons: tuple[str, ...]
    next: str


def suggest(record: Mapping[str, Any], measures: Sequence[Measure], travel: Mapping[str, int], data_months: int) -> Suggestion:
    """Return what the record, the measures that readers see and the counted adoptions suggest."""
    steps = (
        _described(record),
        _measured(measures),
        _attributed(record),
        _replicated(record, travel),
        _scaled(travel, data_months),
    )
    level, reasons = 0, []
    for number, (met, words) in enumerate(steps, 1):
        # Others who repeat it confirm it as well as a comparison does: level 4 does not wait for level 3.
        if not met and number == ATTRIBUTED and steps[REPLICATED - 1][0]:
            continue
        if not met:
            break
        level = number
        reasons.append(words)
    missing = next((words for number, (met, words) in enumerate(steps, 1) if not met and number > level), "")
    return Suggestion(level, tuple(reasons), missing)


@dataclass(frozen=True, slots=True)
class Assessed:
    """How strong the evidence is, in a reader's words with the number behind them, and who says so ("" where nobody does)."""

    words: str
    said: str = ""
    confirmed: bool = False

    @property
    def brief(self) -> str:
        """Both in one line."""
        return f"{self.words}, not confirmed yet" if self.said and not self.confirmed else self.words


def assessed(case: CaseStudy) -> Assessed:
    """Return what readers see. Without a suggested level nothing was assessed; only a moderator says that there is no result
    yet."""
    if case.evidence_level is not None:
        return Assessed(level_words(case.evidence_level), "Confirmed by a moderator", confirmed=True)
    if case.evidence_suggested:
        return Assessed(level_words(case.evidence_suggested), "The site's own reading, which no moderator has confirmed yet")
    return Assessed(NOT_YET)


def level_words(level: int) -> str:
    """Return what a level means to a reader, then its number."""
    return f"{taxonomy.terms(EVIDENCE)[level].label} (level {level})"


def unanswered(record: Mapping[str, Any]) -> list[Gap]:
    """The answers that are missing for an account that can be assessed; each says what a reader would learn from it."""
    return [SCHEMA.gap(name, words) for name, words in ACCOUNT.items() if not record.get(name)]


def _described(record: Mapping[str, Any]) -> tuple[bool, str]:
    missing = [gap.message for gap in unanswered(record)]
    if missing:
        answers = "One answer is" if len(missing) == 1 else f"{len(missing)} answers are"
        return False, f"{answers} missing for a clear account: {' and '.join(missing)}."
    return True, "The problem, what was done and why it should help are described."


def _measured(measures: Sequence[Measure]) -> tuple[bool, str]:
    better = [m.name for m in measures if m.points >= FEWEST_LIMITS and m.effect == "better"]
    if better:
        return True, f"Special-cause improvement after the change, in {FEWEST_LIMITS} points or more: {better[0]}."
    if any(m.points == 2 for m in measures):
        return False, f"Two figures are not enough for level 2: it needs {FEWEST_LIMITS} points and improvement after the change."
    return False, f"Level 2 needs a measure with {FEWEST_LIMITS} points, the day of the change, and improvement after it."


def _attributed(record: Mapping[str, Any]) -> tuple[bool, str]:
    words = COMPARING.get(record.get("design", ""))
    if words and record.get("analysis"):
        return True, f"It was {words}, and how is described."
    return False, "Level 3 needs a comparison that shows the change to be the cause, and how it was studied."


def _replicated(record: Mapping[str, Any], travel: Mapping[str, int]) -> tuple[bool, str]:
    evaluated = [row for row in record.get("references", []) if row.get("part") == "evaluation"]
    if evaluated:
        return True, "An independent evaluation is linked."
    count = travel.get("improving", 0)
    if count >= 2:
        return True, f"{count} teams elsewhere, whose “We tried this” entries are confirmed, show improvement in their own data."
    return False, "Level 4 needs an independent evaluation, or two confirmed teams elsewhere with improvement in their own data."


def _scaled(travel: Mapping[str, int], data_months: int) -> tuple[bool, str]:
    verified, regions = travel.get("verified", 0), travel.get("regions", 0)
    lasting = max(data_months, LASTING_MONTHS if travel.get("sustained") else 0)
    if verified >= 5 and regions >= 3 and lasting >= LASTING_MONTHS:
        return (
            True,
            f"{verified} confirmed teams elsewhere, in {regions} areas, run it, with results over {LASTING_MONTHS} months.",
        )
    return False, "Level 5 needs five confirmed teams elsewhere, in three areas, and results that lasted 12 months."


def direction(measures: Sequence[Measure]) -> str:
    """Return which way the figures point: a slug of the list of outcomes; "" where no measure can tell.

    Measures of the outcome come first; where there are none, all that can tell count.
    """
    telling = [m for m in measures if m.effect and m.points >= FEWEST_LIMITS]
    outcomes = [m for m in telling if m.about["kind"] == "outcome"] or telling
    effects = {m.effect for m in outcomes}
    if {"better", "worse"} <= effects:
        return "mixed"
    found = "better" if "better" in effects else "worse" if "worse" in effects else "none" if effects else ""
    harmed = any(m.effect == "worse" for m in telling if m.about["kind"] == "balancing")
    return "mixed" if found == "better" and harmed else "no-change" if found == "none" else found
