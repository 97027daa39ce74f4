"""How many guesses a password needs from somebody who knows whose it is.

zxcvbn finds the words, keyboard runs and dates in a password, but counts so many guesses for each further part that
"nhsforum2026!!" passes for strong. Here what is known costs nothing: the words about the owner and the site, and years. Whatever
else there is must be enough by itself, by the cheapest way to put the password together.
"""

import re
from collections.abc import Iterable, Iterator
from unicodedata import combining, normalize

from zxcvbn.matching import date_match, dictionary_match, reverse_dictionary_match, sequence_match, spatial_match
from zxcvbn.scoring import estimate_guesses

#: zxcvbn's own limit; what comes after only adds guesses.
LOOKED_AT = 72
#: What zxcvbn knows, without its search for signs that stand for letters: that takes half a minute for some 72 characters.
MATCHERS = (dictionary_match, reverse_dictionary_match, spatial_match, sequence_match, date_match)
#: Guesses for one character that is part of no word, run or date: zxcvbn's number.
CHARACTER = 10
_WORD = re.compile(r"[^\W\d_]{3,}")
_YEAR = re.compile(r"(?=((?:19|20)[0-9]{2}))")
#: Signs that stand for letters; "1" stands for either of two.
LEET = [str.maketrans("01345789@$!|+(€", f"o{one}eastbgas{one}{one}tce") for one in "il"]
Spans = Iterable[tuple[int, int, float]]


def guesses(password: str, known: Iterable[str]) -> float:
    """Return the number of guesses for somebody who knows these texts, in any case, accents, direction or disguise."""
    words = {word for text in known for word in _words(text)}
    text = _fold(password)[:LOOKED_AT]
    # Letters with figures strewn between them are read without these as well: "n2h0s2f6orum".
    letters = "".join(c for c in text if c.isalpha())
    strewn = letters + "".join(c for c in text if not c.isalpha())
    return min(_cheapest(reading, words) for reading in {text, strewn})


def _fold(text: str) -> str:
    """Small letters without accents."""
    return "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c))


def _words(text: str) -> Iterator[str]:
    """The words in a text, and all of it as one."""
    found = _WORD.findall(_fold(text))
    yield from found
    if len(found) > 1:
        yield "".join(found)


def _cheapest(text: str, known: Iterable[str]) -> float:
    """Return the least number of guesses: the product over the parts of the cheapest way to put the text together."""
    ends: dict[int, list[tuple[int, float]]] = {}
    for begin, end, price in (*_known(text, known), *_found(text), *_again(text)):
        ends.setdefault(end, []).append((begin, price))
    best = [1.0]
    for end in range(1, len(text) + 1):
        sign = text[end - 1]
        # The same hyphen again between the words is no new guess.
        alone = best[-1] * (1 if not sign.isalnum() and sign in text[: end - 1] else CHARACTER)
        best.append(min([alone, *(best[begin] * price for begin, price in ends.get(end, ()))]))
    return best[-1]


def _readings(text: str) -> set[str]:
    return {text, *(text.translate(table) for table in LEET)}


def _known(text: str, known: Iterable[str]) -> Spans:
    """Yield where a known word or a year stands; they cost nothing."""
    readings = _readings(text)
    for word in {w for k in known for w in (k, k[::-1])}:
        for reading in readings:
            for begin in _places(reading, word):
                yield begin, begin + len(word), 1
    for year in _YEAR.finditer(text):
        yield year.start(), year.start() + 4, 1


def _places(text: str, word: str) -> Iterator[int]:
    begin = text.find(word)
    while begin >= 0:
        yield begin
        begin = text.find(word, begin + 1)


def _found(text: str) -> Spans:
    """Yield what zxcvbn finds, with its price for each."""
    for reading in _readings(text):
        for matcher in MATCHERS if reading == text else (dictionary_match,):
            for match in matcher(reading):
                yield match["i"], match["j"] + 1, float(estimate_guesses(match, reading))


def _again(text: str) -> Spans:
    """Yield repeated parts: right after the first occurrence they cost nothing, further on little."""
    for begin in range(1, len(text)):
        for end in range(begin + 1, len(text) + 1):
            part = text[begin:end]
            if part not in text[:begin]:
                break
            if text[:begin].endswith(part):
                yield begin, end, 1
            elif len(part) > 2:
                yield begin, end, CHARACTER
