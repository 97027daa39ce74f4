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
#: So many different words at most, stop words among them.
MOST = 64
#: One page. A question that is answered in full by fewer things also shows what has some of its words.
PAGE = 10
#: Letters before a star, and the most frequent words that it then stands for.
SHORTEST_START, STARTED = 2, 24
#: Between words and in capitals, as databases of articles have them.
OPERATORS = frozenset({"OR", "AND", "NOT"})
#: So many things OR may join.
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
    """Words asked for that something else may stand for: other ways to say them. Without words any of the others will do: what OR
    joins, or what a beginning stands for."""

    words: tuple[Word, ...]
    others: tuple[Other, ...]

    @property
    def row(self) -> tuple[str, ...]:
        """The terms of several words as they stand in a row."""
        return tuple(t for w in self.words for t in w.forms[1:] or w.forms) if len(self.words) > 1 else ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: words and phrases that should be there, and what must not be there.

    `groups` say which of the words may be said otherwise, and hold what OR joins; `starts` are beginnings of words, which an engine
    opens first; `typed` are the words that matter, as they were typed. `firmly`: AND was typed, so all of it must be there.
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
        """Whether anything should be there, not only stay away."""
        return bool(self.words or self.phrases or self.groups or self.starts)

    @property
    def empty(self) -> bool:
        return not (self.wanted or self.unwanted)

    @property
    def strong(self) -> list[Word]:
        """The words that matter: stop words only where nothing else was asked."""
        return strong(self.words)

    @property
    def alone(self) -> list[Word]:
        """Words that matter and stand in no group."""
        grouped = {w for g in self.groups for w in g.words}
        return [w for w in self.strong if w not in grouped]

    @property
    def bare(self) -> bool:
        """Whether it is words and nothing else, so that all of it can be looked for in a row."""
        return not (self.phrases or self.unwanted or self.starts or any(not g.words for g in self.groups))

    @property
    def each(self) -> list[tuple[str, "Asked"]]:
        """Every word that matters, as it was typed, and words that are one thing together, asked for alone."""
        words = [(w.typed, Asked((w,))) for w in self.alone if w.typed]
        groups = [(" ".join(w.typed for w in g.words), Asked((), groups=(g,))) for g in self.groups if g.words]
        return words + groups

    def opened(self, beginning: Callable[[str], Sequence[str]]) -> "Asked":
        """With the terms that begin so in place of each beginning; of none that does nothing begins."""
        groups = tuple(Group((), tuple(Other(t, (t,), 1.0) for t in beginning(s) or (s,))) for s in self.starts)
        return replace(self, groups=(*self.groups, *groups), starts=()) if groups else self

    def terms(self) -> tuple[str, ...]:
        """Terms to mark in excerpts: those that matter, all of them where nothing else is there. Another way to say something in
        several words is one of them, with spaces."""
        found = [f for w in self.strong for f in w.forms]
        found += [t for phrase in self.phrases for t in phrase if t not in STOP_WORDS]
        return tuple(dict.fromkeys([*found, *(" ".join(o.terms) for g in self.groups for o in g.others)]))


def strong(words: Iterable[Word]) -> list[Word]:
    """The words that matter: stop words only where there is nothing else."""
    words = list(words)
    return [w for w in words if not w.stop] or words


def asked_of(request: SearchRequest) -> Asked:
    """What a request asks for."""
    asked = parse(request.text, NONE if request.exactly else request.synonyms)
    more = tuple(Word((t,), 1, False) for t in request.terms)
    return replace(asked, words=(*asked.words, *more), firmly=True) if more else asked


@dataclass(frozen=True, slots=True)
class _Typed:
    """A word as it was typed, in a run of words that nothing else parts."""

    forms: tuple[str, ...]
    raw: str
    run: int

    @property
    def stop(self) -> bool:
        return self.raw.lower() in STOP_WORDS and self.raw not in CAPITALS


class _Reader:
    """One pass over the pieces of a text. What OR joins is kept by its places among the words and the phrases."""

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
    """How a word may stand there: a hyphenated one in its parts or as one."""
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
    """A question all in capitals says nothing by them."""
    return text.lower() if text.isupper() and text.count(" ") > 1 else text


def _groups(words: Sequence[_Typed], plain: Mapping[tuple[str, ...], Word], synonyms: Synonyms) -> Iterable[Group]:
    """Words in a row that can be said otherwise."""
    for run in dict.fromkeys(w.run for w in words):
        row = [w for w in words if w.run == run and w.forms in plain]
        for spot in synonyms.spots([(w.forms, w.raw) for w in row]):
            yield Group(tuple(dict.fromkeys(plain[w.forms] for w in row[spot.start : spot.end])), spot.others)


def forms(word: Word) -> list[str]:
    """The terms that a word counts by where some are enough: of a hyphenated one, or of two that a missing space joined ("my
    visa.Please help"), its joined form and those of its parts that matter."""
    return [form for form in dict.fromkeys(word.forms) if form not in STOP_WORDS or len(word.forms) == 1]


def enough(asked: Asked) -> int:
    """Below how many documents with all that was asked others will do that have some of it: below a page, where there is more than
    one word to have, and nobody said AND."""
    others = len(asked.phrases) + sum(not g.words for g in asked.groups)
    return PAGE if sum(len(forms(w)) for w in asked.words) + others > 1 and not asked.firmly else 0


def page_of(
    request: SearchRequest, asked: Asked, engine: str, found: Answer, full: int, missing: tuple[str, ...] = ()
) -> SearchPage:
    """A page of what was `found`, `full` of which has all that was asked; none of it has what is `missing`."""
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
