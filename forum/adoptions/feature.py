"""What adoptions add to the site."""

from functools import partial

from forum.adoptions import annex, editing_views, panels, queries, views
from forum.adoptions.events import AdoptionChanged, AdoptionDecided, AdoptionShared, AdoptionVerified
from forum.adoptions.measure_owner import OWNER
from forum.adoptions.moderation.actions import JUDGED
from forum.adoptions.moderation.queue import QUEUE
from forum.adoptions.notifications import KINDS
from forum.adoptions.search import SOURCES
from forum.case_studies.models import CaseStudy
from forum.feature import Feature
from forum.measures.actions import versions
from forum.measures.editing.views import drafts_of as measure_drafts
from forum.measures.views import pages as measure_pages
from forum.web.panels import Panel

FEATURE = Feature(
    name="adoptions",
    blueprints=(editing_views.bp, measure_pages("adoption_measures", OWNER), views.bp),
    events=(AdoptionShared, AdoptionChanged, AdoptionVerified, AdoptionDecided),
    notifications=KINDS,
    drafts=editing_views.DRAFTS | measure_drafts(OWNER),
    queues=(QUEUE,),
    searches=SOURCES,
    cards={queries.KIND: queries.cards},
    versions={queries.KIND: queries.versions, f"{OWNER.kind}-measure": partial(versions, OWNER)},
    judged={queries.KIND: JUDGED},
    tables={"adoptions": "“We tried this” entries", "travels": "small charts"},
    panels={CaseStudy.kind: (Panel("adoptions/_travel.html", panels.travel),)},
    annexes={CaseStudy.kind: annex.ANNEX},
)
