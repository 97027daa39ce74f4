"""Charts and their words: from the same result, at every size of series, and nothing that a strict policy would refuse."""

import json
import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from PIL import Image

from forum.cli import main
from forum.spc.drawing import Phase, draw
from forum.spc.png import png
from forum.spc.summary import say, settings_line, stage
from forum.spc.svg import svg
from forum.spc.xmr import Chart, Settings, read

START = date(2023, 1, 1)
EVIL = "\"><script>alert(1)</script>&'"


def series(values: list[float]) -> list[tuple[date, float]]:
    return [(START + timedelta(days=30 * n), v) for n, v in enumerate(values)]


def wave(count: int) -> list[float]:
    return [50 + (n * 7 % 11) - 5 for n in range(count)]


SERIES = {
    "six": wave(6),
    "twelve": wave(12),
    "thirteen": wave(13),
    "twenty": wave(20),
    "sixty": wave(60),
    "four hundred": wave(400),
    "flat": [5.0] * 20,
    "noughts": [0.0] * 20,
    "huge": [v * 1e12 for v in wave(20)],
    "tiny": [v * 1e-9 for v in wave(20)],
    "negative": [v - 50 for v in wave(20)],
    "at a hundred": [100.0] * 15 + [99.0] * 5,
}


@pytest.mark.parametrize("width", [760, 380])
@pytest.mark.parametrize("name", list(SERIES))
def test_every_shape_stands_on_the_page(name: str, width: int) -> None:
    how = Settings("increase", target=60)
    chart = read(series(SERIES[name]), how)
    drawing = draw(chart, how, width, "%", percent=True, phases=[Phase(START + timedelta(days=90), "New rota")])
    picture = svg(drawing, EVIL, say(chart, how), "c1")
    root = ElementTree.fromstring(picture)
    assert not re.search(r"<script|style=|<style|\son\w+=", picture)
    assert root.attrib["role"] == "img"
    for mark in drawing.marks:
        assert 0 <= mark.x <= drawing.width, name
        assert 0 <= mark.y <= drawing.height, name
    for line in drawing.lines:
        assert all(-1 <= x <= drawing.width + 1 and -1 <= y <= drawing.height + 1 for x, y in line.points), (name, line)
    assert len(drawing.marks) == len(chart.points)
    assert Image.open(BytesIO(png(drawing, "A title", "A note"))).width == width * 2


def test_special_causes_have_shapes_of_their_own() -> None:
    how = Settings("decrease")
    chart = read(series([*wave(40), 55.0, *[44.0] * 8]), how)
    drawing = draw(chart, how)
    assert {m.look for m in drawing.marks} >= {"common_cause", "improvement"}
    assert "<polygon" in svg(drawing, "T", "D", "c")


def words(values: list[float], how: Settings) -> str:
    return say(read(series(values), how), how)


def test_the_words_say_what_the_chart_shows() -> None:
    down = Settings("decrease")
    assert words([*wave(40), 55.0, *[44.0] * 8], down).startswith(
        "Special-cause improvement: the last 8 points are below the average of"
    )
    assert "No significant change" in words(wave(20), down)
    assert "above the upper limit" in words([*wave(20), 200.0], down)
    rising = words([*wave(20), 41, 43, 45, 47, 49, 51, 53], Settings("increase"))
    assert "each rise from the one before" in rising
    assert "will not be met" in words(wave(20), Settings("increase", target=500))
    assert "lies within the limits" in words(wave(20), Settings("increase", target=50))


@pytest.mark.parametrize(("count", "expected"), [(1, "table"), (5, "table"), (6, "run-chart"), (12, "run-chart"), (13, "trial"), (19, "trial"), (20, "limits")])  # fmt: skip
def test_how_much_so_many_points_allow(count: int, expected: str) -> None:
    assert stage(count) == expected


def test_a_run_chart_shows_no_limits_and_no_special_cause() -> None:
    how = Settings("increase")
    drawing = draw(read(series([1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9]), how), how)
    assert {m.look for m in drawing.marks} == {"common_cause"}
    assert "limit" not in {line.look for line in drawing.lines}


def chart_of(tmp_path: Path, *options: str) -> tuple[int, str]:
    file = tmp_path / "falls.csv"
    file.write_text("month,falls\n" + "\n".join(f"{d},{v}" for d, v in series(wave(20))), "utf-8")
    result = CliRunner().invoke(main, ["spc", str(file), *options])
    return result.exit_code, result.output


def test_the_command_prints_a_table_json_and_a_picture(tmp_path: Path) -> None:
    code, table = chart_of(tmp_path, "--direction", "decrease", "--target", "500")
    assert (code, "Consistently passing the target" in table, "Rules: outside limits" in table) == (0, True, True)
    code, text = chart_of(tmp_path, "--json", "--rules", "nhsrplotthedots-0.2.2", "--screen", "--recalculate", "2024-01-01")
    told = json.loads(text)
    assert code == 0
    assert set(told["points"][0]) >= {"date", "value", "mean", "lpl", "upl", "special_cause_type", "point_type"}
    assert {p["group"] for p in told["points"]} == {0, 1}
    code, picture = chart_of(tmp_path, "--svg", "--baseline", "13")
    assert (code, ElementTree.fromstring(picture).tag.endswith("svg")) == (0, True)


def test_the_command_points_at_each_problem(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("2025-01,1\nsoon,2\n", "utf-8")
    result = CliRunner().invoke(main, ["spc", str(file)])
    assert result.exit_code == 1
    assert "line 2: “soon” is no date" in result.output
    few = tmp_path / "few.csv"
    few.write_text("2025-01,1\n2025-02,2\n", "utf-8")
    assert "too few to chart" in CliRunner().invoke(main, ["spc", str(few), "--svg"]).output


def test_the_line_below_names_the_settings() -> None:
    how = Settings(screen=True)
    chart: Chart = read(series(wave(20)), how)
    assert "outlying moving ranges left out" in settings_line(chart, how)
    assert "from 20 points (Jan 2023–" in settings_line(chart, how)
