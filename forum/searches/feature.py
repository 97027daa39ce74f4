"""What searches add to the site."""

from datetime import timedelta

from forum.case_studies.models import CaseStudy
from forum.discussions.models import Thread
from forum.feature import Feature
from forum.kernel.jobs import Job
from forum.kernel.tokens import Lifetime
from forum.searches import already, asking, events, feeds, queries, similar, tally, views, watching
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
    jobs=(
        Job("news of searches", watching.look, timedelta(minutes=1)),
        Job("similar practice", similar.look, timedelta(minutes=1), timedelta(seconds=5)),
    ),
    sweeps=(tally.sweep,),
    links={"alert": Lifetime(timedelta(days=365), once=False), "examples": Lifetime(timedelta(days=365), once=False)},
)
