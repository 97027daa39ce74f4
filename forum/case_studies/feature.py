"""What case studies add to the site."""

from datetime import timedelta
from functools import partial

from forum.case_studies import queries, versions
from forum.case_studies.attachments import consents, storage
from forum.case_studies.attachments import views as attachment_views
from forum.case_studies.contributors import views as contributor_views
from forum.case_studies.editing import views as editing_views
from forum.case_studies.events import (
    AuthorInvited,
    AuthorsChanged,
    CaseStudyChanged,
    CaseStudyDecided,
    CaseStudyPurged,
    CaseStudySubmitted,
    ConsentWithdrawn,
    EvidenceConfirmed,
    LinksBroken,
    StandingChanged,
)
from forum.case_studies.evidence import link_checks
from forum.case_studies.measure_owner import OWNER
from forum.case_studies.moderation import actions as moderating
from forum.case_studies.moderation import evidence_views
from forum.case_studies.moderation import views as moderation_views
from forum.case_studies.notifications import KINDS
from forum.case_studies.reading import views as reading_views
from forum.case_studies.search import SOURCES
from forum.case_studies.submission import views as submission_views
from forum.case_studies.transfer import export_views, import_views
from forum.feature import Feature
from forum.kernel.jobs import Job
from forum.kernel.tokens import Lifetime
from forum.measures.actions import draw_older
from forum.measures.actions import versions as measure_versions
from forum.measures.editing.views import drafts_of as measure_drafts
from forum.measures.views import pages as measure_pages

FEATURE = Feature(
    name="case_studies",
    blueprints=(
        editing_views.bp,
        submission_views.bp,
        contributor_views.bp,
        attachment_views.bp,
        export_views.bp,
        import_views.bp,
        moderation_views.bp,
        evidence_views.bp,
        measure_pages("case_measures", OWNER),
        reading_views.bp,
    ),
    events=(
        CaseStudySubmitted,
        CaseStudyDecided,
        CaseStudyChanged,
        AuthorInvited,
        AuthorsChanged,
        LinksBroken,
        ConsentWithdrawn,
        CaseStudyPurged,
        EvidenceConfirmed,
        StandingChanged,
    ),
    searches=SOURCES,
    notifications=KINDS,
    drafts=measure_drafts(OWNER),
    queues=(moderation_views.QUEUE, evidence_views.QUEUE),
    versions={queries.KIND: queries.versions, f"{OWNER.kind}-measure": partial(measure_versions, OWNER)},
    cards={queries.KIND: queries.cards},
    judged={queries.KIND: moderating.JUDGED},
    # Links ask servers elsewhere, and wait for them in a thread of their own.
    jobs=(Job("links", link_checks.check_links, timedelta(minutes=1), lane="links"),),
    sweeps=(consents.end_expired, storage.sweep),
    renders=(versions.render_older, draw_older),
    links={"still": Lifetime(timedelta(days=60))},
    tables={
        "case_studies": "case studies",
        "clashes": "second versions of a text",
        "attachments": "descriptions of pictures",
        "measures": "measures",
    },
)
