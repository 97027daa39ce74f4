"""Words of a question that are a filter: "examples from Scotland", "with data at 12 months", "what did not work".

They are offered as the filter, never applied in silence: the same words may be what a text should say. What counts as such words is
plain English, by our judgement; regions, sectors and kinds of organisations go by what the site's lists call them as well.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from forum.access.actors import Actor
from forum.case_studies.models import CaseStudy
from forum.search.analysis import STOP_WORDS, normalise, terms
from forum.search.port import IndexUnavailable
from forum.search.service import how_many
from forum.searches.queries import Other
from forum.searches.search_terms import SearchTerms, labels, legends

#: At most this many are offered; each costs one more search.
MOST = 4
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Words from `start` to before `end` that may mean these values of a filter."""

    start: int
    end: int
    facet: str
    values: Values


_PERIOD = r"(?:(?:12|18|24|36|twelve|eighteen) months?|(?:a|one|two|three|1|2|3|several|many) years?)"
_FIGURES = r"(?:data|figures|numbers|measures|results|outcomes|follow[- ]?up)"
_NOT = r"(?:did not|didn't|does not|doesn't|do not|don't|has not|hasn't|never|not)"
_ORGANS = r"(?<!heart )(?<!kidney )(?<!renal )(?<!liver )(?<!respiratory )(?<!organ )(?<!treatment )"
_STOPPED = (
    r"(?:was |were |been |got |had to be )?(?:stopped|abandoned|discontinued|given up)",
    r"gave up",
)
_FAILED = (
    rf"{_NOT} work(?:ed|ing)?",
    rf"{_ORGANS}failures?",
    r"(?:that |which )?fail(?:ed|s|ing)?",
    r"unsuccessful",
)
_PUBLIC = r"(?:patients?|carers?|public|families|service users?|citizens?|people)"
#: (filter, its values, the words that people use for them). Where two rows have the same words, both are offered.
_PHRASES: tuple[tuple[str, Values, tuple[str, ...]], ...] = (
    ("data", ("12-months",), (
        rf"(?:with |has |have |having )?{_FIGURES} (?:at|over|after|for|from|beyond|of) (?:more than |at least )?{_PERIOD}",
        rf"{_PERIOD}(?:'s?)?(?: of| worth of)? {_FIGURES}",
        rf"long[- ]term {_FIGURES}",
    )),
    ("data", ("any",), (
        r"(?:with|has|have|having|any|real|hard|outcome) (?:real |hard |some |outcome |any )?(?:data|figures|numbers|measures)",
        r"how (?:long|soon)\b.*\b(?:results?|effects?|benefits?|impact|difference|work(?:s|ed)?)(?: shows?| appears?)?",
    )),
    ("outcome", ("no-change", "worse"), (
        *_FAILED,
        r"went wrong",
        r"(?:made |had |with )?no (?:effect|difference|impact|improvement|benefit)",
        r"(?:made|got) (?:it |things )?worse",
    )),
    ("status", ("stopped", "stopped-and-replaced"), (
        *_STOPPED,
        *_FAILED,
        r"(?:was |were |been |got |had to be )?(?:closed(?: down)?|wound up|scrapped|decommissioned)",
    )),
    ("stage", ("stopped",), _STOPPED),
    ("outcome", ("better",), (
        r"(?:what|that|which) (?:has )?work(?:s|ed)",
        r"success(?:es|ful| stor(?:y|ies))?",
        r"(?:that |which )improved",
    )),
    ("lasted", ("1-year",), (
        r"(?:did (?:it|they|this) |that |which |has )?last(?:ed|ing)?\b(?! (?:week|month|year|winter|summer|time))",
        r"still (?:running|going|there)",
        r"(?:been )?sustained|kept going|stood the test of time",
    )),
    ("tried", ("yes",), (
        r"tried elsewhere|(?:adopted|used|copied|tried) (?:elsewhere|by others)",
        r"did (?:it|they|this) (?:spread|travel)",
        r"replicated|scaled(?: up)?|rolled out",
    )),
    ("evidence", ("3", "4", "5"), (
        r"(?:strong(?:est)?|good|robust|best) evidence|evidence[- ]based",
        r"(?:independently )?evaluated|randomi[sz]ed|rct|proven",
    )),
    ("involvement-level", ("co-designed",), (r"co-?produc\w+|co-?design\w*|patient[- ]led",)),
    ("involvement-level", ("involved",), (
        rf"{_PUBLIC}(?: and {_PUBLIC})? (?:involve(?:ment|d)|engage(?:ment|d)|participation)",
        rf"involv(?:e|ed|ing) (?:the )?{_PUBLIC}",
    )),
    ("answered", ("no",), (r"unanswered|not answered|(?:without|no) (?:an )?answers?",)),
    ("kind", (CaseStudy.kind,), (r"case stud(?:y|ies)",)),
    ("depth", ("full",), (r"full reports?",)),
)  # fmt: skip
_READ = tuple((re.compile(rf"\b(?:{'|'.join(said)})\b", re.IGNORECASE), facet, values) for facet, values, said in _PHRASES)
#: A list's name for a kind of place or organisation counts where one of these is before it; a region's name counts in any case.
_FROM = re.compile(r"\b(?:from|by|in|at|among|across|run by|led by)\s+(?:other |the |an? |some )?$", re.IGNORECASE)
_LISTED = ("region", "organisation-type", "sector")
#: Other names for values of the lists.
_CALLED: Mapping[tuple[str, str], Values] = {
    ("organisation-type", "local-authority"): ("council", "borough", "county council"),
    ("organisation-type", "nhs-acute-trust"): ("acute trust", "hospital trust", "hospital"),
    ("organisation-type", "nhs-mental-health-trust"): ("mental health trust",),
    ("organisation-type", "nhs-community-trust"): ("community trust",),
    ("organisation-type", "nhs-ambulance-trust"): ("ambulance trust", "ambulance service"),
    ("organisation-type", "gp-practice"): ("general practice", "surgery", "GP surgery"),
    ("organisation-type", "care-provider"): ("care home", "nursing home", "home care provider"),
    ("organisation-type", "vcse"): ("charity", "voluntary organisation", "social enterprise", "VCSE", "third sector"),
    ("organisation-type", "community-pharmacy"): ("pharmacy", "chemist"),
    ("organisation-type", "university"): ("university", "college"),
    ("organisation-type", "integrated-care-board"): ("ICB",),
    ("organisation-type", "primary-care-network"): ("PCN",),
    ("region", "international"): ("abroad", "other countries", "overseas"),
}
#: Joins words to what is taken out, and says nothing without it.
_LOOSE_END = re.compile(
    r"(?:^|\s)(?:with|from|by|in|at|of|for|and|or|but|the|that|which|who|was|were|are|is|have|has|had|been|run by|led by)\s*$",
    re.IGNORECASE,
)
_LOOSE_START = re.compile(r"^\s*(?:and|or|but|of|in|with|for|about|on)\s+", re.IGNORECASE)


