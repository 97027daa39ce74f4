"""What tests of adoptions repeat."""

from flask import Flask

from forum.kernel.db import db
from tests.page import Person
from tests.stories import CONFIRMED, draft, published

PARTS = ("The same GP every week", "The senior carer speaks first")
SHARED = {"organisations": "Farville Surgery", "stage": "adopted", "result": "better", "message": "Ask the night staff first."}
STOPPED = {
    "organisations": "Eastleigh Lodge care home",
    "stage": "stopped",
    "result": "similar",
    "reasons": ["staffing", "time"],
    "reason_text": "Our GP left and nobody came after.",
}


def case_with_parts(author: Person, moderator: Person, **changes: object) -> str:
    """A published case study that names two core parts; gives its address."""
    url = draft(author, **changes)
    author.post(f"{url}/edit/detail", {"core_parts-0-text": PARTS[0], "core_parts-1-text": PARTS[1], "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    moderator.post(f"{url}/review", {"verb": "publish"})
    return url


def case(author: Person, moderator: Person, **changes: object) -> str:
    return published(author, moderator, **changes)


def share(by: Person, case_url: str, **changes: object) -> str:
    """Say "we tried this"; gives the address of the record."""
    return by.location(by.post(f"{case_url}/adoptions/new", {**SHARED, **changes}))


def number(url: str) -> str:
    return url.rpartition("/")[2]


def facts_of(app: Flask, case_url: str) -> dict[str, int]:
    """What the case study was told of its travel."""
    from forum.case_studies.models import CaseStudy

    with app.app_context():
        found = db.session.get_one(CaseStudy, int(number(case_url).split("-")[0]))
        travel = dict(found.travel)
        assert (found.tried, found.adopted) == (travel["tried"], travel["adopted"] + travel["adapted"])
        db.session.remove()
    return travel
