"""From what a person typed to a small tree of our own. Nothing that can be typed raises; what is not ours is punctuation."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from forum.search.analysis import CAPITALS, STOP_WORDS, normalise, terms
from forum.search.port import Hit, SearchPage, SearchRequest
from forum.search.synonyms import NONE, Other, Synonyms

LONGEST = 4_000
#: At most this many different words of a question count, stop words included.
MOST = 64
#: Hits on one page. Where fewer things have all the words, things with some of them are shown too.
PAGE = 10
#: The fewest letters before a star, and the most words that the star stands for (the most frequent ones).
SHORTEST_START, STARTED = 2, 24
#: Typed between words, in capitals, as in databases of articles.
OPERATORS = frozenset({"OR", "AND", "NOT"})
#: At most this many things joined by OR.
MOST_CHOICES = 8
#: "A & E" is written with spaces as well.
_AND_SIGN = re.compile(r"(?<=\b[A-Za-z]) & (?=[A-Za-z]\b)")
_PIECE = re.compile(r'(-?)"([^"]*)"?|(\S+)')
_STARTED = re.compile(rf"([^\W_][^\W_&'-]{{{SHORTEST_START - 1},}})\*[.,;:?!)]*")

#: What an engine found: how many, the hits of the page, and facet → value → number.
Answer = tuple[int, tuple[Hit, ...], Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Word:
    """One word asked for: its joined form first, then its parts (see `analysis.terms`), and how often it was typed."""

    forms: tuple[str, ...]
    times: int
    stop: bool
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Words that were asked for, and `others` that match as well: their synonyms. Where `words` is empty, any of `others` is what
    was asked for: the sides of an OR, or the words that begin as typed before a star."""

    words: tuple[Word, ...]
    others: tuple[Other, ...]

    @property
    def row(self) -> tuple[str, ...]:
        """Return the terms of several words as one row; () for a single word."""
        return tuple(t for w in self.words for t in w.forms[1:] or w.forms) if len(self.words) > 1 else ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: words and phrases that should be there, and what must not be there.

    `groups` hold the words that have synonyms, and what OR joins. `starts` are beginnings of words; an engine first replaces them
    by the words that begin so (`opened`). `typed` are the words that matter, as typed. `firmly`: AND was typed, so all must be
    there.
    """

    words: tuple[Word, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    unwanted: tuple[tuple[str, ...], ...] = ()
    groups: tuple[Group, ...] = ()
    starts: tuple[str, ...] = ()
    typed: tuple[str, ...] = field(default=(), compare=False)
    firmly: bool = False

    @property
    def wanted(self) -> bool:
        """Return whether anything is asked for, and not only excluded."""
        return bool(self.words or self.phrases or self.groups or self.starts)

    @property
    def empty(self) -> bool:
        return not (self.wanted or self.unwanted)

    @property
    def strong(self) -> list[Word]:
        """Return the words that matter: stop words only where nothing else was asked."""
        return strong(self.words)

    @property
    def alone(self) -> list[Word]:
        """Return words that matter and are in no group."""
        grouped = {w for g in self.groups for w in g.words}
        return [w for w in self.strong if w not in grouped]

    @property
    def bare(self) -> bool:
        """Return whether only words were asked for, so that they can also be looked for as one row."""
        return not (self.phrases or self.unwanted or self.starts or any(not g.words for g in self.groups))

    @property
    def each(self) -> list[tuple[str, "Asked"]]:
        """Return (as typed, a question for that alone) for every word that matters and every group of words."""
        words = [(w.typed, Asked((w,))) for w in self.alone if w.typed]
        groups = [(" ".join(w.typed for w in g.words), Asked((), groups=(g,))) for g in self.groups if g.words]
        return words + groups

    def opened(self, beginning: Callable[[str], Sequence[str]]) -> "Asked":
        """Return it with each beginning replaced by the terms that begin so; one that begins no term is taken as a term itself."""
        groups = tuple(Group((), tuple(Other(t, (t,), 1.0) for t in beginning(s) or (s,))) for s in self.starts)
        return replace(self, groups=(*self.groups, *groups), starts=()) if groups else self

    def terms(self) -> tuple[str, ...]:
        """Return the terms to mark in excerpts: those of words that matter, of phrases and of synonyms. A synonym of several words
        is one term with spaces."""
        found = [f for w in self.strong for f in w.forms]
        found += [t for phrase in self.phrases for t in phrase if t not in STOP_WORDS]
        return tuple(dict.fromkeys([*found, *(" ".join(o.terms) for g in self.groups for o in g.others)]))


def strong(words: Iterable[Word]) -> list[Word]:
    """The words that matter: stop words only where there is nothing else."""
    words = list(words)
    return [w for w in words if not w.stop] or words


def asked_of(request: SearchRequest) -> Asked:
    """Return what a request asks for."""
    asked = parse(request.text, NONE if request.exactly else request.synonyms)
    more = tuple(Word((t,), 1, False) for t in request.terms)
    return replace(asked, words=(*asked.words, *more), firmly=True) if more else asked


@dataclass(frozen=True, slots=True)
class _Typed:
    """A word as it was typed. Words with the same `run` stand beside each other, with no operator, phrase or filter between
    them."""

    forms: tuple[str, ...]
    raw: str
    run: int

    @property
    def stop(self) -> bool:
        return self.raw.lower() in STOP_WORDS and self.raw not in CAPITALS


class _Reader:
    """One pass over the pieces of a text. What OR joins is in `choices`, and also among the words and phrases."""

    def __init__(self) -> None:
        self.words: list[_Typed] = []
        self.phrases: list[tuple[str, ...]] = []
        self.unwanted: list[tuple[str, ...]] = []
        self.choices: list[list[_Typed | tuple[str, ...]]] = []
        self.starts: list[str] = []
        self._run = 0
        self._last: _Typed | tuple[str, ...] | None = None
        self._joined = self._not = self.firmly = False

    def piece(self, minus: str, quoted: str, bare: str) -> None:
        started = _STARTED.fullmatch(bare)
        if bare and self._last is not None and bare in OPERATORS:
            self._run += 1
            self._joined, self._not = bare == "OR", bare == "NOT"
            self.firmly = self.firmly or bare == "AND"
            return
        unwanted = bool(minus) or self._not or _unwanted(bare)
        self._not = False
        if bare and not started and not unwanted:
            self._words(bare)
            return
        self._run += 1
        phrase = tuple(forms[0] for forms, _, _ in terms(quoted))
        if unwanted:
            self.unwanted += [phrase] if phrase else [way for forms, _, _ in terms(bare) for way in _ways(forms)]
        elif started:
            self.starts.append(started[1].lower())
        elif phrase:
            self.phrases.append(phrase)
            self._join(phrase)

    def _words(self, bare: str) -> None:
        for forms, start, end in terms(bare):
            word = _Typed(forms, bare[start:end], self._run)
            self.words.append(word)
            self._join(word)

    def _join(self, item: _Typed | tuple[str, ...]) -> None:
        """Put what follows OR with what stands before it."""
        if self._joined and self._last is not None:
            if self.choices and self.choices[-1][-1] is self._last:
                self.choices[-1].append(item)
            else:
                self.choices.append([self._last, item])
        self._last, self._joined = item, False


def _unwanted(bare: str) -> bool:
    return len(bare) > 1 and bare[0] == "-" and bare[1].isalnum()


def _ways(forms: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the ways in which a word may be written: a hyphenated one in its parts or joined."""
    return [forms[1:], forms[:1]] if len(forms) > 1 else [forms]


