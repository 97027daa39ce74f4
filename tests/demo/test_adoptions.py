"""The demo's adoptions keep the limits of the record, point only at things that exist, and survive loading."""

from collections import Counter
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from forum.adoptions.models import Adoption
from forum.case_studies.models import CaseStudy
from forum.demo.load import load
from forum.kernel.db import db
from tests.demo.test_content import CASES, LAST, PEOPLE, PLACES, USERNAMES, read
from tests.demo.test_depth import AMERICAN, HABITS, no_bar

ADOPTIONS: list[dict[str, Any]] = read("adoptions.toml")["adoption"]
BY_SLUG = {case["slug"]: case for case in CASES}
LIMITS = {"place": 120, "changed": 400, "why": 400, "result_text": 600, "reason_text": 400, "message": 400}
STAFF = {p["username"] for p in PEOPLE if p["access"] != "member"}


def test_they_point_at_what_exists_and_keep_their_limits() -> None:
    for row in ADOPTIONS:
        case = BY_SLUG[row["case"]]
        authors = {case["author"], *case.get("co_authors", [])}
        assert case["state"] == "published"
        assert case["published"] + timedelta(days=14) <= row["shared"] <= LAST
        assert row["author"] in USERNAMES - authors
        assert set(row["organisations"]) <= set(PLACES)
        assert not set(row["organisations"]) <= set(case["organisations"])
        assert row.get("verified_by", case["author"]) in (authors | STAFF) - {row["author"]}
        assert all(0 < len(row[name]) <= longest for name, longest in LIMITS.items() if name in row)
        text = " ".join(str(row.get(name, "")) for name in LIMITS).casefold()
        assert [habit for habit in (*HABITS, *AMERICAN) if habit in text] == []


def test_they_are_of_every_kind() -> None:
    stages = Counter(row["stage"] for row in ADOPTIONS)
    assert stages == {"adapted": 2, "stopped": 2, "adopted": 2, "piloting": 1, "considering": 1, "decided-not-to": 1}
    assert sum(row["case"] == "care-home-ward-round" for row in ADOPTIONS) == 4
    assert sum("verified_by" in row for row in ADOPTIONS) == 5


def test_all_of_them_survive_loading(context: Flask) -> None:
    assert load(no_bar)
    rows = list(db.session.scalars(select(Adoption)))
    assert Counter(a.status for a in rows) == {"published": len(ADOPTIONS)}
    assert Counter(a.stage for a in rows) == Counter(row["stage"] for row in ADOPTIONS)
    assert {a.created_at.date() for a in rows} == {row["shared"] for row in ADOPTIONS}
    case = db.session.scalars(select(CaseStudy).where(CaseStudy.title == BY_SLUG["care-home-ward-round"]["title"])).one()
    assert (case.tried, case.adopted) == (4, 2)
    assert {name: case.travel[name] for name in ("verified", "regions", "stopped")} == {"verified": 2, "regions": 2, "stopped": 1}
