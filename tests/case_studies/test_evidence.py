"""Levels of evidence: suggested by rules, confirmed by a moderator, apart from the direction; and the dates that follow publication."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from forum.case_studies.evidence import currency
from forum.case_studies.evidence.levels import direction, suggest
from forum.case_studies.models import CaseStudy
from forum.kernel.db import db
from forum.worker import Worker
from tests.measures.steps import measure
from tests.page import Person
from tests.stories import published

DESCRIBED = {"problem": "p", "actions": "a", "rationale": "r"}
COMPARED = {**DESCRIBED, "design": "comparison", "analysis": "By another ward."}
EVALUATED = {**DESCRIBED, "references": [{"reference": "NG27", "part": "evaluation"}]}


def one(effect: str = "better", points: int = 20, kind: str = "outcome") -> Any:
    return SimpleNamespace(name="Falls", effect=effect, points=points, about={"kind": kind})


@pytest.mark.parametrize(
    ("record", "measures", "travel", "months", "level"),
    [
        ({}, [], {}, 0, 0),
        ({"problem": "p", "actions": "a"}, [one()], {}, 0, 0),
        (DESCRIBED, [], {}, 0, 1),
        (DESCRIBED, [one(points=2, effect="")], {}, 0, 1),
        (DESCRIBED, [one(points=12)], {}, 0, 1),
        (DESCRIBED, [one("none")], {}, 30, 1),
        (DESCRIBED, [one("worse")], {}, 30, 1),
        (DESCRIBED, [one("none"), one(points=13)], {}, 0, 2),
        (COMPARED, [], {}, 0, 1),
        (COMPARED, [one()], {}, 0, 3),
        ({**COMPARED, "analysis": ""}, [one()], {}, 0, 2),
        (EVALUATED, [one()], {}, 0, 4),
        (DESCRIBED, [one()], {"improving": 1}, 0, 2),
        (DESCRIBED, [one()], {"improving": 2}, 0, 4),
        (DESCRIBED, [one()], {"improving": 2, "verified": 5, "regions": 3}, 11, 4),
        (DESCRIBED, [one()], {"improving": 2, "verified": 4, "regions": 3}, 12, 4),
        (DESCRIBED, [one()], {"improving": 2, "verified": 5, "regions": 2}, 12, 4),
        (DESCRIBED, [one()], {"improving": 2, "verified": 5, "regions": 3}, 12, 5),
        (DESCRIBED, [one()], {"improving": 2, "verified": 5, "regions": 3, "sustained": 1}, 0, 5),
        (COMPARED, [], {"improving": 2, "verified": 9, "regions": 9}, 24, 1),
    ],
)
def test_what_the_record_suggests(
    record: dict[str, Any], measures: list[Any], travel: dict[str, int], months: int, level: int
) -> None:
    found = suggest(record, measures, travel, months)
    assert found.level == level
    assert bool(found.reasons) == (level > 0)
    assert bool(found.next) == (level < 5)


@pytest.mark.parametrize(
    ("measures", "found"),
    [
        ([], ""),
        ([one(points=12)], ""),
        ([one("none")], "no-change"),
        ([one("worse")], "worse"),
        ([one(), one("none")], "better"),
        ([one(), one("worse")], "mixed"),
        ([one(), one("worse", kind="balancing")], "mixed"),
        ([one(), one("worse", kind="process")], "better"),
        ([one("worse", kind="process")], "worse"),
    ],
)
def test_the_direction_is_that_of_the_outcome(measures: list[Any], found: str) -> None:
    assert direction(measures) == found


def test_dates_after_publication() -> None:
    assert currency.later(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert currency.months_between(date(2025, 8, 31), date(2026, 2, 28)) == 5
    assert currency.months_between(date(2026, 1, 1), date(2025, 1, 1)) == 0
    start = date(2025, 1, 15)
    assert currency.milestones(start, start) == [6]
    assert currency.milestones(start, date(2025, 7, 14)) == [6]
    assert currency.milestones(start, date(2025, 7, 15)) == [6, 12]
    assert currency.milestones(start, date(2029, 2, 1)) == [6, 12, 24, 36, 48, 60]


def case_with_figures(author: Person, moderator: Person) -> str:
    url = published(author, moderator)
    author.post(f"{url}/edit/aim", {"rationale": "Fewer people in a hurry.", "action": "save"})
    author.post(f"{url}/submit", {"confirmed": ["identity", "consent", "rights", "licence", "interests"]}, on=f"{url}/preview")
    measure(author, url)
    return url


def test_a_moderator_confirms_and_the_author_is_told(
    author: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = case_with_figures(author, moderator)
    page = visitor.get(url).text
    assert "Figures show improvement (level 2), not confirmed yet" in page
    assert "Suggested: Figures show improvement (level 2)" in moderator.get("/moderation").text
    moderator.post(f"{url}/evidence", {"level": "2", "reason": ""})
    assert "Figures show improvement (level 2)" in visitor.get(url).text
    assert "not confirmed yet" not in visitor.get(url).text
    assert "Suggested: Figures show improvement" not in moderator.get("/moderation").text
    why = visitor.get(f"{url}/evidence").text
    for words in ("Special-cause improvement after the change", "It got better", "Confirmed by a moderator", "Level 3 needs"):
        assert words in why, words
    worker.until_empty()
    assert "is: Figures show improvement (level 2)." in author.get("/notifications").text
    assert "Weekly ward round" in visitor.get("/case-studies?evidence=2&sort=evidence").text
    assert "No case study matches" in visitor.get("/case-studies?evidence=3").text
    with app.app_context():
        assert db.session.query(CaseStudy).one().evidence["confirmed"]["by"]


def test_what_nobody_could_assess_is_called_that_and_its_author_is_asked(
    author: Person, moderator: Person, visitor: Person
) -> None:
    """Charts of two years stood beside "Idea or in progress. No result yet", for the want of one answer."""
    url = published(author, moderator)
    measure(author, url)
    for page in (url, f"{url}/evidence", f"{url}/board"):
        text = visitor.get(page).text
        assert "Not assessed yet" in text, page
        assert "No result" not in text
        assert "One answer is missing</h2>" not in text, page
    ask = f'href="{url}/edit/aim#rationale">Why it should work</a>'
    for page in (url, f"{url}/evidence", f"{url}/edit", f"{url}/preview"):
        assert ask in author.get(page).text, page
    author.post(f"{url}/edit/aim", {"rationale": "Fewer people in a hurry.", "action": "save"})
    assert ask not in author.get(f"{url}/edit").text
    author.post(f"{url}/submit", {"confirmed": ["identity", "consent", "rights", "licence", "interests"]}, on=f"{url}/preview")
    assert ask not in author.get(url).text
    assert "Figures show improvement (level 2)" in visitor.get(url).text


def test_another_level_needs_a_reason(author: Person, moderator: Person, visitor: Person) -> None:
    url = case_with_figures(author, moderator)
    text = moderator.post(f"{url}/evidence", {"level": "1", "reason": ""}, status=422).text
    assert "Say why it is a different level" in text
    moderator.post(f"{url}/evidence", {"level": "1", "reason": "The ward also got more staff in that month."})
    assert "more staff in that month" in visitor.get(f"{url}/evidence").text


def test_what_was_seen_is_what_is_confirmed(author: Person, moderator: Person) -> None:
    url = case_with_figures(author, moderator)
    text = moderator.client.post(f"{url}/evidence", data={**moderator.hidden(f"{url}/evidence", f"{url}/evidence"), "level": "2", "expected": "1"})  # fmt: skip
    assert "suggestion has changed" in text.text


def test_nobody_else_confirms(author: Person, other: Person, visitor: Person, moderator: Person) -> None:
    url = case_with_figures(author, moderator)
    for person in (author, other, visitor):
        assert "Confirm the level" not in person.get(f"{url}/evidence").text
    token = other.hidden("/case-studies/new", "/case-studies/new")
    assert other.client.post(f"{url}/evidence", data={**token, "level": "5", "expected": "2"}).status_code == 404
