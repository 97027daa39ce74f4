"""A result that stays alive: figures pasted into a chart, an update, somebody else who tried it, and a moderator's level."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Site
from tests.journeys.steps import TEXTS, Window, add_measure, post_update, publish_first, send_case, try_it, write_case

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_from_a_pasted_column_to_a_board(window: Window, site: Site, script: bool) -> None:
    ada, olu, mo = (window(java_script_enabled=script, viewport=PHONE) for _ in range(3))
    for name, page in (("ada", ada), ("olu", olu), ("mo", mo)):
        site.let_in(page, name)
    write_case(ada)
    send_case(ada)
    publish_first(mo)
    case = mo.url
    add_measure(ada, case)
    expect(ada.get_by_text("Better since the change").first).to_be_visible()
    post_update(ada, case)
    try_it(olu, case)
    record = olu.url
    olu.goto(case)
    expect(olu.get_by_role("heading", name="Who tried it elsewhere")).to_be_visible()
    expect(olu.get_by_text("Our night staff wanted it on paper.").first).to_be_visible()
    expect(olu.get_by_text("The huddle moved to nights too.")).to_be_visible()
    picture = olu.locator("picture img").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("async (i) => { await i.decode(); return i.naturalWidth }") == 380
    ada.goto(record)
    ada.get_by_role("button", name="Confirm this entry").click()
    expect(ada.get_by_text("Confirmed by the original author").first).to_be_visible()


def test_points_are_reached_by_keyboard(window: Callable[..., Page], site: Site) -> None:
    page = window(viewport={"width": 1280, "height": 900})
    site.let_in(page, "ada")
    write_case(page)
    case = page.url.removesuffix("/preview")
    add_measure(page, case)
    first = page.locator(".app-chart--wide a").first
    first.focus()
    name = first.get_attribute("aria-label") or ""
    assert "2023" in name
    page.keyboard.press("Enter")
    assert "#point-2023" in page.url
    assert TEXTS["Title"] in page.get_by_role("navigation", name="Back").inner_text()
