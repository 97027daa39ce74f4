"""What shows nothing is empty, whatever characters it is made of; and no text turns what stands beside it."""

from pathlib import Path

import pytest
from flask import Flask

from forum.kernel.text import blank, clean
from forum.worker import Worker
from tests.cases import cases
from tests.page import Person
from tests.stories import CASE, published, thread

#: Zero-width space, fillers of Hangul and Braille, soft hyphen, variation selector, a tag, a joiner beside a space.
NOTHING = ("\u200b\u200b", "\ufeff\u3164", "\u2800\u2800", "\u00ad\u00ad", "\ufe0f", "\U000e0041", "\u200b \u2060", "\x07\x1b")
TURNED = "Ward \u202e6202 rebmevoN\u2066"


@pytest.mark.parametrize("nothing", NOTHING)
def test_no_form_takes_what_shows_nothing(author: Person, other: Person, moderator: Person, nothing: str) -> None:
    said = "Something to read, which is needed here."
    new = "/discussions/new"
    author.post(new, {"title": nothing, "text": said, "question": "question"}, status=422)
    author.post(new, {"title": "A title to be read", "text": nothing, "question": "question"}, status=422)
    url = thread(author)
    number = url.split("/")[2].partition("-")[0]
    other.post(f"/discussions/{number}/replies", {"text": nothing}, on=url, status=422)
    other.post("/people/ada-author/write", {"subject": nothing, "message": said}, status=422)
    other.post("/people/ada-author/write", {"subject": "A subject", "message": nothing}, status=422)
    author.post("/account/profile", {"name": nothing, "role": "nurse"}, status=422)
    moderator.post(f"/moderation/thread/{number}/hide", {"reason": nothing}, status=422)
    author.post("/contact", {"email": "a@example.org", "text": nothing}, status=422)
    assert f'value="{nothing}"' not in other.get("/search?q=" + nothing).text


@pytest.mark.parametrize("nothing", NOTHING)
def test_no_case_study_is_sent_with_it(author: Person, nothing: str) -> None:
    for field, said in (("title", "Title"), ("summary", "The result in one line"), ("problem", "What was the problem?")):
        made = author.location(author.post("/case-studies/new", {**CASE, field: nothing, "action": "save"}))
        assert f"Fill in: {said}" in author.get(made.removesuffix("/edit") + "/preview").text
    made = author.location(author.post("/case-studies/new", {**CASE, "organisations-0": nothing, "action": "save"}))
    assert "name at least one organisation" in author.get(made.removesuffix("/edit") + "/preview").text


def test_nothing_that_is_stored_turns_its_neighbours(
    author: Person, moderator: Person, other: Person, worker: Worker, app: Flask, tmp_path: Path
) -> None:
    url = thread(author, title=f"How do you count falls on {TURNED}?", text=f"We count them on {TURNED} by hand.")
    case = published(author, moderator, summary=f"Fewer calls on {TURNED}.", problem=f"Nobody knew, on {TURNED}, who was who.")
    other.post("/people/ada-author/write", {"subject": f"About {TURNED}", "message": f"I read it on {TURNED}."})
    worker.until_empty()
    pages = [url, case, "/discussions", "/case-studies", f"{case}/board", f"{case}/export.md", "/search?q=falls"]
    texts = [author.get(page).text for page in [*pages, "/notifications"]]
    texts += [path.read_text("utf-8") for path in (tmp_path / "mail").iterdir()]
    assert not [text for text in texts for turn in "\u202e\u2066" if turn in text]
    assert sum("Ward 6202 rebmevoN" in text for text in texts) >= len(pages)


def test_marks_stay_in_their_row(author: Person) -> None:
    stacked = "Z" + "\u0335\u0301" * 40 + " ward"
    page = author.get(thread(author, title=f"How do you run a {stacked}?")).text
    assert "\u0301" * 5 not in page.replace("\u0335", "")


def test_the_given_cases() -> None:
    for row in cases("text/invisible"):
        if row["where"].startswith("title") and row["right"] == "refused as empty":
            assert blank(clean(row["value"])), row
