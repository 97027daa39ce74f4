"""Reading case studies: the list, one of them, its history."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forum.access.actors import Member
from forum.access.permissions import Permission, may
from forum.accounts.queries import FORMER, people
from forum.case_studies import choosing, evidence, filters, lists, queries, taking_part
from forum.case_studies.completeness import BADGES
from forum.case_studies.fields import QUICK
from forum.case_studies.lists import FACETS, PER_PAGE, SORTS, CaseFilter
from forum.case_studies.models import STATUS_WORDS, SUBMITTED, CaseStudy
from forum.case_studies.queries import KIND
from forum.case_studies.reading import grouped, not_applicable
from forum.case_studies.record import question
from forum.case_studies.seen import about, seen
from forum.case_studies.versions import say_of
from forum.kernel.revisions import history as history_of
from forum.marks import queries as marks
from forum.measures.showing import figures
from forum.moderation.queries import decisions
from forum.taxonomy import queries as taxonomy
from forum.web.facets import Facet, chips, facets
from forum.web.paging import Page, page_number
from forum.web.panels import panels_of
from forum.web.reach import Reach, actor, reach

bp = Blueprint("case_studies", __name__)

#: The filters of the list, in the order of `lists.FACETS`.
FILTERS = {f.name: f for f in filters.FILTERS}
LEGENDS = {name: FILTERS[name].legend for name in FACETS}


@bp.get("/case-studies")
@reach(Reach.READER)
def index() -> str:
    who = actor()
    sort = request.args.get("sort", "newest")
    chosen = {f: request.args.getlist(f)[:20] for f in FACETS}
    wanted = CaseFilter(chosen, sort if sort in SORTS else "newest")
    page = Page(page_number(), lists.count(who, wanted), PER_PAGE).check()
    counts = lists.facet_counts(who, wanted)
    labels = {f: FILTERS[f].values for f in FACETS}
    panel: list[Facet] = facets(LEGENDS, labels, counts, chosen)
    cases = lists.listed(who, wanted, page.offset)
    return render_template(
        "case_studies/index.html",
        cases=cases,
        here=[c.id for c in cases],
        chosen=choosing.chosen(who),
        most=choosing.MOST,
        page=page,
        facets=panel,
        chips=chips(panel),
        beyond=[t.slug for t in taxonomy.terms("sector") if t.slug != "nhs"],
        sort=wanted.sort,
        sorts=SORTS,
    )


@bp.get("/case-studies/<ref:id_>")
@reach(Reach.READER)
def detail(id_: int) -> str | Response:
    who = actor()
    case = queries.get(who, id_)
    if request.path != case.url:
        return redirect(case.url, 301)
    return render_template("case_studies/detail.html", **detail_context(case))


def detail_context(case: CaseStudy) -> dict[str, Any]:
    """What the page of a case study needs; the preview and the moderators' page use it as well."""
    who = actor()
    reader = seen(case)
    beside = queries.beside(case)
    files, authors = queries.shown_files(case), taking_part.people_of(case, {case.member_id: beside.owner})
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
        "evidence": evidence.assessed(case),
        "unanswered": evidence.unanswered(reader.values) if own else [],
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


@bp.get("/case-studies/<ref:id_>/history")
@reach(Reach.READER)
def history(id_: int) -> str:
    """Every published change, side by side with what stood before."""
    case = queries.get(actor(), id_)
    steps = history_of((KIND, case.id), say=say_of(case))
    who = people(step.revision.member_id for step in steps)
    hides = f"/moderation/versions/{KIND}/{case.id}" if may(actor(), Permission.DECIDE, case) else ""
    return render_template(
        "case_studies/history.html", case=case, steps=steps, who=who, former=FORMER, question=question, hides=hides
    )
