"""What case studies add to the site."""

from forum.case_studies import curation, desk, queries, views, writing
from forum.case_studies.events import CaseStudyChanged, CaseStudyDecided, CaseStudySubmitted
from forum.case_studies.notifications import KINDS
from forum.case_studies.search import SOURCES
from forum.feature import Feature

FEATURE = Feature(
    name="case_studies",
    blueprints=(writing.bp, desk.bp, views.bp),
    events=(CaseStudySubmitted, CaseStudyDecided, CaseStudyChanged),
    searches=SOURCES,
    notifications=KINDS,
    queues=(desk.QUEUE,),
    cards={queries.KIND: queries.cards},
    hides={queries.KIND: curation.hide},
)
