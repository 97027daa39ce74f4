"""Reading case studies: the list, one of them, its history."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forum.access.permissions import Permission, may
from forum.accounts.queries import FORMER, people
from forum.case_studies import filters, lists, queries
from forum.case_studies.lists import FACETS, PER_PAGE, SORTS, CaseFilter
from forum.case_studies.page import detail_context, drawn
from forum.case_studies.queries import KIND
from forum.case_studies.reading import choosing
from forum.case_studies.record.values import question
from forum.case_studies.versions import say_of
from forum.kernel.revisions import history as history_of
from forum.taxonomy import queries as taxonomy
from forum.web.access_level import Reach, actor, reach
from forum.web.facets import Facet, chips, facets
from forum.web.paging import Page, page_number

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
    case = queries.shown(actor(), id_)
    if request.path != case.url:
        return redirect(case.url, 301)
    context = detail_context(case)
    return render_template("case_studies/detail.html", **context, drawn=drawn(context))


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
