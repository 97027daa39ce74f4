"""axe on every kind of page, at desk and phone width, and no page wider than a 320-pixel screen (WCAG 2.2 AA, 1.4.10)."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from forum.case_studies.record.sections import BY_SLUG
from tests.adoptions.steps import share
from tests.databases import databases
from tests.journeys.conftest import Site, served
from tests.measures.steps import measure
from tests.prepared import person
from tests.stories import published
from tests.updates.test_updates import NEW

pytestmark = pytest.mark.journey

#: What is not a violation is looked at as well, and then not told with every element that has it.
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
SIZES = ((1280, 900), (390, 844), (320, 640))
#: Every page is measured at each size. axe takes most of the time, and what it finds on a phone it finds on a small phone too:
#: `make walk` lets it look at all of them.
AXE_AT = {width for width, _ in SIZES if width != 390 or os.environ.get("FORUM_WALK")}
#: The script asks how wide the screen is as a page is opened, and folds these.
FOLDED = ".app-filters__panel"
PUBLIC = [
    "/", "/about", "/guidelines", "/privacy", "/accessibility", "/cookies", "/contact", "/join", "/sign-in", "/forgotten-password",
    "/case-studies", "/discussions", "/discussions/1", "/elements", "/elements/resilience", "/care-models", "/care-models/virtual-ward",
    "/search?q=leadership", "/search?q=element:stable-core-team+after:2020&depth=quick", "/search?q=zzzz", "/search/vocabulary", "/search?q=leadershpi+ward", "/search/help",
    "/people/ada-author", "/nothing-here", "/organisations/1", "/case-studies/1/print",
    "/case-studies/1", "/case-studies/1/measures/1", "/case-studies/1/measures/1/history", "/case-studies/1/updates",
    "/case-studies/1/evidence", "/case-studies/1/adoptions", "/adoptions/1", "/case-studies?data=any",
    "/case-studies/1/board", "/compare?case=1", "/search?q=leadership&case=1", "/search?q=zzzz&case=1", "/case-studies?case=1",
]  # fmt: skip
MEMBER = [
    "/account", "/account/profile", "/account/password", "/drafts", "/notifications", "/discussions/new", "/case-studies/new",
    "/discussions/1", "/case-studies/1", "/case-studies/1/edit", "/case-studies/1/preview", "/case-studies/1/people",
    "/case-studies/1/files", "/case-studies/import", "/invitations", "/saved", "/people/olu-other/write",
    *(f"/case-studies/1/edit/{s}" for s in BY_SLUG), "/case-studies/1/history",
    "/case-studies/1/withdraw", "/report/thread/1",
    "/case-studies/1/measures", "/case-studies/1/measures/new", "/case-studies/1/measures/1/edit",
    "/case-studies/1/updates/new", "/case-studies/1/updates/1/edit",
    "/search?q=leadership&outcome=worse", "/searches", "/searches/new?q=huddles", "/searches/ask?q=zzzz",
]  # fmt: skip
STAFF = [
    "/moderation",
    "/moderation/decisions",
    "/moderation/searches",
    "/moderation/vocabulary/new",
    "/moderation/vocabulary/1/edit",
    "/case-studies/1/review",
    "/case-studies/1/purge",
    "/moderation/thread/5/hide",
    "/discussions/5",
    "/discussions/5/edit",
    "/case-studies/1/evidence",
    "/case-studies/1/adoptions/new",
    "/moderation/update/1/hide",
    "/moderation/adoption/1/hide",
]


def look(page: Page, paths: list[str]) -> list[str]:
    """What axe finds, and what is too wide, on each of the pages at each size."""
    axe, found = Axe(), []
    for path in paths:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            if (width, height) == SIZES[0] or page.locator(FOLDED).count():
                page.goto(path)
                page.evaluate(axe.axe_script)
            if width in AXE_AT:
                violations = page.evaluate("options => axe.run(document, options).then(result => result.violations)", OPTIONS)
                found += [f"{path} at {width}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in violations]
            more = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if more > 0:
                found.append(f"{path} at {width}: {more} px too wide")
    return found


@pytest.fixture(scope="module")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One of its own, where the first case study is the first."""
    folder = tmp_path_factory.mktemp("looked-at")
    with served(folder, databases().copy(template, folder), fill) as found:
        yield found


def fill(app: Flask) -> None:
    """One case study, published, measured, followed up and tried elsewhere, so that each page has something to show."""
    ada, olu, mo = (person(app, name) for name in ("ada", "olu", "mo"))
    case = published(ada, mo)
    assert case.startswith("/case-studies/1-")
    measure(ada, case)
    ada.post(f"{case}/updates/new", {**NEW, "figures_1-lines": "2025-01 20\n2025-02 19"})
    share(olu, case)


@pytest.mark.parametrize(("who", "paths"), [("", PUBLIC), ("ada", MEMBER), ("mo", STAFF)], ids=["visitor", "member", "staff"])
def test_nothing_found(window: Callable[..., Page], site: Site, who: str, paths: list[str]) -> None:
    page = window()
    if who:
        site.let_in(page, who)
    found = look(page, paths)
    assert not found, "\n".join(found)


def test_what_was_read_of_a_table(window: Callable[..., Page], site: Site) -> None:
    """The panel is on no address of its own: a table is pasted, a series asked for, chosen by keyboard and read."""
    page, axe = window(), Axe()
    site.let_in(page, "ada")
    page.goto("/case-studies/1/measures/new")
    lines = [f"{month} 2024\t{ward}\t{n}\t4" for n, month in enumerate(("Jan", "Feb", "Mar")) for ward in ("North", "South")]
    page.get_by_label("Your figures").fill("\n".join(["Falls", "Month\tWard\tFalls\tTarget", *lines, "Total\t\t6\t"]))
    page.get_by_label("Your figures").press("Tab")
    page.get_by_role("button", name="Check it and see the chart").last.press("Enter")
    page.get_by_label("Which series?").wait_for()
    found = []
    for _ in ("asked", "read"):
        for width, height in ((1280, 900), (320, 700)):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(axe.axe_script)
            violations = page.evaluate("options => axe.run(document, options).then(result => result.violations)", OPTIONS)
            found += [f"{width}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in violations]
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, width
        page.get_by_label("Which series?").select_option("South")
        page.get_by_role("button", name="Read it again").press("Enter")
        page.get_by_text("3 points, 1 January 2024 to 1 March 2024").wait_for()
    assert not found, "\n".join(found)
    assert page.get_by_label("Your figures").input_value().startswith("2024-01-01\t0")
