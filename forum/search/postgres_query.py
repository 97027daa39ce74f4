"""From what was asked to PostgreSQL's tsquery, and BM25 in SQL: its own rankings know not how rare a word is.

The same tree as `whoosh_query.py` builds, from the same `Asked`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import log, sqrt

from forum.search.postgres_tables import lexeme
from forum.search.query import Asked, Word

#: BM25's two numbers, and what a word in the title and the whole of the words in a row there add.
B, K1 = 0.75, 1.2
TITLE, ROW = 0.3, 4.0
#: Longer questions are not looked for as a row of words.
ROW_AT_MOST = 8
#: How often a term stands in a document is read off `ts_rank`, the only function that looks at one term without unpacking all. For
#: one term whose places weigh 1 it gives (1 + 1/4 + 1/9 + … + 1/n²) / 1.64493406685; between those steps lie these bounds.
COUNTED_TO = 64
_SUMS = [sum(1 / j**2 for j in range(1, n + 1)) / 1.64493406685 for n in range(COUNTED_TO + 1)]
STEPS = "'{" + ",".join(f"{(a + b) / 2:.9f}" for a, b in pairwise(_SUMS)) + "}'::float8[]"


def strong(asked: Asked) -> list[Word]:
    """The words that matter: stop words only where nothing else was asked."""
    return [w for w in asked.words if not w.stop] or list(asked.words)


def _phrase(words: Iterable[str], weight: str = "") -> str:
    return "(" + " <-> ".join(lexeme(w) + weight for w in words) + ")"


def _word(word: Word) -> str:
    """A word; a hyphenated one joined or as a phrase of its parts."""
    return f"({lexeme(word.forms[0])} | {_phrase(word.forms[1:])})" if len(word.forms) > 1 else lexeme(word.forms[0])


def _without(found: str, asked: Asked) -> str:
    return " & ".join([*([f"({found})"] if found else []), *(f"!{_phrase(words)}" for words in asked.unwanted)])


def strict(asked: Asked) -> str:
    """All words that matter, all phrases, one of each choice, none of the unwanted."""
    parts = [_word(w) for w in strong(asked)] + [_phrase(p) for p in asked.phrases]
    return _without(" & ".join([*parts, *(f"({_word(a)} | {_word(b)})" for a, b in asked.choices)]), asked)


def loose(asked: Asked, only: Iterable[str] = ()) -> str:
    """Any of the words that matter, or of the phrases' words; or any of `only`."""
    parts = [_word(w) for w in (*strong(asked), *(w for pair in asked.choices for w in pair))]
    parts += [lexeme(t) for phrase in asked.phrases for t in phrase]
    return _without(" | ".join([lexeme(t) for t in only] or parts), asked)


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many documents there are, how long they are on average, and term → (documents, titles) that have it."""

    documents: int
    size: float
    title_size: float
    terms: Mapping[str, tuple[int, int]]

    def idf(self, term: str, titles: bool = False) -> float:
        """Lucene's, which is never negative."""
        n = self.terms.get(term, (0, 0))[titles]
        return log(1 + (self.documents - n + 0.5) / (n + 0.5))

    def often(self, term: str) -> int:
        return self.terms.get(term, (0, 0))[0]


@dataclass(slots=True)
class Score:
    """What is added up for a document: terms with their weights, in the text and in the title, and phrases with what they bring."""

    text: dict[str, float] = field(default_factory=dict)
    title: dict[str, float] = field(default_factory=dict)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    row: tuple[str, ...] = ()

    @property
    def terms(self) -> list[str]:
        return list(dict.fromkeys([*self.text, *self.title, *self.row, *(t for p in self.phrases for t in p)]))


def score(asked: Asked, name: str) -> Score:
    """How to rank what was found. `name` is all that was asked, as a title."""
    found = Score()

    def add(term: str, weight: float) -> None:
        found.text[term] = found.text.get(term, 0.0) + weight
        found.title[term] = found.title.get(term, 0.0) + TITLE * weight

    for word in (*strong(asked), *(w for pair in asked.choices for w in pair)):
        add(word.forms[0], sqrt(word.times))
        if len(word.forms) > 1:
            found.phrases.append(word.forms[1:])
    for term in (t for phrase in asked.phrases for t in phrase):
        add(term, 1.0)
    row = tuple(name.split())
    if 1 < len(row) <= ROW_AT_MOST and not (asked.phrases or asked.choices or asked.unwanted):
        found.row = row
    return found


def score_sql(wanted: Score, known: Statistics) -> tuple[str, dict[str, str]]:
    """The sum as SQL over `d` (a document) and `v.terms` (its terms, unpacked once), with its parameters."""
    names = {term: f"t{i}" for i, term in enumerate(t for t in wanted.terms if known.often(t))}
    values = {name: lexeme(term) for term, name in names.items()}
    long = f"{K1} * ({1 - B} + {B} * d.size / {max(known.size, 1.0)})"
    short = f"{K1} * ({1 - B} + {B} * d.title_size / {max(known.title_size, 1.0)})"

    def bm25(term: str, weight: float, title: bool) -> str:
        vector, norm = ("d.title", short) if title else ("v.terms", long)
        n = f"width_bucket(ts_rank('{{1,1,1,1}}', {vector}, CAST(:{names[term]} AS tsquery))::float8, {STEPS})"
        return f"(SELECT {weight * known.idf(term, title) * (K1 + 1)} * n / (n + {norm}) FROM (SELECT {n} AS n OFFSET 0) AS once)"

    parts = [bm25(t, w, False) for t, w in wanted.text.items() if t in names]
    parts += [bm25(t, w, True) for t, w in wanted.title.items() if t in names and known.terms[t][1]]
    for i, phrase in enumerate(wanted.phrases):
        if all(t in names for t in phrase):
            values[f"p{i}"] = _phrase(phrase)
            brings = " + ".join(bm25(t, 1.0, False) for t in phrase)
            parts.append(f"CASE WHEN v.terms @@ CAST(:p{i} AS tsquery) THEN {brings} ELSE 0 END")
    if wanted.row and all(t in names for t in wanted.row):
        values["row"] = _phrase(wanted.row)
        brings = " + ".join(bm25(t, ROW, True) for t in wanted.row)
        parts.append(f"CASE WHEN d.title @@ CAST(:row AS tsquery) THEN {brings} ELSE 0 END")
    return " + ".join(parts) or "0.0", values
