"""The demo content keeps the limits of the case-study record, points only at things that exist, and reads as it should.

The limits are written out here, apart from the product's own code:
content that breaks them must fail even if the code forgets them.
"""

import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest


def words(text: str) -> set[str]:
    return set(text.split())


CONTENT = Path(__file__).resolve().parents[2] / "forum/demo/content"
FIRST, LAST, LATEST_REPLY = date(2025, 9, 1), date(2026, 11, 20), date(2026, 11, 22)
LIMITS = {"title": 100, "summary": 140, "problem": 800, "actions": 1500, "results": 800, "advice": 600}
STATUSES = words("planning piloting running running-and-spread stopped stopped-and-replaced unknown")
OUTCOMES = words("better mixed no-change worse too-early")
STATES = Counter({"published": 24, "submitted": 2, "changes-asked": 1, "draft": 1})
ELEMENTS = words(
    "shared-vision whole-system-information sharing-forum long-term-view stable-core-team patients-and-carers resilience"
)
CARE_MODELS = words("""integrated-primary-and-acute-care-system multispecialty-community-provider enhanced-health-in-care-homes
    urgent-and-emergency-care acute-care-collaboration primary-care-home primary-care-network integrated-care-system
    place-based-partnership provider-collaborative integrated-neighbourhood-team virtual-ward urgent-community-response
    social-prescribing proactive-care integrated-discharge community-diagnostic-centre shared-care-record joint-commissioning
    population-health-management modern-general-practice standardising-community-health-services
    neighbourhood-multidisciplinary-team integrated-intermediate-care urgent-neighbourhood-services other""")
REGIONS = words("""east-of-england london midlands north-east-and-yorkshire
    north-west south-east south-west scotland wales northern-ireland
    international""")
ORGANISATION_TYPES = words("""nhs-acute-trust nhs-mental-health-trust
    nhs-community-trust nhs-ambulance-trust nhs-specialist-trust gp-practice
    primary-care-network gp-federation integrated-care-board provider-collaborative place-partnership community-pharmacy dental
    optometry local-authority care-provider hospice vcse healthwatch patient-group independent-provider national-body
    health-innovation-network university royal-college commissioning-support supplier other-uk-body international other""")
ROLES = words("""gp hospital-doctor doctor-in-training nurse midwife health-visitor advanced-practitioner pharmacist
    allied-health-professional psychologist healthcare-scientist dentist optometrist social-worker care-worker public-health
    social-prescriber practice-manager executive commissioner improvement-analyst digital lived-experience vcse councillor
    researcher other""")
SECTORS = words("nhs local-government social-care voluntary academia independent other-uk international")
KEY_QUESTIONS = [
    "Do we have a shared understanding about what system leadership is?",
    "What are the barriers to system change and system leadership?",
    "Do we need a new language to create system leadership models and behaviours?",
    "What are the implications for regulators of new models of integrated care and a system approach to delivery?",
]


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text("utf-8"))


PEOPLE: list[dict[str, Any]] = read("people.toml")["person"]
ORGANISATIONS: list[dict[str, Any]] = read("organisations.toml")["organisation"]
THREADS: list[dict[str, Any]] = read("threads.toml")["thread"]
QUESTIONS: list[dict[str, Any]] = read("key-questions.toml")["question"]
FILES = sorted((CONTENT / "case-studies").glob("*.toml"))
CASES: list[dict[str, Any]] = [read(f"case-studies/{f.name}") for f in FILES]
USERNAMES = {p["username"] for p in PEOPLE}
PLACES = {o["slug"]: o for o in ORGANISATIONS}


def replies() -> list[dict[str, Any]]:
    found = [r for c in CASES for r in c["thread"]]
    return found + [r for t in (*THREADS, *QUESTIONS) for r in t.get("reply", [])]


def texts() -> list[str]:
    """Everything that a reader of the site would see as somebody's writing."""
    bodies = [c[field] for c in CASES for field in LIMITS]
    bodies += [p["bio"] for p in PEOPLE] + [r["text"] for r in replies()]
    return bodies + [t[field] for t in (*THREADS, *QUESTIONS) for field in ("title", "text")]


def check_tags(elements: list[str], models: list[str], fewest: int) -> None:
    assert fewest <= len(elements) <= 3
    assert len(set(elements)) == len(elements)
    assert set(elements) <= ELEMENTS
    assert len(models) <= 2
    assert len(set(models)) == len(models)
    assert set(models) <= CARE_MODELS


def check_replies(given: list[dict[str, Any]], start: date) -> None:
    days = [r["days"] for r in given]
    assert days == sorted(days), "replies are in order"
    assert all(d > 0 for d in days), "replies come after the first post"
    assert all(r["author"] in USERNAMES and r["text"].strip() for r in given)
    assert not days or start + timedelta(days=max(days)) <= LATEST_REPLY


def test_people() -> None:
    assert len(PEOPLE) == len(USERNAMES) == 24
    assert Counter(p["access"] for p in PEOPLE) == {"member": 20, "moderator": 3, "administrator": 1}
    members = [p for p in PEOPLE if p["access"] == "member"]
    assert [m["role"] for m in members[:2]] == ["gp", "executive"]
    for p in PEOPLE:
        assert p["role"] in ROLES
        assert p["sector"] in SECTORS
        assert p["organisation"] in PLACES
        assert len(p["bio"]) <= 300
        assert p["email"].endswith(".example"), "only reserved domains: nobody real may get mail"
    assert len({p["email"] for p in PEOPLE}) == 24


