"""The demo's deeper case studies: how deep each is, who wrote and read along, and that all of it survives loading.

Limits are written out here, apart from the product's own code, as in `test_content`; what only the product knows (gaps, depth) is
asked of the product.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Account
from forum.case_studies.models import CO_AUTHOR, REVIEWER, Authorship, CaseStudy
from forum.case_studies.record.completeness import depth_of, gaps
from forum.case_studies.record.values import ITEMS, normal
from forum.demo.load import load
from forum.kernel.db import db
from forum.kernel.outbox import OutboxRow
from tests.demo.test_content import CASES, PEOPLE, SECTORS, words

FULL = {"care-home-ward-round", "urgent-hub-stopped"}
STANDARD = {"virtual-ward-frailty", "carers-on-the-board", "pooled-equipment", "market-link-worker"}
DEPTHS = Counter({"full": 2, "standard": 4, "quick": 22})
LONGEST = {
    "population": 200, "plain_summary": 600, "involvement_text": 500, "hard": 800, "measuring": 800, "aim": 250, "known": 1000,
    "rationale": 1000, "analysis": 800, "equity": 600, "unintended": 600, "limitations": 600, "conclusions": 1000, "ethics": 300,
    "funding": 300, "regulatory": 400,
}  # fmt: skip
#: table → its columns with the longest text of each; choices and months stand below.
TABLES: dict[str, dict[str, int]] = {
    "core_team": {"name": 80, "organisation": 120, "role": 80},
    "costs": {"amount": 80, "year": 10, "note": 400},
    "barriers": {"note": 200},
    "context": {"note": 300},
    "gripp2": {"text": 400},
    "tidier": {"text": 500},
    "core_parts": {"text": 200},
    "adaptable_parts": {"text": 200},
    "cycles": {"plan": 300, "do": 300, "study": 300, "act": 300},
    "nasss": {"note": 200},
    "risks": {"risk": 200, "mitigation": 200},
    "references": {"reference": 300, "title": 200},
    "involvement": {},
}
CHOICES = {
    ("costs", "kind"): words("staff one-off yearly equipment training it estate other"),
    ("barriers", "effect"): words("helped hindered no-matter"),
    ("context", "effect"): words("helped hindered no-matter"),
    ("cycles", "decision"): words("adopt adapt abandon"),
    ("nasss", "level"): words("simple complicated complex"),
    ("involvement", "level"): words("not-involved informed consulted involved co-designed co-produced"),
}
KEYS = {
    "involvement": words("planning delivery governance evaluation"),
    "gripp2": words("aim methods results influence reflections"),
    "context": words("leadership relationships data workforce money estate history"),
    "nasss": words("condition technology value adopters organisation wider-system time"),
    "tidier": words("materials procedures who how where amount tailoring modifications fidelity-planned fidelity-actual"),
}
#: Only these may be cited, so that no reference is invented.
REFERENCES = words("""NG27 NG108 QS136 10.1136/bmjqs-2015-004411 10.1136/bmj.g1687 10.1136/bmj.j3453 10.2196/jmir.8775
    https://www.england.nhs.uk/making-data-count/""")
HABITS = ("—", "game-chang", "delve", "tapestry", "testament to", "leverage", "synerg", "not just", "robust", "holistic", "crucial")
AMERICAN = ("organiz", "behavior", "center ", "program ", "prioritiz", "recogniz")


def record(case: dict[str, Any]) -> dict[str, Any]:
    """As `load` makes it; places keep their slugs, which is enough for what is asked here."""
    values = {name: case[name] for name in (*ITEMS, "not_applicable") if name in case}
    return normal(values | {"practice_status": case["status"]})


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


@pytest.mark.parametrize("case", CASES, ids=[c["slug"] for c in CASES])
def test_texts_and_tables_keep_their_limits(case: dict[str, Any]) -> None:
    for name, longest in LONGEST.items():
        assert name not in case or 0 < len(case[name].strip()) <= longest, f"{name}: {len(case[name].strip())} of {longest}"
    for name, columns in TABLES.items():
        for row in case.get(name, []):
            for column, longest in columns.items():
                assert len(row.get(column, "")) <= longest, (name, column, row)
            months = {row[c] for c in ("from", "to") if c in row}
            assert all(
                re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", m) and date.fromisoformat(f"{m}-01") <= case["published"] for m in months
            )
            assert set(row) <= {*columns, "key", "from", "to"} | {c for table, c in CHOICES if table == name} | {"barrier"}
        keys = [row["key"] for row in case.get(name, []) if name in KEYS]
        assert len(keys) == len(set(keys))
        assert set(keys) in (set(), KEYS.get(name, set())), f"{name}: every row of a grid or none"
    for (table, column), known in CHOICES.items():
        assert {row[column] for row in case.get(table, [])} <= known
    assert 1 <= len(case["sectors"]) == len(set(case["sectors"])) <= 4
    assert set(case["sectors"]) <= SECTORS


