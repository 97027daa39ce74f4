"""Knowing that a result was opened: the page of a thing is asked for from a search page of this site, as its Referer says.

Our own pages send it to ourselves alone ("same-origin"). Nothing is added to links, and nothing is kept but a count by words.
"""

from urllib.parse import parse_qs, urlsplit

from flask import Response, request

from forum.searches import tally
from forum.searches.sought import normalised, typed

SEARCH = "/search"
RESULTS = {"case_studies.detail", "discussions.thread"}


def searched_before() -> str | None:
    """The words of the search page that this request comes from; None where it comes from elsewhere."""
    if not request.referrer:
        return None
    try:
        parts = urlsplit(request.referrer)
        if (parts.netloc, parts.path) != (request.host, SEARCH):
            return None
        return typed(parse_qs(parts.query, max_num_fields=300).get("q", [""])[0])
    except ValueError:
        return None


def same_search(text: str) -> bool:
    """Whether this search page follows one for the same words: a filter was set, or the next page is read."""
    before = searched_before()
    return before is not None and normalised(before) == normalised(text)


def note_click(response: Response) -> Response:
    """After every answer: was it a result that somebody opened?"""
    if request.endpoint in RESULTS and request.method == "GET" and response.status_code in {200, 304}:
        text = searched_before()
        if text:
            tally.clicked(text)
    return response
