"""Taking case studies away and bringing them back: nothing lost, nothing invented, nothing told that is not public."""

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from forum.adoptions.models import Adoption
from forum.case_studies.models import CaseStudy
from forum.case_studies.queries import shown_files
from forum.case_studies.record.markdown_file import About, from_markdown, to_markdown
from forum.case_studies.record.values import ITEMS, normal
from forum.case_studies.transfer.bulk_import import import_all
from forum.case_studies.transfer.read_file import read_catalogue, read_file
from forum.cli import main
from forum.demo.load import load
from forum.documents.word_reading import to_markdown as word_to_markdown
from forum.kernel.db import db
from forum.measures.queries import listed
from forum.updates.models import Update
from tests.case_studies.real_texts import count
from tests.case_studies.test_importing import no_bar
from tests.documents.word_files import word_file
from tests.page import Page, Person
from tests.stories import CASE, published

ABOUT = About("Somebody (2026). Something.", "http://localhost/case-studies/1")
DEMO = sorted((Path(__file__).resolve().parents[2] / "forum/demo/content/case-studies").glob("*.toml"))


def there_and_back(values: Mapping[str, Any]) -> None:
    record = normal(values)
    assert from_markdown(to_markdown(record, ABOUT)) == record


def test_every_demo_record_survives_its_file(context: Flask) -> None:
    assert len(DEMO) == 28
    for file in DEMO:
        row = tomllib.loads(file.read_text("utf-8"))
        there_and_back({name: row[name] for name in (*ITEMS, "not_applicable") if name in row})


def test_every_real_text_survives_its_file(context: Flask, shared: Path) -> None:
    root = shared / "data/real-texts"
    catalogue = read_catalogue(root)
    files = sorted(root.rglob("*.md"))
    texts = [read_file(f, root, catalogue) for f in files if f.parent != root]
    assert len(texts) == 165
    for text in texts:
        there_and_back({**text.fields, "title": text.title, "summary": text.summary, "rest": text.rest, "source_facts": text.about})


def test_the_folder_holds_all_that_is_published_and_reads_back(context: Flask, tmp_path: Path) -> None:
    load(no_bar)
    result = CliRunner().invoke(main, ["export", str(tmp_path / "out")], env={"FORUM_INSTANCE": context.instance_path})
    assert "24 case studies are in" in result.output, result.output
    with (tmp_path / "out/index.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == 24
    assert all("Licence:" in row["citation"] and row["address"] in row["citation"] for row in rows)
    before = {c.title: everything(c) for c in db.session.query(CaseStudy).filter_by(status="published")}
    assert sum(len(case["measures"]) for case in before.values()) > 30
    assert sum(len(case["adoptions"]) for case in before.values()) > 5
    assert sum(len(case["updates"]) for case in before.values()) > 5
    outcomes = import_all([tmp_path / "out"], True, no_bar)
    assert {(o.result, "left out" in o.detail) for o in outcomes} == {("new", False)}, outcomes
    db.session.expire_all()
    again = db.session.query(CaseStudy).filter(CaseStudy.source_key.is_not(None)).all()
    assert {c.title: everything(c) for c in again} == before
    assert {o.result for o in import_all([tmp_path / "out"], True, no_bar)} == {"unchanged"}
    assert {c.title: everything(c) for c in again} == before


def everything(case: CaseStudy) -> dict[str, Any]:
    """A case study with all that leaves the site with it, as it is stored."""
    measures = [(m.record, m.effect, m.shown) for m in listed((CaseStudy.kind, case.id)) if m.shown and not m.removed_at]
    files = [(f.name, f.kind, f.digest, f.alt, f.caption, f.consent_id is None) for f in shown_files(case)]
    updates = db.session.query(Update).filter_by(case_study_id=case.id, status="published")
    adoptions = db.session.query(Adoption).filter_by(case_study_id=case.id, status="published")
    return {
        "record": case.record,
        "measures": measures,
        "files": files,
        "updates": sorted([u.happened, u.recorded_at, u.entry, u.text, u.html, u.practice_status, u.added] for u in updates),
        "adoptions": sorted([a.created_at, a.member_id, a.record] for a in adoptions),
        "travel": {name: case.travel.get(name) for name in ("tried", "adopted", "adapted", "stopped")} if case.travel else None,
    }


def test_a_reader_takes_it_as_markdown_word_and_paper(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    file = visitor.client.get(f"{url}/export.md")
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")
    record = from_markdown(file.text)
    assert record is not None
    assert record["actions"] == CASE["actions"]
    assert record["organisations"] == ["Anytown Surgery"]
    assert "Ada Author (" in file.text
    word = visitor.client.get(f"{url}/export.docx")
    words = count(word_to_markdown(word.data))
    assert not count(*(str(CASE[name]) for name in ("title", "summary", "problem", "results", "advice"))) - words
    paper = visitor.get(f"{url}/print").text
    assert "How to cite this" in paper
    assert "CC BY 4.0" in paper


def test_what_is_not_public_is_not_exported(author: Person, moderator: Person, visitor: Person, other: Person) -> None:
    url = published(author, moderator)
    moderator.post(f"{url}/review", {"verb": "hide", "reason": "Checking"})
    for person in (visitor, other):
        for path in ("export.md", "export.docx", "print", "history"):
            assert person.client.get(f"{url}/{path}").status_code == 404
    assert author.client.get(f"{url}/export.md").status_code == 200


def upload(author: Person, data: bytes, name: str) -> Any:
    hidden = author.hidden("/case-studies/import", "/case-studies/import")
    return author.client.post("/case-studies/import", data={**hidden, "file": (io.BytesIO(data), name)})


def test_an_exported_file_becomes_an_equal_draft(author: Person, moderator: Person, app: Flask) -> None:
    url = published(author, moderator)
    file = author.client.get(f"{url}/export.md").data
    draft = upload(author, file, "mine.md").headers["Location"].removesuffix("/edit")
    again = author.client.get(author.client.get(draft).headers["Location"] + "/export.md").text
    assert from_markdown(again) == from_markdown(file.decode())


@pytest.mark.parametrize("kind", ["md", "docx"])
def test_the_author_says_where_each_part_goes(author: Person, kind: str, context: Flask) -> None:
    text = "# A title that is long enough\n\n## The challenge\n\nNights were hard.\n\n## Thanks\n\nTo *everybody*.\n"
    data = text.encode() if kind == "md" else _word(text)
    page = upload(author, data, f"story.{kind}")
    assert page.status_code == 200
    form = Page(page.text).form("/place")["fields"]
    assert form["title"] == "A title that is long enough"
    assert re.search(r'<option value="problem" selected>', page.text)
    sent = {k: v for k, v in form.items() if k not in {"action"}} | _texts(page.text)
    sent |= {"place-0": "problem", "place-1": "hard"}
    where = author.client.post("/case-studies/import/place", data=sent).headers["Location"]
    team = author.get(f"{author.client.get(where.removesuffix('/edit')).headers['Location']}/edit/team").text
    assert "everybody" in team
    assert "Thanks" in team


def _texts(html: str) -> dict[str, str]:
    import html as escapes

    return {
        m[1]: escapes.unescape(m[2]).strip("\n")
        for m in re.finditer(r'<textarea[^>]*name="(text-\d+)"[^>]*>(.*?)</textarea>', html, re.S)
    }


def _word(text: str) -> bytes:
    first, rest = text.split("\n\n", 1)
    parts = re.findall(r"## (.+?)\n\n(.+?)\n(?:\n|$)", rest + "\n", re.S)
    return word_file(parts, first.removeprefix("# "))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "“x.md” is an empty file"),
        (b"\xff\xfe\x00ba", "a kind of file that the site cannot read. Bring in a Word file"),
        (b"PK\x03\x04 not a zip", "cut off or damaged"),
        (b"x" * 2_500_000, "“x.md” has 2.5 MB of text; at most 2 MB are taken"),
        (b"---\nshared-practice-case-study: 1\ncosts: [\n---\n", "cannot be read"),
        (b"---\nshared-practice-case-study: 9\n---\n", "newer version"),
    ],
)
def test_files_that_cannot_be_read_are_told_in_words(author: Person, data: bytes, words: str) -> None:
    answer = upload(author, data, "x.md")
    assert answer.status_code == 422
    assert words in answer.text


