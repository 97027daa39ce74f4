"""What searches add to the site."""

from datetime import timedelta

from forum.case_studies.models import CaseStudy
from forum.discussions.models import Thread
from forum.feature import Feature
from forum.kernel.jobs import Job
from forum.kernel.tokens import Lifetime
from forum.searches import alerts, ask_from_search, events, feeds, queries, search_counts, similar, title_matches, views
from forum.searches.models import SavedSearch
from forum.searches.notifications import KINDS

FEATURE = Feature(
    name="searches",
    blueprints=(views.bp, ask_from_search.bp, feeds.bp, title_matches.bp),
    events=(events.SearchFound, events.ExamplesFound),
    notifications=KINDS,
    cards={SavedSearch.kind: queries.cards},
    panels={Thread.kind: ask_from_search.PANELS, CaseStudy.kind: similar.PANELS, **title_matches.PANELS},
    forgets=search_counts.forget,
    jobs=(
        Job("news of searches", alerts.run_alerts, timedelta(minutes=1)),
        Job("similar practice", similar.refresh_similar, timedelta(minutes=1), timedelta(seconds=5)),
    ),
    sweeps=(search_counts.sweep,),
    links={"alert": Lifetime(timedelta(days=365), once=False), "examples": Lifetime(timedelta(days=365), once=False)},
)
