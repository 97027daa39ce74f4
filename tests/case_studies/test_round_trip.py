"""What leaves the site comes back equal: figures, pictures, updates and who tried it elsewhere, on another site and twice."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.access.actors import Visitor
from forum.case_studies.models import Attachment, CaseStudy, Consent
from forum.case_studies.record.markdown_file import FILES, MEASURES, Along, along_in, from_markdown, to_markdown
from forum.case_studies.record.values import ITEMS, normal
from forum.case_studies.transfer.bulk_export import export_all
from forum.case_studies.transfer.bulk_import import Outcome, import_all
from forum.case_studies.transfer.presentation import Leaving, markdown
from forum.kernel.db import db
from forum.measures.charts import make
from forum.measures.models import Measure
from forum.measures.record import from_words
from forum.web.annexes import annexes_of
from tests.adoptions.steps import PARTS, case_with_parts, share
from tests.case_studies.test_exports import everything
from tests.case_studies.test_importing import no_bar
from tests.case_studies.test_portable import ABOUT, RECORDS, TEXT
from tests.case_studies.uploads import ALT, agree, drawing, photo, picture
from tests.measures.series import records
from tests.measures.steps import measure
from tests.page import Person
from tests.updates.test_updates import NEW

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ROWS = st.lists(st.dictionaries(st.sampled_from(["text", "alt", "caption", "name"]), TEXT), max_size=3)


@SLOW
@given(RECORDS, st.lists(records(), max_size=3), ROWS)
def test_a_file_reads_back_equal_with_all_that_goes_along(
    context: Flask, values: dict[str, Any], series: list[dict[str, Any]], rows: list[dict[str, str]]
) -> None:
    from forum.case_studies.transfer import presentation

    record = normal(values)
    measures = [Measure(record=one, reading=make(one, "m").reading) for one in series]
    facts = {MEASURES: [presentation._measure(m) for m in measures], FILES: rows}
    shown = [(MEASURES, "\n\n".join(presentation._told(n, m) for n, m in enumerate(measures, 1)))]
    text = to_markdown(record, ABOUT, Along(facts, shown))
    assert from_markdown(text) == record
    found = along_in(text)
    assert [from_words(row) for row in found.get(MEASURES, [])] == series
    assert found.get(FILES, []) == rows


def full(author: Person, other: Person, moderator: Person) -> str:
    """A case study with two measures, two pictures and a PDF, an update and an entry of somebody elsewhere."""
    url = case_with_parts(author, moderator)
    gap = {
        "figures": "2023-01\t42\n2023-02\t[suppressed: <5]\n2023-03\t40.13",
        "remarks-0-date": "2023-01",
        "remarks-0-what": "note",
    }
    measure(author, url, **gap, **{"remarks-0-text": "A | bar and <b>", "targets-0-value": "45.5", "targets-0-since": "2023-01"})
    measure(
        author,
        url,
        name="Audits",
        value_kind="percentage",
        figures="Month\tNumerator\tDenominator\n2023-01\t77116\t80000\n2023-02\t7\t9",
    )
    picture(author, url, drawing(), name="a plan.png", alt="A plan | of *the* ward", caption="The ward")
    picture(author, url, photo(), consent=agree(author, url, expires="2999-12-31"))
    author.post(f"{url}/updates/new", NEW)
    share(other, url, kept=[PARTS[0]], changed="The day")
    return url


def only(**by: Any) -> CaseStudy:
    db.session.expire_all()
    found: CaseStudy = db.session.query(CaseStudy).filter_by(**by).filter(CaseStudy.source_key.is_not(None)).one()
    return found


@pytest.fixture
def folder(app: Flask, author: Person, other: Person, moderator: Person, tmp_path: Path) -> Path:
    full(author, other, moderator)
    with app.app_context():
        assert export_all(tmp_path / "out", no_bar).missing == ()
    return tmp_path / "out"


def brought(folder: Path) -> list[Outcome]:
    return import_all([folder], True, no_bar)


def test_another_site_has_it_all_and_twice_changes_nothing(folder: Path, make_app: Callable[..., Flask]) -> None:
    assert sorted(p.name for p in (folder / "files/1").iterdir()) == ["1-a plan.png", "2-ward.jpg"]
    with make_app(FORUM_BASE_URL="http://elsewhere.example").app_context():
        before = everything(db.session.get_one(CaseStudy, 1))
        assert [len(before[name]) for name in ("measures", "files", "updates", "adoptions")] == [2, 2, 1, 1]
        assert [(o.result, o.detail) for o in brought(folder)] == [("new", "")]
        after = everything(only())
        # A photo is made anew, as any that comes in.
        assert [f[:2] + f[3:] for f in after.pop("files")] == [f[:2] + f[3:] for f in before["files"]]
        assert after == {name: value for name, value in before.items() if name != "files"}
        consent = db.session.get_one(
            Consent, next(f.consent_id for f in db.session.query(Attachment).filter_by(case_study_id=2) if f.consent_id)
        )
        assert (consent.holder, str(consent.expires)) == ("http://localhost/case-studies/1", "2999-12-31")
        rows = [db.session.query(kind).count() for kind in (Measure, Attachment, Consent, CaseStudy)]
        assert [o.result for o in brought(folder)] == ["unchanged"]
        assert [db.session.query(kind).count() for kind in (Measure, Attachment, Consent, CaseStudy)] == rows
        again = markdown(Leaving(Visitor(), only()), lambda _: "")
        first = along_in(next(folder.glob("*.md")).read_text("utf-8"))
        assert {n: _placeless(rows) for n, rows in along_in(again).items()} == {n: _placeless(rows) for n, rows in first.items()}


def _placeless(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "file"} for row in rows]


def test_what_was_changed_in_the_file_is_changed_and_nothing_else(folder: Path, make_app: Callable[..., Flask]) -> None:
    (file,) = folder.glob("*.md")
    with make_app(FORUM_BASE_URL="http://elsewhere.example").app_context():
        brought(folder)
        before = everything(only())
        text = (
            file.read_text("utf-8")
            .replace("caption: The ward", "caption: Another ward", 1)
            .replace("| 2023-03-01 | 40.13 |", "| 2023-03-01 | 41.5 |")
        )
        file.write_text(text, "utf-8")
        assert [o.result for o in brought(folder)] == ["changed"]
        after = everything(only())
        assert after["measures"][0][0]["points"] == [["2023-01-01", 42.0, None, None], ["2023-03-01", 41.5, None, None]]
        assert [f[4] for f in after["files"]] == ["Another ward", "The ward"]
        for name in ("record", "updates", "adoptions", "travel"):
            assert after[name] == before[name]
        assert after["measures"][1] == before["measures"][1]


def test_on_the_same_site_it_is_there_already_until_the_file_says_more(folder: Path, app: Flask) -> None:
    (file,) = folder.glob("*.md")
    with app.app_context():
        assert [o.detail for o in brought(folder)] == ["it is here already"]
        file.write_text(file.read_text("utf-8").replace("| 40.13 |", "| 39 |"), "utf-8")
        assert [o.result for o in brought(folder)] == ["new"]


def test_people_who_are_not_there_and_files_that_lead_away_are_told(folder: Path, make_app: Callable[..., Flask]) -> None:
    (file,) = folder.glob("*.md")
    (folder.parent / "secret.png").write_bytes(drawing())
    (folder / "files/1/2-ward.jpg").unlink()
    (folder / "files/1/2-ward.jpg").symlink_to(folder.parent / "secret.png")
    text = (
        file.read_text("utf-8").replace("files/1/1-a plan.png", "../secret.png").replace("name: Olu Other", "name: Somebody Else")
    )
    text = text.replace("entry: update", "entry: magic").replace("decimals: 0\n", "", 1)
    file.write_text(text.replace("kind: outcome", "kind: nonsense", 1), "utf-8")
    with make_app(FORUM_BASE_URL="http://elsewhere.example").app_context():
        (outcome,) = brought(folder)
        assert outcome.result == "new"
        told = outcome.detail
        assert "the measure “Falls a month on the frailty ward”: Choose an answer: Kind of measure" in told
        assert told.count("it is not beside the text") == 2
        assert "“We tried this” of Somebody Else: There is nobody of that name here." in told
        assert "an update: there is no such entry" in told
        after = everything(only())
        assert (len(after["measures"]), after["files"], after["updates"], after["adoptions"]) == (1, [], [], [])


@pytest.mark.parametrize(
    "name", ["", ".", "..", "/etc/hostname", "../../x", "a\\b", "C:/x", "http://x/y.png", "files", "x" * 5_000]
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    from forum.case_studies.transfer.read_file import file_at

    (tmp_path / "in/files").mkdir(parents=True)
    (tmp_path / "x").write_bytes(b"x")
    assert file_at(tmp_path / "in", name) is None


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        TEXT | st.none() | st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
    )
)
def test_whatever_stands_there_is_read_or_told(context: Flask, thing: Any) -> None:
    from forum.case_studies.transfer.actions import _file, _measure
    from forum.case_studies.transfer.read_file import ImportedText

    rows = [row for row in (thing if isinstance(thing, list) else [thing]) if isinstance(row, dict)]
    keys = ["entry", "happened", "recorded", "text", "added", "who", "name", "record", "at", "points", "file", "until", "alt"]
    rows += [dict.fromkeys(keys, thing)]
    for annex in annexes_of(CaseStudy):
        ready = annex.read(rows)
        assert len(ready.things) + len(ready.left_out) == len(rows)
    for row in rows:
        out: list[str] = []
        assert _measure(row, out) is None
        assert (
            _file(row, ImportedText("", "", "", "", None, "", (), {}, "", "", "", "", "", ()), Path(context.instance_path), out)
            is None
        )
        assert len(out) == 2


def test_names_of_files_and_records_do_not_meet(context: Flask) -> None:
    names = {MEASURES, FILES, *(annex.name for annex in annexes_of(CaseStudy))}
    assert not names & ({*ITEMS} | {"about", "not_applicable"})
    assert all(re.fullmatch("[a-z_]+", name) for name in names)
    assert ALT
