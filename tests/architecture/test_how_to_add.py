"""The README's "How to add" is true: for some of its rows an example is made in a copy of the project, with the files that the row
names and no other, and a test that goes through the pages finds it; so do the laws.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.served import environment

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("forum", "templates", "static", "tests", "docs", "setup.cfg", "README.md", "Makefile")
LAWS = "addresses or template or reach or migration or sizes"
BEGINNING = """
from pathlib import Path

import forum
from tests.accounts.steps import mails
from tests.stories import published
from tests.updates.test_updates import NEW

assert Path(forum.__file__).is_relative_to(Path(__file__).parents[1]), "it is the copy that is tested"

"""


@dataclass(frozen=True)
class Edit:
    """What is written into a file: before the text `before`, else at its end. `said` is how the row names the file."""

    path: str
    text: str
    said: str
    before: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the table, an example of it, and a test of the example."""

    change: str
    edits: tuple[Edit, ...]
    test: str


FIELD = Row(
    "a narrative field in case studies",
    (
        Edit(
            "forum/case_studies/record/fields.py",
            '    Field("newcomers", "How do newcomers learn it?", "How newcomers learn it", "Who shows them.", 400, "team", STANDARD,'
            " required=False),\n",
            "`case_studies/record/fields.py`",
            before='    Field("hard",',
        ),
    ),
    """
from forum.case_studies.record.markdown_file import from_markdown


def test_the_field_is_asked_for_shown_found_and_taken_along(author, moderator, visitor, worker):
    url = published(author, moderator)
    assert "How do newcomers learn it?" in author.get(f"{url}/edit/team").text
    author.post(f"{url}/edit/team", {"newcomers": "They shadow a **quokka** for a week.", "action": "save"})
    author.post(f"{url}/submit", {"confirmed": ["identity", "consent", "rights", "licence", "interests"]}, on=f"{url}/preview")
    worker.until_empty()
    page = visitor.get(url).text
    assert "How newcomers learn it" in page and "<strong>quokka</strong>" in page
    assert f'href="{url}' in visitor.get("/search?q=quokka").text
    record = from_markdown(visitor.get(f"{url}/export.md").text)
    assert record["newcomers"] == "They shadow a **quokka** for a week."
""",
)

FILTER = Row(
    "a search filter",
    (
        Edit(
            "forum/case_studies/filters.py",
            '    Filter("telling", "How long is its title?", 17, _fixed({"short": "A short title", "long": "A long title"}), "title"),\n',
            "`<slice>/filters.py`",
            before='    Filter("author", "Author"',
        ),
        Edit(
            "forum/case_studies/search.py",
            '                "telling": ("short" if len(case.title) < 30 else "long",),\n',
            "`<slice>/search.py`",
            before='                "depth": (case.depth,),',
        ),
    ),
    """
def test_the_filter_is_shown_with_its_counts_typed_and_left_out(author, moderator, visitor, worker):
    url = published(author, moderator)
    published(author, moderator, title="Weekly huddle in Farville")
    worker.until_empty()
    page = visitor.get("/search?q=weekly").text
    assert "How long is its title?" in page and "A short title" in page and "A long title" in page
    for query in ("q=weekly&telling=long", "q=weekly+title:long", "q=weekly+-title:short"):
        found = visitor.get(f"/search?{query}").text
        assert f'href="{url}"' in found and "Weekly</mark> huddle" not in found, query
    assert "title:" not in visitor.get("/search?q=weekly+title:long").text.partition("Searched as words")[2]
""",
)

NEWS = Row(
    "a notification",
    (
        Edit(
            "forum/updates/notifications.py",
            '    NotificationKind("updates", "update_out", UpdatePosted, lambda e: [e.member_id], _ref, _posted),\n',
            "`<slice>/notifications.py`",
            before='    NotificationKind("updates", "update_due"',
        ),
        Edit(
            "templates/updates/mail/update_out.txt",
            "Your update is out: {{ title }}\n\nHello {{ name }}\n\nThank you.\n",
            "`mail/`",
        ),
        Edit("templates/updates/notices/update_out.html", "Your update on {{ card.title if card }} is out\n", "`notices/`"),
    ),
    """
def test_it_is_told_to_whom_it_is_for_on_the_site_and_by_mail(author, moderator, other, worker, tmp_path):
    url = published(author, moderator)
    worker.until_empty()
    author.post(f"{url}/updates/new", NEW)
    worker.until_empty()
    assert "Your update on Weekly ward round" in author.get("/notifications").text
    assert [m for m in mails(tmp_path, "ada@example.org") if m.startswith("Your update is out: Weekly ward round")]
    assert "Your update on" not in other.get("/notifications").text
    assert not [m for m in mails(tmp_path, "olu@example.org") if "Your update is out" in m]
""",
)

