"""What several pages of a case study share."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from markupsafe import Markup

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries
from forum.case_studies.contributors import queries as contributors
from forum.case_studies.evidence import levels
from forum.case_studies.models import PUBLISHED, STATUS_WORDS, SUBMITTED, CaseStudy
from forum.case_studies.presentation import placed
from forum.case_studies.queries import KIND
from forum.case_studies.reader_view import about, reader_view
from forum.case_studies.record.completeness import BADGES
from forum.case_studies.record.fields import QUICK
from forum.case_studies.record.presentation import grouped, not_applicable
from forum.kernel.clock import today
from forum.kernel.db import let_go
from forum.marks import queries as marks
from forum.measures.presentation import figures
from forum.moderation.queries import decisions
from forum.taxonomy import queries as taxonomy
from forum.web.access_level import actor, member
from forum.web.fragments import part
from forum.web.kept import kept
from forum.web.panels import Begun, panels_of


def detail_context(case: CaseStudy) -> dict[str, Any]:
    """Return what the page of a case study needs; the preview and the moderators' page use it as well."""
    who = actor()
    said = kept(("said", case.id, *_as_of()), lambda: _said(case)) if case.status == PUBLISHED else _said(case)
    helpful, mine = marks.on(who, KIND, case.id)
    own = isinstance(who, Member) and who.id in case.viewer_ids
    return {
        **said,
        "case": case,
        "thing": case,
        "opened": request.args.get("open", ""),
        "helpful": helpful,
        "mine": mine,
        "own": own,
        "writable": not own and said["reachable"],
        "unanswered": levels.unanswered(said["values"]) if own else [],
        "status_words": STATUS_WORDS[case.status],
        "discussion": said["beside"].discussion(who),
        "panels": panels_of(who, case),
        "queue": queries.place_in_queue(case) if case.status == SUBMITTED else 0,
        "decisions": decisions((KIND, case.id), 5) if case.status != PUBLISHED else [],
    }


def _as_of() -> tuple[float, date]:
    """What decides on what is said beside the site's version: the lists, and the day that ends a consent."""
    return taxonomy.lists().read_at, today()


def _said(case: CaseStudy) -> dict[str, Any]:
    """What the page says of it to all who may see it. Kept for what is out, so nothing of it is in a session."""
    reader = reader_view(case)
    beside = queries.beside(case)
    files, authors = queries.shown_files(case), contributors.people_of(case, {case.member_id: beside.owner})
    parts, files = placed(case, reader.parts, files)
    measured = figures((KIND, case.id))
    let_go(*files, *(measured["measures"] if measured else ()))
    return {
        "beside": beside,
        "row": beside.row,
        "reachable": beside.reachable,
        "replies": beside.row.replies,
        "places": beside.places,
        "elements": taxonomy.pick(beside.tags, "element"),
        "care_models": taxonomy.pick(beside.tags, "care-model"),
        "values": reader.values,
        "parts": grouped(parts, bool(case.source_key) and case.depth == QUICK),
        "not_applicable": not_applicable(reader.values),
        "depth": "Imported text" if case.source_key and case.depth == QUICK else BADGES[case.depth],
        "people": authors,
        "citation": about(case, authors),
        "files": files,
        "figures": measured,
        "evidence": levels.assessed(case),
    }


#: The parts of the page that are the same for all who may see it, by template.
ALIKE = {
    "head": "case_studies/_head.html",
    "body": "case_studies/_body.html",
    "files": "case_studies/_files.html",
    "glance": "case_studies/_glance.html",
}


def drawn(context: Mapping[str, Any]) -> dict[str, Markup]:
    """These parts, for the page of one that is out."""
    case, opened = context["case"], context["opened"]
    names = ("row", "places", "elements", "care_models", "values", "parts", "not_applicable", "depth", "people", "files", "figures")
    values = {name: context[name] for name in (*names, "evidence", "case", "thing", "opened")}

    def make() -> dict[str, Markup]:
        return {name: part(template, **values) for name, template in ALIKE.items()}

    return make() if opened or case.status != PUBLISHED else kept(("drawn case study", case.id, *_as_of()), make)


def editable(id_: int) -> CaseStudy:
    """The case study, for somebody who may change it."""
    case = queries.get(member(), id_)
    authorize(member(), Permission.EDIT, case)
    return case


def beside(case: CaseStudy | None, title: str) -> Any:
    """Return what other slices show beside its title until it is published, when it would be found itself."""
    return None if case and case.status == PUBLISHED else panels_of(member(), Begun("new-case-study", title))
