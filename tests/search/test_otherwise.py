"""Other ways to say a thing, beginnings of words, titles alone: the same on both engines, and nothing that was not asked."""

from pathlib import Path

import pytest

from forum.search.port import SearchIndex, SearchRequest
from forum.search.question.parser import Group, Word, parse
from forum.search.synonyms import Other, Synonyms
from forum.search.whoosh.index import WhooshIndex
from tests.search.conftest import FACETS
from tests.search.test_index import ask, document, ids

FIELD = Synonyms(
    [
        (["emergency department", "accident and emergency", "A&E", "=ED"], []),
        (["virtual ward", "hospital at home"], []),
        (["general practice", "GP surgery"], ["primary care"]),
        (["24/7", "24 7", "round the clock"], []),
        (["co-production", "co-design"], []),
        (["two-week wait", "2-week wait", "2WW"], []),
    ]
)
DOCUMENTS = [
    document(1, "Waits", "The emergency department fills up by noon"),
    document(2, "Waits in A&E", "A plan for winter"),
    document(3, "Ed and his emergency kit", "The department of history, where Ed works"),
    document(4, "Hospital at home", "Frailty, looked after where people live"),
    document(5, "A virtual ward", "For people with frailty, monitored from afar"),
    document(6, "Primary care", "Federations"),
    document(7, "Round the clock", "Somebody answers"),
    document(8, "Co-design with carers", "They wrote it"),
    document(11, "Co design of a leaflet", "With the word in two"),
    document(10, "The EDs of two towns", "Shared rota"),
    document(9, "Frail older people", "frailest first; virtue"),
]


@pytest.fixture
def index(bare: SearchIndex) -> SearchIndex:
    bare.rebuild(DOCUMENTS)
    return bare


def test_other_ways_to_say_it_are_found_and_named(index: SearchIndex) -> None:
    page = ask(index, "A&E", synonyms=FIELD)
    assert [h.id for h in page.hits[:1]] == [2], "what was typed comes first"
    assert {h.id for h in page.hits} == {1, 2, 10}, "and no man called Ed"
    assert page.also == ("emergency department", "accident and emergency", "ED")
    assert page.full == page.total == 3
    assert not page.relaxed
    assert ids(index, "A&E") == [2], "and without the vocabulary what was typed alone"
    assert set(ids(index, "emergency department", synonyms=FIELD)) == {1, 2, 3, 10}
    assert set(ids(index, "virtual ward frailty", synonyms=FIELD)) == {4, 5}


def test_capitals_count_where_small_letters_are_another_word(index: SearchIndex) -> None:
    assert set(ids(index, "ED", synonyms=FIELD)) == {1, 2, 3, 10}
    assert set(ids(index, "ed", synonyms=FIELD)) == {3, 10}
    assert ask(index, "ed", synonyms=FIELD).also == ()


def test_one_way_does_not_lead_back(index: SearchIndex) -> None:
    assert ids(index, "general practice", synonyms=FIELD) == [6]
    assert ask(index, "primary care", synonyms=FIELD).also == ()


def test_quotes_and_what_is_unwanted_stay_as_typed(index: SearchIndex) -> None:
    assert ids(index, '"A&E"', synonyms=FIELD) == [2]
    assert set(ids(index, "waits -A&E", synonyms=FIELD)) == {1}


@pytest.mark.parametrize(
    ("asked", "found"),
    [("24 7", {7}), ("24/7", {7}), ("co production", {8, 11}), ("coproduction", {8, 11}), ("co-design", {8, 11}), ("2ww", set())],
)
def test_ways_of_writing_one_thing(index: SearchIndex, asked: str, found: set[int]) -> None:
    assert set(ids(index, asked, synonyms=FIELD, loosely=False)) == found


def test_a_question_is_loosened_with_its_other_ways(index: SearchIndex) -> None:
    page = ask(index, "who runs a virtual ward for frailty that lasted", synonyms=FIELD)
    assert page.relaxed
    assert page.full == 0
    assert {4, 5} <= {h.id for h in page.hits}
    assert page.typed == ("runs", "virtual", "ward", "frailty", "lasted")


def test_beginnings_of_words(index: SearchIndex) -> None:
    assert set(ids(index, "frail*")) == {4, 5, 9}
    assert set(ids(index, "virtual* ward")) == {5}
    assert set(ids(index, "frailty*")) >= {4, 5}
    assert ids(index, "zebr*") == []
    assert set(ids(index, "monito* -zebra")) == {5}
    assert ids(index, "v*") == ids(index, "v"), "one letter is no beginning"
    assert ids(index, "*") != []


def test_titles_alone(index: SearchIndex) -> None:
    assert set(ids(index, "waits", titles=True)) == {1, 2}
    assert ids(index, "frailty", titles=True) == []
    assert ids(index, "hospital ho*", titles=True) == [4]
    assert ids(index, "hospital wa*", titles=True, loosely=False) == []


def test_terms_that_must_be_there_too(index: SearchIndex) -> None:
    assert set(ids(index, "", terms=("frailti",))) == {4, 5}
    assert set(ids(index, "people", terms=("frail",))) == {9}


def test_what_the_words_of_the_index_are(index: SearchIndex) -> None:
    assert index.often(["frailti", "ward", "zebra"]) == {"frailti": 2, "ward": 1}
    assert "frailti" in index.near("frialti")
    assert index.near("frialti")["frailti"] == 2


def test_hostile_text_with_a_vocabulary(index: SearchIndex) -> None:
    for text in ["A&E*", "***", '"A&E', "A&E OR ED", "-" * 300 + "A&E", "A&E " * 500, "virt%*", "_*", "a'b*", "'*"]:
        found = ask(index, text, synonyms=FIELD)
        assert len(found.hits) == min(found.total, 10)


def test_what_has_one_word_is_no_answer_among_many(tmp_path: Path) -> None:
    """More answers than are scored one by one, beside as many that have only one of the words."""
    made = WhooshIndex(tmp_path, FACETS)
    made.rebuild(
        [
            *(document(n, "", "rota clinic and much else " * 20) for n in range(1, 600)),
            *(document(n, "", "rota rota rota rota") for n in range(600, 900)),
        ]
    )
    page = made.search(SearchRequest("rota clinic", ("everyone",), per_page=50))
    assert page.total == 599
    assert all(h.id < 600 for h in page.hits)


def test_the_tree(tmp_path: Path) -> None:
    asked = parse("A&E waits OR queues virt*", FIELD)
    assert asked.groups == (
        Group((Word(("a&e",), 1, False),), tuple(Other(label, t) for label, t in [
            ("emergency department", ("emergenc", "depart")),
            ("accident and emergency", ("accid", "and", "emergenc")),
            ("ED", ("ed^",)),
        ])),
        Group((), (Other("waits", ("wait",), 1.0), Other("queues", ("queue",), 1.0))),
    )  # fmt: skip
    assert asked.starts == ("virt",)
    assert asked.alone == []
    assert [w.stop for w in parse("IT is it").words] == [False, True, True]
