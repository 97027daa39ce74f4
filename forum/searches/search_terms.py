"""What somebody looks for: words and filters, as they stand in an address."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from forum.kernel.text import BadText, clean, cut
from forum.kernel.wording import iso_date
from forum.search.filters import Filter
from forum.search.port import SearchRequest
from forum.search.question.filter_syntax import DAYS, Piece, Query, read, without
from forum.search.service import search_parts
from forum.taxonomy.queries import lists
from forum.vocabulary.queries import synonyms
from forum.web.kept import kept

LONGEST = 400
#: Values of one filter, and characters of one value.
MOST_VALUES, LONGEST_VALUE = 20, 60
LONGEST_NAME = 100
#: Neither other words for the same thing nor another spelling.
EXACTLY = "exactly"
#: What chips call days.
DAY_LEGENDS = {"after": "Published from", "before": "Published before"}
WORDS = Filter("words", "Words", 99, lambda: {EXACTLY: "Only the words as typed"})


def filters() -> dict[str, Filter]:
    """The filters of the search by name, in their order."""
    return {**search_parts().filters, "words": WORDS}


def legends() -> dict[str, str]:
    """Filter → its heading, of those that are shown with their values."""
    return {f.name: f.legend for f in filters().values() if f.labels}


def labels() -> dict[str, Mapping[str, str]]:
    """Filter → value → what people call it, in the order in which they are shown."""
    return kept(("labels", lists().read_at), lambda: {f.name: f.values for f in filters().values() if f.labels})


def typed(text: str) -> str:
    """Return what was asked, cleaned; what cannot be text at all counts as nothing asked."""
    try:
        return clean(text)[:LONGEST].strip()
    except BadText:
        return ""


def normalised(text: str) -> str:
    """The words as they are counted and compared: lower case, single spaces."""
    return " ".join(text.casefold().split())


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """Words and filters; filters that say nothing are not in it."""

    text: str
    filters: Mapping[str, tuple[str, ...]]

    @property
    def empty(self) -> bool:
        return not (self.text or self.filters)

    @property
    def digest(self) -> str:
        """The same for the same search, whatever its case and the order of its filters."""
        return digest_of(normalised(self.text) + "\n" + urlencode(sorted((f, v) for f, vs in self.filters.items() for v in vs)))

    @property
    def args(self) -> str:
        """The search as the part of an address behind the question mark."""
        return urlencode([*([("q", self.text)] if self.text else []), *((f, v) for f, vs in self.filters.items() for v in vs)])

    def address(self, path: str = "/search", **more: str) -> str:
        args = "&".join(a for a in (self.args, urlencode(more)) if a)
        return f"{path}?{args}" if args else path

    def request(self, **more: Any) -> SearchRequest:
        """Return what to ask the index, with the filters that were typed among the words; `service.find` puts in who asks."""
        asked = self.asked()
        known = filters()
        chosen = {f: (*self.filters.get(f, ()), *asked.filters.get(f, ())) for f in {**self.filters, **asked.filters}}
        unwanted = dict(asked.without)
        for piece in asked.pieces:
            if piece.facet not in DAYS and (named := known[piece.facet].named):
                into = unwanted if piece.unwanted else chosen
                into[piece.facet] = (*into[piece.facet], *named(piece.typed))
        more |= {"synonyms": synonyms(), "exactly": EXACTLY in chosen.pop("words", ())}
        kinds = chosen.pop("kind", ())
        return SearchRequest(
            asked.words, (), kinds=kinds, filters=chosen, without=unwanted, after=asked.after, before=asked.before, **more
        )

    def asked(self) -> Query:
        """The text as the query language reads it."""
        return read(self.text, search_parts().filters.values(), labels())

    def typed(self) -> list[tuple[str, str]]:
        """The filters that were typed, as people read them, each with the text that is left without it."""
        have, pieces = labels(), self.asked().pieces
        same: dict[tuple[str, str, bool], list[Piece]] = {}
        for p in pieces:
            same.setdefault((p.facet, p.value, p.unwanted), []).append(p)
        return [(_label(of_it[0], have), without(self.text, of_it)) for of_it in same.values()]

    def saying(self, words: str) -> str:
        """The text with other words; the filters that were typed in it stay."""
        return " ".join([words, *(self.text[p.start : p.end] for p in self.asked().pieces)])

    def without(self, facet: str, value: str) -> "SearchTerms":
        """The same search with one choice less."""
        rest = {f: tuple(v for v in vs if (f, v) != (facet, value)) for f, vs in self.filters.items()}
        return SearchTerms(self.text, {f: vs for f, vs in rest.items() if vs})

    def known(self) -> "SearchTerms":
        """With only the values that the site has, so that nothing else is stored."""
        have = labels()
        rest = {f: tuple(v for v in vs if v in have.get(f, {})) for f, vs in self.filters.items()}
        return SearchTerms(self.text, {f: vs for f, vs in rest.items() if vs})

    def choices(self) -> list[tuple[str, str, str, str]]:
        """The filters as people read them: filter, value, legend, label."""
        have, headings = labels(), legends()
        return [(f, v, headings[f], have[f].get(v, v)) for f, vs in self.filters.items() if f in headings for v in vs]

    def words(self) -> str:
        """The search in a line, for lists and as a first name."""
        return cut(", ".join([*([self.text] if self.text else []), *(label for *_, label in self.choices())]), LONGEST_NAME)


def _label(piece: Piece, have: Mapping[str, Mapping[str, str]]) -> str:
    if piece.facet in DAYS:
        return f"{DAY_LEGENDS[piece.facet]} {iso_date(piece.value)}"
    if piece.facet not in have:
        legend = filters()[piece.facet].legend
        return f"Not {legend.lower()}: {piece.typed}" if piece.unwanted else f"{legend}: {piece.typed}"
    called = have[piece.facet].get(piece.value, piece.typed)
    return f"Not: {called}" if piece.unwanted else called


def from_args(args: MultiDict[str, str]) -> SearchTerms:
    """Return what the arguments of an address ask for."""
    chosen = {f: tuple(v[:LONGEST_VALUE] for v in args.getlist(f)[:MOST_VALUES] if v) for f in legends()}
    return SearchTerms(typed(args.get("q", "")), {f: v for f, v in chosen.items() if v})


def from_text(args: str) -> SearchTerms:
    """Return what `SearchTerms.args` said, such as a hidden field of a form brings back; only what the site knows."""
    return from_args(MultiDict(parse_qsl(args[:5_000]))).known()


def of(row: Any) -> SearchTerms:
    """Return what a saved search looks for."""
    return SearchTerms(row.query, {f: tuple(v) for f, v in row.filters.items()})
