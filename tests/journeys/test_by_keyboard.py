"""Rows and a choice between two versions, without a mouse."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.steps import group

pytestmark = pytest.mark.journey


def test_rows_and_a_choice_by_keyboard(pair: tuple[Page, Page, str]) -> None:
    ada, olu, case = pair
    ada.goto(f"{case}/edit/costs")
    _type_row(ada, 0, ["Tra", "£1,200", "2025", "One afternoon"])
    _tab_to(ada, "more:costs")
    ada.keyboard.press("Enter")
    ada.wait_for_url(re.compile(r"/edit/costs\?more=costs&.*#costs$"))
    _type_row(ada, 1, ["Equ", "£300", "2026", "Timers"])
    _tab_to(ada, "save")
    ada.keyboard.press("Enter")
    ada.get_by_text("Readers see it when you send it.").wait_for()

    for page in (ada, olu):
        page.goto(f"{case}/edit/plain-summary")
    for page, text in ((olu, "Olu says: fewer missed doses."), (ada, "Ada says: every dose on time.")):
        _tab_to(page, "plain_summary")
        page.keyboard.type(text)
        _tab_to(page, "save")
        page.keyboard.press("Space")
        page.wait_for_load_state()
    ada.get_by_text("Choose between two versions").wait_for()
    _tab_to(ada, "both")
    ada.keyboard.press("Enter")
    ada.get_by_text("Your choice is kept.").wait_for()
    assert ada.get_by_label("The whole of it in plain language").input_value() == (
        "Olu says: fewer missed doses.\n\nAda says: every dose on time."
    )
    ada.goto(f"{case}/edit/costs")
    assert group(ada, "Cost 1").get_by_label("Kind").input_value() == "training"
    assert group(ada, "Cost 2").get_by_label("Note").input_value() == "Timers"


def _type_row(page: Page, number: int, cells: list[str]) -> None:
    _tab_to(page, f"costs-{number}-kind")
    for place, text in enumerate(cells):
        page.keyboard.type(text)
        if place < len(cells) - 1:
            page.keyboard.press("Tab")


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the input of that name, or the button of that value, has the focus, and can be seen to have it."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("n => [document.activeElement.name, document.activeElement.value].includes(n)", name):
            box = page.evaluate("(({ width, height }) => [width, height])(document.activeElement.getBoundingClientRect())")
            assert min(box) > 10, f"{name} has the focus where nobody sees it"
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")
