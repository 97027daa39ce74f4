"""What search knows of case studies."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from forum.access.rules import audience_of
from forum.accounts.queries import people
from forum.case_studies import lists, queries
from forum.case_studies.events import (
    CaseStudyChanged,
    CaseStudyDecided,
    CaseStudyPurged,
    CaseStudySubmitted,
    ConsentWithdrawn,
    EvidenceConfirmed,
    StandingChanged,
)
from forum.case_studies.evidence.currency import CONFIRMED
from forum.case_studies.filters import FILTERS
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.case_studies.passages import measure_passages, passages, words
from forum.kernel.db import db
from forum.kernel.references import Person
from forum.kernel.text import slugify
from forum.measures.queries import said_of
from forum.organisations.queries import Place, places_of
from forum.search.port import SearchDocument, SearchSource, Weight
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import CARE_MODEL, ELEMENT, SECTOR

#: Most who search want practice: what somebody did comes before what was said about something like it.
WEIGHT = Weight(points=175)
#: From this level of evidence on a case study stands before its near-ties.
RELIABLE = 3


def documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    """Published ones only: what waits for a moderator is found on the desk and under "Your drafts"."""
    published = select(CaseStudy).where(CaseStudy.id.in_(ids), CaseStudy.status == PUBLISHED)
    cases = db.session.scalars(published.options(selectinload(CaseStudy.authorships))).all()
    tags = taxonomy.tags_of(queries.KIND, [c.id for c in cases])
    places = places_of(queries.KIND, [c.id for c in cases])
    figures = said_of(queries.KIND, [c.id for c in cases])
    who = people(id_ for c in cases for id_ in c.editor_ids if id_)
    for case in cases:
        at = places[case.id]
        names = " ".join(p.name for p in at)
        said = [*passages(case), *measure_passages(figures.get(case.id, []))]
        yield SearchDocument(
            kind=queries.KIND,
            id=case.id,
            title=case.title,
            body=f"{words(said)} {names} {case.source_name} {case.source_author}".strip(),
            facets={
                "element": tuple(t.slug for t in taxonomy.pick(tags[case.id], ELEMENT)),
                "care-model": tuple(t.slug for t in taxonomy.pick(tags[case.id], CARE_MODEL)),
                "region": tuple(dict.fromkeys(p.region for p in at if p.region)),
                "organisation-type": tuple(dict.fromkeys(p.type for p in at)),
                "status": (case.practice_status,) if case.practice_status else (),
                "outcome": (case.outcome,) if case.outcome else (),
                "sector": tuple(t.slug for t in taxonomy.pick(tags[case.id], SECTOR)),
                "depth": (case.depth,),
                **lists.current_facets(case),
                "author": _names([who[id_] for id_ in case.editor_ids if id_ in who]),
                "organisation": tuple(slugify(p.name) for p in at),
            },
            audience=audience_of(case),
            created=case.published_at or case.created_at,
            adopted=case.adopted,
            about=_called(tags[case.id], at),
            evidence=-1 if case.evidence_level is None else case.evidence_level,
            # Near-ties are settled by a recent confirmation and by evidence that others can rely on.
            better=(case.freshness == CONFIRMED) + ((case.evidence_level or 0) >= RELIABLE),
        )


def _called(tags: Sequence[taxonomy.Choice], at: Sequence[Place]) -> str:
    """Return what the site's lists call its care models, its sectors, and where and what its organisations are: words with which
    somebody asks for these, whether or not the text has them."""
    own = [t.label for scheme in (CARE_MODEL, SECTOR) for t in taxonomy.pick(tags, scheme)]
    places = [
        taxonomy.label(scheme, slug) for p in at for scheme, slug in (("region", p.region), ("organisation-type", p.type)) if slug
    ]
    return " ".join(dict.fromkeys([*own, *places]))


def _names(writers: Sequence[Person]) -> tuple[str, ...]:
    """Return what its authors can be asked for by: their names, and their names in addresses."""
    return tuple(dict.fromkeys(name for p in writers for name in (slugify(p.name), p.username)))


SOURCES = (
    SearchSource(
        kind=queries.KIND,
        label="Case studies",
        documents=documents,
        ids=lambda: db.session.scalars(select(CaseStudy.id).where(CaseStudy.status == PUBLISHED).order_by(CaseStudy.id)),
        events={
            CaseStudySubmitted: lambda e: [e.case_study_id],
            CaseStudyDecided: lambda e: [e.case_study_id],
            CaseStudyChanged: lambda e: [e.case_study_id],
            CaseStudyPurged: lambda e: [e.case_study_id],
            ConsentWithdrawn: lambda e: [e.case_study_id],
            EvidenceConfirmed: lambda e: [e.case_study_id],
            StandingChanged: lambda e: [e.case_study_id],
        },
        cards=queries.cards,
        filters=FILTERS,
        weight=WEIGHT,
    ),
)
