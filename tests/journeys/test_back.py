"""The Back button: what was typed is still there, nothing is posted twice, and nobody is overwritten.

Chromium either shows the page as it was left (its back/forward cache) or fetches it anew and puts the typed words into it. Both are
tried, each with script and without. Playwright switches that cache off by itself.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.journeys.conftest import ARGS, CHROMIUM, Site
from tests.journeys.steps import sign_in
from tests.served import until

pytestmark = pytest.mark.journey
ASKED = "You sent this form before"
CHANGED = "It was changed somewhere else"


@pytest.fixture(scope="module")
def keeping(playwright: Playwright) -> Iterator[Browser]:
    """A browser that keeps pages for the Back button, as people's browsers do."""
    found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS, ignore_default_args=["--disable-back-forward-cache"])
    yield found
    found.close()


@pytest.fixture(params=["fetched", "kept"])
def used(request: pytest.FixtureRequest) -> Browser:
    found: Browser = request.getfixturevalue("browser" if request.param == "fetched" else "keeping")
    return found


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def people(used: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Page]]:
    """Open a signed-in window for somebody."""
    contexts = []

    def open_for(name: str) -> Page:
        contexts.append(used.new_context(base_url=site.base, java_script_enabled=request.param))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        site.let_in(page, name)
        return page

    yield open_for
    for context in contexts:
        context.close()


def back(page: Page) -> None:
    """Go back, and wait until the browser has put the words in: it does so when the page is complete."""
    page.go_back(wait_until="commit")
    page.locator("h1").first.wait_for()
    until(lambda: page.evaluate("document.readyState") == "complete", "the page")


def away(page: Page) -> None:
    page.get_by_role("link", name="Case studies").first.click()
    page.wait_for_url("**/case-studies")


def start(page: Page, title: str, text: str) -> str:
    page.goto("/discussions/new")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Your text").fill(text)
    page.get_by_role("button", name="Post thread").click()
    page.get_by_role("heading", name=title, level=1).wait_for()
    return page.url


def words(page: Page) -> str:
    return page.locator("main").inner_text()


def test_an_edit_that_was_left_overwrites_nobody(people: Callable[[str], Page]) -> None:
    ada, mo = people("ada"), people("mo")
    thread = start(ada, "Falls on the ward at night", "The Fell family by the window had two falls.")
    ada.goto(f"{thread}/edit")
    ada.get_by_label("Your text").fill("The Fell family by the window had three falls.")
    away(ada)
    mo.goto(f"{thread}/edit")
    mo.get_by_label("Your text").fill("A patient fell twice.")
    mo.get_by_label("Why are you changing it?").fill("Removed a patient name")
    mo.get_by_role("button", name="Save").click()
    mo.get_by_text("A patient fell twice.").first.wait_for()
    back(ada)
    assert ada.get_by_label("Your text").input_value() == "The Fell family by the window had three falls."
    ada.get_by_role("button", name="Save").click()
    ada.get_by_text(CHANGED).wait_for()
    assert ada.get_by_label("Your text").input_value() == "The Fell family by the window had three falls."
    assert "A patient fell twice." in words(ada)
    mo.goto(thread)
    assert "A patient fell twice." in words(mo)
    assert "three falls" not in words(mo)

    # Her own save is no conflict with itself, and what a moderator saved after it stays.
    ada.get_by_label("Your text").fill("Somebody fell. We moved the bed.")
    ada.get_by_role("button", name="Save").click()
    ada.get_by_role("heading", name="Falls on the ward at night", level=1).wait_for()
    ada.goto(f"{thread}/edit")
    ada.get_by_label("Your text").fill("Somebody fell. We moved the bed. It helped.")
    ada.get_by_role("button", name="Save").click()
    ada.get_by_text("It helped.").wait_for()
    back(ada)
    ada.get_by_label("Your text").fill("Somebody fell. We moved the bed. It helped a lot.")
    ada.get_by_role("button", name="Save").click()
    ada.get_by_text("It helped a lot.").wait_for()


