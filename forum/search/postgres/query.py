"""From what was asked to PostgreSQL's tsquery, and BM25 in SQL, since PostgreSQL's own rankings do not know how rare a word is.

The same tree as `whoosh/query.py` builds, from the same `Asked`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import log, sqrt

from forum.search.postgres.tables import lexeme
from forum.search.question.parser import Asked, Group, Word, forms, strong
from forum.search.ranking import ALL, EXACT, K1, ROW, ROW_AT_MOST, TITLED, B
from forum.search.tokens import FAINTLY

#: At most this many synonyms of one thing are scored, for the best of them; each costs a look at each document.
WAYS = 6
#: How often a term stands in a document is read off `ts_rank`, the only function that looks at one term without unpacking all. For
#: one term whose places weigh 1 it returns (1 + 1/4 + 1/9 + … + 1/n²) / 1.64493406685; between those steps lie these bounds.
COUNTED_TO = 64
_SUMS = [sum(1 / j**2 for j in range(1, n + 1)) / 1.64493406685 for n in range(COUNTED_TO + 1)]
#: A term whose places are all faint (`tables.FAINT`) has a lower rank than any of these: it is the first step.
STEPS = "'{" + ",".join(f"{s:.9f}" for s in (FAINTLY / 4, *((a + b) / 2 for a, b in pairwise(_SUMS)))) + "}'::float8[]"
#: The weights of places, from D to A.
WEIGHTS = f"'{{1,{FAINTLY},1,1}}'"
#: SQL: from the `step` to how many times the term counts as being there.
TIMES = f"GREATEST(step - 1, step * {FAINTLY}::float8)"


def _phrase(words: Iterable[str]) -> str:
    return f"({' <-> '.join(map(lexeme, words))})"


def _word(word: Word) -> str:
    """A word; a hyphenated one joined or as a phrase of its parts."""
    return f"({lexeme(word.forms[0])} | {_phrase(word.forms[1:])})" if len(word.forms) > 1 else lexeme(word.forms[0])


def _without(found: str, asked: Asked) -> str:
    return " & ".join([*([f"({found})"] if found else []), *(f"!{_phrase(words)}" for words in asked.unwanted)])


def _others(group: Group) -> list[str]:
    return [_phrase(o.terms) for o in group.others]


def _group(group: Group) -> str:
    """All its words, or one of the other ways to say them."""
    own = [f"({' & '.join(_word(w) for w in strong(group.words))})"] if group.words else []
    return f"({' | '.join(own + _others(group))})"


def strict(asked: Asked) -> str:
    """All words that matter, all phrases, none of the unwanted."""
    parts = [_word(w) for w in asked.alone] + [_group(g) for g in asked.groups] + [_phrase(p) for p in asked.phrases]
    return _without(" & ".join(parts), asked)


def loose(asked: Asked, only: Iterable[str] = ()) -> str:
    """Any of the words that matter, or of the phrases' words, of those perhaps `only` some; words that are one thing together, or
    another way to say it."""
    parts = [lexeme(t) for w in asked.alone for t in forms(w)] + [lexeme(t) for phrase in asked.phrases for t in phrase]
    return _without(" | ".join([*([lexeme(t) for t in only] or parts), *(_group(g) for g in asked.groups)]), asked)


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many documents there are, how long they are on average, and term → (documents, titles) that have it."""

    documents: int
    size: float
    title_size: float
    terms: Mapping[str, tuple[int, int]]

    def idf(self, term: str, titles: bool = False) -> float:
        """Return Lucene's inverse document frequency, which is never negative."""
        n = self.terms.get(term, (0, 0))[titles]
        return log(1 + (self.documents - n + 0.5) / (n + 0.5))

    def often(self, term: str) -> int:
        return self.terms.get(term, (0, 0))[0]


@dataclass(slots=True)
class Score:
    """What is added up for a document: the weights of terms in the text and in the title, those of phrases, and for each list in
    `best` only its best way. `alone`: only titles are searched, so their words count whole."""

    alone: bool
    text: dict[str, float] = field(default_factory=dict)
    title: dict[str, float] = field(default_factory=dict)
    phrases: list[tuple[tuple[str, ...], float]] = field(default_factory=list)
    row: tuple[str, ...] = ()
    best: "list[list[Score]]" = field(default_factory=list)

    @property
    def terms(self) -> list[str]:
        """All terms that it needs to know of."""
        within = [t for ways in self.best for way in ways for t in way.terms]
        return list(dict.fromkeys([*self.text, *self.title, *self.row, *(t for p, _ in self.phrases for t in p), *within]))

    @property
    def common(self) -> list[str]:
        """The terms that were asked for as words."""
        return list(dict.fromkeys([*self.title, *(t for ways in self.best for t in ways[0].title)]))

    def add(self, term: str, weight: float) -> None:
        for counted in (self.title,) if self.alone else (self.text, self.title):
            counted[term] = counted.get(term, 0.0) + weight

    def word(self, word: Word) -> None:
        """Add a word; of a hyphenated one its parts or the whole, whichever scores more."""
        joined, *parts = forms(word)
        if not parts:
            self.add(joined, sqrt(word.times))
            return
        ways = Score(self.alone), Score(self.alone)
        for way, terms in zip(ways, (parts, [joined]), strict=True):
            for term in terms:
                way.add(term, sqrt(word.times))
        self.best.append(list(ways))

    def other(self, terms: tuple[str, ...], weight: float) -> None:
        """Add a synonym: a word, or words in a row."""
        if len(terms) == 1:
            self.add(terms[0], weight)
        else:
            self.phrases.append((terms, weight))


