"""What searches add to the site."""

from forum.case_studies.models import CaseStudy
from forum.discussions.models import Thread
from forum.feature import Feature
from forum.searches import already, asking, events, feeds, queries, similar, tally, views
from forum.searches.models import SavedSearch
from forum.searches.notifications import KINDS

FEATURE = Feature(
    name="searches",
    blueprints=(views.bp, asking.bp, feeds.bp, already.bp),
    events=(events.SearchFound, events.ExamplesFound),
    notifications=KINDS,
    cards={SavedSearch.kind: queries.cards},
    panels={Thread.kind: asking.PANELS, CaseStudy.kind: similar.PANELS, **already.PANELS},
    forgets=tally.forget,
)
