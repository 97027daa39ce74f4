"""How hard a text is to read: a reading age, the long sentences, and the jargon with plain words to say instead.

It is a guide for the writer and never a gate: formulas count words and syllables and know nothing of sense. Text goes in as the
site's restricted Markdown; list items, headings and table cells each count as a sentence, as a reader takes a breath there.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import groupby, islice

from forum.kernel.text import cut, one_line

#: Below this the formula means nothing: one long word moves it by a year.
ENOUGH = 30
#: The NHS digital service manual and GOV.UK both ask for sentences of about 20 words.
LONG = 20
SHOWN_WORDS = 12
SHOWN_SENTENCES = 5
SHOWN_JARGON = 10
LONGEST = 2_000_000
YOUNGEST, OLDEST = 5, 25


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term of the trade, the plain words to say instead, and what it means where that helps."""

    term: str
    instead: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class ReadingEase:
    """What was measured. `age` is in years, None for fewer than about 30 words."""

    words: int
    sentences: int
    age: int | None
    long_sentences: tuple[str, ...]
    jargon: tuple[GlossaryEntry, ...]


@cache
def glossary() -> tuple[GlossaryEntry, ...]:
    """The glossary that the site ships, in the order of its file."""
    text = resources.files("forum.documents").joinpath("data/glossary.toml").read_text("utf-8")
    return tuple(GlossaryEntry(**row) for row in tomllib.loads(text)["entry"])


def measure(text: str, glossary: Sequence[GlossaryEntry]) -> ReadingEase:
    """Return how hard `text`, in Markdown, is to read, and which terms of `glossary` are in it. No text breaks it."""
    said = [s for block in _blocks(text[:LONGEST]) for s in sentences(block)]
    found = [_WORD.findall(s) for s in said]
    counted = [(s, words) for s, words in zip(said, found, strict=True) if words]
    words = Counter(word for _, some in counted for word in some)
    return ReadingEase(
        words=words.total(),
        sentences=len(counted),
        age=_age(words, len(counted)),
        long_sentences=tuple(islice((_beginning(s) for s, some in counted if len(some) > LONG), SHOWN_SENTENCES)),
        jargon=_jargon(said, tuple(glossary)),
    )


def _age(words: Counter[str], sentences: int) -> int | None:
    """The Flesch-Kincaid grade plus five, the age at which an American child is in that grade.

    Kincaid, Fishburne, Rogers and Chissom 1975, "Derivation of new readability formulas", Navy Research Branch Report 8-75:
    0.39 words a sentence + 11.8 syllables a word - 15.59. SMOG (McLaughlin 1969) needs 30 sentences, more than most fields have.
    """
    total = words.total()
    if total < ENOUGH:
        return None
    beats = sum(syllables(word) * times for word, times in words.items())
    grade = 0.39 * total / sentences + 11.8 * beats / total - 15.59
    return min(OLDEST, max(YOUNGEST, round(grade + 5)))


# From Markdown to sentences. Every pattern is linear: none has a repeat inside a repeat that can match the same characters.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_ALONE = re.compile(r" {0,3}(?:#{1,6}(?: |$)|\[\^?[^\[\]]{1,99}\]:)")
_STARTS = re.compile(r"\s*(?:>\s*)*(?:[-*+•]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?")
_RULE = re.compile(r"[\s|:=*_-]*")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?)\"”’]", re.I)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.I)
_FOOTNOTE = re.compile(r"\[\^[^\[\]]*\]")
_MARKS = re.compile(r"[*`~\\<>#\[\]]+|(?<![^\W_])_+|_+(?![^\W_])")


def _blocks(text: str) -> Iterator[str]:
    """The stretches of the text that no sentence runs across, without their marks. Blocks of code are not prose."""
    lines: list[str] = []
    fenced = False
    for line in _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        fence = _FENCE.match(line) is not None
        fenced ^= fence
        alone = _ALONE.match(line) is not None
        starts = _STARTS.match(line)
        if fence or alone or starts or "|" in line or _RULE.fullmatch(line):
            yield _bare(" ".join(lines))
            lines = []
        if fence or fenced or _RULE.fullmatch(line):
            continue
        if alone or "|" in line:
            yield from map(_bare, line.split("|"))
        else:
            lines.append(line[starts.end() :] if starts else line)
    yield _bare(" ".join(lines))


def _bare(text: str) -> str:
    text = _FOOTNOTE.sub("", _LINK.sub(r"\1", _IMAGE.sub(" ", text)))
    return one_line(_MARKS.sub("", _TAG.sub(" ", _ADDRESS.sub(" ", text))))


_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)]*+\s+")
_LAST = re.compile(r"[\"'“‘(]*([^\W\d_]+(?:\.[^\W\d_]+)*)\.$")
#: After these the sentence goes on whatever follows; after those of the second line only before a number.
_GOES_ON = {"eg", "e.g", "ie", "i.e", "dr", "mr", "mrs", "ms", "mx", "prof", "st", "rev", "vs", "cf", "approx", "fig", "dept"}
_BEFORE_NUMBER = {"no", "nos", "p", "pp", "vol", "ch", "para", "sec"}


def sentences(block: str) -> Iterator[str]:
    """The sentences of a stretch of prose, in order; "e.g. this", "Dr. Khan" and "No. 10" end none."""
    start = 0
    for end in _END.finditer(block):
        if not _runs_on(block[max(start, end.start() - 40) : end.start() + 1], block[end.end() : end.end() + 1]):
            yield block[start : end.end()].rstrip()
            start = end.end()
    if start < len(block):
        yield block[start:]


