"""What search knows of adoptions: found by their own words, and faintly by the title of the case study that they are about."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from forum.access.rules import audience_of
from forum.accounts.queries import people
from forum.adoptions import queries
from forum.adoptions.events import AdoptionChanged, AdoptionShared
from forum.adoptions.models import PUBLISHED, Adoption
from forum.adoptions.passages import passages
from forum.adoptions.reach_elsewhere import reaches
from forum.adoptions.record import BETTER, SIMILAR, STAGES, TRIED
from forum.case_studies import models as case_models
from forum.case_studies import queries as case_queries
from forum.case_studies.events import CaseStudyChanged, CaseStudyDecided, CaseStudyPurged
from forum.case_studies.models import CaseStudy
from forum.case_studies.passages import words
from forum.kernel.db import db
from forum.kernel.references import Person
from forum.kernel.text import slugify
from forum.measures.models import Measure
from forum.measures.queries import shown_of
from forum.organisations.queries import Place, places_of
from forum.search.filters import Filter
from forum.search.port import SearchDocument, SearchSource
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import CARE_MODEL, ELEMENT, OUTCOME, SECTOR

#: What came of it → the outcome of a case study that says the same.
OUTCOMES = {BETTER: "better", SIMILAR: "no-change", "worse": "worse", "too-early": "too-early"}
#: The lists whose terms it shares with its case study.
_SCHEMES = (ELEMENT, CARE_MODEL, SECTOR)
_OUT = (Adoption.status == PUBLISHED, CaseStudy.status == case_models.PUBLISHED)
_CASE = contains_eager(Adoption.case).load_only(CaseStudy.title, CaseStudy.status, CaseStudy.visibility)


def documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    """Published ones of published case studies. Whoever may see the case study may see these."""
    found = select(Adoption).join(CaseStudy, CaseStudy.id == Adoption.case_study_id).options(_CASE)
    adoptions = db.session.scalars(found.where(Adoption.id.in_(ids), *_OUT)).all()
    ids = [a.id for a in adoptions]
    tags = taxonomy.tags_of(case_queries.KIND, {a.case_study_id for a in adoptions})
    places, figures = places_of(queries.KIND, ids), shown_of(queries.KIND, ids)
    who = people(a.member_id for a in adoptions)
    for a in adoptions:
        at = places[a.id]
        said = passages(a.record, [p.name for p in at], [(m.id, m.about) for m in figures[a.id]])
        yield SearchDocument(
            kind=queries.KIND,
            id=a.id,
            # Who types the title of the case study wants the case study.
            title="",
            body=words(said),
            about=a.case.title,
            facets={
                **_own(a, at, who.get(a.member_id), figures[a.id]),
                **{scheme: tuple(t.slug for t in taxonomy.pick(tags[a.case_study_id], scheme)) for scheme in _SCHEMES},
            },
            audience=audience_of(a.case),
            created=a.created_at,
        )


def _own(a: Adoption, at: Sequence[Place], person: Person | None, figures: Sequence[Measure]) -> Mapping[str, tuple[str, ...]]:
    """Return what it can be narrowed to by itself."""
    outcome = OUTCOMES.get(a.result, "") if a.stage in TRIED else ""
    lasting = any(reaches(m.changed_on, m.last_on) for m in figures)
    return {
        "stage": (a.stage,),
        OUTCOME: (outcome,) if outcome else (),
        "region": tuple(dict.fromkeys(p.region for p in at if p.region)),
        "organisation-type": tuple(dict.fromkeys(p.type for p in at)),
        "organisation": tuple(slugify(p.name) for p in at),
        "author": (slugify(person.name), person.username) if person else (),
        "data": (("any",) if figures else ()) + (("12-months",) if lasting else ()),
    }


def _all_of(event: CaseStudyChanged | CaseStudyDecided | CaseStudyPurged) -> Iterable[int]:
    """Whoever sees a case study, what it is called and what it is tagged with: its adoptions follow."""
    return db.session.scalars(select(Adoption.id).where(Adoption.case_study_id == event.case_study_id))


SOURCES = (
    SearchSource(
        kind=queries.KIND,
        label="We tried this",
        documents=documents,
        ids=lambda: db.session.scalars(
            select(Adoption.id).join(CaseStudy, CaseStudy.id == Adoption.case_study_id).where(*_OUT).order_by(Adoption.id)
        ),
        events={
            AdoptionShared: lambda e: [e.adoption_id],
            AdoptionChanged: lambda e: [e.adoption_id],
            CaseStudyDecided: _all_of,
            CaseStudyChanged: _all_of,
            CaseStudyPurged: _all_of,
        },
        cards=queries.cards,
        filters=(Filter("stage", "How far others got with it", 8, lambda: dict(STAGES), "stage"),),
    ),
)
