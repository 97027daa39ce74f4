"""What searches add to the site."""

from forum.discussions.models import Thread
from forum.feature import Feature
from forum.searches import asking, events, feeds, queries, tally, views
from forum.searches.models import SavedSearch
from forum.searches.notifications import KINDS

FEATURE = Feature(
    name="searches",
    blueprints=(views.bp, asking.bp, feeds.bp),
    events=(events.SearchFound, events.ExamplesFound),
    notifications=KINDS,
    cards={SavedSearch.kind: queries.cards},
    panels={Thread.kind: asking.PANELS},
    forgets=tally.forget,
)
