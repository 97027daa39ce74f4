"""What is written in one shape: numbers of people, dates of birth, ways to reach somebody, small counts. Sources of the rules stand
beside each pattern."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import nhs_number
import phonenumbers

Severity = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape to look for: its kind, what a finding of it means, and what to do."""

    kind: str
    severity: Severity
    reason: str
    advice: str
    find: Callable[[str], Iterator[tuple[int, int]]]


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_DATE = rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}})"
_DATE_THERE = re.compile(_DATE, re.I)
_BORN = re.compile(
    rf"\b(?:born(?! (?:before|after|between|from|since|on or))(?: on)?|d\.?o\.?b\.?|date of birth|birth ?date)\b[^\n]{{0,25}}?({_DATE})",
    re.I,
)
_NUMBER = re.compile(r"(?<![\w./#-])\d(?:[ -]{0,2}\d){9}(?![\w/-]|\.\d)")
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}(?<!png)(?<!jpg)(?<!jpeg)(?<!svg)(?<!gif)\b"
)
# Postcode areas, districts, sectors and units: Royal Mail's published format.
_POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y]) ?\d[ABD-HJLNP-UW-Z]{2})\b"
)
_AGE = re.compile(
    r"\b(?:(?<!mean )(?<!average )(?<!median )aged? (?:of )?(9\d|1[01]\d)\b(?! ?%| to \d| and (?:over|above|older)| or (?:over|above|older|more)|\+|-\d)|(9\d|1[01]\d)[- ](?:year|yr)s?[- ]old(?! (?:building|house|hospital|tradition|charity|tree|project|trust|ward|church|school|company|law)\b)|(9\d|1[01]\d) years? of age)",
    re.I,
)
# Two letters (never D, F, I, Q, U or V, nor O second), six digits, A to D: HMRC, National Insurance Manual NIM39110. "QQ" is its example.
_INSURANCE = re.compile(r"\b(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ) ?(?:\d{2} ?){3}[A-D]\b", re.I)
# Nine digits, or a letter and eight, with the word before them.
_PASSPORT = re.compile(r"\bpassport\b[^\n\d]{0,25}([A-Z]?\d{8,9})\b", re.I)
# Area code, year and three letters: DVLA, INF104, since 2001.
_CAR = re.compile(r"\b[A-HJ-PR-Y][A-HJ-PR-Y]\d{2} ?[A-HJ-PR-Z]{3}\b")
_CAR_WORDS = re.compile(r"\b(?:car|van|registration|number ?plate|vehicle|mobility scooter|drives|driving|parked)\b", re.I)
_HOSPITAL = re.compile(
    r"\b(?:MRN|hospital (?:number|no\.?)|case ?note(?:s)? (?:number|no\.?)|patient (?:id|number|no\.?)|unit number)"
    r"\s*(?:[:#=]\s*|(?:is|was) )?([A-Z]{0,3}\d[A-Z0-9-]{3,14})\b",
    re.I,
)
# Counts of 1 to 4 people can identify them in a small place: usual practice in NHS statistics, thresholds differ by owner. Fractions
# ("one in four"), grades and "at a time" are no counts of people; staff and projects are left out, or every text would have some.
_WHO = r"(?:patients?|residents?|service users?|clients?|deaths?|bab(?:y|ies)|child(?:ren)?|newborns?|stillbirths?|suicides?)"
_LIKE = r"(?:older|elderly|frail|young|younger|former|other|further|more|new|male|female|adult|pregnant|dying|ill|sick|local|such)"
# What a few people said, or a job or thing named after them, is no count of a group.
_SAY = r"(?:said|told|asked|wrote|felt|liked|wanted|thought|described|explained|suggested|commented|says|tells|and|or)"
_THING = (
    r"(?:group|groups|story|stories|leaders?|partners?|representatives?|reps?|records?|pathways?|survey|panels?|forums?|safety|experience"
    r"|participation|health|teams?|services?|advocates?|doctors?|champions?|advisers?|information|notes?|lists?|beds?|homes?|councils?"
    r"|meetings?|journeys?|contacts?|voices?|volunteers?|reviews?|rooms?|protection|care|mental|and family|and public|per|to)"
)
_FEW = re.compile(
    rf"(?<!\bin )(?<!\bof )(?<!\bper )(?<!\bthan )(?<!\bevery )(?<!\beach )(?<!\bgrade )(?<!\bcategory )(?<!\blevel )(?<!\bband )(?<!\bto )(?<!\bor )(?<!\babout )(?<!\btype )(?<!\bstage )(?<!\bward )(?<!\btop )(?<!\bany )(?<!\bask )(?<!\basked )(?<!\bmy )"
    rf"(?<![\d.,/£-])\b(?:one|two|three|four|[1-4])\s+(?:of\s+(?:our|the|these|those)\s+)?(?:{_LIKE}\s+){{0,2}}{_WHO}\b"
    rf"(?!['’]s\b| (?:at a time|per|in (?:\d|two|three|four|five|six|seven|eight|nine|ten)|a (?:day|week|month)|each|{_SAY}\b|{_THING}\b|(?:in|on) (?:the|our|its|this) (?:group|board|panel|team|committee|project)))",
    re.I,
)
_ROW, _WHO_THERE = re.compile(r"^\|[^\n]*\|", re.M), re.compile(rf"\b{_WHO}\b", re.I)
_CELL = re.compile(r"[^|]+")
# A number as people write it: British from 0 with its area perhaps in brackets, or with + or 00 and the country; up to three spaces,
# dots or hyphens between two digits. Whether there is such a number is asked of the library. "0." begins a decimal fraction.
_GAP, _ABROAD = r"[ .-]{0,3}", r"(?:\+|00)"
_BRITISH = "|".join(rf"\(0(?:{_GAP}\d){{{area}}}\)(?:{_GAP}\d){{{9 - area},{10 - area}}}" for area in (2, 3, 4))
# 03 numbers are for public bodies and organisations, 080 numbers are free to call: Ofcom's National Telephone Numbering Plan.
_SERVICE = re.compile(r"(?:(?:00)?440?|0)(?:3\d|80)")
# Ofcom's telephone numbers for use in drama: no telephone has one, but whoever writes one means somebody's number.
_DRAMA = re.compile(r"(?:(?:00)?440?|0)(?:7700900|1632960)\d{3}$")
_PHONE = re.compile(
    rf"(?<![\w£$€%#])(?<!\d[.,-])(?:{_BRITISH}|0(?![0.])(?:{_GAP}\d){{9,10}}"
    rf"|{_ABROAD}{_GAP}44{_GAP}(?:\(0?\d{{0,4}}\){_GAP})?(?:\d{_GAP}){{5,9}}\d"
    rf"|{_ABROAD}(?:{_GAP}\d){{1,3}}{_GAP}(?:\(\d{{1,4}}\){_GAP})?(?:\d{_GAP}){{5,12}}\d)(?![\w%])"
)


