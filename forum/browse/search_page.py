"""The search page: words, filters with counts, excerpts that show why, and an honest word when the index is out of order."""

from flask import Blueprint, render_template, request

from forum.case_studies.views import fixed_labels
from forum.kernel import limits
from forum.kernel.text import BadText, clean
from forum.search.excerpts import excerpt, highlight
from forum.search.language import read
from forum.search.port import SearchRequest
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
SORTS = {"relevance": "Most relevant first", "newest": "Newest first"}


@bp.get("/search")
@reach(Reach.READER)
def index() -> str:
    text = _typed()
    if text:
        message = "There were many searches in a short time. Wait a minute, then try again."
        limits.spend_quickly("search", request.remote_addr, 120, 60, message)
    ticked = {f: request.args.getlist(f)[:20] for f in LEGENDS}
    labels = _labels()
    asked = read(text, labels)
    chosen = {f: list(dict.fromkeys([*ticked[f], *asked.filters.get(f, ())])) for f in LEGENDS}
    asked_for = {f: v for f, v in asked.filters.items() if f not in LEGENDS}
    sort = request.args.get("sort", "relevance" if text else "newest")
    found = find(
        actor(),
        SearchRequest(
            text=asked.words,
            audience=(),
            kinds=tuple(chosen["kind"]),
            filters={f: tuple(v) for f, v in chosen.items() if v and f != "kind"} | asked_for,
            after=asked.after,
            before=asked.before,
            sort="newest" if sort == "newest" else "relevance",
            page=page_number(),
            per_page=PER_PAGE,
        ),
    )
    panel = facets(LEGENDS, labels, found.page.facets, ticked)
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
        notes=asked.notes,
        sort=sort,
        sorts=SORTS,
        elements=taxonomy.terms("element"),
    )


def _labels() -> dict[str, dict[str, str]]:
    """The labels of every value of every facet: those that are counted, and those that can only be typed."""
    found = {f: {t.slug: t.label for t in taxonomy.terms(f, closed=True)} for f in (*LEGENDS, "involvement-level") if f != "kind"}
    kinds = {kind: source.label for kind, source in search_parts().sources.items()}
    return found | fixed_labels() | {"kind": kinds}


@bp.get("/search/help")
@reach(Reach.READER)
def how_to() -> str:
    return render_template("browse/search_help.html", labels=_labels(), legends=LEGENDS)


def _typed() -> str:
    """What was asked, cleaned; what cannot be text at all counts as nothing asked."""
    try:
        return clean(request.args.get("q", ""))[:LONGEST].strip()
    except BadText:
        return ""