def parse(text: str, synonyms: Synonyms = NONE) -> Asked:
    """Read words, "phrases", -not, NOT, OR, AND and the beginnings of words with a star."""
    reader = _Reader()
    for piece in _PIECE.findall(_AND_SIGN.sub("&", _quiet(normalise(text[:LONGEST])))):
        reader.piece(*piece)
    chosen = {id(item) for choice in reader.choices for item in choice}
    single = [w for w in reader.words if id(w) not in chosen]
    counted = Counter((w.forms, w.stop) for w in single)
    first = {w.forms: w.raw for w in reversed(single)}
    plain = {forms: Word(forms, times, stop, first[forms]) for (forms, stop), times in list(counted.items())[:MOST]}
    typed = dict.fromkeys(w.raw for w in reader.words if not w.stop)
    choices = [Group((), tuple(_other(item) for item in choice[:MOST_CHOICES])) for choice in reader.choices[:8]]
    return Asked(
        words=tuple(plain.values()),
        phrases=tuple([p for p in reader.phrases if id(p) not in chosen][:8]),
        unwanted=tuple(reader.unwanted[:8]),
        groups=(*_groups(single, plain, synonyms), *choices),
        starts=tuple(dict.fromkeys(reader.starts))[:4],
        typed=tuple(typed)[:MOST],
        firmly=reader.firmly,
    )


