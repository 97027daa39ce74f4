"""A title is typed, and what was asked before appears below it, without getting in the way."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Site
from tests.journeys.steps import Window, let_it_save

pytestmark = pytest.mark.journey


def test_already_asked(window: Window, site: Site) -> None:
    page = window(viewport=PHONE)
    page.clock.install()
    site.let_in(page, "olu")
    page.goto("/discussions/new")
    title, place = page.get_by_label("Title"), page.locator(".app-already")
    title.click()
    page.keyboard.type("What are barriers to system leadership", delay=15)
    link = place.get_by_role("link", name="What are the barriers to system change and system leadership?")
    expect(place.get_by_role("heading", name="Already asked?")).to_be_visible()
    expect(link).to_be_visible()
    expect(title).to_be_focused()
    assert title.input_value() == "What are barriers to system leadership", "typing was not disturbed"
    found = Axe().run(page).response["violations"]
    assert not [v["id"] for v in found], found

    title.fill("Wombats")
    expect(place).to_be_empty()
    page.route("**/search/similar*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        title.fill("Barriers to system leadership")
    expect(place).to_be_empty()
    page.unroute("**/search/similar*")
    title.fill("Barriers to system leadership?")
    let_it_save(page)
    link.click()
    page.get_by_role("heading", level=1, name="What are the barriers").wait_for()
    page.go_back()
    page.goto("/discussions/new")
    expect(page.get_by_label("Title")).to_have_value("Barriers to system leadership?")
