"""Nothing moves under a reader's finger while a page with filters comes in over a slow line, on a large screen and on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.conftest import PHONE, Site
from tests.served import PATIENCE

pytestmark = [pytest.mark.journey, pytest.mark.database]
DESK = {"width": 1280, "height": 900}
WATCH = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries())
    for (const { node } of shift.sources.length ? shift.sources : [{}])
      window.moved.push([shift.value, node?.nodeName, node?.className]);
}).observe({ type: "layout-shift", buffered: true });
"""
DRAWN = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(window.moved)))))"
)


def moved(page: Page) -> list[list[object]]:
    """(how far, what, its class) of everything that moved so far."""
    found: list[list[object]] = page.evaluate(DRAWN)
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ["/search?q=hospital", "/case-studies"])
def test_nothing_moves_while_it_loads(demo: Site, browser: Browser, address: str, size: dict[str, int]) -> None:
    """Styles, font and scripts arrive one after the other, each after what came before it was drawn by a slow machine."""
    context = browser.new_context(base_url=demo.base, viewport=size)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE * 1_000)
    context.add_init_script(WATCH)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    held: dict[str, list[Route]] = {"css": [], "woff2": [], "mjs": []}
    let: set[str] = set()

    def arrive(route: Route) -> None:
        kind = route.request.url.rpartition(".")[2]
        route.continue_() if kind in let else held[kind].append(route)

    page.route(re.compile(r"/assets/.*\.(css|woff2|mjs)$"), arrive)
    page.goto(address, wait_until="commit")
    expect(page.locator("footer")).to_be_attached()
    for kind in ("css", "woff2", "mjs"):
        let.add(kind)
        assert held[kind], f"no {kind} was asked for"
        for route in held[kind]:
            route.continue_()
        expect(page.locator(".app-filter__input").first).to_have_css("width", "24px")
        moved(page)
    # The last script has done what it does.
    expect(page.locator("#header-q")).to_have_attribute("role", "combobox")
    panel = page.locator(".app-filters__panel")
    assert (panel.get_attribute("open") is None) == (size is PHONE)
    assert moved(page) == []
    if size is PHONE:
        page.locator(".app-filters__summary").click()
        expect(panel.get_by_role("button", name="Apply filters")).to_be_visible()
    page.evaluate("document.querySelector('main').style.marginTop = '200px'")
    assert moved(page), "what moves is seen"
    context.close()


def test_without_script_the_filters_stay_open(demo: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=demo.base, viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/search?q=hospital")
    expect(page.get_by_role("button", name="Apply filters")).to_be_visible()
    context.close()