def score(asked: Asked, name: str, titles: bool = False) -> Score:
    """Return how to rank what was found, or its titles alone. `name` is all that was asked, as a title."""
    found = Score(titles)
    for word in asked.alone:
        found.word(word)
    for term in (t for phrase in asked.phrases for t in phrase):
        found.add(term, 1.0)
    for group in asked.groups:
        ways = [Score(titles) for _ in (None, *group.others[:WAYS])]
        for word in strong(group.words) if group.words else ():
            ways[0].word(word)
        if group.row:
            ways[0].phrases.append((group.row, 1.0))
        for way, other in zip(ways[1:], group.others, strict=False):
            way.other(other.terms, other.weight)
        found.best.append(ways)
    row = tuple(name.split())
    if 1 < len(row) <= ROW_AT_MOST and asked.bare:
        found.row = row
    return found


def lifted(titles: bool) -> str:
    """SQL: how many times a document's points count (`ranking.ALL`, `TITLED`, `EXACT`), by the queries `:strict` and `:name`."""
    whole = "d.title" if titles else "v.terms"
    return f"""CASE WHEN d.name = :name AND :name <> '' THEN {EXACT} * {TITLED} * {ALL}
        WHEN NOT {whole} @@ CAST(:strict AS tsquery) THEN 1.0
        WHEN d.title @@ CAST(:strict AS tsquery) THEN {TITLED} * {ALL} ELSE {ALL} END"""


class _Sum:
    """BM25 as SQL over `d` (a document) and `v.terms` (its terms, unpacked once), with its parameters."""

    def __init__(self, wanted: Score, known: Statistics) -> None:
        self.known = known
        self.titled = "" if wanted.alone else " * d.title_weight / 100.0"
        self.names = {term: f"t{i}" for i, term in enumerate(t for t in wanted.terms if known.often(t))}
        self.values = {name: lexeme(term) for term, name in self.names.items()}
        self.long = f"{K1} * ({1 - B} + {B} * d.size / {max(known.size, 1.0)})"
        self.short = f"{K1} * ({1 - B} + {B} * d.title_size / {max(known.title_size, 1.0)})"

    def bm25(self, term: str, weight: float, title: bool) -> str:
        vector, norm = ("d.title", self.short) if title else ("v.terms", self.long)
        step = f"width_bucket(ts_rank({WEIGHTS}, {vector}, CAST(:{self.names[term]} AS tsquery))::float8, {STEPS})"
        points = weight * self.known.idf(term, title) * (K1 + 1)
        times = self.titled if title else ""
        return f"(SELECT {points}{times} * {TIMES} / ({TIMES} + {norm}) FROM (SELECT {step} AS step OFFSET 0) AS once)"

    def row(self, words: tuple[str, ...], weight: float, title: bool) -> list[str]:
        """Return SQL for the points of words in a row; [] where one of them is in no document."""
        if not all(t in self.names for t in words):
            return []
        name = f"p{len(self.values)}"
        self.values[name] = _phrase(words)
        brings = " + ".join(self.bm25(t, weight, title) for t in words)
        return [f"CASE WHEN {'d.title' if title else 'v.terms'} @@ CAST(:{name} AS tsquery) THEN {brings} ELSE 0 END"]

    def of(self, wanted: Score) -> str:
        parts = [self.bm25(t, w, False) for t, w in wanted.text.items() if t in self.names]
        parts += [self.bm25(t, w, True) for t, w in wanted.title.items() if t in self.names and self.known.terms[t][1]]
        parts += [part for words, weight in wanted.phrases for part in self.row(words, weight, False)]
        parts += self.row(wanted.row, ROW, True) if wanted.row else []
        parts += [f"GREATEST({', '.join(self.of(way) for way in ways)})" for ways in wanted.best]
        return f"({' + '.join(parts) or '0.0'})"


def score_sql(wanted: Score, known: Statistics) -> tuple[str, dict[str, str]]:
    """The sum as SQL, with its parameters."""
    total = _Sum(wanted, known)
    return total.of(wanted), total.values
