"""A case study's measures: what happens to it when one of them changes."""

from collections.abc import Sequence

from forum.access.actors import Member
from forum.case_studies import queries, versions
from forum.case_studies.events import CaseStudyChanged
from forum.case_studies.evidence import currency
from forum.case_studies.models import HIDDEN, PUBLISHED, CaseStudy
from forum.case_studies.reader_view import about
from forum.case_studies.record.completeness import depth_of
from forum.documents.identifiability import Finding
from forum.kernel.clock import now
from forum.kernel.outbox import announce
from forum.measures.owner import Credit, Owner


def changed(actor: Member, case: CaseStudy, found: Sequence[Finding]) -> None:
    """A measure of it was saved, taken out or put back."""
    currency.measured(case)
    case.depth = depth_of(case.record, measured=case.measures_shown > 0)
    if case.status in {PUBLISHED, HIDDEN}:
        case.updated_at = now()
        case.needs_look = case.needs_look or bool(found)
        versions.keep(actor.id, case, "Measures and charts")
        announce(CaseStudyChanged(case.id, actor.id, ""))


def credit(case: CaseStudy) -> Credit:
    return Credit(case.licence, about(case).citation)


OWNER = Owner(CaseStudy.kind, "/case-studies", queries.get, changed, credit, led=True)
