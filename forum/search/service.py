"""Searching on behalf of somebody: the index finds, the slices decide what may be shown (laws 1 and 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask, current_app

from forum.access.actors import Actor, audience
from forum.kernel.db import db
from forum.kernel.references import Card
from forum.search.filters import Filter, facets_of
from forum.search.port import Hit, IndexUnavailable, SearchIndex, SearchPage, SearchRequest, SearchSource
from forum.search.postgres.index import PostgresIndex
from forum.search.question.parser import words_of
from forum.search.question.spelling import put_right, respelt
from forum.search.whoosh.index import WhooshIndex

#: How far back the plain search looks while there is no index.
PLAIN_NEWEST = 1_000
#: A text with at least this many words that matter is long.
LONG = 5


@dataclass(frozen=True)
class Search:
    """The index, what feeds it, and what it can be narrowed to, in the order in which filters are shown."""

    index: SearchIndex
    sources: Mapping[str, SearchSource]
    filters: Mapping[str, Filter]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results. `plain` says that the index was out of order and the newest things were looked through instead.

    `respelt` are misspelt words, with what was probably meant, and `meant` is the text with those in place. `corrected` says that
    the results are for `meant`: the text as typed has none, or is so long that one word changes little.
    """

    page: SearchPage
    cards: list[tuple[Hit, Card]]
    plain: bool
    respelt: Mapping[str, str] = field(default_factory=dict)
    meant: str = ""
    corrected: bool = False

    @property
    def by_word(self) -> bool:
        """Return whether to show only the corrected words, since the whole text is long."""
        return self.corrected and len(self.page.typed) >= LONG


def init_search(app: Flask, sources: Sequence[SearchSource]) -> None:
    settings = app.config["FORUM"]
    kinds = {s.kind: s.label for s in sorted(sources, key=lambda s: s.label)}
    filters = sorted((_kind(kinds), *(f for s in sources for f in s.filters)), key=lambda f: f.place)
    facets = facets_of(filters)
    on_postgresql = settings.search == "postgresql"
    index = PostgresIndex(lambda: db.engine, facets) if on_postgresql else WhooshIndex(settings.index_dir, facets)
    app.extensions["forum.search"] = Search(index, {s.kind: s for s in sources}, {f.name: f for f in filters})


def _kind(kinds: Mapping[str, str]) -> Filter:
    """The filter that every search has: kinds of things, by what their sources call them."""
    return Filter("kind", "Show", 0, labels=lambda: kinds, typed="kind")


def search_parts() -> Search:
    found: Search = current_app.extensions["forum.search"]
    return found


def find(actor: Actor, request: SearchRequest) -> Found:
    """Results that the actor may see. Never raises for what was typed, nor for the state of the index."""
    request = replace(request, audience=audience(actor))
    try:
        page = search_parts().index.search(request)
        doubtful = request.loosely and not request.exactly and not page.full
        words = _respelt(actor, request, page.typed) if doubtful else {}
        meant = put_right(request.text, words) if words else ""
        better = search_parts().index.search(replace(request, text=meant)) if words else page
        meant = meant if better.total else ""
        corrected = bool(meant) and (not page.total or len(page.typed) >= LONG)
        page = better if corrected else page
    except IndexUnavailable:
        current_app.logger.warning("search index unavailable: plain search", exc_info=True)
        return _plain(actor, request)
    cards = _cards(actor, [(h.kind, h.id) for h in page.hits])
    return Found(page, [(h, cards[h.kind, h.id]) for h in page.hits if (h.kind, h.id) in cards], False, words, meant, corrected)


def how_many(actor: Actor, request: SearchRequest) -> int:
    """Return how many of the things that the actor may see have all that is asked. Raises `IndexUnavailable`."""
    return search_parts().index.search(replace(request, audience=audience(actor), loosely=False, per_page=1)).total


def _respelt(actor: Actor, request: SearchRequest, typed: Sequence[str]) -> Mapping[str, str]:
    """Return the misspelt words with what was probably meant. The filters do not count here: they may hide what has the right
    words."""

    def texts(term: str) -> list[str]:
        page = search_parts().index.search(SearchRequest("", request.audience, terms=(term,), per_page=3))
        cards = _cards(actor, [(h.kind, h.id) for h in page.hits])
        return [f"{card.title} {card.text}" for card in cards.values()]

    return respelt(typed, search_parts().index, request.synonyms, texts) if typed else {}


def _cards(actor: Actor, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Card]:
    found: dict[tuple[str, int], Card] = {}
    for kind, source in search_parts().sources.items():
        ids = [id_ for k, id_ in keys if k == kind]
        if ids:
            found.update({(kind, id_): card for id_, card in source.cards(actor, ids).items()})
    return found


def _plain(actor: Actor, request: SearchRequest) -> Found:
    """Look through the newest things for all the words. Slower and cruder, but it answers."""
    words = [w.casefold() for w in words_of(request.text)]
    hits: list[tuple[Hit, Card]] = []
    for kind, source in search_parts().sources.items():
        if request.kinds and kind not in request.kinds:
            continue
        newest = sorted(source.ids(), reverse=True)[:PLAIN_NEWEST]
        for card in source.cards(actor, newest).values():
            text = f"{card.title} {card.text}".casefold()
            if all(w in text for w in words):
                hits.append((Hit(kind, card.id, 0.0), card))
    hits.sort(key=lambda pair: (pair[1].at is not None, pair[1].at), reverse=True)
    start = (request.page - 1) * request.per_page
    shown = hits[start : start + request.per_page]
    pages = max(1, -(-len(hits) // request.per_page))
    page = SearchPage(
        hits=tuple(h for h, _ in shown),
        total=len(hits),
        full=len(hits),
        page=request.page,
        pages=pages,
        facets={},
        terms=tuple(words),
        typed=tuple(words),
        also=(),
        relaxed=False,
        engine="plain",
    )
    return Found(page, shown, plain=True)


def state() -> str:
    """ "ok", or in a few words what is wrong with the index."""
    try:
        search_parts().index.count()
    except IndexUnavailable as error:
        return f"being rebuilt ({type(error.__cause__ or error).__name__})"
    return "ok"


def expected() -> set[tuple[str, int]]:
    """Return what the index should hold, by the database."""
    return {(kind, id_) for kind, source in search_parts().sources.items() for id_ in source.ids()}


def drift() -> dict[str, int]:
    """Return how the index differs from the database: `missing` from it, `extra` in it. Raises `IndexUnavailable`."""
    have, want = set(search_parts().index.keys()), expected()
    return {"missing": len(want - have), "extra": len(have - want)}


def all_documents(progress: Any = None) -> Any:
    """Every document of every source, in batches."""
    for source in search_parts().sources.values():
        ids = list(source.ids())
        for start in range(0, len(ids), 200):
            batch = ids[start : start + 200]
            yield from source.weighed(batch)
            if progress:
                progress(len(batch))
