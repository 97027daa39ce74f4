"""What becomes of files and rows: what is no case study is told and left out, the others are read open, with both dates."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.case_studies.transfer.bulk_import import import_all
from forum.case_studies.transfer.unfit import is_placeholder
from forum.cli import main
from forum.kernel.clock import now
from forum.kernel.db import db
from forum.kernel.wording import say_date
from tests.case_studies.test_importing import no_bar, write
from tests.page import Person


@pytest.mark.parametrize("title", ["Index", "TITLE GOES HERE", "[Title]", "Untitled", "Your project title", "Case study template", "TBC", "Lorem ipsum", "Template"])  # fmt: skip
def test_titles_that_say_nothing(title: str) -> None:
    assert is_placeholder(title)


@pytest.mark.parametrize("title", ["Home visits", "A template for discharge letters", "Index of deprivation", "Test and learn", "The case for change", "Project Anytown"])  # fmt: skip
def test_titles_of_real_work(title: str) -> None:
    assert not is_placeholder(title)


LEFT_OUT: dict[str, tuple[str, str]] = {
    "empty.md": ("", "no text"),
    "facts.md": ("---\ntitle: A title of some words\n---\n", "block of facts"),
    "headings.md": ("# A title of some words\n\n## Problem\n\n<!-- Write here -->\n\n## Results\n", "headings and no text"),
    "index.md": ("Words of a page.", "Index"),
    "title.md": ("---\ntitle: TITLE GOES HERE\n---\n\nWords.", "TITLE GOES HERE"),
    "README.md": ("# A title of some words\n\nHow to build it.", "README.md"),
    "docs/CONTRIBUTING.md": ("# A title of some words\n\nHow to help.", "CONTRIBUTING.md"),
    ".github/issue.md": ("# A title of some words\n\nWords.", "workings"),
    "latin.md": ("# A title of some words\n\nLorem ipsum dolor sit amet.", "lorem ipsum"),
    "form.md": ("# A title of some words\n\n## Problem\n\nDescribe the problem here.\n\n## What did you do?\n\nTBC\n", "template"),
    "draft.md": ("---\ntitle: A title of some words\ndraft: true\n---\n\nWords.", "draft"),
    "pages.md": ("# A title of some words\n\n- [One](a.md)\n- [Two](b.md)\n- [Three](c.md)\n", "lists other pages"),
}


def test_what_is_no_case_study_is_told_and_left_out_and_the_rest_goes_on(context: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    for name, (text, _) in LEFT_OUT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write(folder, name, text)
    write(folder, "good.md", "# A title of some words\n\nWords of a real text about a ward.")
    outcomes = {o.file: o for o in import_all([folder], True, no_bar)}
    assert outcomes.pop("good.md").result == "new"
    assert {name: o.result for name, o in outcomes.items()} == dict.fromkeys(LEFT_OUT, "left out")
    assert all(LEFT_OUT[name][1] in o.detail for name, o in outcomes.items()), outcomes
    assert db.session.query(CaseStudy).one().title == "A title of some words"


def test_each_row_of_a_table_is_told_by_its_number(context: Flask, tmp_path: Path) -> None:
    table = tmp_path / "many.csv"
    table.write_text(
        'title,problem,actions\n"A first title, long enough","Long\nwaits",A hub\n,,\nUntitled,Waits,A hub\n\n'
        "Another title of a row,Waits,A hub,too much\nA title and no more,,\nThe last title of a row,Beds,\n",
        "utf-8",
    )
    found = [(o.file.split(":")[0], o.result) for o in import_all([table], True, no_bar)]
    results = ["new", "left out", "left out", "left out", "failed", "left out", "new"]
    assert found == [(f"many.csv, row {n}", result) for n, result in enumerate(results, 2)]


@pytest.mark.parametrize(
    ("files", "code", "summary"),
    [
        ({"a.md": "# A title of some words\n\nWords."}, 0, "1 new"),
        ({"a.md": "# A title of some words\n\nWords.", "b.md": ""}, 0, "1 left out, 1 new"),
        ({"b.md": ""}, 1, "1 left out"),
        ({}, 1, "1 failed"),
    ],
)
def test_the_exit_code_and_the_summary_are_true(
    app: Flask, tmp_path: Path, monkeypatch: Any, files: dict[str, str], code: int, summary: str
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, text in files.items():
        write(folder, name, text)
    settings = app.config["FORUM"]
    monkeypatch.setenv("FORUM_INSTANCE", str(tmp_path))
    monkeypatch.setenv("FORUM_BASE_URL", settings.base_url)
    done = CliRunner().invoke(main, ["import", str(folder)])
    assert (done.exit_code, done.output.strip().split("\n")[-1]) == (code, summary)


@pytest.mark.parametrize("name", ["title.md", "facts.md", "latin.md", "form.md", "README.md"])
def test_the_upload_page_says_why_a_file_is_no_case_study(author: Person, name: str) -> None:
    text, words = LEFT_OUT[name]
    hidden = author.hidden("/case-studies/import", "/case-studies/import")
    answer = author.client.post("/case-studies/import", data={**hidden, "file": (io.BytesIO(text.encode()), name)})
    assert answer.status_code == 422
    assert words in answer.text


def test_a_whole_text_is_read_open_with_both_dates(app: Flask, tmp_path: Path, visitor: Person) -> None:
    file = write(
        tmp_path, "2021-3-7-a-story.md", "---\ntitle: A story of some length\ntags: [night]\n---\n\n## The red door\n\nRed words.\n"
    )
    with app.app_context():
        import_all([file], True, no_bar)
        case = db.session.query(CaseStudy).one()
        url, published = case.url, case.published_at
        assert published is not None
        assert published.date() == now().date()
    page = visitor.get(url).text
    before, _, after = page.partition('id="rest"')
    assert before.count("<details") == before.count("</details")
    assert after.startswith(">The full text</h2>")
    assert "Red words." in after
    assert "dated 7 March 2021 by its source" in page
    assert f"published here {say_date(published)}" in page
    assert "(2021)" in page, "it is cited by the year of its source"
    assert "night" in after.split("<details")[1]


def test_a_text_in_fields_shows_its_rest_and_its_limits_open(app: Flask, tmp_path: Path, visitor: Person) -> None:
    text = "# A story of some length\n\n## Background\n\nLong waits.\n\n## What we did\n\nA hub.\n\n## Limitations\n\nOne ward.\n\n## Thanks\n\nTo all.\n"
    with app.app_context():
        import_all([write(tmp_path, "a.md", text)], True, no_bar)
        url = db.session.query(CaseStudy).one().url
    page = visitor.get(url).text
    main_part = page.split("app-columns__main")[1].split("</aside")[0]
    assert re.search(r'id="rest">The rest of the text</h2>', main_part)
    for words in ("One ward.", "To all."):
        before = main_part.split(words)[0]
        assert before.count("<details") == before.count("</details"), words
