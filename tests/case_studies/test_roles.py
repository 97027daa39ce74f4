"""What co-authors, reviewers and moderators may do with a case study that several people share."""

import re

from flask import Flask

from forum.worker import Worker
from tests.case_studies.people import BODY, account, act, answer, invite, joined, rows
from tests.conftest import person
from tests.page import Person
from tests.stories import CASE, CONFIRMED, draft, published, submitted


def test_a_co_author_edits_and_sends_but_does_not_share_out(author: Person, other: Person, moderator: Person, app: Flask) -> None:
    url = draft(author)
    joined(author, url, other)
    invite(author, url, "eve@example.org", "reviewer")
    other.post(f"{url}/edit/quick-share", {**CASE, "results": "Calls fell to 3 a month.", "action": "save"})
    people = other.get(f"{url}/people").text
    assert "@example.org" not in people, "no address for those who do not invite"
    assert "Somebody who was invited" in people
    assert "Send the invitation" not in people
    eve = rows(app)[1].id
    other.post(f"{url}/people", {"who": "x@example.org", "role": "co-author"}, status=403)
    for what in ("remove", "lead"):
        act(other, url, what, number=eve, status=403 if what == "remove" else 422)
    act(other, url, "lead", number=rows(app)[0].id, status=403)
    other.get(f"{url}/withdraw", 403)
    other.post(f"{url}/withdraw", on=f"{url}/people", status=403)
    other.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    assert "Calls fell to 3" in moderator.get(f"{url}/review").text
    moderator.post(f"{url}/review", {"verb": "publish"})
    page = author.get(url).text
    assert "With Olu Other" in page
    assert "Ada Author, Olu Other (" in page, "both are cited"


def test_a_reviewer_reads_a_draft_and_changes_nothing(author: Person, other: Person, worker: Worker, app: Flask) -> None:
    url = draft(author)
    joined(author, url, other, "reviewer")
    assert BODY in other.get(url).text
    assert BODY in other.get(f"{url}/export.md").text
    for page in ("/edit", "/edit/quick-share", "/preview", "/files", "/withdraw"):
        other.get(f"{url}{page}", 403)
    for path in ("/edit/quick-share", "/submit", "/discard", "/files", "/consents", "/withdraw", "/restore/1"):
        other.post(f"{url}{path}", {**CASE, **CONFIRMED}, on=f"{url}/people", status=403)
    assert CASE["results"] in author.get(url).text
    other.post(f"{url}/reviewed", {"remark": "Who is <b>Wendy</b>?"}, on=f"{url}/people")
    people = author.get(f"{url}/people").text
    assert "Who is &lt;b&gt;Wendy&lt;/b&gt;?" in people
    assert "Read it" in people
    worker.until_empty()
    assert "Olu Other has read it" in author.get("/notifications").text


def test_a_reviewer_finds_the_draft_and_may_follow_its_link(author: Person, other: Person) -> None:
    url = draft(author)
    joined(author, url, other, "reviewer")
    link = re.search(rf'href="({re.escape(url)}[^"]*)"', other.get("/drafts").text)
    assert link
    other.get(link.group(1))


def test_the_page_of_a_draft_does_not_tell_those_who_share_it_that_they_are_alone(author: Person, other: Person) -> None:
    url = draft(author)
    joined(author, url, other, "reviewer")
    page = other.get(url).text
    assert "Only you can see this" not in page
    assert f'href="{url}/edit"' not in page


def test_one_reviewer_does_not_read_what_another_remarks(author: Person, other: Person, app: Flask) -> None:
    url, nia = draft(author), account(app, "Nia Newcomer", "nia@example.org")
    joined(author, url, other, "reviewer")
    joined(author, url, nia, "reviewer")
    other.post(f"{url}/reviewed", {"remark": "It was hard to follow"}, on=f"{url}/people")
    assert "hard to follow" in other.get(f"{url}/people").text
    assert "hard to follow" not in nia.get(f"{url}/people").text


def test_who_was_not_asked_to_review_has_not_read_it(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    author.post(f"{url}/reviewed", on=f"{url}/people", status=403)
    other.post(f"{url}/reviewed", on="/account", status=403)
    joined(author, url, other)
    other.post(f"{url}/reviewed", on=f"{url}/people", status=403)
    assert "public reviewer" not in visitor.get(url).text


def test_the_page_says_that_a_patient_reviewer_read_it(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    joined(author, url, other, "reviewer", lived="yes")
    assert "Read by a patient or public reviewer" not in visitor.get(url).text, "asked is not read"
    other.post(f"{url}/reviewed", {"remark": "Fine"}, on=f"{url}/people")
    page = visitor.get(url).text
    assert "Read by a patient or public reviewer" in page
    assert "Olu Other" not in page
    assert "Fine" not in page


def test_a_reviewer_of_another_kind_is_not_said_to_be_a_patient(
    author: Person, other: Person, moderator: Person, visitor: Person
) -> None:
    url = published(author, moderator)
    joined(author, url, other, "reviewer")
    other.post(f"{url}/reviewed", on=f"{url}/people")
    assert "public reviewer" not in visitor.get(url).text


def test_a_moderator_who_writes_along_or_reviews_does_not_decide(author: Person, moderator: Person, app: Flask) -> None:
    for number, role in enumerate(("co-author", "reviewer")):
        url = submitted(author, title=f"A title that is long enough, number {number}")
        form = moderator.hidden(f"{url}/review", f"{url}/review")
        joined(author, url, moderator, role)
        assert "Another moderator decides" in moderator.get(f"{url}/review").text
        assert "Your own: another moderator decides" in moderator.get("/moderation").text
        refused = moderator.client.post(f"{url}/review", data={**form, "verb": "publish"})
        assert refused.status_code == 403
        assert "Waiting for a moderator" in author.get("/drafts").text
        person(app, "admin").post(f"{url}/review", {"verb": "publish"})
        hide = moderator.client.post(f"{url}/review", data={**form, "verb": "hide", "reason": "My own doubts"})
        assert hide.status_code in {403, 422}
        assert author.get(url)


def test_co_authors_follow_a_case_study_through_withdrawing_and_hiding(
    author: Person, other: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url, nia = published(author, moderator), account(app, "Nia Newcomer", "nia@example.org")
    joined(author, url, other)
    invite(author, url, nia.email)
    moderator.post(f"{url}/review", {"verb": "hide", "reason": "A name stands in it"})
    assert BODY in other.get(url).text
    visitor.get(url, 404)
    nia.get(url, 404)
    assert BODY not in nia.get("/invitations").text
    moderator.post(f"{url}/review", {"verb": "show", "reason": "It is out again"})
    visitor.get(url)
    author.post(f"{url}/withdraw")
    assert BODY in other.get(url).text
    nia.get(url, 404)
    visitor.get(url, 404)
    assert "Withdrawn" in other.get("/drafts").text
    answer(nia)
    assert BODY in nia.get(url).text
    other.post(f"{url}/leave", on=f"{url}/people")
    other.get(url, 404)


def test_the_page_of_people_is_for_those_who_take_part(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    invite(author, url, "eve@example.org")
    other.get(f"{url}/people", 404)
    other.post(f"{url}/people", {"who": "x@example.org", "role": "reviewer"}, on="/account", status=404)
    assert visitor.client.get(f"{url}/people").status_code == 303
    assert "eve@example.org" in moderator.get(f"{url}/people").text
    for who in (other, visitor):
        assert "eve@" not in who.get(url).text
