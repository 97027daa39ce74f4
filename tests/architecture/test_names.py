"""The files of a slice and of its rooms have the names that docs/architecture.md lists; what has another one is named here."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Slice or room → modules whose names are on no list. This only shrinks: a module that goes, or gets a listed name, is struck off.
EXCEPTIONS = {
    "accounts": "guessing joining messages names passwords sessions",
    "adoptions": "reach_elsewhere small_multiples",
    "briefings": "columns slide word_pack",
    "case_studies": "facts reader_view versions",
    "case_studies/attachments": "consents storage",
    "case_studies/evidence": "currency levels link_checks",
    "case_studies/reading": "choosing",
    "case_studies/record": "completeness markdown_file parts sections values",
    "case_studies/submission": "confirmations",
    "case_studies/transfer": "bulk_export bulk_import front_matter headings pieces read_file table unfit",
    "case_studies/transfer/markup": "blocks footnotes html_words layout readable spans",
    "discussions": "buttons seed",
    "measures": "charts grid owner",
    "measures/editing": "table",
    "searches": "search_terms similar words",
    "searches/counting": "click_counts search_counts",
    "searches/finding": "near offers results",
    "searches/saving": "alerts",
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


def folders() -> list[Path]:
    """The slices and their rooms."""
    return [
        folder
        for slice_ in slices()
        for folder in sorted((ROOT / "forum" / slice_).glob("**/"))
        if (folder / "__init__.py").is_file()
    ]


def test_files_of_a_slice_have_their_names() -> None:
    names = listed()
    assert {"models", "queries", "actions", "views", "feature"} <= names
    for folder in folders():
        where = folder.relative_to(ROOT / "forum").as_posix()
        there = {module.stem for module in folder.glob("*.py") if not module.stem.endswith("_views")} - {"__init__"}
        others, known = there - names, set(EXCEPTIONS.get(where, "").split())
        assert others - known == set(), f"{where}: a module is named by what it holds, see docs/architecture.md"
        assert known - others == set(), f"{where}: strike these off the list of exceptions"


def test_every_room_is_named_on_the_page() -> None:
    for folder in folders():
        if folder.parent != ROOT / "forum":
            assert f"`{folder.name}`" in page() or f"`{folder.name}/`" in page(), folder


def test_every_listed_name_is_used() -> None:
    for name in listed():
        assert any((folder / f"{name}.py").is_file() for folder in folders()), name
