"""Ticking case studies on one search after another, and seeing them side by side: with script, without, and on a narrow screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.served import PATIENCE

pytestmark = [pytest.mark.journey, pytest.mark.database]
NARROW = {"width": 320, "height": 640}
#: Whether what has the focus is wholly under the bar.
HIDDEN = """() => {
  const it = document.activeElement, bar = document.querySelector(".app-compare-bar");
  if (it === document.body || bar.contains(it)) return false;
  const box = it.getBoundingClientRect(), over = bar.getBoundingClientRect();
  return box.height > 0 && box.top >= over.top && box.bottom <= over.bottom;
}"""


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request: pytest.FixtureRequest, demo: Site, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=demo.base, java_script_enabled=request.param)
    context.set_default_timeout(PATIENCE * 1_000)
    yield context.new_page()
    context.close()


def tick(page: Page, title: str) -> None:
    page.get_by_role("checkbox", name=f": {title}").check()


def test_ticks_go_along_from_search_to_list_to_compare(page: Page) -> None:
    page.goto("/search?q=virtual+ward")
    tick(page, "Frailty virtual ward")
    page.get_by_label("What are you looking for?").fill("hospice shared record")
    page.locator("main").get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url("**/search?**hospice**")
    chosen = page.get_by_role("group", name="Also chosen to compare")
    expect(chosen.get_by_role("checkbox", name="Frailty virtual ward")).to_be_checked()
    tick(page, "Nineteen months to connect one hospice")
    # To the list by a link: with script what was just ticked goes along; without, it is kept first.
    keep = page.get_by_role("button", name="Keep the ticks and go on")
    if keep.count():
        keep.click()
        page.wait_for_url("**&case=**&case=**")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Case studies").click()
    page.wait_for_url("**/case-studies?case=*&case=*")
    expect(page.locator("[name=case][type=checkbox]:checked")).to_have_count(2)
    tick(page, "Every request through one online form")
    page.get_by_role("button", name="Compare").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 3 case studies")
    assert page.url.count("case=") == 3
    assert "sort" not in page.url


def test_a_fifth_does_not_fit_and_a_tick_can_be_taken_away(page: Page) -> None:
    page.goto("/case-studies")
    boxes = page.locator(".app-card [name=case]")
    for n in range(4):
        boxes.nth(n).check()
    if boxes.nth(4).is_disabled():
        expect(page.get_by_text("4 are ticked: more do not fit side by side.")).to_be_visible()
        boxes.nth(3).uncheck()
        expect(page.get_by_role("button", name="Compare (3)")).to_be_visible()
        assert page.url.count("case=") == 3
        page.reload()
        expect(page.locator("[name=case][type=checkbox]:checked")).to_have_count(3)
    else:
        boxes.nth(4).check()
        page.get_by_role("button", name="Compare").last.click()
        expect(page.get_by_text("Only 4 fit side by side")).to_be_visible()


@pytest.mark.parametrize("address", ["/search?q=hospital", "/case-studies"])
def test_the_bar_hides_nothing_that_has_the_focus(demo: Site, browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=demo.base, viewport=NARROW)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.get_by_role("checkbox", name="Compare").first.check()
    expect(page.get_by_role("button", name="Compare (1)")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    walked = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        walked.add(page.evaluate("document.activeElement.id || document.activeElement.outerHTML.slice(0, 200)"))
        assert not page.evaluate(HIDDEN), page.evaluate("document.activeElement.outerHTML")
    assert len(walked) > 30
    for _ in range(50):
        page.keyboard.press("Shift+Tab")
        assert not page.evaluate(HIDDEN), page.evaluate("document.activeElement.outerHTML")
    context.close()
