"""A case study from the first word to the last decision, through its pages."""

import re

from flask import Flask

from forum.worker import Worker
from tests.page import Person
from tests.stories import CASE, CONFIRMED, draft, published, submitted


def test_a_draft_is_its_authors_alone(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = draft(author)
    assert "Only you can see this" in author.get(url).text
    for stranger in (other, moderator, visitor):
        assert stranger.client.get(url).status_code == 404
    assert author.get("/drafts").text.count(CASE["title"]) == 1
    assert other.client.get(f"{url}/edit").status_code == 404
    assert visitor.client.get(f"{url}/edit").status_code == 303


def test_the_same_form_sent_twice_makes_one_draft(author: Person) -> None:
    hidden = author.hidden("/case-studies/new", "/case-studies/new")
    first = author.client.post("/case-studies/new", data={**hidden, **CASE})
    second = author.client.post("/case-studies/new", data={**hidden, **CASE})
    assert first.headers["Location"] == second.headers["Location"]
    assert author.get("/drafts").text.count(CASE["title"]) == 1


def test_saving_while_typing_keeps_half_a_text(author: Person) -> None:
    hidden = author.hidden("/case-studies/new", "/case-studies/new")
    data = {**hidden, "title": "Half", "problem": "We had"}
    saved = author.client.post("/case-studies/new/autosave", data=data, headers={"Accept": "application/json"}).get_json()
    more = {**hidden, "version": saved["version"], "title": "Half", "problem": "We had a problem"}
    again = author.client.post(saved["autosave_url"], data=more, headers={"Accept": "application/json"}).get_json()
    assert again["version"] != saved["version"]
    assert "We had a problem" in author.get(again["url"]).text


def test_preview_says_what_is_missing_and_does_not_send(author: Person) -> None:
    url = draft(author, results="", elements=[], title="Too short")
    page = author.get(f"{url}/preview").text
    assert "Fill in: What happened?" in page
    assert "Choose 1 to 3 leadership elements" in page
    assert "at least 15 characters" in page
    hidden = author.hidden(f"{url}/edit/quick-share", f"{url}/edit/quick-share")
    sent = author.client.post(f"{url}/submit", data={**hidden, **CONFIRMED})
    assert sent.status_code == 422
    assert author.get(url).text.count("Only you can see this")


def test_too_long_a_text_is_kept_and_named(author: Person) -> None:
    url = draft(author, problem="x" * 900)
    assert "x" * 900 in author.get(f"{url}/edit/quick-share").text
    assert "100 characters too long" in author.get(f"{url}/preview").text


def test_findings_must_be_answered(author: Person, moderator: Person) -> None:
    text = "One man, hospital number 778899, told us. Call 020 7946 0958."
    url = draft(author, problem=text)
    preview = author.get(f"{url}/preview").text
    assert "778899" in preview
    keys = re.findall(r'name="(why-[0-9a-f]+)"', preview)
    assert len(keys) == 2
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview", status=422)
    answers = dict.fromkeys(keys, "It is an invented number")
    author.post(f"{url}/submit", {**CONFIRMED, **answers}, on=f"{url}/preview")
    review = moderator.get(f"{url}/review").text
    assert "It is an invented number" in review
    assert "2 possible identifying details" in moderator.get("/moderation").text


def test_confirmations_are_needed(author: Person) -> None:
    url = draft(author)
    answer = author.post(f"{url}/submit", {"confirmed": ["identity"]}, on=f"{url}/preview", status=422)
    assert "Tick each of the confirmations" in answer.text


def test_publishing_opens_a_discussion_and_tells_the_author(
    author: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = submitted(author)
    assert "number 1 in the queue" in author.get(url).text
    assert visitor.client.get(url).status_code == 404
    moderator.post(f"{url}/review", {"verb": "publish"})
    page = visitor.get(url).text
    assert "<strong>Wednesday</strong>" in page
    assert "Start the discussion" in page
    worker.until_empty()
    assert "Published" in author.get("/notifications").text
    assert f'href="{url}"' in visitor.get("/search?q=ward+round").text
    assert CASE["title"] in visitor.get("/elements/stable-core-team").text
    assert CASE["title"] in visitor.get("/discussions").text


def test_changes_asked_come_back_with_the_reason(author: Person, moderator: Person) -> None:
    url = submitted(author)
    moderator.post(f"{url}/review", {"verb": "ask"}, status=422)
    moderator.post(f"{url}/review", {"verb": "ask", "reason": "Please say when."})
    assert "Please say when." in author.get(url).text
    author.post(f"{url}/edit/quick-share", {**CASE, "results": "In May.", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    assert "In May." in moderator.get(f"{url}/review").text


def test_two_decisions_on_one_thing(author: Person, moderator: Person) -> None:
    url = submitted(author)
    form = moderator.hidden(f"{url}/review", f"{url}/review")
    moderator.post(f"{url}/review", {"verb": "publish"})
    late = moderator.client.post(f"{url}/review", data={**form, "verb": "reject", "reason": "No"})
    assert late.status_code == 422


def test_nobody_decides_on_their_own(moderator: Person) -> None:
    url = submitted(moderator)
    assert "Another moderator decides" in moderator.get(f"{url}/review").text
    hidden = moderator.hidden(f"{url}/edit/quick-share", f"{url}/edit/quick-share")
    assert moderator.client.post(f"{url}/review", data={**hidden, "verb": "publish"}).status_code == 403


def test_two_editors_lose_nothing(author: Person) -> None:
    url = draft(author)
    page = f"{url}/edit/quick-share"
    first, second = author.hidden(page, page), author.hidden(page, page)
    author.client.post(page, data={**first, **CASE, "problem": "The first text", "advice": "Only the first changed this."})
    answer = author.client.post(page, data={**second, **CASE, "problem": "The second text", "summary": "Only the second did."})
    assert answer.status_code == 409
    assert "The first text" in answer.text
    assert "The second text" in answer.text
    # What only one of them changed is saved, and nobody has to choose.
    kept = author.get(page).text
    assert "Only the first changed this." in kept
    assert "Only the second did." in kept
    assert "Choose which to keep" in author.get(f"{url}/preview").text
    clash = re.search(r"/clashes/(\d+)", kept)
    assert clash
    author.post(f"{url}/clashes/{clash.group(1)}", {"keep": "both"}, on=page)
    both = author.get(page).text
    assert "The first text\n\nThe second text" in both
    assert "/clashes/" not in both


def test_editing_what_is_published_keeps_the_old_text(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    author.post(f"{url}/edit/quick-share", {**CASE, "results": "Calls fell to 4 a month.", "action": "save"})
    assert "Calls fell to 4" not in visitor.get(url).text
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "New figures"}, on=f"{url}/preview")
    assert "Calls fell to 4" in visitor.get(url).text
    history = visitor.get(f"{url}/history").text
    assert "New figures" in history
    assert "<del>" in history
    assert "<ins>" in history


def test_withdrawing_takes_the_discussion_along(author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    url = published(author, moderator)
    worker.until_empty()
    author.post(f"{url}/withdraw")
    worker.until_empty()
    assert visitor.client.get(url).status_code == 404
    assert CASE["title"] not in visitor.get("/discussions").text
    assert url not in visitor.get("/search?q=ward+round").text
    assert "Withdrawn" in author.get("/drafts").text


def test_filters_narrow_and_count(author: Person, moderator: Person, visitor: Person) -> None:
    published(author, moderator, outcome="worse", care_models=["virtual-ward"])
    published(author, moderator, title="Another title that is long enough", elements=["resilience"], outcome="better")
    both = visitor.get("/case-studies").text
    assert "<strong>2</strong> case studies" in both
    one = visitor.get("/case-studies?outcome=worse").text
    assert "<strong>1</strong> case study" in one
    assert "It got better" in one
    assert "No case study matches" in visitor.get("/case-studies?outcome=worse&element=resilience").text
    assert visitor.client.get("/case-studies?page=9").status_code == 404
    assert "virtual" in visitor.get("/care-models/virtual-ward").text.lower()


def test_involvement_is_found_from_a_level_up_and_beyond_the_nhs_is_a_filter(
    author: Person, moderator: Person, visitor: Person
) -> None:
    for number, (level, sector) in enumerate((("consulted", "nhs"), ("co-designed", "voluntary"), ("co-produced", "nhs"))):
        url = draft(author, title=f"Number {number} of three case studies")
        author.post(f"{url}/edit/involvement", {"involvement-0-key": "planning", "involvement-0-level": level, "action": "save"})
        author.post(f"{url}/edit/setting", {"sectors": [sector], "action": "save"})
        author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
        moderator.post(f"{url}/review", {"verb": "publish"})
    page = visitor.get("/case-studies?involvement-level=co-designed").text
    assert "<strong>2</strong> case studies" in page
    assert "Number 0" not in page
    beyond = re.search(r'href="(/case-studies\?sector=[^"]+)">Beyond the NHS', page)
    assert beyond
    assert "<strong>1</strong> case study" in visitor.get(beyond.group(1).replace("&amp;", "&")).text
    assert "From beyond the NHS" in visitor.get("/").text


def test_what_was_read_is_what_is_sent_and_decided(author: Person, moderator: Person) -> None:
    url = draft(author)
    preview = author.hidden(f"{url}/preview", f"{url}/submit")
    author.post(f"{url}/edit/quick-share", {**CASE, "results": "A sentence that the preview did not have.", "action": "save"})
    late = author.client.post(f"{url}/submit", data={**preview, **CONFIRMED})
    assert late.status_code == 422
    assert "changed somewhere else" in late.text
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    read = moderator.hidden(f"{url}/review", f"{url}/review")
    author.post(f"{url}/edit/quick-share", {**CASE, "results": "Another sentence.", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    answer = moderator.client.post(f"{url}/review", data={**read, "verb": "publish"})
    assert answer.status_code == 422
    assert "changed it since you opened" in answer.text


def test_an_edit_does_not_show_a_discussion_that_was_hidden(author: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    url = published(author, moderator)
    link = re.search(r'href="(/discussions/(\d+)-[^"]+)"', author.get(url).text)
    assert link
    moderator.post(f"/moderation/thread/{link.group(2)}/hide", {"reason": "It went wrong"})
    assert visitor.client.get(link.group(1)).status_code == 404
    author.post(f"{url}/edit/quick-share", {**CASE, "results": "Calls fell to 4.", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    assert visitor.client.get(link.group(1)).status_code == 404


def test_forms_made_by_hand_are_answered_with_words(author: Person) -> None:
    url = draft(author)
    for name in ("core_team-²-name", "core_team-99999-name", "x\r\ny"):
        assert (
            author.client.post(
                f"{url}/edit/team", data={**author.hidden(f"{url}/edit/team", f"{url}/edit/team"), name: "x"}
            ).status_code
            == 400
        )
    answer = author.post(f"{url}/edit/team", {"action": "more:x\r\nSet-Cookie: a=b"})
    assert answer.headers["Location"] == f"{url}/edit"
