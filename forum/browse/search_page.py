"""The search page: words, filters with counts, excerpts that show why, and an honest word when the index is out of order."""

from flask import Blueprint, render_template, request

from forum.case_studies.views import fixed_labels
from forum.kernel import limits
from forum.kernel.text import BadText, clean
from forum.search.excerpts import excerpt, highlight
from forum.search.port import SearchRequest, Sort
from forum.search.service import find, search_parts
from forum.taxonomy import queries as taxonomy
from forum.web.facets import chips, facets
from forum.web.paging import Page, page_number
from forum.web.reach import Reach, actor, reach

bp = Blueprint("search", __name__)
PER_PAGE = 10
LONGEST = 400
LEGENDS = {
    "kind": "Show",
    "element": "Leadership element",
    "care-model": "Care model",
    "region": "Region",
    "organisation-type": "Kind of organisation",
    "status": "Where it stands",
    "outcome": "How it turned out",
    "sector": "Sector",
    "evidence": "Evidence confirmed",
    "data": "Figures over time",
    "lasted": "Did it last?",
    "freshness": "Is it still true?",
    "depth": "Depth",
}
SORTS: dict[Sort, str] = {
    "relevance": "Most relevant first",
    "newest": "Newest first",
    "adopted": "Most adopted elsewhere",
    "evidence": "Strongest evidence",
}


@bp.get("/search")
@reach(Reach.READER)
def index() -> str:
    text = _typed()
    if text:
        message = "There were many searches in a short time. Wait a minute, then try again."
        limits.spend_quickly("search", request.remote_addr, 120, 60, message)
    chosen = {f: request.args.getlist(f)[:20] for f in LEGENDS}
    sort = next((s for s in SORTS if s == request.args.get("sort")), "relevance" if text else "newest")
    found = find(
        actor(),
        SearchRequest(
            text=text,
            audience=(),
            kinds=tuple(chosen["kind"]),
            filters={f: tuple(v) for f, v in chosen.items() if v and f != "kind"},
            sort=sort,
            page=page_number(),
            per_page=PER_PAGE,
        ),
    )
    labels = {f: {t.slug: t.label for t in taxonomy.terms(f, closed=True)} for f in LEGENDS if f != "kind"}
    labels |= fixed_labels()
    labels["kind"] = {kind: source.label for kind, source in search_parts().sources.items()}
    panel = facets(LEGENDS, labels, found.page.facets, chosen)
    terms = found.page.terms
    results = [
        {"card": card, "title": highlight(card.title, terms), "excerpt": excerpt(card.text, terms)} for _, card in found.cards
    ]
    return render_template(
        "browse/search.html",
        q=text,
        found=found,
        results=results,
        page=Page(found.page.page, found.page.total, PER_PAGE),
        facets=panel,
        chips=chips(panel),
        sort=sort,
        sorts=SORTS,
        elements=taxonomy.terms("element"),
    )


def _typed() -> str:
    """What was asked, cleaned; what cannot be text at all counts as nothing asked."""
    try:
        return clean(request.args.get("q", ""))[:LONGEST].strip()
    except BadText:
        return ""
