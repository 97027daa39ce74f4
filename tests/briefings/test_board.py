"""The board paper and its picture: who may have them, what they say, and that they keep to one page."""

import re
import subprocess
import threading
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from werkzeug.serving import make_server

from forum.case_studies.record.presentation import WITHHELD
from tests.case_studies.uploads import agree, end
from tests.journeys.conftest import ARGS, CHROMIUM
from tests.measures.steps import FIELDS, lines, measure
from tests.page import Person
from tests.searches.steps import EVIL, full, members_only
from tests.served import TO_START
from tests.stories import CASE, draft, published

LONG = "Practice nurses and pharmacists went through every list together, twice a week, until nobody was left out. "
SECTIONS: dict[str, dict[str, object]] = {
    "setting": {"practice_status": "running", "started": "2024-02"},
    "costs": {f"costs-{n}-{k}": v for n in range(6) for k, v in (("kind", "other"), ("amount", f"{n} thousand pounds a year"))},
}


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def picture(by: Person, url: str) -> Image.Image:
    answer = by.get(f"{url}/board.png")
    assert answer.mimetype == "image/png"
    found = Image.open(BytesIO(answer.data))
    found.load()
    return found


def test_the_paper_says_what_a_board_asks(author: Person, moderator: Person, visitor: Person) -> None:
    url = full(author, moderator, SECTIONS, problem=LONG * 7, actions=LONG * 9)
    measure(author, url, name="A process that comes first", kind="process")
    measure(author, url)
    page = visitor.get(f"{url}/board").text
    text = words(page)
    assert CASE["summary"] in text
    assert "Anytown Surgery, since February 2024" in text
    assert "Falls went down once the huddle began." in text, "the outcome speaks for it, not the first measure"
    assert re.search(r'src="[^"]+/measures/2/chart\.svg\?v=1"', page)
    assert "Balancing Not measured" in text
    assert "It got better" in text
    assert "Other: 3 thousand pounds a year; and 2 more" in text
    assert "Nobody has told us yet that they tried it elsewhere" in text
    assert "How to cite this: Ada Author" in text
    problem, done = re.findall(r"<h2 class=\"app-board__h\">(?:The problem|What we did)</h2>(.*?)</section>", page, re.S)
    for told, most in ((words(problem), 340), (words(done), 450)):
        kept, _, more = told.partition(" Continues at ")
        assert more.endswith("/case-studies/1")
        assert kept.endswith("nobody was left out."), "whole sentences"
        assert kept in LONG * 9
        assert most - len(LONG) < len(kept) <= most


def test_lists_stay_lists_and_run_ins_bold(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator, actions="**First.** We did:\n\n- one thing\n- `another`\n\n1. and\n2. so on")
    page = visitor.get(f"{url}/board").text
    assert "<strong>First.</strong> We did:" in page
    assert re.search(r"<ul[^>]*>\s*<li>\s*<p>one thing</p>", page)
    assert "<code>another</code>" in page
    assert re.search(r"<ol[^>]*>\s*<li>\s*<p>and</p>", page)


