"""The search page: words, filters with counts, excerpts that show why, and a clear notice when the index is out of order."""

from flask import Blueprint, after_this_request, redirect, render_template, request
from werkzeug.wrappers import Response

from forum.access.actors import Member
from forum.case_studies.models import CaseStudy
from forum.case_studies.reading.choosing import MOST, chosen
from forum.kernel import rate_limits
from forum.search.port import Sort
from forum.search.question.parser import parse
from forum.search.service import Found, find
from forum.searches import queries as searches
from forum.searches.counting import search_counts
from forum.searches.counting.click_counts import own, same_search
from forum.searches.finding.near import nearby
from forum.searches.finding.offers import offers
from forum.searches.finding.results import results
from forum.searches.search_terms import EXACTLY, SearchTerms, from_args, labels, legends
from forum.taxonomy import queries as taxonomy
from forum.web.access_level import Reach, actor, reach
from forum.web.devices import asker
from forum.web.facets import Chip, chips, facets
from forum.web.paging import Page, address, page_number

bp = Blueprint("search", __name__)
PER_PAGE = 10
SORTS: dict[Sort, str] = {
    "relevance": "Most relevant first",
    "newest": "Newest first",
    "adopted": "Most adopted elsewhere",
    "evidence": "Strongest evidence",
}


@bp.get("/search")
@reach(Reach.READER)
def index() -> str | Response:
    who, search_terms = actor(), from_args(request.args)
    text = search_terms.text
    if text:
        rate_limits.spend_quickly("search", asker(), 120, 60, "There were many searches in a short time.")
    sort = next((s for s in SORTS if s == request.args.get("sort")), "relevance" if text else "newest")
    found = find(who, search_terms.request(sort=sort, page=page_number(), per_page=PER_PAGE))
    page = Page(found.page.page, found.page.total, PER_PAGE)
    if page.number > page.pages:
        return redirect(page.url(page.pages), 303)
    _count(search_terms, found)
    panel = facets(legends(), labels(), found.page.facets, search_terms.filters)
    nothing, query = not found.page.total and not search_terms.empty, search_terms.asked()
    gone = absent(found, search_terms)
    return render_template(
        "searches/search.html",
        q=text,
        search_terms=search_terms,
        found=found,
        results=results(found),
        chosen=chosen(who),
        most=MOST,
        here=[card.id for _, card in found.cards if card.kind == CaseStudy.kind],
        page=page,
        facets=panel,
        chips=[*chips(panel), *_typed(search_terms)],
        notes=query.notes,
        words=query.words,
        wordless=bool(query.words) and parse(query.words).empty,
        exactly=address(words=EXACTLY, page=None),
        meant=address(q=search_terms.saying(found.meant), page=None) if found.meant else "",
        sort=sort,
        sorts=SORTS,
        tried=_tried(search_terms) if nothing else [],
        others=searches.alternatives(who, search_terms) if nothing and not found.plain else None,
        absent=gone,
        near=nearby(who, gone) if gone else None,
        asked=searches.asked_already(who, search_terms) if nothing or found.page.relaxed else [],
        offers=[] if found.plain or found.page.page > 1 else offers(who, search_terms),
        may_save=isinstance(who, Member) and not search_terms.empty,
        elements=taxonomy.terms("element"),
    )


@bp.get("/search/help")
@reach(Reach.READER)
def how_to() -> str:
    return render_template("searches/search_help.html", labels=labels(), legends=legends())


def absent(found: Found, search_terms: SearchTerms) -> tuple[str, ...]:
    """Return words, as they were typed, that are in nothing that the reader may find."""
    if found.page.total:
        return () if found.corrected else found.page.missing
    # Filters may be why there is nothing.
    return () if found.plain or search_terms.filters or search_terms.typed() else found.page.typed


def _typed(search_terms: SearchTerms) -> list[Chip]:
    """One chip for each filter that was typed, with the address whose text lacks it."""
    return [Chip(label, address(q=rest or None, page=None)) for label, rest in search_terms.typed()]


def _tried(search_terms: SearchTerms) -> list[str]:
    """Return what it was narrowed to, for an honest "nothing found"."""
    return [f"{legend}: {label}" for _, _, legend, label in search_terms.choices()] + [label for label, _ in search_terms.typed()]


def _count(search_terms: SearchTerms, found: Found) -> None:
    """Once the page is made; not for a next page, nor where the same words are asked again with other filters."""
    who = own()
    if not search_terms.text or found.plain or found.page.page > 1 or who is None:
        return
    again = same_search(search_terms.text)

    @after_this_request
    def _after(response: Response) -> Response:
        search_counts.searched(who, search_terms, found.page.total, again)
        return response