def test_a_spreadsheet_of_many(context: Flask, tmp_path: Path) -> None:
    table = tmp_path / "many.csv"
    rows = [
        ["key", "title", "summary", "problem", "actions", "elements", "costs", "involvement", "organisations"],
        ["1", "A first one that is long enough", "Better.", "Long waits.", "A hub.", "Resilience; shared-vision",
         "staff | 0.4 WTE | 2025 | nurse\nit | not known", "planning | co-designed", "Anytown Surgery; Newtown Hospice"],
        ["2", "A second one that is long enough", "Worse.", "Too few beds.", "A ward.", "no-such-element", "", "", ""],
    ]  # fmt: skip
    with table.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)
    outcomes = import_all([table], True, no_bar)
    assert [o.result for o in outcomes] == ["new", "failed"]
    assert "no-such-element" in outcomes[1].detail
    case = db.session.query(CaseStudy).one()
    assert case.record["elements"] == ["resilience", "shared-vision"]
    assert case.record["costs"][0] == {"kind": "staff", "amount": "0.4 WTE", "year": "2025", "note": "nurse"}
    assert case.record["involvement"] == [{"key": "planning", "level": "co-designed"}]
    assert [o.result for o in import_all([table], True, no_bar)] == ["unchanged", "failed"]
    table.write_text("title,colour\nA,blue\n", "utf-8")
    assert "unknown columns: “colour”" in import_all([table], True, no_bar)[0].detail


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text-0": "a\x00b"}, "cannot be stored"),
        ({"title": "a\x00b"}, "cannot be stored"),
        ({"text-0": "y" * 70_000}, "far too long"),
    ],
)
def test_pieces_that_cannot_be_kept_are_told_and_come_back(author: Person, change: dict[str, str], words: str) -> None:
    page = upload(author, b"# A title that is long\n\n## Problem\n\nWaiting.\n", "story.md")
    answer = author.client.post("/case-studies/import/place", data={**Page(page.text).form("/place")["fields"], **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert "y" * 70_000 in answer.text or "y" not in change.get("text-0", "")
