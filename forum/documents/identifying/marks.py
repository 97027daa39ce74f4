"""A text as a row of marks, one letter for each word, so that signs of a person are short patterns over that row.

N a capitalised word that may be a name     M another word that may be one (May, Will)   I initials
T Mr, Mrs …   D Dr, Sister …   S staff      E an office (mayor)                           C capitalised, no name
R a relation (mum)                          K one written large before a name (Auntie)    Q several patients
P a patient word                            U one with a capital letter                   H man, woman, child
B baby   L little   W twins                 V he, she   Y my, our, his …                  k called   n name   e et (al)
X what makes an organisation, publication or disease of the words before it (Surgery, review, syndrome)
J a street's last word                      j one that is a surname too                   A an address   O a room or bed
o of   p another preposition   z an article i is, was, who   f another function word      w any other word
d a day   b a day long ago                  g an age in words   a a number that may be an age   0 another number
@ a handle   ' an 's   – a dash   “ a quotation mark   . the end of a sentence; other punctuation as itself
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from forum.kernel.clock import today

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_HOLIDAY = r"christmas (?:day|eve)|boxing day|new year['’]s (?:day|eve)|good friday|easter (?:sunday|monday)|valentine['’]s day|bonfire night"
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
_UNITS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)"
_COUNT = rf"(?:1[01]\d|\d{{1,2}}|{_TENS}|{_UNITS})"
_SPAN = r"(?!\d| ?-? ?(?:to|plus) ?\d|\+|-\d|%|\.\d| and (?:over|above|under|older|\d)| or )"
#: A street's last word, as it stands in an address.
_STREET = (
    r"(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|court|crescent|cres|terrace|gardens|grove|place|square|way|mews|row|walk|hill|rise|park"
    r"|view|green|parade|yard|wharf|quay|gate|fold|croft|mount|vale|cottages|villas)"
)
_NAMED = r"[^\W\d_a-z][\w'’]{1,20}"


def _spaced(pattern: str) -> str:
    """Return a pattern to put into a verbose one, where a bare space means nothing."""
    return re.sub(r"(?<!-) ", r"\\ ", pattern)


_TOKEN = re.compile(
    rf"""
    (?P<day>\b(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d\d)(?!\d|\.\d)
      |\d{{1,2}}(?:st|nd|rd|th)?\ (?:of\ )?{_MONTH}\b(?:,?\ \d{{4}}\b)?|{_MONTH}\ \d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\ \d{{4}}\b)?|{_spaced(_HOLIDAY)})\b)
    |(?P<age>\b(?:(?:aged?|age\ of|aged\ of)\ {_COUNT}\b{_spaced(_SPAN)}|{_COUNT}[- ]?(?:year|yr|month|week|day)s?[- ]old\b
      |{_COUNT}\ ?(?:yo|y/o)\b|{_COUNT}\ (?:years\ of\ age|лет|года?|ans|años|anni|jahre?|lat)\b|turn(?:ed|s)\ {_COUNT}\b{_spaced(_SPAN)}|(?<![\d.])\d\d[MF]\b))
    |(?P<home>\b(?:flat|apartment)\ \d{{1,4}}[a-z]?\b
      |(?<![\d.,/])(?!(?:19|20)\d\d)\d{{1,4}}[a-z]?,?\ (?-i:{_NAMED}\ ){{1,3}}{_STREET}\b
      |(?:(?<=\bat\ )|(?<=\bof\ )|(?<=\bon\ ))\d{{1,4}}[a-z]?,?\ [a-z]{{3,20}}\ (?:street|road|lane|avenue|close|crescent|drive|terrace)\b
      |(?<=\bat\ )number\ \d{{1,4}}\b)
    |(?P<room>\b(?:(?:side[- ])?room|bed|cubicle|bedroom)\ \d{{1,3}}[a-z]?\b)
    |(?P<known>\bknown\ as\b)
    |(?P<user>\bservice[- ]user\b)
    |(?P<handle>(?<![\w@.])@\w{{3,30}})
    |(?P<initials>(?-i:\b(?:[A-Z]\.[ ]?){{1,3}}(?![a-z])|\b[B-HJ-Z]\b(?!['’])))
    |(?P<word>[^\W\d_]+(?:-[^\W\d_]+|['’](?!s\b)[^\W\d_]+)*)
    |(?P<s>['’]s?\b|['’](?=\s))
    |(?P<number>\d[\d,.]*(?<![,.]))
    |(?P<break>\n\s*|[.!?…]+["”’)]*(?=\s|$)|[.!?]|[|])
    |(?P<dash>\s[-‐-―]+\s|[–—])
    |(?P<other>[^\w\s])
    """,
    re.VERBOSE | re.I,
)
_QUOTES = '"“”‘’«»'
_NO_NAME_ENDS = re.compile(r".{4,}(?:tions?|ments?|ness|ships?|ology|ologists?|ities|ability|ibility|ised|ized|ing)$")
_PARENT_OF = re.compile(r"(?:grand)?(?:mother|father|mum|dad|gran|nan)-of-\w+$")
_TWO_LETTERS = re.compile(
    r"(?!UK|US|EU|IT|QI|HR|GP|PT|OT|AE|ED|ID|TV|AI)[A-Z]{2}(?= (?:from|in|on|at|was|is|has|had|who|aged)\b|[,.(;])"
)
_TWO_CAPITALS = re.compile(r"(?:Mc|Mac|O['’]|D['’]|Fitz|De|Le|Van)[A-Z][a-z]|[A-Z][a-z]+-[A-Z][a-z]+")
_YEAR = re.compile(r"\d+$")
#: A date as long ago as that is rarely one of a project, and may be a day of birth.
LONG_AGO = 20


@cache
def words(key: str) -> frozenset[str]:
    """One list of words of data/people_words.toml."""
    text = resources.files("forum.documents").joinpath("data/people_words.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)[key].split())


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The marks of a text and, for each, where its word begins and ends."""

    marks: str
    spans: list[tuple[int, int]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the words of these marks stand in the text."""
        return self.spans[start][0], self.spans[end - 1][1]


@cache
def _small() -> dict[str, str]:
    """Words with a small letter, and their marks; of two, the first listed wins."""
    lists = (
        ("YV", ("possessive", "pronouns")), ("R", ("relations",)), ("P", ("patient",)), ("Q", ("patients",)), ("H", ("person",)),
        ("B", ("babies",)), ("L", ("little",)), ("W", ("siblings",)), ("k", ("called",)), ("S", ("staff",)), ("E", ("offices",)), ("X", ("bodies",)),
    )  # fmt: skip
    found: dict[str, str] = {}
    for marks, keys in lists:
        for mark, key in zip(marks, keys, strict=True):
            for word in words(key):
                found.setdefault(word, mark)
    found |= (
        dict.fromkeys(("mr", "mrs"), "T")
        | {"name": "n", "of": "o", "et": "e"}
        | dict.fromkeys(("a", "an", "the", "one", "another"), "z")
    )
    found |= dict.fromkeys(("in", "at", "from", "near", "on", "to", "by", "for", "with"), "p") | dict.fromkeys(
        ("is", "was", "who"), "i"
    )
    for word in words("function"):
        found.setdefault(word, "f")
    return found


@cache
def _large() -> dict[str, str]:
    """Return words with a capital letter that are not simply names, and their marks."""
    found: dict[str, str] = dict.fromkeys(("may", "june", "april", "august", "will"), "M")
    for mark, key in (("T", "titles"), ("K", "family_titles"), ("D", "public_titles"), ("U", "patient"), ("Q", "patients"), ("B", "babies"), ("L", "little"),
                      ("W", "siblings"), ("R", "relations"), ("Y", "possessive"), ("V", "pronouns"), ("H", "person"), ("E", "offices")):  # fmt: skip
        for word in words(key):
            found.setdefault(word, mark)
    for word in words("street_surnames"):
        found.setdefault(word, "j")
    for word in words("streets"):
        found.setdefault(word, "J")
    for word in words("bodies") | words("staff"):
        found.setdefault(word, "X" if word in words("bodies") else "S")
    for word in words("not_names") | words("function"):
        found.setdefault(word, "C")
    return found


def _word(text: str, begins: bool) -> str:
    """The mark of a word; `begins`: it stands at the beginning of a sentence, where every word has a capital letter."""
    small = text.lower().replace("’", "'").removeprefix("ex-")
    if _PARENT_OF.match(small):
        return "R"
    if text[0].islower() and text.islower():
        return _small().get(small, "w")
    if sum(c.isupper() for c in text) > 1 and text.isascii() and not _TWO_CAPITALS.match(text):
        return "S" if small in words("staff") else "C"
    if begins and small in _small() and small not in words("family_titles") and small not in words("titles"):
        found = _large().get(small, "")
        return found if found in {"U", "Q", "B", "L", "W", "S", "D", "R"} else _small()[small]
    if begins and (small in words("starters") or small in words("trades")):
        return "w"
    found = _large().get(small, "")
    if found:
        return found
    return "C" if text.isascii() and _NO_NAME_ENDS.match(small) else "N"


def _day(text: str) -> str:
    year = _YEAR.search(text.split("-")[0] if re.match(r"\d{4}-", text) else text)
    if year is None or not re.match(r"\d", text):
        return "d"
    number = int(year.group())
    if len(year.group()) == 2:
        number += 1900 if number > today().year % 100 else 2000
    return "b" if 1900 < number < today().year - LONG_AGO else "d"


def _number(text: str) -> str:
    return "a" if text.isdigit() and len(text) <= 3 and 0 < int(text) < 116 else "0"


_FIXED = {
    "age": "g",
    "home": "A",
    "room": "O",
    "user": "P",
    "known": "k",
    "handle": "@",
    "initials": "I",
    "s": "'",
    "break": ".",
    "dash": "–",
}


def read(text: str) -> MarkedText:
    """The row of marks for a text. Each place is looked at once, and no further than an address is long."""
    marks: list[str] = []
    spans: list[tuple[int, int]] = []
    begins, title, previous = True, False, ""
    for token in _TOKEN.finditer(text):
        kind, said = token.lastgroup or "", token.group()
        if kind == "word":
            mark = _word(said, begins)
            if title and mark in "CXJj" and said.lower() not in words("not_names"):
                mark = "N"  # "Mr Hall", "Mrs Harding"
            if mark == "C" and marks[-1:] in (["P"], ["U"]) and _TWO_LETTERS.match(text, token.start()):
                mark = "I"  # "patient KL"
            if said == "sister" and previous in words("before_sister"):
                mark = "S"
            if mark == "R" and previous == "our" and said in words("loose_relations"):
                mark = "w"
            previous = said.lower()
        elif kind == "day":
            mark = _day(said)
        elif kind == "number":
            mark = _number(said)
        elif kind == "other":
            mark = "“" if said in _QUOTES else said
        else:
            mark = _FIXED[kind]
        if mark == "." and title and said == ".":
            title = False
            continue  # "Mrs. Hill", "Dr. Hill"
        title = mark in "TD" and kind == "word"
        begins = mark == "." or (begins and mark in "“*_#>(–-") or (mark in "“:–")
        marks.append(mark)
        spans.append(token.span())
    return MarkedText(_bodies("".join(marks)), spans)


#: An organisation, a publication, a disease or a place of a saint: its words are no person's name.
_BODY = re.compile(r"(?<![TRPKNMCI])[NMCIB]'?(?:[NMCI]'?|o(?=[NC])){0,4}[X]")
_SOURCE = re.compile(r"N{1,3}'?(?=e|X?\(0\))|(?:NI{1,2},){2,}NI?")


def _bodies(marks: str) -> str:
    plain = _BODY.sub(lambda m: re.sub("[NMIB]", "C", m.group()), marks)
    return _SOURCE.sub(lambda m: m.group().replace("N", "C"), plain)
