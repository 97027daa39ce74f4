"""The facts on a case study about its adoptions, counted anew when an adopter's record, status or figures change."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from forum.adoptions import small_multiples
from forum.adoptions.models import PUBLISHED, SELF_REPORTED, Adoption
from forum.adoptions.queries import KIND
from forum.adoptions.record import ADAPTED, ADOPTED, STOPPED, TRIED
from forum.case_studies.evidence import currency
from forum.case_studies.evidence.currency import TravelFacts
from forum.case_studies.evidence.levels import LASTING_MONTHS
from forum.kernel.db import db
from forum.measures.models import Measure
from forum.organisations.queries import places_of


def refresh(case_id: int) -> None:
    """Count again, and draw the small charts again. Call inside `transaction()`, after the change."""
    db.session.flush()
    currency.set_travel(case_id, facts(case_id))
    small_multiples.redraw(case_id)


def facts(case_id: int) -> TravelFacts:
    """Return what the published adoptions say together."""
    found = select(Adoption.id, Adoption.stage, Adoption.verification)
    rows = db.session.execute(found.where(Adoption.case_study_id == case_id, Adoption.status == PUBLISHED)).all()
    stages = [stage for _, stage, _ in rows]
    sure = [id_ for id_, stage, verified in rows if stage in {ADOPTED, ADAPTED} and verified != SELF_REPORTED]
    improving, lasting = _improving(sure)
    return TravelFacts(
        tried=sum(stage in TRIED for stage in stages),
        adopted=stages.count(ADOPTED),
        adapted=stages.count(ADAPTED),
        stopped=stages.count(STOPPED),
        verified=len(sure),
        improving=len(improving),
        regions=_regions(sure),
        sustained=len(lasting),
    )


def _improving(ids: Collection[int]) -> tuple[set[int], set[int]]:
    """Return those with a measure of their own that got better; and those of them where it reaches a year past its change."""
    found = select(Measure.ref_id, Measure.changed_on, Measure.last_on).where(
        Measure.kind == KIND, Measure.ref_id.in_(ids), Measure.shown, Measure.removed_at.is_(None), Measure.effect == "better"
    )
    rows = db.session.execute(found).all() if ids else []
    return {id_ for id_, _, _ in rows}, {id_ for id_, changed, last in rows if reaches(changed, last)}


def reaches(changed: date | None, last: date | None) -> bool:
    """Return whether figures to the last day show that the change lasts."""
    if changed is None or last is None:
        return False
    months = (last.year - changed.year) * 12 + last.month - changed.month - (last.day < changed.day)
    return months >= LASTING_MONTHS


def _regions(ids: Collection[int]) -> int:
    """In how many different places it was confirmed: by care board, else region, else organisation, each by the one that led."""
    led = [places[0] for places in places_of(KIND, ids).values() if places]
    return len({place.board or place.region or place.id for place in led})
