"""What adoptions add to the site."""

from forum.adoptions import curation, desk, doing, panels, queries, views, writing
from forum.adoptions.events import AdoptionChanged, AdoptionDecided, AdoptionShared, AdoptionVerified
from forum.adoptions.notifications import KINDS
from forum.feature import Feature
from forum.web.panels import Panel

FEATURE = Feature(
    name="adoptions",
    # With the pages of measures: add measure_pages("adoption_measures", measuring.OWNER) here.
    blueprints=(writing.bp, doing.bp, views.bp),
    events=(AdoptionShared, AdoptionChanged, AdoptionVerified, AdoptionDecided),
    notifications=KINDS,
    queues=(desk.QUEUE,),
    cards={queries.KIND: queries.cards},
    hides={queries.KIND: curation.hide_reported},
    panels={"case-study": (Panel("adoptions/_travel.html", panels.travel),)},
)