def _runs_on(before: str, after: str) -> bool:
    """Return whether the mark at the end of `before` does not end a sentence, as in "e.g. this", "Dr. Khan" and "No. 10"."""
    if after.islower() and before[-1:] in ".…":
        return True
    last = _LAST.search(before.rsplit(" ", 1)[-1])
    if last is None:
        return False
    word = last[1].lower()
    initial = len(word) == 1 and last[1].isupper() and last[1] != "I"
    return initial or word in _GOES_ON or (word in _BEFORE_NUMBER and after.isdigit())


_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:(?:['’‑-]|(?<=\d)[.,](?=\d))[^\W_]+)*")


def _beginning(sentence: str) -> str:
    twelfth = next(islice(_WORD.finditer(sentence), SHOWN_WORDS - 1, None))
    return cut(sentence[: twelfth.end()], 160).rstrip("…") + "…"


# Syllables by rule: groups of vowels, less the silent e, plus the vowels that are spoken apart. Hyphenation breaks words where a
# printer may, not where a speaker does, and was right for far fewer words.
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?:[^aeiouylr]|[aeiouyl]l|[aeiouyr]r|gu|qu)e$|(?:[^aeiouyscgxzlh]|[aeiouyl]l|[tp]h|[gqs]u)es$|(?:[^aeiouytdl]|[aeiouyl]l|[gq]u)ed$"
)
_SILENT_INSIDE = re.compile(
    r"[^aeiouyl]e(?:ful|less|ness|ly|holder|line|work|hood|where|way|time|page|style|frame|guard|base|cycle|cast)"
    r"|[gcdtrv]ement|[aeiouy][sf]ety"
)
_APART = re.compile(
    r"^(?:re|pre|de)(?:a(?:c(?!h)|dj|dm|n[ai]|ss)|e[mnsx](?!$)|i[mn](?!s?$)|o[prx]|u[ns])|^co(?:op|or)|^bio|^dia"
    r"|(?!lian)[^aeioucgstx]ia(?!ge)|[ct]iat|sia[sn]?t|[^aeiouctsgx]iou|io(?=[^nu]|$)|[^aeiouct]ie(?=nt|nc|ty|t$|r)|iu"
    r"|[^aeiougq]u(?=a[lrt]|ous|it[iy]|iti|en[tcz])|eo(?![uprn])|(?:[au]|[^aeioucg]e|ee)ing|[iy]ing|[^aeiou]ism|thm|uou|eity|eat[ei]v"
)
_IRREGULAR = {
    word: count
    for count, words in {
        1: "are one once ones use used eye eyes bye",
        2: "being beyond business centres colleague colleagues create creates doing evening every going issue issues layout maybe"
        " million opened people poet quiet rely science senior someone something sometimes somewhat somewhere therefore tissue"
        " value valued values via",
        3: "anyone area areas behaviour behaviours businesses created creating creation employee employees everyday everyone"
        " everything familiar idea ideas opinion reaction reassure recipe",
        4: "catastrophe dementia diabetes diagnoses diagnosis reality reassurance scenario",
    }.items()
    for word in words.split()
}


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Return how many syllables an English word has, at least one. Abbreviations without a vowel are spelt out, as in "NHS"."""
    if re.fullmatch(r"[B-DF-HJ-NP-TV-XZ]{2,5}s?", word):
        return len(word.rstrip("s"))
    return sum(_part(part) for part in re.split(r"[-‑]", word[:99].lower().replace("’", "'")))


def _part(word: str) -> int:
    """One part of a word that may have hyphens, in small letters; an apostrophe is straight."""
    stem, _, _ = word.partition("'")
    # "Isn't" has a beat more than "is", "can't" no more than "can".
    beat = 1 if re.search(r"[dest]n't$", word) else 0
    stem = stem.removesuffix("n") if word.endswith("n't") else stem
    if stem in _IRREGULAR:
        return _IRREGULAR[stem] + beat
    count = len(_VOWELS.findall(stem))
    if count > 1:
        count -= (_SILENT.search(stem) is not None) + (_SILENT_INSIDE.search(stem) is not None)
    count += _APART.search(stem) is not None
    return max(1, count) + beat


@lru_cache(maxsize=4)
def _terms(entries: tuple[GlossaryEntry, ...]) -> tuple[tuple[GlossaryEntry, ...], re.Pattern[str]]:
    """The entries, and a pattern whose group n is entry n: the longest first, plurals in -s too.

    Only terms with one first letter can match at one place, so a look at that letter saves trying all the others.
    """
    ordered = tuple(sorted((e for e in entries if e.term.strip()), key=lambda e: (e.term[0].lower(), -len(e.term), e.term)))
    letters = (
        f"(?=(?i:{re.escape(letter)}))(?:" + "|".join(map(_term, some)) + ")"
        for letter, some in groupby(ordered, key=lambda e: e.term[0].lower())
    )
    return ordered, re.compile(rf"(?<!\w)(?:{'|'.join(letters)})(?:['’]?s)?(?!\w)")


def _term(entry: GlossaryEntry) -> str:
    pattern = re.escape(entry.term).replace(r"\-", "[-‑]?").replace(r"\ ", r"[\s‑-]+")
    return f"({pattern})" if entry.term.isupper() else f"((?i:{pattern}))"


def _jargon(sentences: Sequence[str], entries: tuple[GlossaryEntry, ...]) -> tuple[GlossaryEntry, ...]:
    ordered, pattern = _terms(entries)
    if not ordered:
        return ()
    # The group that matched is the entry; inside a longer term a shorter one is not reported again.
    found = {ordered[m.lastindex - 1] for sentence in sentences for m in pattern.finditer(sentence) if m.lastindex}
    return tuple(sorted(found, key=lambda e: (-len(e.term), e.term)))[:SHOWN_JARGON]
