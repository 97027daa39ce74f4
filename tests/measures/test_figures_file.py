"""A measure's figures as a CSV file: what stands in it, and that the site's own reader finds the same series in it."""

import csv
import io
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.kernel.clock import today
from forum.kernel.numbers import in_full, tidy
from forum.measures.models import Measure
from forum.measures.owner import Credit
from forum.measures.presentation import COLUMNS, as_csv
from forum.measures.record import from_words, lines_of, read_figures
from forum.tables.files import sheets_of_file
from forum.tables.reading import RATE, SHARE, read
from tests.adoptions.steps import share
from tests.measures.series import records
from tests.measures.steps import measure
from tests.page import Person
from tests.stories import published

CREDIT = Credit("CC BY 4.0", "Ada Author (2026). “A title”, with commas. Shared Practice.")


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


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([["2024-01-01", "nan", "", ""]], "“nan” is not a figure"),
        ([["2024-01-01", "1e999", "", ""]], "is not a figure"),
        ([["2024-01-01", "1", "1", "-inf"]], "is not a figure"),
        ([["2024-01-01", "1e15", "", ""]], "is not a figure"),
        ([["2024-01-01", "5", "1", "0"]], "out of nothing"),
        ([["2024-01-01", "", "1", "2"]], "missing"),
        ([["2024-01-01", "5", "", ""], ["2024-01-01", "6", "", ""]], "twice"),
        ([["2024-13-01", "5", "", ""]], "“2024-13-01” is not a date"),
        ([["2024-01-01", "many", "", ""]], "“many” is not a figure"),
        ([[f"{1000 + n}-01-01", "5", "", ""] for n in range(2_001)], "more than 2,000"),
    ],
)  # fmt: skip
def test_figures_that_cannot_be_kept_are_told(points: list[list[str]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_words({"name": "Falls", "points": points})


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


def test_figures_of_an_entry_are_credited_to_who_tried_it(
    author: Person, other: Person, moderator: Person, visitor: Person
) -> None:
    at = measure(other, share(other, published(author, moderator)))
    first = next(csv.DictReader(io.StringIO(visitor.client.get(f"{at}/figures.csv").data.decode("utf-8-sig"))))
    assert first["licence"] == "Not stated"
    assert re.fullmatch(
        r"Olu Other \(\d{4}\)\. We tried this: .*\. Shared Practice\. http://localhost/adoptions/1\.", first["citation"]
    )


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
