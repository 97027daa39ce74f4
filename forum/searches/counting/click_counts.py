"""Counting opened results: the Referer of a request for a thing's page says that it came from a search page of this site.

Our own pages send it to ourselves alone ("same-origin"). Nothing is added to links, and only a count by words is stored.
"""

from urllib.parse import SplitResult, parse_qs, urlsplit

from flask import Response, request

from forum.access.actors import Member
from forum.searches.counting import search_counts
from forum.searches.search_terms import normalised, typed
from forum.web.access_level import actor

SEARCH = "/search"
RESULTS = {"case_studies.detail", "discussions.thread"}


def own() -> Member | None:
    """Return the member who comes from a page of this site; None for a visitor, and for one who comes from another site, a mail or
    a bookmark: others can cause such requests, so they are not counted."""
    who = actor()
    return who if isinstance(who, Member) and _from() is not None else None


def _from() -> SplitResult | None:
    """The page of this site that this request comes from. No other site can say so in somebody's browser."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    return parts if parts.netloc == request.host else None


def searched_before() -> str | None:
    """The words of the search page that this request comes from; None where it comes from elsewhere."""
    parts = _from()
    if parts is None or parts.path != SEARCH:
        return None
    try:
        return typed(parse_qs(parts.query, max_num_fields=300).get("q", [""])[0])
    except ValueError:
        return None


def same_search(text: str) -> bool:
    """Return whether this search page follows one for the same words: a filter was set, or the next page is read."""
    before = searched_before()
    return before is not None and normalised(before) == normalised(text)


def note_click(response: Response) -> Response:
    """After every answer: was it a result that a member opened?"""
    if request.endpoint in RESULTS and request.method == "GET" and response.status_code in {200, 304}:
        text = searched_before()
        if text and own():
            search_counts.clicked(text)
    return response