def offers(who: Actor, search_terms: SearchTerms) -> list[Other]:
    """Return the filters that may be meant and that find something, those of the most words first."""
    have = labels()
    try:
        found = [Other(_label(other, facet, have), other, how_many(who, other.request())) for facet, other in meant(search_terms)]
    except IndexUnavailable:  # the results beside it say so
        return []
    return [offer for offer in found if offer.total]


def meant(search_terms: SearchTerms) -> list[tuple[str, SearchTerms]]:
    """The filters that the words may mean, each with the search that has it in their place; none that is chosen already."""
    have, text, asked = labels(), normalise(search_terms.text), search_terms.asked()
    if not asked.words or '"' in text:
        return []
    taken = {*search_terms.filters, *asked.filters, *asked.without}
    found: dict[str, SearchTerms] = {}
    for spot in sorted(_spots(text, have), key=lambda s: s.start - s.end):
        if spot.facet not in taken and spot.facet not in found and len(found) < MOST:
            found[spot.facet] = SearchTerms(_rest(text, spot), {**search_terms.filters, spot.facet: spot.values})
    return list(found.items())


def _label(search_terms: SearchTerms, facet: str, have: Mapping[str, Mapping[str, str]]) -> str:
    return f"{legends()[facet]}: {' or '.join(have[facet][v] for v in search_terms.filters[facet])}"


def _spots(text: str, have: Mapping[str, Mapping[str, str]]) -> Iterator[_Spot]:
    for pattern, facet, values in _READ:
        if m := pattern.search(text):
            yield _Spot(m.start(), m.end(), facet, values)
    words = [(forms[0], start, end) for forms, start, end in terms(text)]
    for facet in _LISTED:
        for value, label in have[facet].items():
            for called in (label, *_CALLED.get((facet, value), ())):
                yield from _called(text, words, called, facet, value)


def _called(text: str, words: list[tuple[str, int, int]], called: str, facet: str, value: str) -> Iterator[_Spot]:
    """Where the text has this name of a value."""
    row = _name(called)
    for n in range(len(words) - len(row) + 1):
        start, end = words[n][1], words[n + len(row) - 1][2]
        if [w for w, _, _ in words[n : n + len(row)]] == row and (facet == "region" or _FROM.search(text[:start])):
            yield _Spot(start, end, facet, (value,))
            return


@lru_cache(maxsize=500)
def _name(called: str) -> list[str]:
    """The terms of a name, one for each word."""
    return [forms[0] for forms, _, _ in terms(normalise(called))]


def _rest(text: str, spot: _Spot) -> str:
    """The text without the words of the spot and what joined them; nothing where no word that matters is left."""
    before, after = text[: spot.start], text[spot.end :]
    while m := _LOOSE_END.search(before):
        before = before[: m.start()]
    if not before.strip():
        after = _LOOSE_START.sub("", after)
    left = " ".join(f"{before} {after}".split())
    return left if any(left[start:end].lower() not in STOP_WORDS for _, start, end in terms(left)) else ""
