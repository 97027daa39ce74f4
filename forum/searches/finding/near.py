"""What to offer for words that find nothing: near terms of the lists, and near words of the vocabulary and the glossary, that do.

No pair of words is written in here. Words are near where an entry of the vocabulary leads to them, or two do one after the
other, where the glossary explains one by another, and where the name or the definition of a term has them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log

from forum.access.actors import Actor, audience
from forum.documents.readability import glossary
from forum.search.analysis import STOP_WORDS, normalise, terms
from forum.search.port import IndexUnavailable, SearchRequest
from forum.search.service import search_parts
from forum.search.synonyms import EXACTLY
from forum.searches.queries import Other
from forum.searches.search_terms import SearchTerms, legends
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import CARE_MODEL, ELEMENT, SECTOR
from forum.vocabulary import queries as vocabulary
from forum.vocabulary.queries import Rows

#: At most so many words are tried in the index, and so many words, terms and places to start shown.
TRIED, WORDS, TERMS, PLACES = 12, 4, 4, 6
#: A part of a phrase is enough where few things have it: this share of all, or this many. Frequent words tell nothing.
COMMON, FEW = 0.1, 5
#: The share of a phrase, by the weight of its words, that a term's name must have. A definition must have all of it, and so must a
#: sector's name, or any name where the phrase is two steps away. Definitions, and names two steps away, count `LESS`.
NAMED, LESS = 0.6, 0.6
_SCHEMES = (ELEMENT, CARE_MODEL, SECTOR)
Stems = tuple[str, ...]
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Nearby:
    """Terms and words that find something; and places to start, where there are none."""

    terms: tuple[Other, ...] = ()
    words: tuple[Other, ...] = ()
    places: tuple[Other, ...] = ()


@dataclass(frozen=True)
class _Lexicon:
    """Groups of phrases that belong together, each with its stems; in `same`, which phrases of a group mean the same; in `having`,
    the numbers of the groups with a stem."""

    groups: tuple[tuple[tuple[str, Stems], ...], ...]
    same: tuple[frozenset[Stems], ...]
    having: Mapping[str, tuple[int, ...]]

    def often(self, stem: str) -> int:
        return len(self.having.get(stem, ()))

    def weight(self, stem: str) -> float:
        return log(1 + len(self.groups) / (1 + self.often(stem)))

    def wider(self, phrases: Sequence[Stems]) -> Iterator[tuple[str, Stems]]:
        """Yield the phrases of groups in whose `same` one of these phrases, or a part of one, is: what it leads to, not what leads
        to it."""
        parts = [row[a:b] for row in phrases for a in range(len(row)) for b in range(a + 2, len(row) + 1)]
        for asked in dict.fromkeys([*phrases, *parts]):
            for n in sorted(set.intersection(*({*self.having.get(stem, ())} for stem in asked))):
                if asked in self.same[n]:
                    yield from self.groups[n]


def stems(text: str) -> Stems:
    """The words that matter, as the index has them."""
    found = [part for forms, _, _ in terms(normalise(text)) for part in (forms[1:] or forms)]
    return tuple(part for part in found if part not in STOP_WORDS)


@lru_cache(maxsize=1)
def _lexicon(rows: Rows, listed: tuple[str, ...]) -> _Lexicon:
    """Make the lexicon from the vocabulary, the glossary, and what the lists say of their terms."""
    said = [*rows, *(((e.term,), (*e.meaning.split(";"), *e.instead.split(","))) for e in glossary())]
    groups = tuple(tuple(_phrases((*same, *wider))) for same, wider in said)
    alike = tuple(frozenset(row for _, row in _phrases(same)) for same, _ in said)
    words = [*({s for _, row in group for s in row} for group in groups), *({*stems(text)} for text in listed)]
    having: dict[str, list[int]] = {}
    for n, found in enumerate(words):
        for stem in found:
            having.setdefault(stem, []).append(n)
    nothing = [() for _ in listed]
    return _Lexicon((*groups, *nothing), (*alike, *map(frozenset, nothing)), {stem: tuple(ns) for stem, ns in having.items()})


def _phrases(words: Iterable[str]) -> Iterator[tuple[str, Stems]]:
    """Yield each with its stems, but not words that count only as written: "FIT" would be found in anything that is fit."""
    for text in words:
        if (row := stems(text)) and not text.startswith(EXACTLY):
            yield text.strip(), row


def nearby(actor: Actor, words: Sequence[str]) -> Nearby:
    """Return what is near to these words, as somebody typed them, with how much of it the actor finds.

    Asks the index at most 14 times, whatever the words are.
    """
    lists = [t for scheme in _SCHEMES for t in taxonomy.terms(scheme)]
    lexicon = _lexicon(vocabulary.in_use(), tuple(f"{t.label} {t.wording} {t.definition}" for t in lists))
    whole = stems(" ".join(words))
    if not whole:
        return Nearby()
    index = search_parts().index
    try:
        counts = index.search(SearchRequest("", audience(actor), per_page=1)).facets
        # Words that do find something are left out: "staff" would lead everywhere.
        asked = list(dict.fromkeys([whole, *((stem,) for stem in whole if stem not in index.often(whole))]))
        near = _others(lexicon.wider(asked), asked)
        further = _others(lexicon.wider([*near]), [*asked, *near])
        often = index.often({stem for row in (*near, *further) for stem in row})
        said = _counted(actor, {row: text for row, text in (near | further).items() if all(stem in often for stem in row)})
        most = max(FEW, COMMON * index.count())
    except IndexUnavailable:
        return Nearby()
    telling = {stem for stem, n in often.items() if n <= most}
    fitting = _fitting(lexicon, lists, telling, [*asked, *near], [*further])
    found = [_term(t, counts) for t in fitting if counts.get(t.scheme, {}).get(t.slug)][:TERMS]
    return Nearby(tuple(found), tuple(said)) if found or said else Nearby(places=tuple(_places(counts)))


def _others(found: Iterable[tuple[str, Stems]], known: Iterable[Stems]) -> dict[Stems, str]:
    """Each phrase once, as it is written first, without those that are known."""
    others: dict[Stems, str] = {}
    for text, row in found:
        others.setdefault(row, text)
    return {row: text for row, text in others.items() if row not in {*known}}


def _fitting(
    lexicon: _Lexicon, lists: Sequence[taxonomy.Choice], telling: Set[str], near: Sequence[Stems], further: Sequence[Stems]
) -> list[taxonomy.Choice]:
    """Terms whose name or definition has one of the phrases, or enough of it that is `telling`; the best first."""

    def fit(part: Stems, has: Set[str], enough: float) -> float:
        share = sum(lexicon.weight(s) for s in part if s in has) / sum(lexicon.weight(s) for s in part)
        return share if share == 1.0 or (share >= enough and any(s in has and s in telling for s in part)) else 0.0

    points: dict[taxonomy.Choice, float] = {}
    for term in lists:
        name, meaning = {*stems(term.label)}, {*stems(f"{term.wording} {term.definition}")}
        direct = (max(fit(row, name, 1.0 if term.scheme == SECTOR else NAMED), LESS * fit(row, meaning, 1.0)) for row in near)
        points[term] = max([*direct, *(LESS * fit(row, name, 1.0) for row in further)], default=0.0)
    return sorted((t for t, n in points.items() if n), key=lambda t: -points[t])


def _term(term: taxonomy.Choice, counts: Counts) -> Other:
    return Other(
        f"{legends()[term.scheme]}: {term.label}", SearchTerms("", {term.scheme: (term.slug,)}), counts[term.scheme][term.slug]
    )


def _counted(actor: Actor, phrases: Mapping[Stems, str]) -> list[Other]:
    """Return those that find something, the nearest first. More than one word must stand in a row, so that the number is honest."""
    found = []
    for text in [*phrases.values()][:TRIED]:
        search_terms = SearchTerms(f'"{text}"' if len(stems(text)) > 1 else text, {})
        page = search_parts().index.search(replace(search_terms.request(per_page=1), audience=audience(actor)))
        found += [Other(text, search_terms, page.total)] if page.total else []
    return found[:WORDS]


def _places(counts: Counts) -> Iterator[Other]:
    """The leadership elements, and the care models that have most."""
    models = sorted(taxonomy.terms(CARE_MODEL), key=lambda t: -counts.get(CARE_MODEL, {}).get(t.slug, 0))
    for term in [*taxonomy.terms(ELEMENT), *models[:PLACES]]:
        if counts.get(term.scheme, {}).get(term.slug):
            yield _term(term, counts)
