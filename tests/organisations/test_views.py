"""An organisation that is missing: named by a member, used at once, confirmed or closed by a moderator."""

import re

from forum.worker import Worker
from tests.page import Person
from tests.stories import published


def waiting(moderator: Person) -> str:
    found = re.search(r"/moderation/organisations/\d+", moderator.get("/moderation").text)
    assert found
    return found.group()


def test_a_new_name_is_confirmed_with_its_region(author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    url = published(author, moderator, **{"organisations-0": "Newtown Hospice"})
    assert "Newtown Hospice" in visitor.get(url).text
    assert "/organisations/" not in visitor.get(url).text
    page = waiting(moderator)
    moderator.post(page, {"outcome": "confirm", "type": "hospice", "region": "wales"})
    link = re.search(r'href="(/organisations/[^"]+)"', visitor.get(url).text)
    assert link
    assert "Hospice" in visitor.get(link.group(1)).text
    assert "<strong>1</strong>" in visitor.get("/case-studies?region=wales").text
    worker.until_empty()
    assert "was confirmed" in author.get("/notifications").text


def test_closing_needs_a_reason(author: Person, moderator: Person, worker: Worker) -> None:
    published(author, moderator, **{"organisations-0": "Mistyped Trust"})
    page = waiting(moderator)
    moderator.post(page, {"outcome": "close", "type": "other", "region": ""}, status=422)
    moderator.post(page, {"outcome": "close", "type": "other", "region": "", "reason": "It is here twice"})
    worker.until_empty()
    assert "It is here twice" in author.get("/notifications").text


def test_known_names_and_codes_are_found(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator, **{"organisations-0": "r0a", "organisations-1": "DEVON COUNTY COUNCIL"})
    page = visitor.get(url).text
    assert "Manchester University NHS Foundation Trust" in page
    assert "North West" in page
    assert "South West" in page
