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
    """The weights of a kind of thing, in hundredths: for its points, and for what a word in the title adds to the same word in the
    text.

    So of two things with the same words, a case study comes before talk. A thread's title is its question, and has its own weight.
    """

    points: int = 100
    title: int = 40


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found. `body` is plain text; `facets` are slugs; `audience` says who may find it.

    Facets are those of the filters that slices bring; others are left out of the index.
    `adopted` is how many took it up, and `evidence` the level that somebody confirmed, -1 for none: what lists are sorted by.
    `better` settles near-ties: of things whose points are as good as equal, the one with the higher number comes first.
    `about` is text of the thing that this one belongs to, such as its title. Its words are faint: they make the document match a
    question, and add hardly any points beside the document's own words.
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
    """What is asked. A hit has one of the values of each facet that is set, and one of the audiences."""

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
    #: False: only what has all the words, however little that is, as for alerts on saved searches.
    loosely: bool = True
    #: Other words for those in the question, to look for as well.
    synonyms: Synonyms = NONE
    #: Only the words as they were typed: no synonyms, no corrected spelling.
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

    `full` of the hits have all that was asked; `relaxed` says that these were too few, and hits with only some of it were added.
    `missing` are words, as typed, that no hit has. `terms` are what to mark in excerpts, `typed` the words that matter as they were
    typed, `also` the synonyms that were looked for as well.
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
        """Return, by term, how many documents of any audience have it; terms that none has are left out."""

    def near(self, term: str) -> Mapping[str, int]:
        """Return terms that differ from this one by about two letters, with the number of documents that have each."""

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Build anew beside the old index and swap; return how many documents it holds."""

    def drop_old(self) -> None:
        """Delete what an earlier index left on the disk, so that no word lies on in it."""

    def keys(self) -> Iterator[Key]:
        """Return the keys of all its documents, to compare with the database."""

    def count(self) -> int: ...

    def verify(self) -> list[str]:
        """Return what is wrong with its files, in words; empty when they are as they were written."""


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
