"""From text to terms, the same for what is indexed and for what is asked.

Written for the words of health and care: two-letter abbreviations, A&E, 24/7, hyphens, British and American spelling
(design: search.md, "NHS text"). No word is left out of the index, so that "end of life care" stays an exact phrase.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from whoosh.lang.porter import stem as porter

_WORD = re.compile(r"[A-Za-z]&[A-Za-z]\b|\d+/\d+|\d+(?:[.,]\d+)*|[^\W_]+(?:['’.-][^\W_]+)*")
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "‐": "-", "‑": "-", "\u00ad": "", "\u200b": ""}
)
_JOINT, _JOINED = re.compile(r"[-.]"), re.compile(r"[^\W\d_][-.]|[-.][^\W\d_]")
_PLURAL_ABBREVIATION = re.compile(r"[A-Z]{2,}s")

#: In capitals these are abbreviations, else common words.
CAPITALS = {"IT", "AIDS", "US", "WHO", "OR", "AND", "ALL", "ICE", "ACT"}
#: Endings that look like a plural or a verb but are not.
WHOLE = {
    "ics",
    "aids",
    "covid",
    "sepsis",
    "diabetes",
    "pcns",
    "gps",
    "ics^",
    "news",
    "is",
    "was",
    "has",
    "this",
    "nhs",
    "aims",
    "arrs",
    "camhs",
    "cpcs",
    "dols",
    "lmns",
    "wres",
}
#: Left out of loose matching and of "all the words", but not of phrases.
STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "again",
        "all",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "below",
        "between",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "down",
        "during",
        "each",
        "few",
        "for",
        "from",
        "further",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "hers",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "me",
        "more",
        "most",
        "my",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "same",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
_WORDS = {
    "center": "centre", "centers": "centres", "program": "programme", "programs": "programmes", "color": "colour", "behavior": "behaviour",
    "behavioral": "behavioural", "labor": "labour", "neighbor": "neighbour", "neighborhood": "neighbourhood", "neighborhoods": "neighbourhoods",
    "pediatric": "paediatric", "pediatrics": "paediatrics", "anesthesia": "anaesthesia", "anemia": "anaemia", "gynecology": "gynaecology",
    "orthopedic": "orthopaedic", "orthopedics": "orthopaedics", "hematology": "haematology", "diarrhea": "diarrhoea", "edema": "oedema",
    "fetal": "foetal", "estrogen": "oestrogen", "tumor": "tumour", "tumors": "tumours", "counseling": "counselling", "counselor": "counsellor",
    "enrollment": "enrolment", "fulfill": "fulfil", "judgment": "judgement", "license": "licence", "practise": "practice", "practises": "practices",
    "aging": "ageing", "catalog": "catalogue", "dialog": "dialogue", "gray": "grey", "skeptical": "sceptical", "defense": "defence", "offense": "offence",
    "favorite": "favourite", "honor": "honour", "rumor": "rumour", "humor": "humour", "fiber": "fibre", "liter": "litre", "modeling": "modelling",
    "traveling": "travelling", "labeled": "labelled", "canceled": "cancelled", "signaling": "signalling",
}  # fmt: skip
_IZE = re.compile(r"(?<=[a-z]{3})(iz)(e|es|ed|er|ers|ing|ation|ations|ational)$")
_NOT_IZE = {
    "size",
    "sized",
    "sizes",
    "prize",
    "prizes",
    "seize",
    "seized",
    "capsize",
    "resize",
    "resized",
    "oversized",
    "sizing",
    "baize",
    "maize",
}
_YZE = re.compile(r"(?<=[a-z]{3})yz(e|es|ed|er|ing)$")


def normalise(text: str) -> str:
    """One spelling of quotes, dashes and letters: compatible forms joined, accents and invisible characters gone."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=50_000)
def term(word: str) -> str:
    """The term of one word without hyphens."""
    if word in CAPITALS:
        return f"{word.lower()}^"
    if _PLURAL_ABBREVIATION.fullmatch(word):
        word = word[:-1]
        return word.lower()
    if len(word) > 1 and word.isupper():
        return word.lower() if word.lower() in WHOLE or len(word) <= 5 else porter(word.lower())
    low = word.lower().removesuffix("'s").replace("'", "").strip(".")
    low = low.replace(",", "") if low[:1].isdigit() else low
    if low in WHOLE or not low.isascii() or low[:1].isdigit():
        return low
    low = _WORDS.get(low, low)
    if low not in _NOT_IZE:
        low = _YZE.sub(r"ys\1", _IZE.sub(r"is\2", low))
    return str(porter(low)) if len(low) > 3 else low


def terms(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """For each word of normalised text its terms, with where it starts and ends.

    One term as a rule; a word with hyphens or stops gives its joined form first and then its parts, so that "co-production",
    "coproduction" and "co production" all meet.
    """
    for m in _WORD.finditer(text):
        word = m.group()
        joined = ("-" in word or "." in word) and _JOINED.search(word)
        parts = [p for p in _JOINT.split(word) if p] if joined else [word]
        if len(parts) > 1:
            yield (term("".join(parts)), *(term(p) for p in parts)), m.start(), m.end()
        elif parts:
            yield (term(parts[0]),), m.start(), m.end()


def in_capitals(word: str) -> str:
    """The further term of a short word that stands in capitals ("ED", "EDs"), "" of any other: the index keeps it beside the term
    of the word, so that an abbreviation can be told from a word or a name."""
    word = word[:-1] if _PLURAL_ABBREVIATION.fullmatch(word) else word
    return f"{word.lower()}^" if 1 < len(word) <= 6 and word.isalpha() and word.isupper() else ""


def name_of(text: str) -> str:
    """A title reduced to its terms: two texts with the same name are the same title to a reader."""
    return " ".join(forms[0] for forms, _, _ in terms(normalise(text)))