def test_nothing_is_posted_twice_and_nothing_typed_is_lost(people: Callable[[str], Page]) -> None:
    ada = people("ada")
    thread = start(ada, "Who has tried a drug round huddle?", "We begin in May.")
    back(ada)
    if ada.get_by_label("Title").input_value():
        ada.get_by_role("button", name="Post thread").click()
        ada.get_by_role("heading", name="Who has tried a drug round huddle?", level=1).wait_for()
        assert ada.url == thread, "the same words are the same thread"

    ada.goto(thread)
    ada.get_by_label("Your reply").fill("Words that I have not sent yet.")
    away(ada)
    back(ada)
    assert ada.get_by_label("Your reply").input_value() == "Words that I have not sent yet."
    for _ in range(2):
        ada.get_by_role("button", name="Post reply").click()
        ada.locator("article", has_text="Words that I have not sent yet.").first.wait_for()
        back(ada)
        # Fetched anew, the box is empty: its words were sent. As it was left, it still has them.
        if not ada.get_by_label("Your reply").input_value():
            break
    ada.goto(thread)
    assert ada.locator("article", has_text="Words that I have not sent yet.").count() == 1

    ada.goto("/discussions/new")
    ada.get_by_label("Title").fill("A first thought about huddles")
    ada.get_by_label("Your text").fill("The first words.")
    ada.get_by_role("button", name="Post thread").click()
    ada.get_by_role("heading", name="A first thought about huddles", level=1).wait_for()
    first = ada.url
    back(ada)
    ada.get_by_label("Title").fill("A second thought about huddles")
    ada.get_by_label("Your text").fill("Other words, which must not be dropped.")
    ada.get_by_role("button", name="Post thread").click()
    ada.get_by_role("heading", name=ASKED).wait_for()
    assert ada.get_by_label("Text", exact=True).input_value() == "Other words, which must not be dropped."
    ada.get_by_role("button", name="Send this as well").click()
    ada.get_by_role("heading", name="A second thought about huddles", level=1).wait_for()
    assert ada.url != first


def test_words_stay_with_whoever_typed_them(people: Callable[[str], Page]) -> None:
    """Ada leaves a reply unsent and signs out; Olu signs in at the same computer and goes back."""
    ada = people("ada")
    thread = start(ada, "A thread for two at one computer", "Who comes next?")
    ada.get_by_label("Your reply").fill("Only for me until I send it.")
    ada.goto("/account")
    ada.get_by_role("button", name="Sign out", exact=True).click()
    ada.get_by_text("You are signed out.").wait_for()
    sign_in(ada, "olu")
    ada.goto(thread)
    for _ in range(4):
        back(ada)
        box = ada.get_by_label("Your reply")
        assert not box.count() or box.input_value() == ""


def test_a_case_study_keeps_both(people: Callable[[str], Page]) -> None:
    here, there = people("ada"), people("ada")
    here.goto("/case-studies/new")
    here.get_by_label("Title", exact=True).fill("Two windows, one case study")
    here.get_by_label("What did you do?").fill("We moved the trolley.")
    here.get_by_role("button", name="Save and come back later").click()
    here.get_by_role("heading", name="Your case study").wait_for()
    case = here.url.removesuffix("/edit")
    here.goto(f"{case}/edit/quick-share")
    here.get_by_label("What did you do?").fill("We moved the trolley to the door.")
    away(here)
    there.goto(f"{case}/edit/quick-share")
    there.get_by_label("What did you do?").fill("We sold the trolley.")
    there.get_by_role("button", name="Save and come back later").click()
    there.get_by_role("heading", name="Your case study").wait_for()
    back(here)
    assert here.get_by_label("What did you do?").input_value() in {"We moved the trolley to the door.", "We sold the trolley."}
    here.get_by_label("What did you do?").fill("We moved the trolley to the window.")
    here.get_by_role("button", name="Save and come back later").click()
    here.wait_for_load_state()
    here.goto(f"{case}/edit/quick-share")
    both = words(here) + here.get_by_label("What did you do?").input_value()
    assert "We sold the trolley." in both
    assert "We moved the trolley to the window." in both
