"""What is kept of threads is shown to those who may see it, whoever had the page before (law 1)."""

import pytest

from tests.page import Person
from tests.stories import reply, thread

TITLE, WORDS = "How do you keep huddles going?", "We tied ours to the drug round."


def number(url: str) -> str:
    return url.split("/")[2].split("-")[0]


@pytest.mark.parametrize("first", ["author", "visitor"])
def test_a_hidden_reply_is_for_its_author_and_the_staff(
    author: Person, other: Person, moderator: Person, visitor: Person, first: str
) -> None:
    url = thread(other)
    own = reply(author, url).partition("#reply-")[2]
    readers = {"author": author, "visitor": visitor, "other": other, "moderator": moderator}
    order = sorted(readers, key=lambda name: name != first)
    for name in order:
        assert WORDS in readers[name].get(url).text
    moderator.post(f"/moderation/reply/{own}/hide", {"reason": "To be looked at"})
    for _ in range(2):  # made, then kept
        for name in order:
            assert (WORDS in readers[name].get(url).text) == (name in {"author", "moderator"}), name
    moderator.post(f"/moderation/reply/{own}/show", {"reason": "It was fine"})
    for name in order:
        assert WORDS in readers[name].get(url).text


@pytest.mark.parametrize("first", ["author", "visitor"])
def test_a_hidden_thread_is_for_its_author_and_the_staff(
    author: Person, other: Person, moderator: Person, visitor: Person, first: str
) -> None:
    url = thread(author)
    readers = {"author": author, "visitor": visitor, "other": other, "moderator": moderator}
    order = sorted(readers, key=lambda name: name != first)
    for name in order:
        assert TITLE in readers[name].get("/discussions").text
    moderator.post(f"/moderation/thread/{number(url)}/hide", {"reason": "To be looked at"})
    for _ in range(2):
        for name in order:
            sees = name in {"author", "moderator"}
            readers[name].get(url, status=200 if sees else 404)
            for page in ("/discussions", "/"):
                assert (TITLE in readers[name].get(page).text) == sees, (name, page)


def test_thanks_are_the_readers_own(author: Person, other: Person, moderator: Person) -> None:
    url = thread(author)
    post = other.page(url).form("/thanks")["action"]
    other.post(post, {"on": "1"}, on=url)
    for _ in range(2):
        assert 'aria-pressed="true"' in other.get(url).text
        assert 'aria-pressed="true"' not in moderator.get(url).text
        assert "Thanks 1<" in moderator.get(url).text
