"""What case studies add to the site."""

from datetime import timedelta
from functools import partial

from forum.case_studies import (
    authors,
    curation,
    desk,
    evidence_desk,
    exports,
    file_pages,
    files,
    import_pages,
    queries,
    references,
    sending,
    versions,
    views,
    writing,
)
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
from forum.case_studies.measuring import OWNER
from forum.case_studies.notifications import KINDS
from forum.case_studies.search import SOURCES
from forum.feature import Feature
from forum.kernel.jobs import Job
from forum.kernel.tokens import Lifetime
from forum.measures.actions import draw_older
from forum.measures.actions import versions as measure_versions
from forum.measures.entry import drafts_of as measure_drafts
from forum.measures.pages import pages as measure_pages

FEATURE = Feature(
    name="case_studies",
    blueprints=(
        writing.bp,
        sending.bp,
        authors.bp,
        file_pages.bp,
        exports.bp,
        import_pages.bp,
        desk.bp,
        evidence_desk.bp,
        measure_pages("case_measures", OWNER),
        views.bp,
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
    queues=(desk.QUEUE, evidence_desk.QUEUE),
    versions={queries.KIND: queries.versions, f"{OWNER.kind}-measure": partial(measure_versions, OWNER)},
    cards={queries.KIND: queries.cards},
    hides={queries.KIND: curation.hide},
    # Links ask servers elsewhere, and wait for them in a thread of their own.
    jobs=(Job("links", references.check_links, timedelta(minutes=1), lane="links"),),
    sweeps=(files.end_expired, files.sweep),
    renders=(versions.render_older, draw_older),
    links={"still": Lifetime(timedelta(days=60))},
    tables={
        "case_studies": "case studies",
        "clashes": "second versions of a text",
        "attachments": "descriptions of pictures",
        "measures": "measures",
    },
)
