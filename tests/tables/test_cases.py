"""Tables and files that were once read wrongly: each gives the right series, a question or a refusal."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from forum.tables.files import sheets_of_file
from forum.tables.reading import read
from forum.tables.results import Reading, Refused, Wanted
from forum.tables.sheet import Sheet
from forum.tables.text import sheet_of_text

TODAY = date(2026, 11, 30)


def series(found: Reading) -> list[list[Any]]:
    """Its points as the cases write them."""
    points = [(p.date.isoformat(), None if p.value is None else round(p.value, 4), p.note) for p in found.points]
    return [[day, value, note] if note else [day, value] for day, value, note in points]


def check(case: dict[str, Any], sheets: list[Sheet]) -> None:
    if "refuse" in case:
        refused = ""
        try:
            read(sheets, case["measure"], upto=TODAY)
        except Refused as problem:
            refused = str(problem)
        assert refused, "it has to be refused"
        return
    found = read(sheets, case["measure"], upto=TODAY)
    right = case.get("right")
    if not isinstance(right, list):
        assert found.open is not None, "two readings are equally likely"
        return
    assert found.open is None
    assert series(found) == right
    assert bool(found.questions) == ("ask" in case or "guess" in case)
    for name, column in case.get("read", {}).items():
        assert found.read[name] == column
    assert set(case.get("not_read", ())) <= set(found.not_read)
    for name, value in case.get("offered", {}).items():
        assert found.offered[name] == value


def test_tables_as_they_are_pasted(shared: Path) -> None:
    cases = json.loads((shared / "cases/files/tables.json").read_text("utf-8"))
    assert len(cases) > 20
    for case in cases:
        check(case, [sheet_of_text(case["input"])])
        said = (
            " ".join(left.text for left in read([sheet_of_text(case["input"])], case["measure"]).left_out)
            if "left_out" in case
            else ""
        )
        assert all(words in said for words in case.get("left_out", ()))


def test_each_series_of_a_table_of_several(shared: Path) -> None:
    cases = json.loads((shared / "cases/files/tables.json").read_text("utf-8"))
    case = next(c for c in cases if c["name"] == "several series in one table")
    found = read([sheet_of_text(case["input"])], case["measure"], upto=TODAY).open
    assert found is not None
    assert [choice.words for choice in found.choices] == list(case["right"])
    for code, right in case["right"].items():
        assert series(read([sheet_of_text(case["input"])], case["measure"], Wanted(where=(("org_code", code),)))) == right


def test_files_as_they_are(shared: Path) -> None:
    cases = json.loads((shared / "cases/files/files.json").read_text("utf-8"))
    tables = [case for case in cases if "measure" in case]
    assert len(tables) >= 5
    for case in tables:
        check(case, sheets_of_file((shared / "cases/files" / case["file"]).read_bytes()))
