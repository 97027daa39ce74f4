"""The search page tells what else it looked for and what it put right, and takes both back."""

import re

import pytest

from forum.worker import Worker
from tests.page import Person
from tests.stories import published


@pytest.fixture(autouse=True)
def cases(author: Person, moderator: Person, worker: Worker) -> None:
    published(author, moderator, title="A plan for the emergency department", summary="Waits fell from nine hours to five.")
    published(author, moderator, title="Huddles keep a virtual ward going", summary="Every day at nine, with a carer.")
    worker.until_empty()


def links(page: str) -> dict[str, str]:
    found = re.findall(r'<a href="([^"]+)">(.*?)</a>', page, re.S)
    return {re.sub(r"<[^>]+>", "", text).strip(): href.replace("&amp;", "&") for href, text in found}


def test_another_word_is_told_and_switched_off(visitor: Person) -> None:
    page = visitor.get("/search?q=A%26E").text
    assert "A plan for the" in page
    assert "Also searched: emergency department" in page
    exactly = links(page)["Search only for the words as typed"]
    page = visitor.get(exactly).text
    assert "A plan for the" not in page
    assert "Also searched" not in page
    assert "Only the words as typed" in page, "a chip takes it back"
    assert re.search(r'name="words" value="exactly" checked', page), "and the form keeps it"


def test_a_misspelt_word_alone_is_put_right_and_said(visitor: Person) -> None:
    page = visitor.get("/search?q=hudlles").text
    assert re.search(r"No results for “hudlles”\. These are results for <strong>huddles</strong>", page)
    assert "virtual ward going" in re.sub(r"</?mark>", "", page)
    page = visitor.get(links(page)["Search for “hudlles” anyway"]).text
    assert "Nothing found" in page


def test_a_word_of_the_vocabulary_that_finds_nothing_is_not_offered(visitor: Person) -> None:
    page = visitor.get("/search?q=dentsitry").text
    assert "Nothing found" in page
    assert "dentistry" not in page


def test_a_misspelt_word_among_others_is_a_question(visitor: Person) -> None:
    page = visitor.get("/search?q=virtaul+ward+kind:case-study").text
    assert "No result has all of: virtaul, ward" in page
    href = links(page)["virtual ward"]
    assert "Did you mean" in page
    page = visitor.get(href).text
    assert "kind:case-study" in page, "what was typed besides stays"
    assert "No result has" not in page


def test_the_page_says_what_no_result_has(visitor: Person) -> None:
    page = visitor.get("/search?q=huddles+for+zebras").text
    assert "No result has all of: huddles, zebras." in page


def test_hostile_words_are_only_words(visitor: Person) -> None:
    for text in ("<script>alert(1)</script>", '"><b>hudlles', "hudlles'--", "hudlles%00", "“hudlles”"):
        assert "<script>alert" not in visitor.client.get("/search", query_string={"q": text}).text
        assert "<b>hudlles" not in visitor.client.get("/search", query_string={"q": text}).text
