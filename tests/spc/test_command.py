"""`forum spc`: a table, JSON or a picture, and each problem by its line."""

import json
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

from click import Choice
from click.testing import CliRunner

from forum.cli import main, spc
from forum.spc.xmr import RULES
from tests.spc.test_drawing import START, series, wave


def chart_of(tmp_path: Path, *options: str, count: int = 20) -> tuple[int, str]:
    file = tmp_path / "falls.csv"
    file.write_text("month,falls\n" + "\n".join(f"{d},{v}" for d, v in series(wave(count))), "utf-8")
    result = CliRunner().invoke(main, ["spc", str(file), *options])
    return result.exit_code, result.output


def test_the_command_prints_a_table_json_and_a_picture(tmp_path: Path) -> None:
    code, table = chart_of(tmp_path, "--direction", "decrease", "--target", "500")
    assert (code, "Consistently passing the target" in table, "Rules: outside limits" in table) == (0, True, True)
    assert "Average moving range: " in table
    code, text = chart_of(tmp_path, "--json", "--rules", "nhsrplotthedots-0.2.2", "--screen", "--recalculate", "2024-01-01")
    told = json.loads(text)
    assert code == 0
    assert list(told) == ["points", "variation_icon", "assurance", "read", "not_read", "offered", "left_out"]
    assert set(told["points"][0]) == {"date", "value", "mean", "lpl", "upl", "special_cause_type", "point_type", "group"}
    assert {p["group"] for p in told["points"]} == {0, 1}
    assert chart_of(tmp_path, "--json", "--direction", "neutral") == chart_of(tmp_path, "--json", "--direction", "neither")
    code, picture = chart_of(tmp_path, "--svg", "--baseline", "13")
    assert (code, ElementTree.fromstring(picture).tag.endswith("svg")) == (0, True)


def test_the_table_speaks_of_the_last_group(tmp_path: Path) -> None:
    _, table = chart_of(tmp_path, "--recalculate", "2024-01-01")
    assert "Variation:" not in table
    assert "Since new limits in January 2024 there are 7 of the 13 points" in table


def test_points_are_left_out(tmp_path: Path) -> None:
    first, second = START, START + timedelta(days=30)
    _, table = chart_of(tmp_path, "--leave-out", str(first), "--leave-out", str(second))
    assert table.count("left out of the limits") == 2
    assert "2 points left out" in table


def test_icons_of_rule_sets(tmp_path: Path) -> None:
    for rules, icon in (("abspc-1.1.0", None), ("ours", "common_cause")):
        _, text = chart_of(tmp_path, "--json", "--rules", rules, count=14)
        assert json.loads(text)["variation_icon"] == icon


def test_every_rule_set_can_be_chosen() -> None:
    (option,) = [p for p in spc.params if p.name == "rules"]
    assert isinstance(option.type, Choice)
    assert list(option.type.choices) == list(RULES)


def test_the_command_points_at_each_problem(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("2025-01,1\n2025-02,many\n2025-01,3\n", "utf-8")
    result = CliRunner().invoke(main, ["spc", str(file)])
    assert result.exit_code == 2
    assert "Line 2: “many”" in result.output
    assert "Line 3: 1 January 2025 is there twice" in result.output
    file.write_text("2025-01,1\nsoon,2\n", "utf-8")
    assert "Left out, line 2: soon 2 (no date)" in CliRunner().invoke(main, ["spc", str(file)]).output
    few = tmp_path / "few.csv"
    few.write_text("2025-01,1\n2025-02,2\n", "utf-8")
    assert "too few to chart" in CliRunner().invoke(main, ["spc", str(few), "--svg"]).output
