"""Two people at one case study, on good lines and bad: nobody loses a word, and nothing claims to have saved what it has not."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import KEPT, LONGEST_WAIT, NOT_SAVED, PAUSE, SAVED, fill_cost, group, let_it_save

pytestmark = pytest.mark.journey


def test_typing_while_a_colleague_types(pair: tuple[Page, Page, str]) -> None:
    ada, olu, case = pair
    less, unmeant = "Who benefited less?", "What happened that you did not intend?"
    for page in pair[:2]:
        page.goto(f"{case}/edit/findings")
    ada.get_by_label(less).press_sequentially("People who")
    olu.get_by_label(unmeant).press_sequentially("Handover became")
    for page in pair[:2]:
        let_it_save(page)
    # Each goes on in the page that does not show what the other one wrote meanwhile.
    for page, label, more in ((ada, less, " speak little English."), (olu, unmeant, " calmer, which nobody had planned.")):
        _autosave(page, lambda p=page, q=label, m=more: _go_on(p, q, m))  # type: ignore[misc]
        assert page.locator(".app-autosave").inner_text().startswith(SAVED)
        assert KEPT not in page.locator(".app-autosave").inner_text()
    for page in pair[:2]:
        page.goto(f"{case}/edit/findings")
        assert page.locator("#clashes").count() == 0
        assert page.get_by_label(less).input_value() == "People who speak little English."
        assert page.get_by_label(unmeant).input_value() == "Handover became calmer, which nobody had planned."

    said = "What do you conclude, and can it last and spread?"
    _autosave(ada, lambda: ada.get_by_label(said).fill("It lasts, since it costs two minutes."))
    claims = _listen(olu)
    _autosave(olu, lambda: olu.get_by_label(said).fill("It spread to two wards by itself."))
    assert KEPT in olu.locator(".app-autosave").inner_text()
    assert said in olu.locator(".app-autosave").inner_text()
    _autosave(olu, lambda: _go_on(olu, said, " A third one asked for it."))
    assert [c for c in claims() if KEPT not in c] == []
    for page in pair[:2]:
        page.reload()
        both = page.locator("#clashes").inner_text()
        assert "It lasts, since it costs two minutes." in both
        assert "It spread to two wards by itself. A third one asked for it." in both
    assert ada.get_by_label(less).input_value() == "People who speak little English."


def test_taking_back_a_letter_does_not_take_back_a_colleague(pair: tuple[Page, Page, str]) -> None:
    """A text that was touched and is as it was must not count as a newer version of what a colleague wrote there."""
    ada, olu, case = pair
    label = "What are the limits of what you can say?"
    for page in pair[:2]:
        page.goto(f"{case}/edit/findings")
    _autosave(olu, lambda: olu.get_by_label(label).fill("One hospital, one year."))
    _autosave(ada, lambda: (ada.get_by_label(label).fill("x"), ada.get_by_label(label).fill("")))
    _autosave(ada, lambda: ada.get_by_label("Who benefited less?").fill("Night staff."))
    ada.get_by_role("button", name="Save and go back to the list").click()
    ada.wait_for_load_state()
    ada.goto(f"{case}/edit/findings")
    assert "One hospital, one year." in ada.locator("main").inner_text() + ada.get_by_label(label).input_value()
    assert ada.get_by_label("Who benefited less?").input_value() == "Night staff."


def _go_on(page: Page, label: str, more: str) -> None:
    field = page.get_by_label(label)
    field.focus()
    page.keyboard.press("Control+End")
    field.press_sequentially(more)


def _autosave(page: Page, act: Callable[[], object]) -> None:
    """Type, then wait until the page has saved by itself, and said so."""
    page.evaluate(
        """() => {
            const line = document.querySelector(".app-autosave");
            window.told = new Promise((done) => new MutationObserver(done).observe(line, { childList: true }));
        }"""
    )
    with page.expect_response("**/autosave") as answer:
        act()
        page.clock.fast_forward(PAUSE)
    assert answer.value.ok
    page.evaluate("() => window.told.then(() => true)")
    expect(page.locator(".app-autosave")).not_to_be_empty()


def _listen(page: Page) -> Callable[[], list[str]]:
    """From now on, note all that the status line says; gives what it said so far."""
    page.evaluate(
        """() => {
            window.said = [];
            const line = document.querySelector(".app-autosave");
            new MutationObserver(() => window.said.push(line.textContent)).observe(line, { childList: true });
        }"""
    )
    return lambda: list(page.evaluate("window.said"))


def _into_the_tunnel(page: Page) -> None:
    # The network is off, and the browser knows; aborted besides, so that its console says what the window's check allows.
    page.context.route("**/*", lambda route: route.abort())
    page.context.set_offline(True)


def _out_of_the_tunnel(page: Page) -> None:
    page.context.unroute("**/*")
    page.context.set_offline(False)


def test_on_a_train(pair: tuple[Page, Page, str]) -> None:
    """Rows typed where there is no network: said, kept in the page, and saved without a key press when it is back."""
    ada, olu, case = pair
    ada.goto(f"{case}/edit/costs?more=costs")
    _autosave(ada, lambda: fill_cost(ada, 1, "Staff time", "0.4 WTE band 6", "2025", "Before the tunnel"))
    claims = _listen(ada)
    _into_the_tunnel(ada)
    fill_cost(ada, 2, "Training", "£1,200", "2025", "In the tunnel")
    ada.clock.fast_forward(PAUSE)
    ada.get_by_text(NOT_SAVED).wait_for()
    fill_cost(ada, 3, "Equipment", "£300", "2026", "Still in the tunnel")
    for _again in range(2):
        with ada.expect_event("requestfailed", lambda request: request.url.endswith("/autosave")):
            ada.clock.fast_forward(LONGEST_WAIT)
    assert [c for c in claims() if c != NOT_SAVED] == []
    olu.goto(f"{case}/edit/costs")
    assert group(olu, "Cost 2").get_by_label("How much").input_value() == ""
    _out_of_the_tunnel(ada)
    ada.get_by_text(SAVED).wait_for()
    olu.reload()
    rows = [group(olu, f"Cost {n}") for n in (1, 2, 3)]
    assert [r.get_by_label("Note").input_value() for r in rows] == ["Before the tunnel", "In the tunnel", "Still in the tunnel"]
    assert [r.get_by_label("How much").input_value() for r in rows] == ["0.4 WTE band 6", "£1,200", "£300"]


def test_a_button_pressed_in_a_tunnel_loses_nothing(pair: tuple[Page, Page, str]) -> None:
    ada, _olu, case = pair
    ada.goto(f"{case}/edit/costs")
    _into_the_tunnel(ada)
    fill_cost(ada, 1, "Staff time", "0.4 WTE band 6", "2025", "Pressed in the tunnel")
    ada.get_by_role("button", name="Save, and add another cost").click()
    ada.get_by_text(NOT_SAVED).wait_for()
    assert group(ada, "Cost 1").get_by_label("Note").input_value() == "Pressed in the tunnel"
    _out_of_the_tunnel(ada)
    ada.get_by_text(SAVED).wait_for()
    ada.goto(f"{case}/edit/costs")
    assert group(ada, "Cost 1").get_by_label("Note").input_value() == "Pressed in the tunnel"


def test_who_types_without_a_pause_is_saved_too(pair: tuple[Page, Page, str]) -> None:
    ada, _olu, case = pair
    ada.goto(f"{case}/edit/findings")
    field = ada.get_by_label("Who benefited less?")
    ada.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # from here it goes on only where it is told to
    saved: list[str] = []
    ada.on("request", lambda request: saved.append(request.url) if request.url.endswith("/autosave") else None)
    for second in range(18):
        field.press_sequentially("and ")
        ada.clock.fast_forward(1_000)
        assert not saved or second >= 12, "not at every pause for breath"
    assert saved, "while there was no pause as long as the one after which it saves by itself"


def test_who_was_taken_out_meanwhile_is_told_so(pair: tuple[Page, Page, str]) -> None:
    """Neither "trying again" for ever nor "signed out": what is true, and the text comes back."""
    ada, olu, case = pair
    olu.goto(f"{case}/edit/findings")
    ada.goto(f"{case}/people")
    ada.get_by_role("button", name=re.compile(r"^Remove")).click()
    ada.get_by_text("They are no longer on the list.").wait_for()
    olu.get_by_label("Who benefited less?").fill("Night staff, who were never asked before.")
    olu.clock.fast_forward(PAUSE)
    olu.get_by_text("This can no longer be saved").wait_for()
    olu.get_by_role("button", name="Save and go back to the list").click()
    olu.get_by_role("heading", level=1).wait_for()
    assert "Night staff, who were never asked before." in olu.content()
