"""What adoptions say together: facts, the panel, small charts, lists, a constant number of questions, and a purge."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from forum.access.actors import Member
from forum.adoptions import actions, reach_elsewhere
from forum.adoptions.actions import AdoptionDraft
from forum.adoptions.panels import core_parts, quotes, reasons
from forum.case_studies.record.values import fingerprint
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.measures import charts
from forum.measures.models import Measure
from forum.worker import Worker
from tests.adoptions.steps import PARTS, SHARED, STOPPED, case, case_with_parts, facts_of, number, share
from tests.case_studies.test_purge import REASON, where
from tests.counting import counted
from tests.page import Person

LEEDS, MERSEY = "Leeds Teaching Hospitals NHS Trust", "Alder Hey Children's NHS Foundation Trust"


def measure(ref_id: int, effect: str = "better", last: date = date(2026, 6, 1), kind: str = "adoption", **changes: Any) -> Measure:
    at = now()
    points = [[f"2025-{month:02}-01", float(month), None, None] for month in range(1, 13)]
    record = {"name": "Calls <a month>", "unit": "calls", "value_kind": "count", "direction": "decrease", "points": points}
    record |= {"kind": "outcome", "part": "social-care", "every": "month", "interpretation": "It grew."}
    base: dict[str, Any] = {"member_id": 2, "created_at": at, "saved_at": at, "shown": True, "changed_on": date(2025, 6, 1)}
    return Measure(kind=kind, ref_id=ref_id, record=record, effect=effect, last_on=last, points=12, **(base | changes))


def olu_of(app: Flask) -> Member:
    from forum.accounts.queries import by_email

    account = by_email("olu@example.org")
    assert account
    return account.member()


def add_measures(app: Flask, made: str, *measures: Measure) -> None:
    with app.app_context():
        with transaction():
            for one in measures:
                one.reading = charts.make(one.record, f"t{one.ref_id}").reading
            db.session.add_all(measures)
            olu = olu_of(app)
            actions.measures_changed(olu, actions.queries.get(olu, int(number(made))), [])
        db.session.remove()


def test_facts(author: Person, other: Person, moderator: Person, app: Flask) -> None:
    url = case(author, moderator)
    assert facts_of_none(app, url)
    adopted = share(other, url, organisations=LEEDS)
    adapted = share(other, url, stage="adapted", organisations=MERSEY, partner_1=LEEDS)
    piloting = share(other, url, stage="piloting", organisations="Third Surgery")
    share(other, url, **STOPPED)
    for stage in ("considering", "planning", "decided-not-to"):
        share(other, url, stage=stage, reasons=["time"], organisations=f"{stage} Surgery")
    for made in (adopted, adapted, piloting):
        author.post(f"{made}/verify", {"on": "1"}, on=made)
    facts = facts_of(app, url)
    assert facts == {
        "tried": 4, "adopted": 1, "adapted": 1, "stopped": 1, "verified": 2, "improving": 0, "regions": 2, "sustained": 0,
    }  # fmt: skip
    id_ = int(number(adopted))
    add_measures(app, adopted, measure(id_), measure(int(number(adapted)), last=date(2026, 5, 31)), measure(int(number(piloting))))
    facts = facts_of(app, url)
    assert (facts["improving"], facts["sustained"]) == (2, 1)
    other.post(f"{adopted}/withdraw", {"on": "1"}, on=adopted)
    facts = facts_of(app, url)
    assert (facts["tried"], facts["verified"], facts["improving"], facts["sustained"], facts["regions"]) == (3, 1, 1, 0, 1)


def facts_of_none(app: Flask, url: str) -> bool:
    with app.app_context():
        return reach_elsewhere.facts(int(number(url).split("-")[0])) == reach_elsewhere.TravelFacts()


@pytest.mark.parametrize("changes", [{"effect": "none"}, {"shown": False}, {"removed_at": now()}])
def test_only_measures_that_readers_see_and_that_got_better_count(
    author: Person, other: Person, moderator: Person, app: Flask, changes: dict[str, Any]
) -> None:
    url = case(author, moderator)
    made = share(other, url)
    author.post(f"{made}/verify", {"on": "1"}, on=made)
    add_measures(app, made, measure(int(number(made)), **changes))
    assert (facts_of(app, url)["verified"], facts_of(app, url)["improving"]) == (1, 0)


def test_what_was_kept_where_it_worked() -> None:
    told = [
        ("adopted", "better", {"kept": ["a", "b"]}),
        ("adapted", "similar", {"kept": ["a"]}),
        ("piloting", "better", {"changed": "All of it"}),
        ("adopted", "better", {}),
        ("adapted", "worse", {"kept": ["a", "b"]}),
        ("stopped", "similar", {"kept": ["b"], "reasons": ["time"], "reason_text": "No time"}),
        ("decided-not-to", "better", {"kept": ["b"], "reasons": ["time", "other"]}),
    ]
    assert core_parts(told, ["a", "b"]) == (3, [("a", 2), ("b", 1)])
    assert core_parts([], ["a"]) == (0, [("a", 0)])
    assert quotes(told) == ["No time"]


def test_reasons_are_counted_only_of_those_who_ended(context: Flask) -> None:
    told = [(stage, "", {"reasons": ["time", "staffing"]}) for stage in ("stopped", "decided-not-to", "adopted")]
    assert reasons([*told, ("stopped", "", {"reasons": ["time"]})]) == [("Time", 3), ("Staffing", 2)]


def test_the_panel(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = case_with_parts(author, moderator)
    page = visitor.get(url).text
    assert "Nobody has told us yet" in page
    assert "We tried this</a>" in page
    share(other, url, kept=[fingerprint(PARTS[0])])
    share(
        other, url, organisations="Second Surgery", stage="adapted", kept=[fingerprint(p) for p in PARTS], message="The second word"
    )
    share(other, url, organisations="Third Surgery", stage="planning", message="The third word")
    share(other, url, **{**STOPPED, "message": ""})
    page = visitor.get(url).text.split('id="travel"')[1]
    for words in (
        "kept by 2 of 2",
        "kept by 1 of 2",
        "Staffing",
        "Our GP left",
        "The second word",
        "1 more team is",
        "All 4 entries",
    ):
        assert words in page, words
    assert SHARED["message"] not in page, "only the newest three"
    assert [page.split("app-stat__number")[n][2:3] for n in range(1, 5)] == ["3", "1", "1", "1"]
    every = visitor.get(f"{url}/adoptions").text
    assert SHARED["message"] in every
    one = visitor.get(f"{url}/adoptions?stage=stopped").text
    assert "Eastleigh Lodge" in one
    assert "Second Surgery" not in one
    assert visitor.client.get(f"{url}/adoptions?page=2").status_code == 404
    assert visitor.get(f"{url}/adoptions?stage=invented").text.count("app-adoption__title") == 4
    author.get(f"{url}/preview")


def test_small_charts_stand_side_by_side(author: Person, other: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    url = case(author, moderator)
    made = share(other, url)
    own = int(number(url).split("-")[0])
    few = measure(int(number(made)))
    few.record, few.points = {**few.record, "points": few.record["points"][:3]}, 3
    add_measures(app, made, measure(own, kind="case-study"), measure(int(number(made))), few)
    page = visitor.get(url).text
    assert page.count('class="app-chart__svg"') == 2
    scales = re.findall(r'text-anchor="end"[^>]*>([0-9]+)<', page)
    assert scales[: len(scales) // 2] == scales[len(scales) // 2 :], "one scale"
    assert "Where it began: Calls &lt;a month&gt;" in page
    assert "Farville Surgery: Calls &lt;a month&gt;" in page
    assert "<a month>" not in page
    other.post(f"{made}/withdraw", {"on": "1"}, on=made)
    assert "app-chart__svg" not in visitor.get(url).text


def test_people_and_organisations_show_what_they_tried(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    assert "Tried from elsewhere" not in visitor.get("/people/olu-other").text
    made = share(other, case(author, moderator), organisations=LEEDS)
    place = f"/organisations/{visitor.get(made).text.split('/organisations/')[1].split(chr(34))[0]}"
    for page in ("/people/olu-other", place):
        text = visitor.get(page).text
        assert "Tried from elsewhere" in text
        assert made in text


def test_the_number_of_questions_does_not_grow(
    author: Person, other: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = case_with_parts(author, moderator)
    made = share(other, url, kept=[fingerprint(PARTS[0])])
    pages = (url, f"{url}/adoptions", made, "/people/olu-other")
    before = {page: questions(other, page) for page in pages}
    with app.app_context():
        olu = olu_of(app)
        for name in range(12):
            places = [f"Place {name}", f"Partner {name}"]
            values = {**SHARED, "organisations": places, "stage": "adapted", "kept": [PARTS[0]], "changed": "Some"}
            with transaction():
                actions.share(olu, int(number(url).split("-")[0]), AdoptionDraft(values))
        db.session.remove()
    assert {page: questions(other, page) for page in pages} == before


def questions(who: Person, page: str) -> int:
    who.client.get("/about")
    with counted() as said:
        who.get(page)
    return len(said)


def test_words_are_purged_from_records_revisions_and_measures(
    author: Person, other: Person, moderator: Person, worker: Worker, app: Flask
) -> None:
    secret = "Fennimore-Quillworth"
    url = case(author, moderator)
    made = share(other, url, result_text=f"Her name is {secret}.")
    edit = f"{made}/edit"
    other.client.post(f"{edit}/autosave", data={**other.hidden(edit, edit), **SHARED, "why": f"For {secret}"})
    other.post(edit, {**SHARED, "message": f"Do not ask {secret}"})
    other.client.post(f"{edit}/autosave", data={**other.hidden(edit, edit), **SHARED, "why": f"For {secret}"})
    named = measure(int(number(made)))
    named.record = {**named.record, "name": f"Calls about {secret}"}
    add_measures(app, made, named)
    worker.until_empty()
    assert {"adoptions", "revisions", "form_drafts", "measures", "travels"} <= set(where(app, secret))
    moderator.post(f"{url}/purge", {"words": secret, "reason": REASON, "action": "remove"})
    worker.until_empty()
    assert where(app, secret) == []
    assert "removed by a moderator" in author.get(made).text
