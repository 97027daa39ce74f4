"""Suggestions while somebody types: what the reader may see, by titles and names, and nothing else."""

from typing import Any

import pytest

from forum.worker import Worker
from tests.page import Person
from tests.stories import published


def groups(person: Person, text: str) -> dict[str, list[dict[str, str]]]:
    answer: Any = person.client.get("/search/suggest", query_string={"q": text})
    assert answer.status_code == 200
    return {g["name"]: g["options"] for g in answer.get_json()["groups"]}


def titles(person: Person, text: str) -> list[str]:
    return [o["text"] for o in groups(person, text).get("Case studies and discussions", [])]


@pytest.fixture
def case(author: Person, moderator: Person, worker: Worker) -> str:
    url = published(author, moderator, title="A virtual ward for frailty")
    worker.until_empty()
    return url


def test_titles_also_by_an_unfinished_word(case: str, visitor: Person) -> None:
    for text in ("virt", "virtual wa", "frailty", "a virtual ward f", "VIRTUAL"):
        assert "A virtual ward for frailty" in titles(visitor, text), text
    assert titles(visitor, "virtual quokka") == []
    assert groups(visitor, "v") == {}
    assert groups(visitor, "") == {}


def test_elements_models_and_people(case: str, visitor: Person) -> None:
    assert {"href": "/elements/stable-core-team", "text": "Stable core team", "note": "Leadership element"} in groups(
        visitor, "core t"
    )["Leadership elements and care models"]
    assert "Virtual ward" in str(groups(visitor, "virtual")["Leadership elements and care models"])
    assert groups(visitor, "auth")["People"][0]["href"] == "/people/ada-author"
    assert "Organisations" in groups(visitor, "nhs")
    assert "People" not in groups(visitor, "thor"), "from the middle of a name nothing is guessed"


def test_what_may_not_be_seen_is_not_suggested(case: str, author: Person, visitor: Person) -> None:
    author.post(f"{case}/withdraw")
    assert titles(visitor, "virtual") == [], "also before the index knows"


def test_past_searches_are_ones_own(case: str, author: Person, other: Person, visitor: Person) -> None:
    other.client.get("/search?q=virtual+wards+at+night", headers={"Referer": "http://localhost/"})
    assert [o["text"] for o in groups(other, "virtual w")["Your past searches"]] == ["virtual wards at night"]
    for person in (author, visitor):
        assert "Your past searches" not in groups(person, "virtual w")


def test_hostile_text(case: str, visitor: Person) -> None:
    for text in ("%%%", "__", "'\"><script>", "a" * 5_000, "*" * 40, "\u0000ab", "-- ;", "element:x"):
        groups(visitor, text)
    assert groups(visitor, "%a").get("Organisations") is None


def test_few_at_a_time(case: str, visitor: Person) -> None:
    for options in groups(visitor, "nhs").values():
        assert len(options) <= 5
