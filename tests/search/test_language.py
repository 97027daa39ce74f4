"""Filters in the search box: read where they exist, searched as words where they do not, and never an error."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.language import FLAGS, NAMES, Query, read

VALUES = {
    "kind": {"case-study": "Case studies", "thread": "Threads"},
    "element": {"resilience": "Resilience", "shared-vision": "Shared vision", "sharing-forum": "Sharing forum"},
    "region": {"north-west": "North West", "south-west": "South West"},
    "evidence": {str(n): f"Level {n}" for n in range(6)},
}


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
        ("has:data is:answered", "", {"data": ("any",), "answered": ("yes",)}),
        ("time 10:30 and http://a.example/x", "time 10:30 and http://a.example/x", {}),
        ("nota:field stays", "nota:field stays", {}),
    ],
)
def test_what_is_read(text: str, words: str, filters: dict[str, Any]) -> None:
    assert read(text, VALUES) == Query(words, filters)


@pytest.mark.parametrize(
    ("text", "words", "note"),
    [
        ("element:sha falls", "sha falls", "element:sha"),
        ("element:nonsense", "nonsense", "element:nonsense"),
        ("-element:resilience", "-resilience", "-element:resilience"),
        ("has:cheese falls", "cheese falls", "has:cheese"),
        ("after:yesterday", "yesterday", "after:yesterday"),
        ("before:2025-02-30", "2025-02-30", "before:2025-02-30"),
        ('author:"" x', "x", 'author:""'),
    ],
)
def test_a_mistake_is_searched_as_words_and_said(text: str, words: str, note: str) -> None:
    found = read(text, VALUES)
    assert (found.words, found.filters, found.notes) == (words, {}, (note,))


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


PIECES = st.sampled_from([*NAMES, *FLAGS, "after", "before", ":", '"', "-", " ", "x", "resilience", "2025", "\u202e", "OR"])


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200))
def test_nothing_that_can_be_typed_raises(text: str) -> None:
    found = read(text, VALUES)
    assert sum(map(len, found.filters.values())) <= 12
    assert all(slug in VALUES[facet] for facet, slugs in found.filters.items() for slug in slugs if facet in VALUES)
