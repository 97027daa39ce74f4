"""What follows the demo's case studies: measures of every kind, updates, freshness, levels of evidence.

Limits are written out here, apart from the product's own code, as in `test_content`; what only the product knows (charts, gaps) is
asked of the product.
"""

import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Account
from forum.case_studies.evidence.currency import state, unasked
from forum.case_studies.models import CaseStudy
from forum.demo.load import load
from forum.discussions.models import Post, Thread
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.outbox import OutboxRow
from forum.measures.charts import make, targets_of
from forum.measures.models import Measure
from forum.measures.record import findings, gaps, normal, read_figures
from forum.spc.read.series import small_counts
from forum.updates.models import Update
from tests.demo.test_content import CASES, PEOPLE, read, words
from tests.demo.test_depth import AMERICAN, HABITS, no_bar, strings

MEASURES: list[dict[str, Any]] = read("measures.toml")["measure"]
UPDATES: list[dict[str, Any]] = read("updates.toml")["update"]
LEVELS: list[dict[str, Any]] = read("evidence.toml")["level"]
BY_SLUG = {c["slug"]: c for c in CASES}
#: The day on which the demo is set, so that these tests say the same on every day.
TODAY = date(2026, 11, 25)
LONGEST = {"name": 100, "definition": 400, "unit": 30, "source": 300, "interpretation": 300}
CHOICES = {
    "kind": words("outcome process balancing experience cost"),
    "value_kind": words("count percentage rate mean days pounds score"),
    "direction": words("increase decrease neither"),
    "every": words("day week 4-weeks month quarter year"),
    "part": words("""self-care-and-communities primary-care community-health mental-health learning-disability-and-autism
        acute-and-specialist urgent-and-emergency-ambulance social-care public-health vcse housing-education-justice whole-system"""),
}
ROWS = {
    "phases": ({"label": 60, "reason": 200}, words("label start kind recalculate reason")),
    "remarks": ({"text": 120}, words("date what text")),
    "targets": ({"source": 120, "value": 20}, words("value since source")),
}
ENTRIES = words("update setback recovery confirmation")
STATUSES = words("piloting running running-and-spread stopped stopped-and-replaced")


def editors(case: dict[str, Any]) -> set[str]:
    return {case["author"], *case.get("co_authors", [])}


def of(slug: str) -> list[dict[str, Any]]:
    return [m for m in MEASURES if m["case"] == slug and "adopter" not in m]


