"""A case study's measures: what happens to it when one of them changes, and what its page shows of them."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from forum.access.actors import Member
from forum.case_studies import queries, standing
from forum.case_studies.completeness import depth_of
from forum.case_studies.events import CaseStudyChanged
from forum.case_studies.models import HIDDEN, PUBLISHED, CaseStudy
from forum.kernel.clock import now
from forum.kernel.identifiability import Finding
from forum.kernel.outbox import record as announce
from forum.measures import queries as measures
from forum.measures.grid import grid
from forum.measures.owners import Owner


def changed(actor: Member, case: CaseStudy, found: Sequence[Finding]) -> None:
    """A measure of it was saved, taken out or put back."""
    standing.measured(case)
    case.depth = depth_of(case.record, measured=case.measures_shown > 0)
    if case.status in {PUBLISHED, HIDDEN}:
        case.updated_at = now()
        case.needs_look = case.needs_look or bool(found)
        announce(CaseStudyChanged(case.id, actor.id, ""))


OWNER = Owner(CaseStudy.kind, "/case-studies", queries.get, changed)


def figures(case: CaseStudy) -> dict[str, Any] | None:
    """Its measures for its page, with their stored tables; None without any that readers see."""
    shown = measures.shown((CaseStudy.kind, case.id))
    if not shown:
        return None
    return {"measures": shown, "grid": grid(shown), "tables": {m.id: Markup(m.table_html) for m in shown}}
