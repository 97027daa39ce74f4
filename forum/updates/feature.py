"""What updates add to the site."""

from forum.case_studies.models import CaseStudy
from forum.feature import Feature
from forum.updates import actions, annex, editing_views, events, queries, views
from forum.updates.models import Update
from forum.updates.moderation.actions import JUDGED
from forum.updates.notifications import KINDS

FEATURE = Feature(
    name="updates",
    blueprints=(editing_views.bp, views.bp),
    events=(events.UpdateDue, events.UpdatePosted, events.UpdateDecided),
    notifications=KINDS,
    drafts=editing_views.DRAFTS,
    versions={Update.kind: queries.versions},
    cards={Update.kind: queries.cards},
    judged={Update.kind: JUDGED},
    panels={CaseStudy.kind: views.PANELS},
    annexes={CaseStudy.kind: annex.ANNEX},
    sweeps=(actions.ask,),
    renders=(actions.render_older,),
    tables={"updates": "updates"},
)
