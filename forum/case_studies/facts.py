"""What is said of a case study in a line or two: in lists and search results, beside others, on the board's page, on a slide."""

from collections.abc import Sequence
from dataclasses import dataclass

from forum.case_studies.evidence.currency import CONFIRMED, DUE, ENDED, FRESHNESS, SILENT, heard_since
from forum.case_studies.evidence.levels import MEASURED, assessed
from forum.case_studies.models import CaseStudy
from forum.case_studies.record.values import ITEMS
from forum.kernel.references import Fact
from forum.kernel.wording import plural, say_date, year_month
from forum.measures.models import Measure
from forum.records.items import Part
from forum.records.schema import Record
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import OUTCOME, STATUS


@dataclass(frozen=True, slots=True)
class Line:
    """A few words, perhaps with an address to go to; `quiet` ones stand back."""

    words: str
    href: str = ""
    quiet: bool = False


def deciding(case: CaseStudy) -> tuple[Fact, ...]:
    """Return what decides whether a reader goes on: figures, whether it lasted and works elsewhere, how strong the evidence is.

    From columns that lists read anyway, never from its texts.
    """
    found = (
        Fact(figures(case.measures_shown, case.data_months), "chart"),
        _now(case),
        Fact(f"Elsewhere: {', '.join(travels(case))}" if case.tried else "", "people"),
        Fact(_strong(case), "check"),
    )
    return tuple(fact for fact in found if fact.words)


def figures(measures: int, months: int) -> str:
    """Return how far its figures reach, "" where it has none; without the day of the change nobody can tell how far."""
    if months and measures:
        return f"Figures for {plural(months, 'month', 'months')} after the change"
    return f"Figures of {plural(measures, 'measure', 'measures')}" if measures else ""


def _now(case: CaseStudy) -> Fact:
    """Return where it stands; that it did not last is worth as much to know as that it did."""
    if case.practice_status in ENDED:
        return Fact(taxonomy.label(STATUS, case.practice_status), "close")
    return Fact(_lasting(case) or taxonomy.label(STATUS, case.practice_status), "clock")


def _lasting(case: CaseStudy) -> str:
    return f"Still running after {plural(case.lasting_months, 'month', 'months')}" if case.lasting_months else ""


def _strong(case: CaseStudy) -> str:
    """Its evidence, where that is more than an account or somebody confirmed it."""
    found = assessed(case)
    return found.brief if found.confirmed or (case.evidence_suggested or 0) >= MEASURED else ""


def current_status(case: CaseStudy, values: Record) -> list[str]:
    """Return where it stands and since when, how long it has been running, and when its authors last said so."""
    status = case.practice_status or values.get("practice_status", "")
    ended = status in ENDED
    day = year_month(values.get("stopped" if ended else "started", ""))
    words = taxonomy.label(STATUS, status)
    found = [f"{words}{', ' if ended else ', since '}{day}" if words and day else words]
    return [text for text in (*found, _lasting(case), _freshness(case)) if text]


def _freshness(case: CaseStudy) -> str:
    told = case.confirmed_at or case.published_at
    if not case.freshness or told is None:
        return ""
    day = say_date(told)
    heard = heard_since(case)
    known = {
        CONFIRMED: f"{'Confirmed by its authors' if heard else 'Published'} on {day}",
        DUE: f"An update is due: {'last confirmed' if heard else 'published'} on {day}",
    }
    return known.get(case.freshness, f"{FRESHNESS[SILENT]} since {day}")


def travels(case: CaseStudy) -> list[str]:
    """Return what became of it elsewhere; [] where nobody said."""
    facts = case.travel or {}
    tried, kept = facts.get("tried", 0), facts.get("adopted", 0) + facts.get("adapted", 0)
    found = [plural(tried, "team tried it", "teams tried it")] if tried else []
    found += [f"{kept} adopted or adapted it"] if kept else []
    return found + ([f"{facts['stopped']} stopped"] if facts.get("stopped") else [])


def turned_out(case: CaseStudy) -> str:
    """Return which way its figures point, or else what its authors say; "" where nothing can be said."""
    return taxonomy.label(OUTCOME, case.evidence.get("direction") or case.outcome)


def costs(values: Record) -> list[Line]:
    """Return what it took, a line for each row; notes stand back."""
    part = ITEMS["costs"]
    assert isinstance(part, Part)
    kinds = next(c for c in part.columns if c.name == "kind")
    found = []
    for row in values.get("costs", []):
        year = f" ({row['year']})" if row.get("year") else ""
        found.append(Line(": ".join(t for t in (kinds.say(row.get("kind", "")), row.get("amount", "")) if t) + year))
        found += [Line(row["note"], quiet=True)] if row.get("note") else []
    return found


def has_chart(measure: Measure) -> bool:
    return bool(measure.reading.get("stage", "table") != "table")


def main_measure(measures: Sequence[Measure]) -> Measure | None:
    """The one that speaks for it: what its authors chose, else the one that says most. That is one with a chart, which is not a
    balancing measure, then one with a special cause, then the longest, then an outcome."""
    chosen = [m for m in measures if m.leads]
    return next(iter(chosen), None) or max(measures, key=_says, default=None)


def _says(measure: Measure) -> tuple[bool, bool, bool, int, bool]:
    kind = measure.about["kind"]
    return has_chart(measure), kind != "balancing", special(measure), measure.points, kind == "outcome"


def special(measure: Measure) -> bool:
    """Whether its figures show more than usual variation."""
    return measure.effect in {"better", "worse"} or measure.reading.get("variation", "common_cause") not in {"", "common_cause"}


def balancing_measure(measures: Sequence[Measure], main: Measure | None) -> Measure | None:
    """The balancing measure that stands beside it: one with a chart, then the longest."""
    others = [m for m in measures if m.about["kind"] == "balancing" and m is not main]
    return max(others, key=lambda m: (has_chart(m), m.points), default=None)
