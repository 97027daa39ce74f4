"""Filters in the search box: read where they exist, searched as words where they do not, and never an error."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.filters import Filter
from forum.search.question.filter_syntax import Query, without
from forum.search.question.filter_syntax import read as read_with

VALUES = {
    "kind": {"case-study": "Case studies", "thread": "Threads"},
    "element": {"resilience": "Resilience", "shared-vision": "Shared vision", "sharing-forum": "Sharing forum"},
    "region": {"north-west": "North West", "south-west": "South West"},
    "sector": {"sharing": "Sharing"},
    "care-model": {"mixed": "Mixed"},
    "outcome": {"mixed": "Mixed results"},
    "evidence": {str(n): f"Level {n}" for n in range(6)},
}
LISTS = {"element": "element", "care-model": "model", "sector": "sector", "region": "region", "outcome": "outcome"}
FILTERS = [
    Filter("kind", "Show", 0, typed="kind"),
    *(Filter(name, name, n, typed=typed, tagged=True) for n, (name, typed) in enumerate(LISTS.items(), 1)),
    Filter("evidence", "Evidence", 8, typed="evidence"),
    Filter("data", "Data", 9, flags={"has:data": "any"}),
    Filter("answered", "Answered?", 10, flags={"is:answered": "yes"}),
    Filter("author", "Author", 11, typed="author", named=lambda typed: [typed]),
    Filter("organisation", "Organisation", 12, typed="org", named=lambda typed: [typed]),
]


def read(text: str, values: Mapping[str, Mapping[str, str]]) -> Query:
    return read_with(text, FILTERS, values)


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("falls on wards", "falls on wards", {}),
        ("element:resilience falls", "falls", {"element": ("resilience",)}),
        ('falls element:"Shared vision" element:resilience', "falls", {"element": ("shared-vision", "resilience")}),
        ("ELEMENT:Resilience", "", {"element": ("resilience",)}),
        ("element:shared", "", {"element": ("shared-vision",)}),
        ("kind:case evidence:3", "", {"kind": ("case-study",), "evidence": ("3",)}),
        ('author:"Amara Okafor" org:anytown', "", {"author": ("amara-okafor",), "organisation": ("anytown",)}),
        ("tag:resilience falls", "falls", {"element": ("resilience",)}),
        ('tag:"south west"', "", {"region": ("south-west",)}),
        ("tag:shared tag:nor", "", {"element": ("shared-vision",), "region": ("north-west",)}),
        # An exact match in a later list counts before a beginning in an earlier one, the first list before a later one.
        ("tag:sharing", "", {"sector": ("sharing",)}),
        ("tag:mixed", "", {"care-model": ("mixed",)}),
        ("has:data is:answered", "", {"data": ("any",), "answered": ("yes",)}),
        ("time 10:30 and http://a.example/x", "time 10:30 and http://a.example/x", {}),
        ("nota:field stays", "nota:field stays", {}),
    ],
)
def test_what_is_read(text: str, words: str, filters: dict[str, Any]) -> None:
    found = read(text, VALUES)
    assert (found.words, found.filters, found.notes) == (words, filters, ())


@pytest.mark.parametrize(
    ("text", "words", "note"),
    [
        ("element:sha falls", "sha falls", "element:sha"),
        ("element:nonsense", "nonsense", "element:nonsense"),
        ("-element:nonsense", "-nonsense", "-element:nonsense"),
        ("falls -after:2025", "falls -2025", "-after:2025"),
        ("has:cheese falls", "cheese falls", "has:cheese"),
        ("tag:nonsense", "nonsense", "tag:nonsense"),
        ("tag:sh", "sh", "tag:sh"),
        # What is no term of a list is no tag.
        ("tag:thread tag:", "thread tag:", "tag:thread"),
        ("after:yesterday", "yesterday", "after:yesterday"),
        ("before:2025-02-30", "2025-02-30", "before:2025-02-30"),
        ('author:"" x', "x", 'author:""'),
    ],
)
def test_a_mistake_is_searched_as_words_and_said(text: str, words: str, note: str) -> None:
    found = read(text, VALUES)
    assert (found.words, found.filters, found.notes) == (words, {}, (note,))


def test_a_minus_says_what_must_not_be_there() -> None:
    found = read('falls -element:resilience -author:"Amara Okafor" element:"Shared vision" -tag:resilience -has:data', VALUES)
    assert (found.words, found.filters) == ("falls", {"element": ("shared-vision",)})
    assert found.without == {"element": ("resilience",), "author": ("amara-okafor",), "data": ("any",)}
    assert [p.unwanted for p in found.pieces] == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2025", date(2025, 1, 1)),
        ("2025-03", date(2025, 3, 1)),
        ("2025-3-9", date(2025, 3, 9)),
        ("31/03/2025", date(2025, 3, 31)),
    ],
)
def test_days(typed: str, day: date) -> None:
    assert (read(f"after:{typed}", VALUES).after, read(f"x before:{typed}", VALUES).before) == (day, day)


@pytest.mark.parametrize(
    ("text", "piece", "rest"),
    [
        ("falls element:resilience at night", ("element", "resilience", "resilience"), "falls at night"),
        ('author:"Amara Okafor" falls', ("author", "amara-okafor", "Amara Okafor"), "falls"),
        ("falls  after:03/2025 after:2025-03", ("after", "2025-03-01", "2025-03"), "falls  after:03/2025"),
        ("is:answered", ("answered", "yes", "answered"), ""),
        # The same words elsewhere stay: what goes is where it stands.
        ("xelement:resilience element:resilience", ("element", "resilience", "resilience"), "xelement:resilience"),
    ],
)
def test_a_piece_says_where_it_stands(text: str, piece: tuple[str, str, str], rest: str) -> None:
    (found,) = read(text, VALUES).pieces
    assert (found.facet, found.value, found.typed) == piece
    assert without(text, [found]) == rest


PIECES = st.sampled_from(
    [
        *LISTS.values(),
        "kind",
        "evidence",
        "author",
        "org",
        "has",
        "is",
        "tag",
        "after",
        "before",
        ":",
        '"',
        "-",
        " ",
        "x",
        "resilience",
        "2025",
        "\u202e",
        "OR",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200))
def test_nothing_that_can_be_typed_raises(text: str) -> None:
    found = read(text, VALUES)
    assert sum(map(len, found.filters.values())) <= 12
    assert {(p.facet, p.value) for p in found.pieces} >= {(f, v) for f, vs in found.filters.items() for v in vs}
    left = read(without(text, found.pieces), VALUES)
    assert not left.filters or len(found.pieces) == 12
    assert all(slug in VALUES[facet] for facet, slugs in found.filters.items() for slug in slugs if facet in VALUES)


def test_a_name_may_have_a_space_behind_its_colon() -> None:
    values = {"element": {"resilience": "Resilience"}}
    assert read("falls element: resilience", values).filters == {"element": ("resilience",)}
    assert read("Be kind: ask first", values).words == "Be kind: ask first"
    assert read("note: element:resilience", values).filters == {"element": ("resilience",)}
