"""The main job from end to end: a clinician shares, a moderator publishes, a leader finds and replies."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, Route, expect

from tests.journeys.conftest import ARGS, CHROMIUM, PHONE, Site
from tests.journeys.steps import NOT_SAVED, PAUSE, find_and_reply, join, let_it_save, publish, send_case, sign_in, write_case
from tests.served import until

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_share_publish_find_reply(window: Callable[..., Page], site: Site, script: bool) -> None:
    title = f"A huddle at the drug round {'with' if script else 'without'} a script"
    clinician = window(viewport=PHONE, java_script_enabled=script)
    join(clinician, site, "Nia Newcomer", f"nia-{script}@example.org".lower())
    write_case(clinician, title)
    send_case(clinician)
    assert "in the queue" in clinician.locator("main").inner_text()
    moderator = window(java_script_enabled=script)
    sign_in(moderator, "mo")
    publish(moderator, title)
    leader = window(java_script_enabled=script)
    sign_in(leader, "olu")
    find_and_reply(leader, f"We would like to try this. {script}", title)
    clinician.goto("/notifications")
    until(lambda: "Published" in clinician.locator("main").inner_text() or (clinician.reload() and None), "news of it")


def test_a_draft_survives_a_killed_browser(playwright: Playwright, site: Site, tmp_path: Path) -> None:
    """Typed, never saved by hand; the browser dies; another one, signed in again, has the text."""
    first = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    page = first.new_context(base_url=site.base, viewport=PHONE).new_page()  # type: ignore[arg-type]
    page.clock.install()
    site.let_in(page, "ada")
    page.goto("/case-studies/new")
    page.get_by_label("Title", exact=True).fill("A text that nobody saved by hand")
    page.get_by_label("What was the problem?", exact=True).fill("Half of what I wanted to s")
    let_it_save(page)
    assert "/edit" in page.url
    with page.expect_response(lambda r: r.ok and "and+more" in (r.request.post_data or "")):
        page.get_by_label("What was the problem?", exact=True).fill("Half of what I wanted to say, and more")
        page.clock.fast_forward(PAUSE)
    first.close()
    second = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    page = second.new_context(base_url=site.base).new_page()
    sign_in(page, "ada")
    page.goto("/drafts")
    page.get_by_role("link", name="A text that nobody saved by hand").click()
    page.get_by_role("link", name="The quick share").click()
    assert page.get_by_label("What was the problem?", exact=True).input_value() == "Half of what I wanted to say, and more"
    second.close()


def test_no_network_never_claims_to_have_saved(window: Callable[..., Page], site: Site) -> None:
    page = window()
    page.clock.install()
    site.let_in(page, "ada")
    page.goto("/discussions/new")
    page.route("**/autosave", lambda route: route.abort())
    page.get_by_label("Title", exact=True).fill("Written on a train")
    page.clock.fast_forward(PAUSE)
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    page.unroute("**/autosave")
    let_it_save(page)


def test_words_typed_before_the_script_arrives_are_saved_and_looked_at(window: Callable[..., Page], site: Site) -> None:
    page = window()
    page.clock.install()
    late: list[Route] = []
    site.let_in(page, "olu")
    page.route("**/autosave.mjs", lambda route: late.append(route))
    with page.expect_request("**/autosave.mjs"):
        page.goto("/discussions/new")
    page.get_by_label("Title", exact=True).fill("Typed in a hurry")
    late[0].continue_()
    let_it_save(page)
    page.get_by_label("Your text").fill("My dad, Walter Finch, was sent home at night.")
    page.clock.fast_forward(PAUSE)
    page.get_by_text("This may identify somebody.").wait_for()
    page.goto("/drafts")
    page.get_by_role("link", name="Typed in a hurry").wait_for()


def test_by_keyboard_alone(window: Callable[..., Page], site: Site) -> None:
    """Skip link, sign in, start a thread and reply, without a mouse."""
    page = window()
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    _tab_to(page, "email")
    page.keyboard.type("olu@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery staple")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto("/discussions/new")
    _tab_to(page, "title")
    page.keyboard.type("Typed without a mouse")
    _tab_to(page, "text")
    page.keyboard.type("Every word by keyboard.")
    _tab_to(page, "action")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Typed without a mouse").wait_for()
    _tab_to(page, "text")
    page.keyboard.type("And a reply.")
    _tab_to(page, "action")
    page.keyboard.press("Space")
    page.locator(".app-post", has_text="And a reply.").wait_for()


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the input of that name has the focus, as a person would."""
    for _ in range(120):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached by keyboard")
