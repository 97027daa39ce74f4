"""A stale index may hide a thing, never show it: after each change the index is left as it was."""

import pytest

from forum.worker import Worker
from tests.page import Person
from tests.stories import CONFIRMED, published, reply, thread

ADDRESSES = [
    "/search?q=quokka",
    "/search?q=quoka",
    "/search?q=zebra+quokka",
    '/search?q="quokka+huddle"',
    "/search?q=quokk*",
    "/search?q=&sort=newest",
    "/search?q=quokka+-nothing&sort=adopted",
    "/search/suggest?q=quokka",
    "/search/suggest?q=quo",
    "/feeds/search.atom?q=quokka",
    "/feeds/search.atom?q=",
]


def shown(person: Person) -> list[str]:
    """Where words of the hidden thing are seen. The word that was asked for stands in the page anyway, so others are looked for."""
    found = []
    for address in ADDRESSES:
        answer = person.client.get(address)
        assert answer.status_code == 200, address
        if "marsupial" in answer.text.lower():
            found.append(address)
    return found


@pytest.fixture
def things(author: Person, other: Person, moderator: Person, worker: Worker) -> dict[str, str]:
    case = published(author, moderator, title="Quokka huddle marsupial", summary="A marsupial at each quokka huddle.")
    asked = thread(author, "Quokka marsupial?", "Has anybody a marsupial, such as a quokka?")
    said = reply(other, asked, "Ours is a quokka, a marsupial.")
    worker.until_empty()
    return {"case": case, "thread": asked, "reply": said}


def test_nothing_is_seen_of_what_was_taken_away(
    things: dict[str, str], author: Person, other: Person, moderator: Person, visitor: Person
) -> None:
    assert len(shown(visitor)) >= 8, "at first it is found"
    number = things["thread"].split("/")[2].split("-")[0]
    author.post(f"{things['case']}/withdraw")
    moderator.post(f"/moderation/thread/{number}/hide", {"reason": "To be looked at"})
    for person in (visitor, other):
        assert shown(person) == []


def test_nothing_is_seen_by_strangers_of_what_became_for_members(
    things: dict[str, str], author: Person, other: Person, visitor: Person
) -> None:
    """It had a thread of its own besides, which says nothing about it."""
    case = things["case"]
    author.post(f"{case}/edit/sharing", {"visibility": "members", "action": "save"})
    author.post(f"{case}/submit", {**CONFIRMED, "reason": "For members now"}, on=f"{case}/preview")
    assert "A marsupial at each" not in "".join(visitor.client.get(a).text for a in ADDRESSES)
    assert "A marsupial at each" in other.get("/search?q=quokka").text


def test_nothing_is_seen_of_a_reply_that_was_hidden(things: dict[str, str], moderator: Person, visitor: Person) -> None:
    id_ = things["reply"].rpartition("-")[2]
    moderator.post(f"/moderation/reply/{id_}/hide", {"reason": "To be looked at"})
    assert "Ours is a" not in "".join(visitor.client.get(a).text for a in ADDRESSES)
