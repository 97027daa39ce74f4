"""Documents to search, as many as wanted: real sentences, so that words are as common and as rare as in what people write.

The sentences are those of the demo content and, where the folder is there, of the shared real texts. A few of them are said much
more often than others, and each document has names of its own from a long tail, because so many documents from so few sentences
would have no rare words. Document n is always the same.
"""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

from forum.search.filters import Facets
from forum.search.port import SearchDocument

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2015, 1, 1, tzinfo=UTC)
ELEMENTS = ("resilience", "long-term-view", "shared-purpose", "learning", "relationships", "engagement", "autonomy")
REGIONS = ("london", "south-west", "south-east", "midlands", "east-of-england", "north-west", "north-east-and-yorkshire")
SYLLABLES = ("bar", "ton", "fen", "low", "mar", "shel", "wick", "dale", "ing", "ham", "or", "ley", "stan", "brid", "cot", "um")
NAMES = 60_000
FACETS = Facets(("kind", "element", "care-model", "region", "status", "outcome", "evidence", "depth", "freshness"))


@cache
def sentences() -> list[str]:
    files = [*(ROOT / "forum/demo/content").rglob("*.toml"), *(ROOT.parent / "shared/data/real-texts").rglob("*.md")]
    text = " ".join(f.read_text("utf-8", "replace") for f in sorted(files))
    found = dict.fromkeys(s for s in re.findall(r"[A-Z][^.!?\n=|{}<>]{30,220}[.!?]", text))
    said = list(found)
    random.Random(1).shuffle(said)
    return said


@cache
def _weights(count: int, power: float) -> list[float]:
    """Zipf: the n-th is used 1/n^power as often as the first, added up."""
    return list(accumulate(1 / (n + 10) ** power for n in range(count)))


def _name(number: int) -> str:
    parts = []
    while number or not parts:
        number, rest = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[rest])
    return "".join(parts).capitalize()


def document(number: int) -> SearchDocument:
    rng, said = random.Random(number), sentences()
    picked = rng.choices(said, cum_weights=_weights(len(said), 0.6), k=rng.choice((2, 4, 6, 8, 12, 20)))
    names = [_name(n) for n in rng.choices(range(NAMES), cum_weights=_weights(NAMES, 1.0), k=2 + len(picked) // 2)]
    words = rng.choice(picked).rstrip(".!?").split()
    kind = rng.choices(("case-study", "thread", "reply"), (2, 3, 5))[0]
    cut = rng.randint(0, max(0, len(words) - 7))
    case = kind == "case-study"
    return SearchDocument(
        kind=kind,
        id=number,
        title="" if kind == "reply" else f"{' '.join(words[cut : cut + 7])} {rng.choice(names)}",
        body=" ".join(f"{s} {n}" for s, n in zip(picked, names * 2, strict=False)),
        facets={
            "element": tuple(rng.sample(ELEMENTS, rng.randint(1, 3))),
            "care-model": (rng.choice(("mcp", "pacs", "ucc", "care-homes")),),
            "region": (rng.choice(REGIONS),) if case else (),
            "status": (rng.choice(("planned", "running", "ended")),) if case else (),
            "outcome": (rng.choice(("better", "mixed", "worse")),) if case else (),
            "evidence": (str(rng.randint(0, 5)),) if case and number % 3 == 0 else (),
            "depth": (rng.choice(("quick", "full", "report")),) if case else (),
            "freshness": (rng.choice(("confirmed", "update-due")),) if case else (),
        },
        audience=("everyone",) if rng.random() < 0.97 else ("staff",),
        created=START + timedelta(hours=number),
        adopted=rng.randint(0, 9) if case else 0,
    )


#: For pages of results: a text is made once.
kept = cache(document)


def documents(count: int) -> Iterator[SearchDocument]:
    return (document(n) for n in range(1, count + 1))


def questions(count: int, words: int, seed: int) -> list[str]:
    """Words that stand together in a sentence somewhere."""
    rng, found = random.Random(seed), []
    while len(found) < count:
        sentence = re.findall(r"[A-Za-z]{4,}", rng.choice(sentences()))
        if len(sentence) >= words:
            cut = rng.randint(0, len(sentence) - words)
            found.append(" ".join(sentence[cut : cut + words]))
    return found