def test_only_listed_references_are_cited() -> None:
    cited = [row["reference"] for c in CASES for row in c.get("references", [])]
    assert set(cited) <= REFERENCES
    assert len(cited) >= 6


def test_no_habits_of_machines_and_no_paragraph_twice() -> None:
    for case in CASES:
        text = "\n".join(strings(case)).casefold()
        assert [habit for habit in (*HABITS, *AMERICAN) if habit in text] == [], case["slug"]
    deep = [case[name] for case in CASES for name in LONGEST if name in case]
    cells = [
        t
        for c in CASES
        for n in ("tidier", "gripp2", "nasss", "context", "cycles", "risks")
        for row in c.get(n, [])
        for t in row.values()
    ]
    long = Counter(" ".join(t.split()).casefold() for t in (*deep, *cells) if len(t) > 40)
    assert [t for t, n in long.items() if n > 1] == []


def test_not_applicable_is_rare_and_has_a_reason() -> None:
    for case in CASES:
        reasons = case.get("not_applicable", {})
        assert len(reasons) <= 3
        assert all(name in ITEMS and name not in case and len(why) >= 40 for name, why in reasons.items())


def test_sectors_together() -> None:
    published = Counter(s for c in CASES if c["state"] == "published" for s in c["sectors"])
    assert len(set(published) - {"nhs"}) >= 3
    assert sum(c["sectors"] != ["nhs"] for c in CASES) >= len(CASES) // 2
    assert len({p["sector"] for p in PEOPLE} - {"nhs"}) >= 3


def test_depths(context: Flask) -> None:
    found = {case["slug"]: depth_of(record(case)) for case in CASES}
    assert Counter(found.values()) == DEPTHS
    assert {s for s, d in found.items() if d == "full"} == FULL
    assert {s for s, d in found.items() if d == "standard"} == STANDARD
    for case in CASES:
        if case["state"] == "published":
            assert gaps(record(case)) == [], case["slug"]
    by_slug = {c["slug"]: c for c in CASES}
    assert {by_slug[s]["outcome"] for s in FULL} == {"better", "worse"}
    early = by_slug["market-link-worker"]
    assert (early["outcome"], early["expected"]) == ("too-early", "2027-02")
    assert "measuring" not in early


def test_authors_and_reviewers() -> None:
    roles = {p["username"]: p["role"] for p in PEOPLE}
    names = [(c, u) for c in CASES for u in c.get("co_authors", [])]
    readers = [(c, r) for c in CASES for r in c.get("reviewer", [])]
    assert sum(c["state"] == "published" for c, _ in names) == 4
    assert sum(c["state"] != "published" for c, _ in names) == 1
    assert any(roles[u] == "lived-experience" for _, u in names)
    assert sum(r["lived"] for _, r in readers) == 3
    for case, row in readers:
        assert roles[row["author"]] == "lived-experience" or not row["lived"], "only who has lived it"
        assert 20 <= len(row["remark"]) <= 300
        assert case["state"] == "published"
    for case in CASES:
        people = [case["author"], *case.get("co_authors", []), *(r["author"] for r in case.get("reviewer", []))]
        assert len(people) == len(set(people)), "one part each"
        assert set(people) <= set(roles)


@contextmanager
def no_bar(_total: int, _title: str) -> Iterator[Callable[[int], None]]:
    yield lambda _steps: None


def test_all_of_it_survives_loading(context: Flask) -> None:
    assert load(no_bar)
    assert not load(no_bar), "never twice"
    cases = {case.name: case for case in db.session.scalars(select(CaseStudy))}
    assert len(cases) == 28
    titles = {c["slug"]: c["title"] for c in CASES}
    assert all(cases[titles[slug]].depth == "full" for slug in FULL)
    assert all(cases[titles[slug]].depth == "standard" for slug in STANDARD)
    assert Counter(c.depth for c in cases.values()) == DEPTHS
    people = {a.username: a for a in db.session.scalars(select(Account))}
    assert {p["username"]: p["sector"] for p in PEOPLE} == {p["username"]: people[p["username"]].sector for p in PEOPLE}
    rows = {(r.case_study_id, r.member_id): r for r in db.session.scalars(select(Authorship))}
    for case in CASES:
        loaded = cases[case["title"]]
        assert loaded.status == case["state"]
        for username in case.get("co_authors", []):
            row = rows.pop((loaded.id, people[username].id))
            assert (row.role, row.active) == (CO_AUTHOR, True)
            assert row.lived == (people[username].role == "lived-experience")
        for review in case.get("reviewer", []):
            row = rows.pop((loaded.id, people[review["author"]].id))
            assert (row.role, row.active, row.lived, row.remark) == (REVIEWER, True, review["lived"], review["remark"])
            assert row.read_at is not None
    assert rows == {}, "nobody else was asked"
    waiting = {row.name for row in db.session.scalars(select(OutboxRow).where(OutboxRow.queue != "index"))}
    assert not waiting & {"AuthorInvited", "AuthorsChanged"}, "nobody gets mail about invented people"
