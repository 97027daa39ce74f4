"""What the site asks of a search engine. Adapters: `whoosh/` and `postgres/`. One contract test-suite runs against each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, Protocol

from forum.search.filters import Filter
from forum.search.synonyms import NONE, Synonyms

Key = tuple[str, int]
Sort = Literal["relevance", "newest", "adopted", "evidence"]


@dataclass(frozen=True, slots=True)
class Weight:
    """What things of a kind count for, in hundredths: their points, and what a word in the title adds to the same word in the text.

    Of things that have the words alike, what is practice comes before what is talk. The title of a thread is its question.
    """

    points: int = 100
    title: int = 40


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found. `body` is plain text; `facets` are slugs; `audience` says who may find it.

    Facets are those of the filters that slices bring; others are left out of the index.
    `adopted` is how many took it up, and `evidence` the level that somebody confirmed, -1 for none: what lists are sorted by.
    `better` counts what speaks for it among things that are as good as equal.
    `about` is what it is about in the words of something else, such as the title of that. These are faint: they help to have all
    the words that were asked for, and hardly count beside what is said in the thing itself.
    """

    kind: str
    id: int
    title: str
    body: str
    facets: Mapping[str, tuple[str, ...]]
    audience: tuple[str, ...]
    created: datetime
    adopted: int = 0
    evidence: int = -1
    better: int = 0
    about: str = ""
    weight: Weight = Weight()


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked: any of the values within a facet, all facets together, and only what one of the audiences may find."""

    text: str
    audience: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Facet → values that must not be there.
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Published on or after, and before, these days.
    after: date | None = None
    before: date | None = None
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 10
    #: False: only what has all the words, however little that is; for those who wait for exactly this.
    loosely: bool = True
    #: Words that may be said otherwise.
    synonyms: Synonyms = NONE
    #: Only the words as they were typed: nothing said otherwise, no spelling put right.
    exactly: bool = False
    #: Terms of the index that must be there too.
    terms: tuple[str, ...] = ()
    #: Only what has the words in its title, as for a list of suggestions.
    titles: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    id: int
    score: float


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits with the exact total. A facet's counts ignore its own choices, so that other choices stay in sight.

    `full` of them have all that was asked; `relaxed` says that these were too few, so that others have only some of it. `missing`
    are words, as they were typed, that none of them has. `terms` are what to mark in excerpts, `typed` the words that matter as
    they were typed, `also` what else was looked for in their place.
    """

    hits: tuple[Hit, ...]
    total: int
    full: int
    page: int
    pages: int
    facets: Mapping[str, Mapping[str, int]]
    terms: tuple[str, ...]
    typed: tuple[str, ...]
    also: tuple[str, ...]
    relaxed: bool
    engine: str
    missing: tuple[str, ...] = ()


class IndexUnavailable(Exception):
    """The index is missing, damaged or unreadable. Readers fall back to a plain search; the worker rebuilds."""


class SearchIndex(Protocol):
    """An index that can always be thrown away and built again. Every method but `rebuild` and `clear` raises `IndexUnavailable`."""

    def apply(self, put: Iterable[SearchDocument], drop: Iterable[Key]) -> None:
        """Put documents in, over older versions of themselves, and take others out; on disk when it returns."""

    def search(self, request: SearchRequest) -> SearchPage: ...

    def often(self, terms: Iterable[str]) -> Mapping[str, int]:
        """In how many documents each of these terms is, of whatever audience; those that are in none are left out."""

    def near(self, term: str) -> Mapping[str, int]:
        """Terms that differ from this one by about two letters, with the number of their documents."""

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Build anew beside the old index and swap; gives how many documents it holds."""

    def drop_old(self) -> None:
        """Delete what an earlier index left on the disk, so that no word lies on in it."""

    def keys(self) -> Iterator[Key]:
        """Everything it holds, to compare with the database."""

    def count(self) -> int: ...

    def verify(self) -> list[str]:
        """What is wrong with its files, in words; empty when they are as they were written."""


@dataclass(frozen=True)
class SearchSource:
    """What a slice lets people find: documents by id, all ids, which events change which ids, and cards to show."""

    kind: str
    label: str
    documents: Callable[[Sequence[int]], Iterable[SearchDocument]]
    ids: Callable[[], Iterable[int]]
    events: Mapping[type, Callable[[Any], Iterable[int]]]
    cards: Callable[[Any, Sequence[int]], Mapping[int, Any]]
    #: What it can be narrowed to; filters that several sources share are brought by one of them.
    filters: tuple[Filter, ...] = ()
    weight: Weight = Weight()

    def weighed(self, ids: Sequence[int]) -> Iterator[SearchDocument]:
        """The documents of these ids, as they go into the index."""
        return (replace(document, weight=self.weight) for document in self.documents(ids))