def _other(item: _Typed | tuple[str, ...]) -> Other:
    """One side of an OR."""
    if isinstance(item, _Typed):
        return Other(item.raw, item.forms[1:] or item.forms, 1.0)
    return Other(" ".join(item), item, 1.0)


def _quiet(text: str) -> str:
    """Return a question that is all in capitals in small letters: its capitals mark no abbreviations."""
    return text.lower() if text.isupper() and text.count(" ") > 1 else text


def _groups(words: Sequence[_Typed], plain: Mapping[tuple[str, ...], Word], synonyms: Synonyms) -> Iterable[Group]:
    """Yield a group for each word or row of words that has synonyms."""
    for run in dict.fromkeys(w.run for w in words):
        row = [w for w in words if w.run == run and w.forms in plain]
        for spot in synonyms.spots([(w.forms, w.raw) for w in row]):
            yield Group(tuple(dict.fromkeys(plain[w.forms] for w in row[spot.start : spot.end])), spot.others)


def forms(word: Word) -> list[str]:
    """Return the terms by which a word counts where not all need match. A hyphenated word, or two that a missing space joined ("my
    visa.Please help"), counts by its joined form and by those of its parts that matter."""
    return [form for form in dict.fromkeys(word.forms) if form not in STOP_WORDS or len(word.forms) == 1]


def enough(asked: Asked) -> int:
    """Return the number of full matches that is enough: where there are fewer, documents with some of the words are added. It is a
    page of them; 0, so that nothing is added, for a single word or where AND was typed."""
    others = len(asked.phrases) + sum(not g.words for g in asked.groups)
    return PAGE if sum(len(forms(w)) for w in asked.words) + others > 1 and not asked.firmly else 0


def page_of(
    request: SearchRequest, asked: Asked, engine: str, found: Answer, full: int, missing: tuple[str, ...] = ()
) -> SearchPage:
    """Return the page of what an engine `found`: `full` of it have all that was asked, and none of it has the words in
    `missing`."""
    total, hits, facets = found
    return SearchPage(
        hits=hits,
        total=total,
        full=full,
        page=request.page,
        pages=max(1, ceil(total / request.per_page)),
        facets=facets,
        terms=asked.terms(),
        typed=asked.typed,
        also=tuple(dict.fromkeys(o.label for g in asked.groups if g.words for o in g.others)),
        relaxed=total > full,
        engine=engine,
        missing=missing,
    )


def words_of(text: str) -> list[str]:
    """The words that matter, as typed, for the plain search that stands in for a broken index."""
    found = [m for m in re.findall(r"\w[\w&'-]*", normalise(text[:LONGEST])) if m.lower() not in STOP_WORDS]
    return found[:12]
