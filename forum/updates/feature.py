"""What updates add to the site."""

from forum.case_studies.models import CaseStudy
from forum.feature import Feature
from forum.updates import actions, events, queries, views, writing
from forum.updates.models import Update
from forum.updates.notifications import KINDS

FEATURE = Feature(
    name="updates",
    blueprints=(writing.bp, views.bp),
    events=(events.UpdateDue, events.UpdatePosted, events.UpdateDecided),
    notifications=KINDS,
    drafts=writing.DRAFTS,
    versions={Update.kind: queries.versions},
    cards={Update.kind: queries.cards},
    hides={Update.kind: actions.hide},
    panels={CaseStudy.kind: views.PANELS},
    sweeps=(actions.ask,),
    renders=(actions.render_older,),
    tables={"updates": "updates"},
)