def _nhs_numbers(text: str) -> Iterator[tuple[int, int]]:
    for m in _NUMBER.finditer(text):
        if nhs_number.is_valid(re.sub(r"[ -]", "", m.group())):
            yield m.span()


#: Words that say that an idea or a service was born, not a person.
_THING_BORN = re.compile(
    r"\b(?:nhs|idea|service|project|team|scheme|network|group|hub|clinic|initiative|programme|charity) (?:was|were|is) $", re.I
)

_LONG_DEAD = re.compile(r"\b1[0-8]\d\d\b")


def _born(text: str) -> Iterator[tuple[int, int]]:
    for m in _BORN.finditer(text):
        if not _THING_BORN.search(text, max(0, m.start() - 40), m.start()) and not _LONG_DEAD.search(m.group(1)):
            yield m.span(1)


#: Names of mailboxes that several people share.
_SHARED_BOX = re.compile(
    r"(?:info|enquir|contact|team|admin|office|help|support|hello|reception|service|survey|data|program|training|event|comms|pals|feedback|unit"
    r"|ward|project|library|research|noreply|no-reply|communications|complaints|foi)", re.I,
)  # fmt: skip
#: Words of a place of work, whose address is nobody's home, and words of a person.
_WORK = re.compile(
    r"\b(?:clinic|surgery|practice|hospital|hospice|trust|centre|office|hub|library|headquarters|university|college|pharmacy|post to|invoices?)\b",
    re.I,
)
_SOMEBODY = re.compile(
    r"\b(?:he|she|his|her|patient|resident|lives?|lived|mum|dad|mother|father|wife|husband|son|daughter|mr|mrs|miss|aged)\b", re.I
)
AROUND_IT = 120


