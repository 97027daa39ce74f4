"""Browsing by leadership element, care model, organisation and person."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.queries import by_username, people
from forum.adoptions import queries as adoptions
from forum.adoptions.queries import AdoptionFilter
from forum.case_studies import lists as case_studies
from forum.case_studies.lists import CaseFilter
from forum.discussions import lists as discussions
from forum.discussions.lists import ThreadFilter
from forum.organisations import queries as organisations
from forum.taxonomy import queries as taxonomy
from forum.web.access_level import Reach, actor, reach

bp = Blueprint("browse", __name__)
SHOWN = 6
TRIED_SHOWN = 12


@bp.get("/elements")
@reach(Reach.READER)
def elements() -> str:
    counts = case_studies.facet_counts(actor(), CaseFilter({}), ["element"])
    return render_template("browse/elements.html", terms=taxonomy.terms("element"), counts=counts["element"])


@bp.get("/care-models")
@reach(Reach.READER)
def care_models() -> str:
    counts = case_studies.facet_counts(actor(), CaseFilter({}), ["care-model"])
    return render_template("browse/care_models.html", terms=taxonomy.terms("care-model"), counts=counts["care-model"])


@bp.get("/elements/<slug>")
@reach(Reach.READER)
def element(slug: str) -> str:
    return _term_page("element", slug)


@bp.get("/care-models/<slug>")
@reach(Reach.READER)
def care_model(slug: str) -> str:
    return _term_page("care-model", slug)


def _term_page(scheme: str, slug: str) -> str:
    """Return what the term means and where it comes from, its newest case studies and its discussions."""
    who, term = actor(), taxonomy.term(scheme, slug)
    wanted = CaseFilter({scheme: [slug]})
    talk = ThreadFilter(element=slug) if scheme == "element" else ThreadFilter(care_model=slug)
    return render_template(
        "browse/term.html",
        term=term,
        scheme=scheme,
        cases=case_studies.listed(who, wanted, limit=SHOWN),
        case_count=case_studies.count(who, wanted),
        threads=discussions.list_threads(who, talk, 0, SHOWN),
        thread_count=discussions.count_threads(who, talk),
    )


@bp.get("/organisations/<ref:id_>")
@reach(Reach.READER)
def organisation(id_: int) -> str | Response:
    who, found = actor(), organisations.get(actor(), id_)
    url = f"/organisations/{found.id}-{found.slug}"
    if request.path != url:
        return redirect(url, 301)
    wanted = CaseFilter({}, organisation_id=found.id)
    return render_template(
        "browse/organisation.html",
        organisation=found,
        type=taxonomy.label("organisation-type", found.type),
        region=taxonomy.label("region", found.region),
        board=taxonomy.label("integrated-care-board", found.board),
        cases=case_studies.listed(who, wanted),
        case_count=case_studies.count(who, wanted),
        adoptions=adoptions.listed(who, AdoptionFilter(organisation_id=found.id), limit=TRIED_SHOWN),
    )


@bp.get("/people/<username>")
@reach(Reach.READER)
def person(username: str) -> str:
    account = by_username(username)
    wanted, talk = CaseFilter({}, member_id=account.id), ThreadFilter(member_id=account.id)
    return render_template(
        "browse/person.html",
        person=people([account.id])[account.id],
        bio=account.bio,
        access=account.access,
        reachable=account.reachable,
        sector=account.sector,
        joined=account.created_at,
        cases=case_studies.listed(actor(), wanted),
        adoptions=adoptions.listed(actor(), AdoptionFilter(member_id=account.id), limit=TRIED_SHOWN),
        threads=discussions.list_threads(actor(), talk, 0, SHOWN, pinned_first=False),
    )
