"""How a case study stands today: how far its data reach, how long it has run, when it was last confirmed, how it travels.

Lists, filters and the evidence level ask for these facts all the time, so they are stored on the case study and made anew whenever
its measures, its updates or its adoptions change.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from forum.case_studies.events import StandingChanged
from forum.case_studies.evidence import levels
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.kernel.db import db
from forum.kernel.outbox import announce
from forum.measures import queries as measures
from forum.measures.models import Measure

#: Months after publication at which the authors are asked; after the last of them once a year.
MILESTONES = (6, 12, 24, 36)
CONFIRMED, DUE, SILENT = "confirmed", "update-due", "not-heard-from"
FRESHNESS = {CONFIRMED: "Up to date", DUE: "Update due", SILENT: "Not heard from"}
#: What lists can be narrowed to → for how many months it has been running.
LASTED = {"1-year": levels.LASTING_MONTHS, "2-years": 2 * levels.LASTING_MONTHS}
#: How long an update may be due before the page says that nothing was heard.
PATIENCE = timedelta(days=90)
RUNNING = frozenset({"piloting", "running", "running-and-spread"})
ENDED = frozenset({"stopped", "stopped-and-replaced"})


@dataclass(frozen=True, slots=True)
class TravelFacts:
    """What became of it elsewhere, counted over the adoptions that readers see (see `adoptions.travel`)."""

    tried: int = 0
    adopted: int = 0
    adapted: int = 0
    stopped: int = 0
    verified: int = 0
    #: Verified ones whose own measures show improvement; in how many areas; of these, with data a year after their change.
    improving: int = 0
    regions: int = 0
    sustained: int = 0


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another; 0 where the second is earlier."""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return max(months, 0)


def milestones(published: date, on: date) -> list[int]:
    """Months after publication at which the authors are asked, up to the first that lies after a day."""
    passed = months_between(published, on)
    found = [*MILESTONES, *range(MILESTONES[-1] + 12, passed + 13, 12)]
    return [m for m in found if m <= passed] + [min(m for m in found if m > passed)]


def started_on(case: CaseStudy) -> date | None:
    """The first day of the month in which it started, as far as its record says."""
    text = case.record.get("started", "")
    try:
        return date.fromisoformat(f"{text}-01-01"[:10]) if text else None
    except ValueError:
        return None


def confirmed(case: CaseStudy, at: datetime) -> None:
    """Note when somebody who answers for it confirmed how it stands: on publication, and with every update."""
    case.confirmed_at = at
    refresh(case, at)


def heard_since(case: CaseStudy) -> bool:
    """Return whether its authors have said how it stands on a day after its publication."""
    return bool(case.confirmed_at and case.published_at and case.confirmed_at.date() > case.published_at.date())


def refresh(case: CaseStudy, at: datetime) -> None:
    """Make its dates anew: until when it counts as confirmed, and for how long it has been running."""
    started, ended = started_on(case), case.practice_status in ENDED
    told = (case.confirmed_at or case.published_at or at).date()
    running = started is not None and case.practice_status in RUNNING
    case.lasting_months = months_between(started, told) if running and started is not None else 0
    if case.published_at is None or case.status != PUBLISHED or ended:
        case.review_by, case.freshness = None, ""
        return
    case.review_by = later(case.published_at.date(), milestones(case.published_at.date(), told)[-1])
    case.freshness = state(case.review_by, at.date())


def state(review_by: date, on: date) -> str:
    """Return how up to date a case study with this review date counts on a day: confirmed, due or silent."""
    if on < review_by:
        return CONFIRMED
    return DUE if on < review_by + PATIENCE else SILENT


def measured(case: CaseStudy) -> None:
    """Work out anew how far its data reach, and its suggested level: its measures changed, or the day on which it started."""
    shown = measures.shown((CaseStudy.kind, case.id))
    case.measures_shown, case.data_months = len(shown), data_months(case, shown)
    judge(case, shown)


def data_months(case: CaseStudy, shown: Sequence[Measure]) -> int:
    """Months from the change (as a measure's phases say, else the start) to the last point of the measure that reaches furthest."""
    started = started_on(case)
    spans = [
        months_between(begun, m.last_on) for m in shown if m.last_on is not None and (begun := m.changed_on or started) is not None
    ]
    return max(spans, default=0)


def judge(case: CaseStudy, shown: Sequence[Measure] | None = None) -> None:
    """Suggest its level of evidence anew; what a moderator confirmed stays until one looks again."""
    rows = measures.shown((CaseStudy.kind, case.id)) if shown is None else shown
    found = levels.suggest(case.record, rows, case.travel, case.data_months)
    case.evidence_suggested = found.level
    case.evidence = {
        **case.evidence,
        "reasons": list(found.reasons),
        "next": found.next,
        "direction": levels.direction(rows) or case.outcome,
    }


def set_travel(case_id: int, facts: TravelFacts) -> None:
    """Its adoptions changed. Call inside `transaction()`."""
    case = db.session.get_one(CaseStudy, case_id)
    case.tried, case.adopted, case.travel = facts.tried, facts.adopted + facts.adapted, asdict(facts)
    judge(case)
    announce(StandingChanged(case.id))


def unasked(at: datetime) -> list[CaseStudy]:
    """Published ones whose authors have not been asked for the milestone that has passed, marked as asked.

    Call inside `transaction()`. `prompted` then says which milestone it is.
    """
    due = select(CaseStudy).where(CaseStudy.status == PUBLISHED, CaseStudy.review_by <= at.date(), CaseStudy.freshness != "")
    found = []
    for case in db.session.scalars(due.order_by(CaseStudy.review_by).limit(200)):
        assert case.published_at is not None
        passed = milestones(case.published_at.date(), at.date())[:-1]
        if passed and passed[-1] > case.prompted:
            case.prompted = passed[-1]
            found.append(case)
    return found


def flip(at: datetime) -> int:
    """Make published ones due, or silent, when their day has come; return how many changed. Call inside `transaction()`."""
    today = at.date()
    old = select(CaseStudy).where(CaseStudy.status == PUBLISHED, CaseStudy.review_by <= today, CaseStudy.freshness != SILENT)
    changed = 0
    for case in db.session.scalars(old.order_by(CaseStudy.id).limit(200)):
        assert case.review_by is not None
        fresh = state(case.review_by, today)
        if fresh != case.freshness:
            case.freshness = fresh
            announce(StandingChanged(case.id))
            changed += 1
    return changed
