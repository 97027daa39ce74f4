"""A file with pictures is brought in on a phone, by keyboard and with a reader aloud; one that is too large is told of at once."""

from pathlib import Path

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.case_studies.test_brought_pictures import report
from tests.journeys.conftest import PHONE, Site
from tests.journeys.steps import Window

pytestmark = pytest.mark.journey


def test_pictures_come_along_on_a_phone(window: Window, site: Site, tmp_path: Path) -> None:
    large, file = tmp_path / "large.docx", tmp_path / "falls.docx"
    large.write_bytes(bytes(10_100_000))
    file.write_bytes(report().getvalue())
    assert docx.Document(str(file)).inline_shapes
    page = window(viewport=PHONE)
    site.let_in(page, "olu")
    page.goto("/case-studies/import")
    page.get_by_label("Choose a file").set_input_files(large)
    expect(page.get_by_role("alert")).to_contain_text("“large.docx” has 10.1 MB; at most 10 MB are taken. Make it smaller")
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_role("button", name="Go on").press("Enter")
    page.get_by_role("heading", level=1, name="Where does each part go?").wait_for()
    found = Axe().run(page).response["violations"]
    assert not [v["id"] for v in found], found
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    first = page.get_by_label("Take picture 1 along")
    expect(first).to_be_checked()
    first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Make a draft of it").first.press("Enter")
    page.wait_for_url("**/edit")
    page.goto(page.url.replace("/edit", "/files"))
    expect(page.get_by_role("img", name="Picture 2")).to_have_count(1)
    found = Axe().run(page).response["violations"]
    assert not [v["id"] for v in found], found
