"""What searches add to the site."""

from datetime import timedelta

from forum.case_studies.models import CaseStudy
from forum.discussions.models import Thread
from forum.feature import Feature
from forum.kernel.jobs import Job
from forum.kernel.tokens import Lifetime
from forum.searches import events, queries, similar
from forum.searches.asking import title_match_views
from forum.searches.asking import views as asking_views
from forum.searches.counting import search_counts
from forum.searches.finding import feed_views, suggestion_views
from forum.searches.finding import views as finding_views
from forum.searches.models import SavedSearch
from forum.searches.notifications import KINDS
from forum.searches.saving import alerts
from forum.searches.saving import views as saving_views

FEATURE = Feature(
    name="searches",
    blueprints=(finding_views.bp, suggestion_views.bp, saving_views.bp, asking_views.bp, feed_views.bp, title_match_views.bp),
    events=(events.SearchFound, events.ExamplesFound),
    notifications=KINDS,
    cards={SavedSearch.kind: queries.cards},
    panels={Thread.kind: asking_views.PANELS, CaseStudy.kind: similar.PANELS, **title_match_views.PANELS},
    forgets=search_counts.forget,
    jobs=(
        Job("news of searches", alerts.run_alerts, timedelta(minutes=1)),
        Job("similar practice", similar.refresh_similar, timedelta(minutes=1), timedelta(seconds=5)),
    ),
    sweeps=(search_counts.sweep,),
    links={"alert": Lifetime(timedelta(days=365), once=False), "examples": Lifetime(timedelta(days=365), once=False)},
)