def test_organisations() -> None:
    assert len(ORGANISATIONS) == len(PLACES) == 16
    for o in ORGANISATIONS:
        assert o["type"] in ORGANISATION_TYPES
        assert o["region"] in REGIONS
        assert o["icb"] == ""
        assert o["note"] == "Invented for the demonstration"
    assert {o["region"] for o in ORGANISATIONS} >= REGIONS - {"northern-ireland", "international"}
    assert {p["organisation"] for p in PEOPLE} == set(PLACES), "every organisation has somebody in it"


@pytest.mark.parametrize("case", CASES, ids=[f.stem for f in FILES])
def test_a_case_study(case: dict[str, Any]) -> None:
    for field, longest in LIMITS.items():
        assert 0 < len(case[field].strip()) <= longest, f"{field}: {len(case[field].strip())} of {longest}"
    assert len(case["title"]) >= 15
    assert case["author"] in USERNAMES
    assert case["organisations"]
    assert set(case["organisations"]) <= set(PLACES)
    check_tags(case["elements"], case["care_models"], 1)
    assert case["status"] in STATUSES
    assert case["outcome"] in OUTCOMES
    assert case["started"] == "" or date.fromisoformat(f"{case['started']}-01") <= case["published"]
    assert FIRST <= case["published"] <= LAST
    assert len(case["thread"]) <= 6
    check_replies(case["thread"], case["published"])
    assert bool(case.get("reason")) == (case["state"] == "changes-asked")
    assert case["state"] == "published" or not case["thread"], "nobody can reply to what they cannot see"


def test_the_authors_own_organisation_is_named() -> None:
    home = {p["username"]: p["organisation"] for p in PEOPLE}
    assert [c["slug"] for c in CASES if home[c["author"]] not in c["organisations"]] == []


def test_case_studies_together() -> None:
    assert [f.stem.split("-", 1)[1] for f in FILES] == [c["slug"] for c in CASES]
    assert len({c["title"] for c in CASES}) == 28
    assert Counter(c["state"] for c in CASES) == STATES
    published = [c for c in CASES if c["state"] == "published"]
    used = Counter(e for c in published for e in c["elements"])
    assert all(used[e] >= 5 for e in ELEMENTS), used
    assert len({m for c in published for m in c["care_models"]}) >= 12
    outcomes = Counter(c["outcome"] for c in published)
    assert outcomes["too-early"] >= 4
    assert outcomes["no-change"] >= 2
    failed = [c for c in published if c["status"].startswith("stopped") or c["outcome"] in ("no-change", "worse")]
    assert len(failed) >= 5
    assert {PLACES[o]["region"] for c in published for o in c["organisations"]} >= REGIONS - {
        "northern-ireland",
        "international",
    }


def test_threads() -> None:
    assert len(THREADS) == len({t["slug"] for t in THREADS}) == len({t["title"] for t in THREADS}) == 32
    for t in THREADS:
        given = t.get("reply", [])
        assert t["kind"] in ("discussion", "question")
        assert t["author"] in USERNAMES
        assert 15 <= len(t["title"]) <= 100, t["slug"]
        assert t["text"].strip(), t["slug"]
        assert FIRST <= t["started"] <= LAST
        assert -1 <= t["answer"] < len(given)
        assert t["answer"] == -1 or (t["kind"] == "question" and given[t["answer"]]["author"] != t["author"])
        check_tags(t["elements"], t["care_models"], 0)
        check_replies(given, t["started"])
    questions = [t for t in THREADS if t["kind"] == "question"]
    assert len(questions) >= 12
    assert sum(t["answer"] >= 0 for t in questions) >= 8
    counts = [len(t.get("reply", [])) for t in THREADS]
    assert max(counts) == 26
    assert counts.count(0) == 2
    assert sum(n > 12 for n in counts) == 1
    assert 3.5 <= sum(counts) / len(counts) <= 5.5


def test_key_questions_have_the_documents_exact_words() -> None:
    assert [q["title"] for q in QUESTIONS] == KEY_QUESTIONS
    for q in QUESTIONS:
        assert 60 <= len(q["text"].split()) <= 120, (q["slug"], len(q["text"].split()))
        assert "New models of care: a new type of leadership?" in q["text"]
        assert 3 <= len(q["reply"]) <= 6
        check_replies(q["reply"], FIRST)


def test_every_person_says_something() -> None:
    spoke = {x["author"] for x in (*CASES, *THREADS, *replies())}
    assert USERNAMES - spoke <= {p["username"] for p in PEOPLE if p["access"] == "administrator"}


def test_no_text_twice_and_no_habits_of_machines() -> None:
    seen = Counter(" ".join(t.split()).casefold() for t in texts())
    assert [t for t, n in seen.items() if n > 1] == []
    whole = "\n".join(texts()).casefold()
    for habit in ("—", "game-chang", "lorem", "delve", "tapestry", "testament to", "leverage", "synerg", "in today's", "not just"):
        assert habit not in whole, habit
    american = ("organiz", "behavior", "center ", "program ", "prioritiz", "recogniz")
    assert [word for word in american if word in whole] == []


def test_one_waiting_case_study_holds_something_that_identifies() -> None:
    marked = [c for c in CASES if "T990018" in c["actions"]]
    assert [c["state"] for c in marked] == ["submitted"]
    assert "94-year-old" in marked[0]["problem"]
    others = [t for t in texts() if "T990018" in t or "year-old man" in t]
    assert len(others) == 2, "nowhere else"
