"""Looking for details in a text that could identify a patient, a carer or a member of staff.

It warns and explains; a person decides (docs/identifying.md). "block" findings need a change or a reason,
"warn" findings a short answer; a `final` one no reason can answer. It cannot find a name without a sign beside it, nor know what
readers know already.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forum.documents.identifying.numbers import RULES, Severity
from forum.documents.identifying.people import Person, people

AROUND = 30
LONGEST = 200_000
#: No reason makes these safe: nobody but the service needs them, and they name one person.
FINAL = frozenset({"nhs-number"})
_ADVICE = {
    "named-person": "Take the name out, or say that the person agreed.",
    "address": "Give the town, or say “at home”.",
    "room": "Leave the number of the room or bed out.",
    "only-one": "Say it more generally, so that it could be several people.",
    "handle": "Leave it out: whoever follows it knows who it is.",
    "old-day": "If it is a day of birth, give an age band, such as “in their 70s”.",
    "signs-together": "Leave some of them out, or say them more generally: “in their 70s”, “in spring”, “from a village”.",
}
_REASON = {
    "named-person": "It may name a patient, or somebody near one",
    "address": "It may be where a patient lives",
    "room": "Somebody is told by their room or bed",
    "only-one": "It fits one person, whom people there know",
    "handle": "It leads to one person",
    "old-day": "It may be a day of birth",
    "signs-together": "None of these says who it is, but together they may",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One stretch of one text: where it is, what it looks like, why that matters, what to do."""

    kind: str
    field: str
    excerpt: str
    match: str
    start: int
    end: int
    severity: Severity
    reason: str
    advice: str

    @property
    def final(self) -> bool:
        """Whether it has to come out, whatever is said for it."""
        return self.kind in FINAL


#: Zero-width characters and odd digits hide numbers from a search, not from a reader. One character replaces one: places stay.
_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), "\u2009")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u202f\u2002\u2003"), " ")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
_URL = re.compile(r"(?:https?://|www\.)\S+|\]\([^)\s]{0,600}\)|!\[[^\]]{0,400}\]")


def _seen(text: str) -> str:
    """The text as the patterns see it: plain digits, spaces and hyphens, every character in its old place."""
    flat = text.translate(_HIDDEN).translate(_SPACES).translate(_DASHES)
    return "".join(str(ord(c) - 0xFF10) if "\uff10" <= c <= "\uff19" else c for c in flat)


def check(texts: Mapping[str, str]) -> list[Finding]:
    """Return what to look at in these texts (field name → text), by field, then by place."""
    return [finding for field, text in texts.items() for finding in _in_text(field, text)]


def refusal(found: Iterable[Finding]) -> str:
    """Return what to say where one of these has to come out whatever the reason; "" where none has to."""
    return next((f"Take this out: “{f.match}”. {f.reason} No reason makes it safe to write here." for f in found if f.final), "")


def _in_text(field: str, text: str) -> list[Finding]:
    seen = _seen(text[:LONGEST])
    # Addresses of pages are full of digits and at-signs that identify nobody.
    without_links = _URL.sub(lambda m: "\x00" * len(m.group()), seen)
    found: dict[tuple[int, int], Finding] = {}
    for rule in RULES:
        for start, end in rule.find(without_links):
            found.setdefault((start, end), _finding(text, field, rule.kind, start, end, rule.severity, rule.reason, rule.advice))
    for person in people(without_links):
        severity: Severity = "block" if person.sure else "warn"
        found.setdefault(
            (person.start, person.end),
            _finding(text, field, person.kind, person.start, person.end, severity, _why(person), _ADVICE[person.kind]),
        )
    return [found[span] for span in sorted(found)]


def _why(person: Person) -> str:
    first, *others = person.says
    if person.kind == "signs-together":
        return f"{_REASON[person.kind]}: {', '.join(person.says)}."
    beside = f" Beside it: {', '.join(others)}." if others else ""
    return f"{_REASON[person.kind]}: {first}.{beside}"


def _finding(text: str, field: str, kind: str, start: int, end: int, severity: Severity, reason: str, advice: str) -> Finding:
    around = " ".join(text[max(0, start - AROUND) : end + AROUND].split())
    return Finding(kind, field, around, text[start:end], start, end, severity, reason, advice)
