"""A measure's figures as a CSV file: what stands in it, and that the site's own reader finds the same series in it."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.kernel.clock import today
from forum.kernel.numbers import in_full, tidy
from forum.measures.fields import VALUE_KINDS
from forum.measures.models import Measure
from forum.measures.owner import Credit
from forum.measures.presentation import COLUMNS, as_csv
from forum.measures.record import lines_of, normal, read_figures
from forum.tables.files import sheets_of_file
from forum.tables.reading import RATE, SHARE, read
from tests.measures.steps import measure
from tests.page import Person
from tests.stories import published

CREDIT = Credit("CC BY 4.0", "Ada Author (2026). “A title”, with commas. Shared Practice.")
LINES = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=30)
FIGURES = st.floats(-1e9, 1e9) | st.integers(-(10**6), 10**6).map(float) | st.sampled_from([96.39500000000001, 2024.0, 0.1 + 0.2])
REASONS = st.sampled_from(["missing", "not available", "suppressed: <5", "suppressed", "not applicable"])


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    days = [d.isoformat() for d in draw(st.lists(st.dates(date(1990, 1, 1), today()), min_size=1, max_size=30, unique=True))]
    share = draw(st.sampled_from([0.0, 0.5, 1.0]))
    points, without, remarks = [], [], []
    for n, day in enumerate(sorted(days)):
        if n and draw(st.integers(0, 5)) == 0:
            without.append([day, draw(REASONS)])
            continue
        below = draw(st.integers(1, 10**6)) if draw(st.floats(0, 1, exclude_max=True)) < share else None
        points.append([day, draw(FIGURES), None if below is None else float(draw(st.integers(0, below))), below])
        remarks += draw(st.lists(st.fixed_dictionaries({"date": st.just(day), "what": st.just("note"), "text": LINES}), max_size=1))
    return normal(
        {
            "name": draw(LINES),
            "unit": draw(LINES),
            "value_kind": draw(st.sampled_from(list(VALUE_KINDS))),
            "targets": draw(st.lists(st.fixed_dictionaries({"value": FIGURES.map(repr), "since": st.sampled_from(["", *days])}), max_size=3)),
            "phases": draw(st.lists(st.fixed_dictionaries({"label": LINES, "start": st.sampled_from(days)}), max_size=3)),
            "points": points,
            "no_figures": without,
            "remarks": remarks,
        }
    )  # fmt: skip


def file_of(record: dict[str, Any]) -> str:
    return as_csv(Measure(record=record), CREDIT)


@settings(max_examples=150, deadline=None)
@given(records())
def test_the_reader_finds_the_same_series(record: dict[str, Any]) -> None:
    kind = record["value_kind"] if record["value_kind"] in {SHARE, RATE} else "count"
    found = read(sheets_of_file(file_of(record).encode()), kind, upto=today())
    assert found.open is None
    there = [[p.date.isoformat(), p.value, p.numerator, p.denominator] for p in found.points if p.value is not None]
    assert there == record["points"]
    assert [[p.date.isoformat(), p.note] for p in found.points if p.value is None] == record.get("no_figures", [])


@settings(max_examples=100, deadline=None)
@given(records())
def test_the_form_shows_figures_that_it_reads_back(record: dict[str, Any]) -> None:
    back, series = read_figures(lines_of(record), {**record, "points": [], "no_figures": []})
    assert series.sound
    assert (back["points"], back.get("no_figures")) == (record["points"], record.get("no_figures"))


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_figure_in_full_is_the_figure(value: float) -> None:
    assert float(in_full(value)) == tidy(value) == tidy(tidy(value)) == pytest.approx(value, rel=1e-14)
    assert len(in_full(value).lstrip("-").split("e")[0].replace(".", "").strip("0")) <= 15


def test_each_line_says_all_that_belongs_to_its_figure(author: Person, moderator: Person, visitor: Person) -> None:
    changes = {
        "value_kind": "percentage",
        "figures": "Month\tNumerator\tDenominator\tNote\n2024-01\t77116\t80000\n2024-02\t*\t80000\n2024-03\t78000\t80000",
        "targets-0-value": "95",
        "targets-1-value": "97.125",
        "targets-1-since": "2024-03",
        "phases-0-label": "=Huddle “starts”",
        "remarks-0-date": "2024-01",
        "remarks-0-what": "provisional",
        "remarks-1-date": "2024-01",
        "remarks-1-what": "note",
        "remarks-1-text": "£5 – a note",
    }
    url = published(author, moderator)
    at = measure(author, url, **changes)
    data = visitor.client.get(f"{at}/figures.csv").data
    assert data.startswith(b"\xef\xbb\xbfdate,value,")
    first, gap, last = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert tuple(first) == COLUMNS
    assert [first[name] for name in COLUMNS[:7]] == ["2024-01-01", "96.395", "77116", "80000", "%", "95", ""]
    assert first["note"] == "Provisional; £5 – a note"
    assert (gap["value"], gap["note"], gap["target"], gap["phase"]) == ("", "suppressed", "95", "'=Huddle “starts”")
    assert (last["value"], last["target"], last["numerator"]) == ("97.5", "97.125", "78000")
    assert first["licence"] == "CC BY 4.0"
    assert first["citation"].startswith("Ada Author (")
    assert f"/case-studies/{url.split('/')[2].split('-')[0]}." in first["citation"]
    assert "96.395\t" in author.get(f"{at}/edit").text


def test_the_command_prints_no_noise(tmp_path: Any) -> None:
    from click.testing import CliRunner

    from forum.cli import main

    file = tmp_path / "share.csv"
    lines = [f"{date(2024, 1, 1) + timedelta(days=n)},{77116 + n},80000" for n in range(14)]
    file.write_text("date,numerator,denominator\n" + "\n".join(lines), "utf-8")
    told = json.loads(CliRunner().invoke(main, ["spc", str(file), "--measure", "percentage", "--json"]).output)
    assert told["points"][0]["value"] == 96.395
    numbers = [p[name] for p in told["points"] for name in ("value", "mean", "lpl", "upl")]
    assert numbers == [tidy(n) for n in numbers]
