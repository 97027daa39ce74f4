"""While somebody types in a search box: titles, elements and care models, organisations, people, and their own past searches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request

from forum.access.actors import Actor
from forum.accounts import queries as accounts
from forum.kernel import rate_limits
from forum.organisations import queries as organisations
from forum.search.port import SearchRequest
from forum.search.service import find
from forum.searches import queries as searches
from forum.searches.search_terms import SearchTerms, typed
from forum.taxonomy import queries as taxonomy
from forum.vocabulary.queries import synonyms
from forum.web.access_level import Reach, actor, reach
from forum.web.devices import asker

bp = Blueprint("suggest", __name__)
SHORTEST = 2
#: At most so many titles, and so many of everything else.
TITLES, EACH = 5, 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where it leads, what it says, and what it is."""

    href: str
    text: str
    note: str = ""


@bp.get("/search/suggest")
@reach(Reach.READER)
def suggest() -> Response:
    """Groups of suggestions as JSON: `{"groups": [{"name", "options": [{"href", "text", "note"}]}]}`."""
    rate_limits.spend_quickly("suggest", asker(), 300, 60, "There were many requests in a short time.")
    who, text = actor(), typed(request.args.get("q", ""))
    groups = [(name, list(found)) for name, found in _groups(who, text)] if len(text) >= SHORTEST else []
    named = [{"name": name, "options": [_plain(s) for s in found]} for name, found in groups if found]
    answer = jsonify(groups=named)
    answer.headers["Cache-Control"] = "private, max-age=30"
    return answer


def _plain(suggestion: Suggestion) -> dict[str, str]:
    return {"href": suggestion.href, "text": suggestion.text, "note": suggestion.note}


def _groups(who: Actor, text: str) -> Iterator[tuple[str, Iterator[Suggestion]]]:
    yield "Your past searches", (Suggestion(SearchTerms(t, {}).address(), t) for t in searches.recent(who, text, EACH))
    yield "Case studies and discussions", _titles(who, text)
    yield "Leadership elements and care models", _terms(text.casefold().split())
    yield "Organisations", (Suggestion(p.url, p.name) for p in organisations.beginning(who, text, EACH))
    yield (
        "People",
        (Suggestion(p.url, p.name, ", ".join(filter(None, (p.role, p.organisation)))) for p in accounts.beginning(text, EACH)),
    )


def _titles(who: Actor, text: str) -> Iterator[Suggestion]:
    """Things that have all these words in their title, the last one perhaps unfinished; none while the index is out of order."""
    if len(text.split()[-1]) < SHORTEST:
        text = text.rpartition(" ")[0]
    words = f"{text}*" if text[-1:].isalnum() else text
    found = find(who, SearchRequest(words, (), synonyms=synonyms(), titles=True, loosely=False, per_page=TITLES))
    return (Suggestion(card.url, card.title, card.kicker or "Case study") for _, card in found.cards if not found.plain)


def _terms(words: Sequence[str]) -> Iterator[Suggestion]:
    """Terms where each of the words begins a word of the label."""
    pages = (("element", "elements", "Leadership element"), ("care-model", "care-models", "Care model"))
    found = [(t, path, note) for scheme, path, note in pages for t in taxonomy.terms(scheme) if _begins(words, t.label)]
    return (Suggestion(f"/{path}/{t.slug}", t.label, note) for t, path, note in found[:EACH])


def _begins(words: Sequence[str], label: str) -> bool:
    there = label.casefold().split()
    return all(any(w.startswith(word) for w in there) for word in words)
