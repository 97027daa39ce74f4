"""The files of a slice have the names that docs/architecture.md lists; what has another one is named here, and nothing is added."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Slice → modules whose names are on no list. This only shrinks: a module that goes, or gets a listed name, is struck off here.
EXCEPTIONS = {
    "accounts": "contact guessing joining messages names passwords sessions",
    "adoptions": "measuring panels reach_elsewhere small_multiples",
    "browse": "board columns compare results search_page slide suggest",
    "case_studies": "authors authorship bulk_export bulk_import choosing completeness confirming evidence evidence_desk exports facts"
    " file_pages files import_pages lists markdown_file measuring reading references sections seen sending standing structured taking_part"
    " versions",
    "discussions": "buttons cards seed",
    "measures": "charts entry grid owners pages showing spreadsheet",
    "searches": "alerts ask_from_search click_counts feeds near offers search_counts similar sought title_matches words",
}


def page() -> str:
    return (ROOT / "docs/architecture.md").read_text("utf-8")


def listed() -> set[str]:
    inside = page().partition("## Inside a slice")[2].partition("## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", inside, re.MULTILINE))


def slices() -> list[str]:
    row = re.search(r"^\| slices \|(.*?)\|", page(), re.MULTILINE)
    assert row, "the table of ranks says which the slices are"
    return re.findall(r"`(\w+)`", row[1])


def test_the_slices_are_those_of_the_import_layers() -> None:
    layers = re.findall(r"^    ([a-z_]+)$", (ROOT / "setup.cfg").read_text("utf-8").partition("\nlayers =")[2], re.MULTILINE)
    assert layers[layers.index(slices()[0]) : layers.index("purging")] == slices()


def test_files_of_a_slice_have_their_names() -> None:
    names = listed()
    assert {"models", "queries", "actions", "views", "feature"} <= names
    for slice_ in slices():
        there = {module.stem for module in (ROOT / "forum" / slice_).glob("*.py")} - {"__init__"}
        others, known = there - names, set(EXCEPTIONS.get(slice_, "").split())
        assert others - known == set(), f"{slice_}: a module is named by what it holds, see docs/architecture.md"
        assert known - others == set(), f"{slice_}: strike these off the list of exceptions"


def test_every_listed_name_is_used() -> None:
    for name in listed():
        assert any((ROOT / "forum" / slice_ / f"{name}.py").is_file() for slice_ in slices()), name
