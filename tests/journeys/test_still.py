"""Nothing moves under a reader's finger while a page with filters comes in over a slow line, on a large screen and on a phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PHONE, Site
from tests.served import PATIENCE

pytestmark = [pytest.mark.journey, pytest.mark.database]
DESK = {"width": 1280, "height": 900}
#: A slow line and a slow machine: fonts, styles and scripts arrive one after the other, each after something was drawn.
LINE = {"offline": False, "latency": 200, "downloadThroughput": 60_000, "uploadThroughput": 60_000}
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
    context = browser.new_context(base_url=demo.base, viewport=size)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE * 1_000)
    context.add_init_script(WATCH)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address)
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
