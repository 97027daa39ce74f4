"""From text to terms, the same for what is indexed and for what is asked.

Written for the words of health and care: two-letter abbreviations, A&E, 24/7, hyphens, British and American spelling
(docs/search-relevance.md). No word is left out of the index, so that "end of life care" stays an exact phrase.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from Stemmer import Stemmer

from forum.search.spellings import one_spelling

#: An address is one thing, and none of its parts is a word of the text.
_ADDRESS = r"(?:https?://|www\.)[^\s<>\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_WORD = re.compile(
    rf"({_ADDRESS})|[A-Za-z]&[A-Za-z]\b|\d+/\d+|\d{{1,4}}(?:am|pm|mg|mcg|ml|kg)\b|\d+(?:[.,]\d+)*|[^\W_]+(?:['’.-][^\W_]+)*"
)
_BEFORE_HOST = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
#: The last labels of a host's name that was written without "https://": they say nothing about the text.
_ENDS = re.compile(r"(?<=\w)(?:\.(?:co|ac|gov|org|nhs|com|net|int|edu|info|io|eu|ie|uk|scot|wales|example|test))+$", re.IGNORECASE)
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "‐": "-", "‑": "-", "\u00ad": "", "\u200b": ""}
)
_JOINT, _JOINED = re.compile(r"[-.]"), re.compile(r"[^\W\d_][-.]|[-.][^\W\d_]")
#: NG51, ICD10, NEWS2, COVID19, 8am, 12mg: also written with a space or a hyphen.
_NUMBERED = re.compile(r"([A-Za-z]{2,6})(\d{1,4})|(\d{1,4})([a-z]{2,3})")
#: Letters that are no letter with an accent.
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ð": "d", "Ð": "D"}
) | str.maketrans({"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ı": "i"})
_PLURAL_ABBREVIATION = re.compile(r"[A-Z]{2,}s")

#: In capitals these are abbreviations, else common words.
CAPITALS = {"IT", "AIDS", "US", "WHO", "OR", "AND", "ALL", "ICE", "ACT"}
#: Endings that look like a plural or a verb but are not.
WHOLE = frozenset([
    "aids", "aims", "arrs", "camhs", "covid", "cpcs", "diabetes", "dols", "has", "ics", "is", "news", "nhs", "sepsis",
    "this", "was", "wres",
])  # fmt: skip
#: Abbreviations in small letters whose last letter no rule can know.
SHORT_PLURALS = {"gps": "gp", "pcns": "pcn", "lmns": "lmn", "icbs": "icb", "mdts": "mdt", "goes": "go"}
#: Left out of loose matching and of "all the words", but not of phrases: common words, and those with which people ask a forum of
#: examples ("examples of", "has anybody").
STOP_WORDS = frozenset([
    "a", "about", "above", "after", "again", "all", "am", "an", "and", "any", "anybody", "anyone", "anything", "are", "as",
    "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "could", "did", "do",
    "does", "doing", "down", "during", "each", "example", "examples", "few", "for", "from", "further", "had", "has", "have",
    "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "me",
    "more", "most", "my", "no", "nor", "not", "now", "of", "off", "on", "once", "only", "or", "other", "our", "out", "over",
    "own", "please", "same", "she", "should", "so", "some", "somebody", "someone", "something", "such", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "thing", "things", "this", "those", "through", "to", "too",
    "under", "until", "up", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why",
    "will", "with", "would", "you", "your",
])  # fmt: skip


def normalise(text: str) -> str:
    """One spelling of quotes, dashes and letters: compatible forms joined, accents and invisible characters gone."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    if text.isascii():
        return text
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text if text.isascii() else text.translate(_LETTERS)


@lru_cache(maxsize=50_000)
def term(word: str) -> str:
    """The term of one word without hyphens."""
    if word in CAPITALS:
        return f"{word.lower()}^"
    if _PLURAL_ABBREVIATION.fullmatch(word):
        return word[:-1].lower()
    low = word.lower().removesuffix("'s").replace("'", "").strip(".")
    low = low.replace(",", "") if low[:1].isdigit() else SHORT_PLURALS.get(low, low)
    # A word this short is left as it is, since it may be an abbreviation: AIS is no plural of AI. But "try" meets "tried".
    short = len(low) < 4 and not low.endswith("y")
    if short or low in WHOLE or not low.isascii() or low[:1].isdigit():
        return low
    # A stemmer for each word, without a cache of its own: none may be shared by threads.
    return str(Stemmer("english", 0).stemWord(one_spelling(low)))


def terms(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """For each word of normalised text its terms, with where it starts and ends.

    One term as a rule; a word with hyphens or stops has its joined form first and then its parts, so that "co-production",
    "coproduction" and "co production" all meet, and so do "NG51", "NG-51" and "NG 51".
    """
    for m in _WORD.finditer(text):
        word = m.group()
        if m[1]:
            host = _BEFORE_HOST.sub("", word).partition("/")[0]
            yield (term(re.sub(r"\W", "", host)),), m.start(), m.end()
        elif parts := _parts(word):
            joined = () if parts == [word] else (term(_JOINT.sub("", word)),)
            yield (*joined, *map(term, parts)), m.start(), m.end()


def _parts(word: str) -> list[str]:
    """Return what a word is made of: itself as a rule."""
    if numbered := _NUMBERED.fullmatch(word):
        return [part for part in numbered.groups() if part]
    if ("-" in word or "." in word) and _JOINED.search(word):
        return [part for part in _JOINT.split(_ENDS.sub("", word)) if part]
    return [word]


def in_capitals(word: str) -> str:
    """Return an extra term for a short word in capitals ("ED", "EDs"), "" for any other. The index stores it beside the word's
    own term, so that an abbreviation can be told from a word or a name."""
    word = word[:-1] if _PLURAL_ABBREVIATION.fullmatch(word) else word
    return f"{word.lower()}^" if 1 < len(word) <= 6 and word.isalpha() and word.isupper() else ""


def name_of(text: str) -> str:
    """Return a title reduced to its terms: titles with the same result are the same to a reader."""
    return " ".join(forms[0] for forms, _, _ in terms(normalise(text)))
