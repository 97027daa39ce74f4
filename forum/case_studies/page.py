"""What several pages of a case study share."""

from typing import Any

from flask import request

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries
from forum.case_studies.contributors import queries as contributors
from forum.case_studies.evidence import levels
from forum.case_studies.models import PUBLISHED, STATUS_WORDS, SUBMITTED, CaseStudy
from forum.case_studies.queries import KIND
from forum.case_studies.reader_view import about, reader_view
from forum.case_studies.record.completeness import BADGES
from forum.case_studies.record.fields import QUICK
from forum.case_studies.record.presentation import grouped, not_applicable
from forum.marks import queries as marks
from forum.measures.presentation import figures
from forum.moderation.queries import decisions
from forum.taxonomy import queries as taxonomy
from forum.web.access_level import actor, member
from forum.web.panels import Begun, panels_of


def detail_context(case: CaseStudy) -> dict[str, Any]:
    """Return what the page of a case study needs; the preview and the moderators' page use it as well."""
    who = actor()
    reader = reader_view(case)
    beside = queries.beside(case)
    files, authors = queries.shown_files(case), contributors.people_of(case, {case.member_id: beside.owner})
    helpful, mine = marks.on(who, KIND, case.id)
    own = isinstance(who, Member) and who.id in case.viewer_ids
    imported = bool(case.source_key) and case.depth == QUICK
    return {
        "case": case,
        "row": beside.row,
        "values": reader.values,
        "parts": grouped(reader.parts, imported),
        "opened": request.args.get("open", ""),
        "not_applicable": not_applicable(reader.values),
        "depth": "Imported text" if imported else BADGES[case.depth],
        "helpful": helpful,
        "mine": mine,
        "own": own,
        "people": authors,
        "writable": not own and beside.reachable,
        "citation": about(case, authors),
        "files": files,
        "figures": figures((KIND, case.id)),
        "thing": case,
        "evidence": levels.assessed(case),
        "unanswered": levels.unanswered(reader.values) if own else [],
        "places": beside.places,
        "elements": taxonomy.pick(beside.tags, "element"),
        "care_models": taxonomy.pick(beside.tags, "care-model"),
        "status_words": STATUS_WORDS[case.status],
        "discussion": beside.discussion(who),
        "replies": beside.row.replies,
        "panels": panels_of(who, case),
        "queue": queries.place_in_queue(case) if case.status == SUBMITTED else 0,
        "decisions": decisions((KIND, case.id), 5) if case.status != "published" else [],
    }


def editable(id_: int) -> CaseStudy:
    """The case study, for somebody who may change it."""
    case = queries.get(member(), id_)
    authorize(member(), Permission.EDIT, case)
    return case


def beside(case: CaseStudy | None, title: str) -> Any:
    """Return what other slices show beside its title until it is published, when it would be found itself."""
    return None if case and case.status == PUBLISHED else panels_of(member(), Begun("new-case-study", title))