PAGE = Row(
    "a page",
    (
        Edit(
            "forum/vocabulary/views.py",
            '\n\n@bp.get("/vocabulary/longest")\n@reach(Reach.MEMBER)\ndef longest() -> str:\n'
            '    return render_template("vocabulary/longest.html", entry=queries.longest(member()))\n',
            "`<slice>/views.py`",
        ),
        Edit(
            "forum/vocabulary/queries.py",
            "\n\ndef longest(actor: Actor) -> Entry:\n    return max(listed(actor), key=lambda entry: len(entry.words))\n",
            "a query",
        ),
        Edit(
            "templates/vocabulary/longest.html",
            '{% extends "layouts/base.html" %}\n{% set title = "The longest entry" %}\n{% block content %}\n'
            '<h1 class="nhsuk-heading-xl">{{ title }}</h1>\n<p>{{ entry.words }}</p>\n{% endblock %}\n',
            "a template",
        ),
        Edit("tests/architecture/addresses.txt", "GET /vocabulary/longest\n", "`tests/architecture/addresses.txt`"),
    ),
    """
from forum.vocabulary import queries


def test_the_page_answers_whom_it_is_for(author, visitor, app):
    with app.app_context():
        words = max(len(entry.words) for entry in queries.listed(None))
    assert words > 1
    assert "The longest entry" in author.get("/vocabulary/longest").text
    assert visitor.client.get("/vocabulary/longest").status_code == 303
""",
)

MARKS = Row(
    "something that members can save or find helpful",
    (
        Edit(
            "forum/adoptions/views.py",
            "from forum.marks import queries as marks\n",
            "`<slice>/views.py`",
            before="from forum.measures.presentation import figures",
        ),
        Edit(
            "forum/adoptions/views.py",
            "        marked=marks.on(who, KIND, adoption.id),\n",
            "`<slice>/views.py`",
            before="        thing=adoption,",
        ),
        Edit(
            "templates/adoptions/detail.html",
            '{% from "components/marks.html" import marks with context %}\n',
            "`components/marks.html`",
            before="{% block description %}",
        ),
        Edit(
            "templates/adoptions/detail.html",
            '    {{ marks("adoption", adoption.id, marked[0], marked[1], adoption.member_id == me.id) }}\n',
            "`components/marks.html`",
            before='    {% include "adoptions/_acts.html" %}',
        ),
    ),
    """
from tests.adoptions.steps import share


def test_it_is_found_helpful_saved_and_listed(author, other, moderator, visitor):
    made = share(other, published(author, moderator))
    id_ = made.split("/")[2].split("-")[0]
    author.post(f"/marks/helpful/adoption/{id_}", {"on": "1"}, on=made)
    author.post(f"/marks/saved/adoption/{id_}", {"on": "1"}, on=made)
    assert "1 person found this helpful" in " ".join(other.get(made).text.split())
    assert made in author.get("/saved").text
    assert made not in other.get("/saved").text
    author.post(f"/marks/saved/adoption/{id_}", {"on": "0"}, on=made)
    assert made not in author.get("/saved").text
""",
)


def touched(change: str) -> str:
    """What the README says that the change touches."""
    table = (ROOT / "README.md").read_text("utf-8").partition("## How to add")[2].partition("## ")[0]
    found = re.search(rf"^\| {re.escape(change)} \|(.*)\|[^|]*\|$", table, re.MULTILINE)
    assert found, f"no row for {change}"
    return found[1]


def make(edit: Edit, copy: Path) -> None:
    file = copy / edit.path
    text = file.read_text("utf-8") if file.is_file() else ""
    if file.name == "addresses.txt":
        text = "".join(sorted([*text.splitlines(keepends=True), edit.text]))
    elif edit.before:
        assert text.count(edit.before) == 1, edit
        text = text.replace(edit.before, edit.text + edit.before)
    else:
        text += edit.text
    file.write_text(text, "utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    return folder


@pytest.mark.parametrize("row", [FIELD, FILTER, NEWS, PAGE, MARKS], ids=lambda row: row.change)
def test_a_row_names_all_that_is_needed(row: Row, copy: Path) -> None:
    says = touched(row.change)
    assert [edit.path for edit in row.edits if edit.said not in says] == []
    for edit in row.edits:
        make(edit, copy)
    (copy / "tests/test_added.py").write_text(BEGINNING + row.test, "utf-8")
    what = ["tests/test_added.py", "tests/architecture/test_laws.py", "-k", f"test_added or {LAWS}"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *what],
        cwd=copy,
        env={k: v for k, v in environment().items() if not k.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3_000:] + ran.stderr[-1_000:]
    assert re.search(r"test_added\.py::\w+ PASSED", ran.stdout)