def chart(row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record of a measure, and what its page would print."""
    record, _ = read_figures(row["figures"], normal(row))
    return record, make(record, "x").reading


def named(row: dict[str, Any]) -> str:
    return f"{row['case']}: {row['name']}"


@pytest.mark.parametrize("row", MEASURES, ids=named)
def test_a_measure_keeps_its_limits(row: dict[str, Any]) -> None:
    assert row["case"] in BY_SLUG
    assert set(row) <= {"case", "adopter", "figures", "decimals", "baseline", "people", *LONGEST, *CHOICES, *ROWS}
    for name, longest in LONGEST.items():
        assert name == "unit" or row.get(name), f"{name} is missing"
        assert len(row.get(name, "")) <= longest, f"{name}: {len(row[name])} of {longest}"
    for name, known in CHOICES.items():
        assert row[name] in known
    for name, (longest_of, columns) in ROWS.items():
        for cells in row.get(name, []):
            assert set(cells) <= columns
            assert all(len(cells.get(column, "")) <= longest for column, longest in longest_of.items()), cells
    assert row.get("baseline", 12) >= 12


def test_measures_are_read_without_a_stop_and_hold_nothing_that_identifies(context: Flask) -> None:
    for row in MEASURES:
        record, series = read_figures(row["figures"], normal(row))
        assert series.sound, (named(row), series.problems)
        told = [p.message for p in series.problems if "Limits need" not in p.message and "gap" not in p.message]
        assert told == [], named(row)
        assert gaps(record) == [], named(row)
        assert findings(record) == [], named(row)
        assert small_counts(series.points, row.get("people", False)) == [], named(row)
        last = max(p.date for p in series.points)
        assert last <= TODAY, named(row)
        told_on = [BY_SLUG[row["case"]]["published"], *(u["recorded"] for u in UPDATES if u["case"] == row["case"])]
        assert last <= max(told_on) or "adopter" in row, f"{named(row)}: nobody has told of {last} yet"


def test_measures_together_show_everything(context: Flask) -> None:
    made = [(row, *chart(row)) for row in MEASURES]
    readings = [reading for _, _, reading in made]
    assert len({row["case"] for row in MEASURES}) >= 14
    assert {r["stage"] for r in readings} == {"table", "run-chart", "trial", "limits"}
    variations = {r["variation"] for r in readings}
    assert variations >= {"common_cause", "improvement_high", "improvement_low", "concern_high", "concern_low", "neutral_high"}
    assert {r["assurance"] for r in readings} == {"", "consistent_pass", "consistent_fail", "inconsistent"}
    assert any(r["two"] for r in readings)
    assert {r["effect"] for r in readings} == {"", "better", "worse", "none"}
    three = [row for row, _, r in made if r["recalculated"] and r["effect"] == "better" and len(row["phases"]) >= 3]
    assert three, "improvement with new limits and three phases"
    assert any(len({value for _, value in targets_of(record)}) > 1 for _, record, _ in made), "a target that was raised"
    assert any(r["n"] == 15 and r["stage"] == "trial" for r in readings)
    assert any(r["n"] == 8 for r in readings)
    for name in ("kind", "value_kind", "direction"):
        assert {row[name] for row in MEASURES} == CHOICES[name], name
    assert {row["every"] for row in MEASURES} == CHOICES["every"] - {"day"}
    assert {r["what"] for row in MEASURES for r in row.get("remarks", [])} == words("note provisional left-out")
    assert any(row.get("baseline") for row in MEASURES)
    points = [(row["value_kind"], p) for row, record, _ in made for p in record["points"]]
    assert any(kind == "percentage" and p[1] == 100 for kind, p in points)
    assert any(p[3] is not None for _, p in points)


def test_measures_that_a_story_promises(context: Flask) -> None:
    def readings(slug: str) -> dict[str, dict[str, Any]]:
        return {row["name"]: chart(row)[1] for row in of(slug)}

    assert readings("strength-classes")["People over 65 at hospital after a fall"]["variation"] == "common_cause"
    assert "concern_low" in {r["variation"] for r in readings("urgent-hub-stopped").values()}
    assert any(r["n"] == 8 for r in readings("pharmacy-blood-pressure").values())
    assert any(r["two"] for r in readings("carers-on-the-board").values())
    pooled = of("pooled-equipment")
    assert (len(pooled), len({m["part"] for m in pooled})) == (5, 3)
    assert sum(m["kind"] == "balancing" for m in pooled) == 1
    outcomes = {m["case"] for m in MEASURES if m["kind"] == "outcome"}
    assert outcomes - {m["case"] for m in MEASURES if m["kind"] == "balancing"}, "a grid that says “not measured”"


def test_sums_agree_with_the_texts(context: Flask) -> None:
    def sums(slug: str, name: str) -> Counter[str]:
        row = next(m for m in of(slug) if m["name"].startswith(name))
        found: Counter[str] = Counter()
        for day, value, *_ in chart(row)[0]["points"]:
            found[day[:4]] += round(value)
        return found

    assert sums("strength-classes", "People over 65") == {"2022": 640, "2023": 655, "2024": 648}
    visits = sums("crisis-cafe", "Visits")
    assert visits["2024"] + visits["2025"] == 2630
    calls = [p[1] for p in chart(of("care-home-ward-round")[0])[0]["points"]]
    assert (sum(calls[:12]), sum(calls[12:24]), sum(calls[24:36])) == (108, 61, 59)
    spoken = next(r["text"] for r in BY_SLUG["care-home-ward-round"]["thread"] if "paper diary" in r["text"])
    assert [int(n) for n in re.findall(r"\b\d{1,2}\b", spoken)] == calls[:24]


def test_updates_keep_their_limits() -> None:
    assert 14 <= len(UPDATES) <= 22
    assert {u["entry"] for u in UPDATES} == ENTRIES
    for u in UPDATES:
        case = BY_SLUG[u["case"]]
        assert case["state"] == "published"
        assert u["author"] in editors(case), u["case"]
        assert case["published"] < u["recorded"] <= TODAY
        assert u["happened"] <= u["recorded"]
        assert u["status"] in {"", *STATUSES}
        assert len(u["text"].strip()) <= 600
        assert bool(u["text"].strip()) == (u["entry"] != "confirmation")
    after = {round((u["recorded"] - BY_SLUG[u["case"]]["published"]).days / 30.4) for u in UPDATES}
    assert {6, 12} <= after, "at the milestones"
    recovered = [u["case"] for u in UPDATES if u["entry"] == "recovery"]
    setbacks = [u["case"] for u in UPDATES if u["entry"] == "setback"]
    assert len(setbacks) >= 3
    assert set(recovered) <= set(setbacks), "one recovers from something"
    assert any(u["status"] == "stopped" for u in UPDATES)


def test_levels_are_confirmed_by_moderators_who_took_no_part() -> None:
    people = {p["username"]: p for p in PEOPLE}
    assert len(LEVELS) == len({row["case"] for row in LEVELS}) >= 6
    for row in LEVELS:
        case, who = BY_SLUG[row["case"]], people[row["by"]]
        assert who["access"] == "moderator"
        assert who["username"] not in editors(case) | {r["author"] for r in case.get("reviewer", [])}
        assert who["organisation"] not in case["organisations"]
        assert case["published"] <= row["on"] <= TODAY
        assert 20 <= len(row["reason"]) <= 200


def test_no_habits_of_machines_and_no_text_twice() -> None:
    for row in (*MEASURES, *UPDATES, *LEVELS):
        text = "\n".join(strings(row)).casefold()
        assert [habit for habit in (*HABITS, *AMERICAN) if habit in text] == [], row["case"]
    said = [row[name] for row in MEASURES for name in ("definition", "interpretation")] + [u["text"] for u in UPDATES if u["text"]]
    assert [t for t, n in Counter(said).items() if n > 1] == []


def test_all_that_follows_survives_loading(context: Flask) -> None:
    assert load(no_bar)
    cases = {c.name: c for c in db.session.scalars(select(CaseStudy))}
    loaded = {slug: cases[c["title"]] for slug, c in BY_SLUG.items() if c["state"] == "published"}
    members = {a.id: a.username for a in db.session.scalars(select(Account))}
    measures = Counter(m.ref_id for m in db.session.scalars(select(Measure)) if m.shown and m.kind == CaseStudy.kind)
    written = db.session.scalars(select(Update).order_by(Update.recorded_at, Update.happened)).all()
    assert [(u.happened, u.recorded_at.date(), u.entry, members[u.member_id]) for u in written] == [
        (u["happened"], u["recorded"], u["entry"], u["author"])
        for u in sorted(UPDATES, key=lambda u: (u["recorded"], u["happened"]))
    ]
    for slug, case in loaded.items():
        assert measures[case.id] == case.measures_shown == len(of(slug)), slug
        assert case.published_at is not None
        assert case.confirmed_at is not None
        told = [BY_SLUG[slug]["published"], *(u["recorded"] for u in UPDATES if u["case"] == slug)]
        assert (case.published_at.date(), case.confirmed_at.date()) == (told[0], max(told)), slug
    check_freshness(loaded)
    confirmed = {slug: c.evidence["confirmed"] for slug, c in loaded.items() if "confirmed" in c.evidence}
    assert {slug: (members[c["by"]], c["reason"]) for slug, c in confirmed.items()} == {
        row["case"]: (row["by"], row["reason"]) for row in LEVELS
    }
    assert {loaded[slug].evidence_level for slug in confirmed} == {1, 2, 4}
    assert all(c.evidence_level == c.evidence_looked == c.evidence_suggested for s, c in loaded.items() if s in confirmed)
    with transaction():
        assert unasked(now()) == [], "nobody is asked on the first day"
    waiting = {row.name for row in db.session.scalars(select(OutboxRow).where(OutboxRow.queue != "index"))}
    assert not waiting & {"UpdatePosted", "UpdateDue"}
    for thread in db.session.scalars(select(Thread)):
        posts = db.session.scalars(select(Post).where(Post.thread_id == thread.id).order_by(Post.seq)).all()
        days = [p.created_at for p in posts]
        assert days == sorted(days), f"{thread.title}: a reply stands before what it replies to"
        assert (thread.created_at, thread.last_at) == (days[0], days[-1]), thread.title


def check_freshness(loaded: dict[str, CaseStudy]) -> None:
    """As it stands on the day on which the demo is set; on the day of loading, it is what the product makes of the same dates."""
    fresh = {slug: state(c.review_by, TODAY) for slug, c in loaded.items() if c.review_by is not None}
    assert set(fresh.values()) == {"confirmed", "update-due", "not-heard-from"}
    assert fresh["hospice-shared-record"] == "not-heard-from"
    assert fresh["home-before-lunch"] == fresh["carers-on-the-board"] == "update-due"
    assert fresh["care-home-ward-round"] == "confirmed"
    assert all(c.freshness == state(c.review_by, now().date()) for c in loaded.values() if c.review_by is not None)
    ended = [c for c in loaded.values() if c.practice_status.startswith("stopped")]
    assert all((c.review_by, c.freshness, c.lasting_months) == (None, "", 0) for c in ended)
    assert loaded["supper-club-for-leaders"] in ended
    assert loaded["supper-club-for-leaders"].record["stopped"] == "2026-10"
    assert max(c.lasting_months for c in loaded.values()) >= 24
    assert loaded["care-home-ward-round"].data_months >= 24
    assert sum(c.data_months >= 12 for c in loaded.values()) >= 3
    due = [c.prompted for slug, c in loaded.items() if fresh.get(slug) in {"update-due", "not-heard-from"}]
    assert all(due), "they count as asked"
    assert timedelta(days=90) < TODAY - (loaded["hospice-shared-record"].review_by or TODAY)
