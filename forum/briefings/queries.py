"""What papers say of one case study, in words: as far as its reader may see it, and never cut within a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.case_studies import facts
from forum.case_studies.contributors import queries as contributors
from forum.case_studies.evidence.levels import assessed
from forum.case_studies.models import PUBLISHED, REVIEWER, STATUS_WORDS, CaseStudy
from forum.case_studies.queries import KIND, CaseRow, rows
from forum.case_studies.reader_view import ReaderView, about, reader_view
from forum.case_studies.record.presentation import Shown
from forum.kernel.clock import now
from forum.kernel.text import one_line
from forum.kernel.wording import join_words, plural, year_month
from forum.measures import charts
from forum.measures import queries as measures
from forum.measures.models import Measure
from forum.organisations.queries import Place, places_of
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import OUTCOME

PLACES, COSTS = 2, 4
NO_MEASURE = "No measure over time yet"
NO_TRAVEL = "Nobody has told us yet that they tried it elsewhere"
NOT_SAID = "Not said"
#: A sign beside the outcome that tells it in grey as well.
SIGNS = {"better": "▲", "mixed": "◆", "no-change": "=", "worse": "▼", "too-early": "○"}


@dataclass(frozen=True)
class Brief:
    """One case study. `state` is "" for what is published; `outcome` is (its sign, its words); `evidence`, `lasts` and `travels`
    are whole sentences."""

    case: CaseStudy
    row: CaseRow
    parts: Mapping[str, Shown]
    title: str
    result: str
    state: str
    outcome: tuple[str, str]
    where: str
    when: str
    costs: str
    evidence: str
    lasts: str
    travels: str
    reach: str
    contact: str
    team: Sequence[str]
    authors: Sequence[str]
    citation: str
    address: str
    measures: Sequence[Measure]
    main: Measure | None
    balancing: Measure | None
    population: str
    expected: str
    at: datetime


def brief(case: CaseStudy) -> Brief:
    """What papers say of it. The actor may see it."""
    reader, row, found, shown = reader_view(case), rows([case])[0], assessed(case), measures.shown((KIND, case.id))
    values, people = reader.values, contributors.people_of(case)
    cited, main = about(case, people), facts.main_measure(shown)
    outcome = case.outcome if case.record else values.get("outcome", "")
    return Brief(
        case=case,
        row=row,
        parts={part.name: part for part in reader.parts},
        title=case.name,
        result=values.get("summary", ""),
        state="" if case.status == PUBLISHED else STATUS_WORDS[case.status],
        outcome=(SIGNS.get(outcome, ""), taxonomy.label(OUTCOME, outcome)),
        where=where(places_of(KIND, [case.id])[case.id], reader),
        when=when(reader),
        costs=_costs([line.words for line in facts.costs(values) if not line.quiet]),
        evidence=_sentences([found.words, found.said, facts.turned_out(case)]),
        lasts=_sentences(facts.current_status(case, values)),
        travels=_sentences(facts.travels(case) or [NO_TRAVEL]),
        reach=facts.figures(case.measures_shown, case.data_months) or NO_MEASURE,
        contact=contact(row),
        team=[line for line in map(_member, values.get("core_team", [])) if line],
        authors=[p.person.name for p in people if p.accepted and p.role != REVIEWER],
        citation=cited.citation,
        address=cited.address,
        measures=shown,
        main=main,
        balancing=facts.balancing_measure(shown, main),
        population=values.get("population", ""),
        expected=year_month(values.get("expected", "")),
        at=now(),
    )


def chart(measure: Measure | None, width: int, height: int) -> str:
    """The chart of a measure in that shape, as SVG; "" where it has none."""
    if measure is None or not facts.has_chart(measure):
        return ""
    return charts.on_paper(measures.record_of(measure), width, height)


def signals(measure: Measure) -> str:
    """What the chart signals, in words."""
    reading = measure.reading
    effect = {"better": "Better since the change", "worse": "Worse since the change"}.get(reading.get("effect", ""), "")
    effect = effect or ("No sign of a difference since the change" if reading.get("effect") else "")
    return _sentences([effect, reading.get("variation_words", ""), reading.get("assurance_words", "")])


def where(places: Sequence[Place], reader: ReaderView) -> str:
    """The first organisations, and how many more."""
    names = [one_line(name) for name in ([p.name for p in places] or reader.values.get("organisations", []))]
    more = [f"{len(names) - PLACES} more"] if len(names) > PLACES else []
    return join_words([*names[:PLACES], *more])


def when(reader: ReaderView) -> str:
    """From when to when, as far as it is said."""
    started, stopped = (year_month(reader.values.get(name, "")) for name in ("started", "stopped"))
    return f"{started} to {stopped}" if started and stopped else f"since {started}" if started else ""


def contact(row: CaseRow) -> str:
    return ", ".join(text for text in (row.author.name, row.author.role, row.author.organisation) if text)


def _costs(lines: Sequence[str]) -> str:
    """The first costs, each whole, and how many more there are."""
    more = [f"and {len(lines) - COSTS} more"] if len(lines) > COSTS else []
    return "; ".join([*map(one_line, lines[:COSTS]), *more])


def _member(row: Mapping[str, str]) -> str:
    return "" if row.get("to") else ", ".join(t for t in (row.get("name"), row.get("role"), row.get("organisation")) if t)


def _sentences(said: Sequence[str]) -> str:
    return " ".join(f"{text}." for text in said if text)


def more_measures(found: Brief) -> str:
    """How many measures there are besides those that are shown; "" for none."""
    others = [m for m in found.measures if m not in (found.main, found.balancing)]
    return f"{plural(len(others), 'more measure', 'more measures')} at {found.address}" if others else ""
