"""Real texts become case studies: nothing lost, nothing twice, every outcome told."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.case_studies.record.fields import BY_NAME
from forum.case_studies.transfer.bulk_import import import_all
from forum.case_studies.transfer.read_file import read_file
from forum.documents.markdown import plain, render
from forum.kernel.db import db
from forum.worker import Worker
from tests.case_studies.real_texts import NAMES, count, real_texts, seen_by_readers
from tests.page import Person

#: What a reader does not see as words: addresses, the marks of footnotes, names of signs and of the language of a piece of code.
LINKED = re.compile(r"\]\((?:https?:|mailto:)(?:[^()\s]|\([^()\s]*\))*\)")
SUP = re.compile(r"<sup\b.*?</sup>")
ENTITIES = {"amp", "http", "https", "ndash", "nbsp", "reg", "json"}


@contextmanager
def no_bar(length: int, label: str) -> Iterator[Callable[[int], None]]:
    yield lambda step: None


def test_no_word_of_165_real_texts_is_lost(shared: Path) -> None:
    texts = list(real_texts(shared))
    assert len(texts) == 165
    for file, text in texts:
        bodies = [body for body in (*text.fields.values(), text.rest, text.about) if body]
        headings = [BY_NAME[name].heading for name in text.fields]
        kept = count(text.title, text.summary, text.author, str(text.published), *headings, *bodies)
        lost = seen_by_readers(file.read_text("utf-8-sig")) - kept
        assert set(lost) <= NAMES, (file.name, lost)
        assert text.licence
        assert not text.unfit
        shown = count(*(plain(SUP.sub(" ", render(body, 60_000))) for body in bodies))
        unseen = set(count(*(LINKED.sub("]", body) for body in bodies)) - shown)
        assert all(word in ENTITIES or word.isdigit() for word in unseen), (file.name, unseen)


def test_no_real_text_is_hidden_and_the_marks_of_its_generator_are_gone(shared: Path) -> None:
    filled = 0
    for file, text in real_texts(shared):
        parts = {**text.fields, **({"rest": text.rest} if text.rest else {})}
        words = {name: sum(count(body).values()) for name, body in parts.items()}
        folded = sum(count(text.about).values())
        assert folded < sum(words.values()), file.name
        filled += bool(text.fields)
        for name, body in parts.items():
            prose = re.sub(r"```.*?```|`[^`\n]*`", "", body, flags=re.S)
            assert not re.search(r"\[!(NOTE|TIP|WARNING)|\[\[|\{[%{:]|^!!!|^\?\?\?|<(div|figure|span|br|li)\b|!\[", prose, re.M), (
                file.name,
                name,
            )
            assert not re.search(r"(?<!\w/)\b[\w./-]*/[\w.-]+\.(png|jpe?g|svg|gif)\b", re.sub(r"https?:\S+", "", prose)), (
                file.name,
                name,
            )
            assert set(re.findall(r"\[\^(\w+)\](?!:)", prose)) == set(re.findall(r"^\[\^(\w+)\]:", prose, re.M)), (file.name, name)
    # Those whose headings speak of fields fill them; the others are read whole.
    assert filled >= 75


def test_importing_twice_changes_nothing(context: Flask, shared: Path) -> None:
    folder = shared / "data/real-texts/us-federal-data-strategy-proof-points"
    first = import_all([folder], True, no_bar)
    second = import_all([folder], True, no_bar)
    assert {o.result for o in first} == {"new"}
    assert {o.result for o in second} == {"unchanged"}
    assert db.session.query(CaseStudy).count() == len(first)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_changed_file_changes_its_case_study(context: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    write(folder, "one.md", "---\ntitle: A long enough title\n---\n\n## Problem\n\nOld words.\n")
    assert [o.result for o in import_all([folder], True, no_bar)] == ["new"]
    write(folder, "one.md", "---\ntitle: A long enough title\n---\n\n## Problem\n\nNew words.\n")
    assert [o.result for o in import_all([folder], True, no_bar)] == ["changed"]
    assert "New words." in db.session.query(CaseStudy).one().record["problem"]


def test_what_may_identify_somebody_is_held(context: Flask, tmp_path: Path) -> None:
    file = write(tmp_path, "risky.md", "# A title of some length\n\nHospital number 778899\n")
    outcome = import_all([file], True, no_bar)[0]
    assert (outcome.result, "1 findings" in outcome.detail) == ("held", True)
    assert db.session.query(CaseStudy).one().status == "submitted"


def test_an_nhs_number_is_not_imported(context: Flask, tmp_path: Path) -> None:
    file = write(tmp_path, "risky.md", "# A title of some length\n\nNHS number 943 476 5919\n")
    outcome = import_all([file], True, no_bar)[0]
    assert (outcome.result, "943 476 5919" in outcome.detail) == ("failed", True)
    assert db.session.query(CaseStudy).count() == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("---\ntitle: [broken\n---\n\nBody stays.", ["Body", "broken"]),
        ("No front matter, no heading, only words.", ["words"]),
        ("{% include x.html %}\n\n## Results\n\n{: .box}\n![A chart](a.png 'Hover')\n", ["chart", "Hover"]),
        ("Title\n=====\n\nUnderlined heading\n\nBackground\n----------\n\nWhy", ["Underlined", "Why", "Background"]),
        (
            '[words][w] and <b>bold</b> <abbr title="National Health Service">NHS</abbr>\n\n[w]: https://a.example "Title"',
            ["(https://a.example)", "Title", "**bold**", "National"],
        ),
        ("", []),
    ],
)
def test_odd_files_lose_nothing(tmp_path: Path, text: str, words: list[str]) -> None:
    read = read_file(write(tmp_path, "odd.md", text), tmp_path, {})
    kept = " ".join([read.title, read.summary, *read.fields.values(), read.rest])
    assert all(word in kept for word in words), kept


def test_bytes_that_are_no_text_are_told(context: Flask, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\x00ba")
    (tmp_path / "huge.md").write_bytes(b"x" * 500_000)
    assert [o.result for o in import_all([tmp_path], True, no_bar) if o.file.endswith(".md")] == ["failed", "failed"]


def test_imported_texts_read_well_and_are_found(app: Flask, worker: Worker, visitor: Person, shared: Path) -> None:
    folder = shared / "data/real-texts/nhsengland-datascience"
    with app.app_context():
        import_all([folder], True, no_bar)
        url = db.session.query(CaseStudy).filter(CaseStudy.title.like("ePMA%")).one().url
    worker.until_empty()
    page = visitor.get(url).text
    assert "Source and licence" in page
    assert "OGL v3" in page
    assert url in visitor.get("/search?q=epma+coding").text
