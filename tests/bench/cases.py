"""A published case study with 20 measures of 120 points, and one with two: made through the actions, as people make them."""

import random
from datetime import date

from forum.access.actors import Member
from forum.case_studies.editing.actions import begin
from forum.case_studies.measure_owner import OWNER
from forum.case_studies.moderation import actions as moderating
from forum.case_studies.record.fields import CONFIRMATIONS
from forum.case_studies.record.values import html, normal
from forum.case_studies.submission.actions import submit
from forum.kernel.db import transaction
from forum.measures import charts
from forum.measures.actions import add
from forum.measures.record import normal as measure_of
from tests.stories import CASE

POINTS = 120


def measured(author: Member, moderator: Member, count: int) -> str:
    """A case study with so many measures; gives its address."""
    rng = random.Random(count)
    texts = {name: value for name, value in CASE.items() if isinstance(value, str) and "organisations" not in name}
    with transaction():
        case = begin(author, normal({**texts, "organisations": ["Anytown Surgery"], "elements": ["resilience"]}))
    with transaction():
        submit(author, case.id, html(case.working or {}), [], {}, list(CONFIRMATIONS))
    for number in range(count):
        record = measure_of(
            {
                "name": f"Measure {number}",
                "definition": "Counted as it should be.",
                "kind": "outcome",
                "part": "primary-care",
                "value_kind": "count",
                "unit": "calls",
                "direction": "decrease",
                "every": "month",
                "interpretation": "It fell when the change began.",
                "phases": [{"label": "It began", "start": "2021-01-01", "kind": "change"}],
                "points": [
                    [date(2016 + n // 12, n % 12 + 1, 1).isoformat(), float(rng.randint(30, 60) - n // 6), None, None]
                    for n in range(POINTS)
                ],
            }
        )
        made = charts.make(record, f"b{count}x{number}")
        with transaction():
            add(author, OWNER, case.id, record, made)
    with transaction():
        case = moderating.decide(moderator, case.id, "publish", "", "<p>Talk</p>")
    return case.url