def _emails(text: str) -> Iterator[tuple[int, int]]:
    yield from (m.span() for m in _EMAIL.finditer(text) if not _SHARED_BOX.search(m.group().split("@")[0]))


def _postcodes(text: str) -> Iterator[tuple[int, int]]:
    for m in _POSTCODE.finditer(text):
        around = text[max(0, m.start() - AROUND_IT) : m.end() + AROUND_IT]
        if _SOMEBODY.search(around) or not _WORK.search(around):
            yield m.span()


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """Numbers that exist. Each place is looked at once, at most some 60 characters far, so that no text takes long."""
    taken = {place for start, end in _nhs_numbers(text) for place in range(start, end)}
    at = 0
    while m := _PHONE.search(text, at):
        if m.start() not in taken and not _DATE_THERE.search(m.group()) and _rings(m.group()):
            yield m.span()
            at = m.end()
        else:
            at = m.start() + 1


def _rings(written: str) -> bool:
    """Return whether such a number may be somebody's; one of fewer than ten digits is a service's, and known to everybody."""
    digits = re.sub(r"\D", "", written)
    if len(digits) < 10 or _SERVICE.match(digits):
        return False
    if _DRAMA.match(digits):
        return True
    if "+" not in written and not digits.startswith("00"):
        # As `parse` would read it, at half the cost: a text may hold thousands.
        return phonenumbers.is_valid_number(phonenumbers.PhoneNumber(country_code=44, national_number=int(digits[1:])))
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, "GB"))
    except phonenumbers.NumberParseException:
        return False


def _cars(text: str) -> Iterator[tuple[int, int]]:
    for m in _CAR.finditer(text):
        if _CAR_WORDS.search(text, max(0, m.start() - AROUND_IT), m.end() + AROUND_IT):
            yield m.span()


def _group(pattern: re.Pattern[str], group: int = 0) -> Callable[[str], Iterator[tuple[int, int]]]:
    return lambda text: (m.span(group) for m in pattern.finditer(text))


def _few(text: str) -> Iterator[tuple[int, int]]:
    yield from _group(_FEW)(text)
    for row in _ROW.finditer(text):
        cells = [(cell.start() + row.start(), cell.group()) for cell in _CELL.finditer(row.group())]
        if cells and text[row.start() + 1] != "|" and _WHO_THERE.search(cells[0][1]):
            counts = (at + cell.index(cell.strip()) for at, cell in cells[1:] if cell.strip() in {"1", "2", "3", "4"})
            yield from ((at, at + 1) for at in list(counts)[:1])


RULES: tuple[Rule, ...] = (
    Rule(
        "nhs-number",
        "block",
        "It has the form of an NHS number, and its check digit is right (Modulus 11).",
        "Take it out.",
        _nhs_numbers,
    ),
    Rule(
        "date-of-birth",
        "block",
        "It looks like a date of birth.",
        "Give an age band instead, such as “in their 70s”.",
        _born,
    ),
    Rule(
        "hospital-number",
        "block",
        "It looks like a hospital or case-note number.",
        "Take it out.",
        _group(_HOSPITAL, 1),
    ),
    Rule("national-insurance", "block", "It has the form of a National Insurance number.", "Take it out.", _group(_INSURANCE)),
    Rule("passport", "block", "It looks like the number of a passport.", "Take it out.", _group(_PASSPORT, 1)),
    Rule("car", "warn", "It looks like the registration of a car, which leads to its keeper.", "Take it out.", _cars),
    Rule("phone", "warn", "It is a telephone number.", "Take it out, unless it is a public one of a service.", _phones),
    Rule("email", "warn", "It is an email address.", "Leave it only if its owner agreed.", _emails),
    Rule("postcode", "warn", "It is a full postcode, which can mean a few homes.", "Give the town or the first half.", _postcodes),
    # HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C): ages over 89 identify, because so few people reach them.
    Rule("age-over-89", "warn", "So few people are older than 89 that an age can identify.", "Write “over 89”.", _group(_AGE)),
    Rule(
        "small-number",
        "warn",
        "A count of 1 to 4 people can identify them to those who know the place.",
        "Group it (“fewer than 5”), or say why it is safe.",
        _few,
    ),
)  # fmt: skip
