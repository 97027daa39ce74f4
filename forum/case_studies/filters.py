"""What case studies can be narrowed to: in the search, and most of it on their own list (`lists.py`).

A new filter of the search is a line here, and its values where `search.py` makes documents.
"""

from collections.abc import Callable, Mapping, Sequence

from forum.access.actors import Visitor
from forum.accounts import queries as accounts
from forum.case_studies.evidence import levels
from forum.case_studies.evidence.currency import CONFIRMED, FRESHNESS
from forum.case_studies.record.completeness import BADGES
from forum.case_studies.record.fields import DEPTHS
from forum.kernel.text import slugify
from forum.organisations import queries as organisations
from forum.search.filters import Filter
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import CARE_MODEL, ELEMENT, INVOLVEMENT, OUTCOME, SECTOR, STATUS

Labels = Callable[[], Mapping[str, str]]
#: People or organisations that the beginning of a name may mean, at most.
MOST_NAMED = 20


def _listed(scheme: str) -> Labels:
    """The terms of a list of the taxonomy, closed ones too: old case studies have them."""
    return lambda: {t.slug: t.label for t in taxonomy.terms(scheme, closed=True)}


def _fixed(labels: Mapping[str, str]) -> Labels:
    return lambda: labels


def _authors(typed: str) -> Sequence[str]:
    return [slugify(p.name) for p in accounts.beginning(typed, MOST_NAMED)]


def _organisations(typed: str) -> Sequence[str]:
    return [slugify(p.name) for p in organisations.beginning(Visitor(), typed, MOST_NAMED)]


FILTERS = (
    Filter(ELEMENT, "Leadership element", 1, _listed(ELEMENT), "element", tagged=True),
    Filter(CARE_MODEL, "Care model", 2, _listed(CARE_MODEL), "model", tagged=True),
    Filter("region", "Region", 3, _listed("region"), "region", tagged=True),
    Filter("organisation-type", "Kind of organisation", 4, _listed("organisation-type")),
    Filter(SECTOR, "Sector", 5, _listed(SECTOR), "sector", tagged=True),
    Filter(OUTCOME, "How it turned out", 6, _listed(OUTCOME), "outcome", tagged=True),
    Filter("tried", "Tried elsewhere?", 7, _fixed({"yes": "Tried elsewhere"}), flags={"has:adoption": "yes"}),
    Filter(STATUS, "Current status", 9, _listed(STATUS), "status", tagged=True),
    Filter("evidence", "Evidence confirmed", 10, lambda: {str(n): levels.level_words(n) for n in levels.LEVELS}, "evidence"),
    Filter(
        "data",
        "Figures over time",
        11,
        _fixed({"any": "Has a measure over time", "12-months": "Data at 12 months or more"}),
        flags={"has:data": "any", "has:data-12-months": "12-months"},
    ),
    Filter(
        "lasted",
        "Did it last?",
        12,
        _fixed({"1-year": "Still running after one year", "2-years": "Still running after two years"}),
        flags={"is:lasting": "2-years"},
    ),
    Filter(
        "freshness",
        "How recent is it?",
        13,
        _fixed(FRESHNESS),
        flags={"is:confirmed": CONFIRMED},
    ),
    Filter(INVOLVEMENT, "Patients and carers were at least", 14, _listed(INVOLVEMENT), "involvement", tagged=True),
    Filter("depth", "Depth", 16, _fixed({d: BADGES[d] for d in DEPTHS}), "depth"),
    Filter("author", "Author", 20, typed="author", named=_authors),
    Filter("organisation", "Organisation", 21, typed="org", named=_organisations),
)
