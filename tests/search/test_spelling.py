"""What was probably meant, by the words of what the reader may find, on both engines."""

from collections.abc import Mapping

import pytest

from forum.search.port import SearchIndex, SearchRequest
from forum.search.question.spelling import distance, edits, put_right, respelt
from forum.search.synonyms import NONE, Synonyms
from tests.search.test_index import ALL, document

BODIES: Mapping[int, str] = {
    1: "A virtual ward for people with frailty",
    2: "Virtual wards and care homes, hospital discharge",
    3: "Pharmacists in the care home",
    4: "Quokkas are kept from readers",
    **dict.fromkeys(range(10, 120), "The ward round starts at nine in the hospital"),
    200: "An award for the team",
}


@pytest.fixture
def index(bare: SearchIndex) -> SearchIndex:
    bare.rebuild([document(n, "", body, ("staff",) if n == 4 else ALL) for n, body in BODIES.items()])
    return bare


def fixed(index: SearchIndex, text: str, synonyms: Synonyms = NONE, audience: tuple[str, ...] = ALL) -> str:
    def texts(term: str) -> list[str]:
        page = index.search(SearchRequest("", audience, terms=(term,), per_page=3))
        return [BODIES[h.id] for h in page.hits]

    typed = index.search(SearchRequest(text, audience)).typed
    words = respelt(typed, index, synonyms, texts)
    return put_right(text, words) if words else ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("virtaul ward", "virtual ward"),
        ("frialty", "frailty"),
        ("hospitl dischrage", "hospital discharge"),
        ("carehome", "care home"),
        ("phamarcists", "pharmacists"),
        ("Virtaul Ward -rota", "virtual Ward -rota"),
        ("virtual ward", ""),
        ("zzzzzz", ""),
        ("MDT", ""),
        ("xyz1", ""),
        ("stall", ""),
        ("award", ""),
        # What stands late in a long text, after many words that are right; names and everyday words are no misspellings.
        ("the ward round starts at nine in the hospital with people and a dischrage", "… discharge"),
        ("rush ruth olive", ""),
    ],
)
def test_what_was_meant(index: SearchIndex, typed: str, meant: str) -> None:
    assert fixed(index, typed) == meant.replace("…", typed.rpartition(" ")[0])


def test_the_words_of_what_is_hidden_are_not_offered(index: SearchIndex) -> None:
    assert fixed(index, "quokkos") == ""
    assert fixed(index, "quokkos", audience=("everyone", "staff")) == "quokkas"


def test_words_of_the_vocabulary_are_words(index: SearchIndex) -> None:
    field = Synonyms([(["telehealth", "virtual ward"], [])])
    assert fixed(index, "telehelath", field) == "telehealth"
    assert fixed(index, "telehealth", field) == ""


def test_slips_of_the_fingers() -> None:
    assert {"war", "wrad", "ward", "wards", "word"} - {"ward"} <= edits("ward")
    assert [distance("frailti", t) for t in ("frailti", "frialti", "fraiti", "frailtys", "trial")] == [0, 1, 1, 2, 4]
    assert len(edits("x" * 20)) < 1_200


def test_an_abbreviation_in_small_letters_is_put_right(bare: SearchIndex) -> None:
    field = Synonyms([(["emergency department", "=ED"], [])])
    bare.rebuild([document(1, "Waits in the emergency department")])
    assert respelt(["ed", "attendances"], bare, field, lambda _: []) == {"ed": "ED"}
    assert respelt(["ED"], bare, field, lambda _: []) == {}