def test_without_a_measure_it_says_so(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    page = visitor.get(f"{url}/board").text
    assert "No measure over time yet" in page
    assert "Across the whole system" not in page
    assert "Calls fell from 9 to 5" in page
    assert picture(visitor, url).size == (1600, 900)


def test_two_figures_are_shown_as_two_figures(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    measure(author, url, figures=lines([9, 5]), **{f"phases-0-{name}": None for name in ("label", "start", "kind")})
    page = visitor.get(f"{url}/board").text
    assert "app-two__value" in page
    assert "chart.svg" not in page
    assert picture(visitor, url).size == (1600, 900)


def test_only_for_those_who_may_read_it(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    hers, closed = draft(author), members_only(author, moderator, title="Only members read of the wombat")
    away = published(author, moderator, title="The numbat that was hidden again")
    moderator.post(f"{away}/review", {"verb": "hide", "reason": "A name stands in it"})
    for url, allowed in ((hers, [author]), (closed, [author, other, moderator]), (away, [author, moderator])):
        for reader in (author, other, moderator, visitor):
            for page in ("/board", "/board.png"):
                reader.get(f"{url}{page}", 200 if reader in allowed else 404)
    assert "Not published" in author.get(f"{hers}/board").text
    visitor.get("/case-studies/999/board", 404)
    assert "/board" in other.get(closed).text
    assert "/board" in other.get(f"{closed}/print").text


def test_withheld_texts_stay_withheld(author: Person, moderator: Person, visitor: Person) -> None:
    story = "A tall gardener slept at the tulip house."
    url = published(author, moderator, problem=story, actions=story)
    assert visitor.get(f"{url}/board").text.count("tulip") == 2
    end(author, url, agree(author, url, names=["problem", "actions"]))
    page = visitor.get(f"{url}/board").text
    assert "tulip" not in page
    assert WITHHELD in page
    assert picture(visitor, url).size == (1600, 900)


def test_hostile_texts_are_words(author: Person, moderator: Person, visitor: Person) -> None:
    texts = {"title": f"A title that is long enough {EVIL}", "summary": EVIL, "problem": EVIL, "organisations-0": EVIL}
    url = published(author, moderator, **texts)
    measure(author, url, name=EVIL, interpretation=EVIL)
    page = visitor.get(f"{url}/board").text
    assert "<script>alert" not in page
    assert picture(visitor, url).size == (1600, 900)


def test_the_picture_is_a_slide_that_is_not_drawn_without_end(author: Person, moderator: Person, visitor: Person) -> None:
    url = full(author, moderator, SECTIONS)
    measure(author, url)
    # Counted by address, over all tests of this process.
    visitor.client.environ_base = {**visitor.client.environ_base, "REMOTE_ADDR": "192.0.2.7"}
    answer = visitor.get(f"{url}/board.png")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="weekly-ward-round-in-a-care-home-in-anytown-board.png"'
    assert len(answer.data) < 400_000
    assert picture(visitor, url).size == (1600, 900)
    for _ in range(28):
        visitor.get("/case-studies/999/board.png", 404)
    assert visitor.client.get(f"{url}/board.png").status_code == 429


@pytest.mark.journey
@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
@pytest.mark.parametrize("measured", [True, False])
def test_it_is_one_sheet_of_paper(author: Person, moderator: Person, app: Flask, tmp_path: Path, measured: bool) -> None:
    """With everything as long as it may be, and with hardly anything."""
    url = published(author, moderator)
    if measured:
        long = {
            "problem": LONG * 7,
            "actions": LONG * 9,
            "title": ("A title as long as it may be " * 4)[:100],
            "summary": LONG[:140],
        }
        costs = {
            f"costs-{n}-{k}": v for n in range(9) for k, v in (("kind", "other"), ("amount", "x y " * 19), ("year", "2024/25"))
        }
        sections: dict[str, dict[str, object]] = {"setting": SECTIONS["setting"], "costs": costs}
        places = {f"organisations-{n}": f"The {n}th community partnership with a long name" for n in range(6)}
        url = full(author, moderator, sections, **long, **places)
        for kind, part in (
            ("outcome", "social-care"),
            ("process", "acute-and-specialist"),
            ("cost", "mental-health"),
            ("experience", "primary-care"),
        ):
            measure(
                author,
                url,
                kind=kind,
                part=part,
                name=f"{FIELDS['name']} and everywhere else besides",
                interpretation=(LONG * 3)[:300],
            )
    assert len(printed(app, f"{url}/board", tmp_path)) == 1


@pytest.mark.journey
@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
def test_the_two_page_paper_begins_on_its_first_sheet(author: Person, moderator: Person, app: Flask, tmp_path: Path) -> None:
    """Facts that stood beside the text, and could not be broken, moved all of it to the second sheet."""
    places = {f"organisations-{n}": f"The {n}th community partnership with a long name" for n in range(6)}
    url = full(author, moderator, SECTIONS, problem=LONG * 7, actions=LONG * 12, results=LONG * 7, advice=LONG * 5, **places)
    sheets = printed(app, f"{url}/print", tmp_path)
    assert len(sheets) == 2
    assert "The problem" in sheets[0]
    assert sheets[0].count("Practice nurses") > 12
    assert "How to cite this" in sheets[1]


def printed(app: Flask, path: str, folder: Path) -> list[str]:
    """The words of each sheet that a browser prints of a page."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    file = folder / "printed.pdf"
    where = f"http://127.0.0.1:{server.server_port}{path}"
    command = [
        CHROMIUM,
        "--headless",
        *ARGS,
        f"--user-data-dir={folder / 'browser'}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={file}",
    ]
    subprocess.run([*command, where], check=True, capture_output=True, timeout=TO_START)
    server.shutdown()
    server.server_close()
    return [sheet.extract_text() for sheet in PdfReader(file).pages]
