"""How a case study stands today, repeated on it from what slices above know."""

from dataclasses import asdict, dataclass

from forum.case_studies.models import CaseStudy
from forum.kernel.db import db


@dataclass(frozen=True, slots=True)
class TravelFacts:
    """How far it travelled: how many tried it, and what came of that. `regions` counts where it was confirmed."""

    tried: int = 0
    adopted: int = 0
    adapted: int = 0
    stopped: int = 0
    verified: int = 0
    improving: int = 0
    regions: int = 0
    sustained: int = 0


def set_travel(case_id: int, facts: TravelFacts) -> None:
    """What its adopters say changed. Call inside `transaction()`."""
    case = db.session.get_one(CaseStudy, case_id)
    case.tried, case.adopted, case.travel = facts.tried, facts.adopted + facts.adapted, asdict(facts)
