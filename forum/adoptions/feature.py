"""What adoptions add to the site."""

from functools import partial

from forum.adoptions import curation, desk, doing, panels, queries, views, writing
from forum.adoptions.events import AdoptionChanged, AdoptionDecided, AdoptionShared, AdoptionVerified
from forum.adoptions.measuring import OWNER
from forum.adoptions.notifications import KINDS
from forum.adoptions.search import SOURCES
from forum.case_studies.models import CaseStudy
from forum.feature import Feature
from forum.measures.actions import versions
from forum.measures.entry import drafts_of as measure_drafts
from forum.measures.pages import pages as measure_pages
from forum.web.panels import Panel

FEATURE = Feature(
    name="adoptions",
    blueprints=(writing.bp, doing.bp, measure_pages("adoption_measures", OWNER), views.bp),
    events=(AdoptionShared, AdoptionChanged, AdoptionVerified, AdoptionDecided),
    notifications=KINDS,
    drafts=writing.DRAFTS | measure_drafts(OWNER),
    queues=(desk.QUEUE,),
    searches=SOURCES,
    cards={queries.KIND: queries.cards},
    versions={queries.KIND: queries.versions, f"{OWNER.kind}-measure": partial(versions, OWNER)},
    hides={queries.KIND: curation.hide_reported},
    tables={"adoptions": "“We tried this” entries", "travels": "small charts"},
    panels={CaseStudy.kind: (Panel("adoptions/_travel.html", panels.travel),)},
)
