"""A first share, counted."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import PHONE, Site
from tests.journeys.steps import Window, join

pytestmark = pytest.mark.journey


#: Palin et al. 2019 (MobileHCI, 37,370 people): 36.2 words a minute on phones, at five characters a word. Here: 190 characters.
CHARACTERS_A_MINUTE = 190
SECONDS_A_TAP = 4
SECONDS_A_SCREEN = 10
WRITTEN = {
    "Title": "A two-minute huddle before the drug round halves missed doses",
    "The result in one line": "Missed doses fell from 40 to 21 a week in four months, at no extra cost.",
    "What was the problem?": (
        "On our ward about 40 doses a week were given late or not at all. Most were missed at the end of long shifts, when two "
        "nurses shared one trolley and the phone kept ringing. We saw it in the weekly chart audit and in three near misses. Staff "
        "knew about it but thought it was their own fault, so nobody spoke up about it."
    ),
    "What did you do?": (
        "We meet at the trolley for two minutes before each round. One nurse reads out who has a time-critical drug, who is off the "
        "ward and who is nil by mouth. We agree who takes the phone. The pharmacist joins on weekdays. We tried it on one bay for a "
        "week, changed the order of the questions, and then took it to the whole ward. The list is on one card."
    ),
    "What happened?": (
        "Missed or late doses went from 40 a week in March to 21 a week in June. Late antibiotics went from 9 to 2. The round takes "
        "four minutes less, since we are not called away as much. Nights were slower to change: there it went from 14 to 11. Two "
        "nurses told us that they now feel able to ask for help. We have not looked at harm yet."
    ),
    "What would you tell someone starting tomorrow?": (
        "Let the newest nurse lead it, and keep it to two minutes by the clock. Do not add a form: we tried one and people stopped "
        "coming. Ask your pharmacist for the list of time-critical drugs on day one. Start on the shift that is most keen, and show "
        "the numbers on the wall each week, good or bad. Give nights their own lead."
    ),
}


def test_ten_minutes(window: Window, site: Site, record_property: Callable[[str, object], None]) -> None:
    """A first share on a phone, counted: screens, taps and characters, at the speed at which people type on phones."""
    page = window(viewport=PHONE, has_touch=True, is_mobile=True)
    join(page, site, "Tess Tenminutes", "tess@example.org")
    screens: list[str] = []
    page.on("load", lambda p: screens.append(p.url))
    typed, taps = [], 0
    page.goto("/case-studies/new")
    for label, text in WRITTEN.items():
        page.get_by_label(label, exact=True).tap()
        page.keyboard.insert_text(text)
        typed.append(text)
        taps += 1
    where = page.get_by_label("Lead organisation", exact=True)
    if not where.input_value():
        where.tap()
        page.keyboard.insert_text("Anytown Surgery")
        typed.append("Anytown Surgery")
        taps += 1
    page.get_by_text("Stable core team").tap()
    page.get_by_role("button", name="Preview and send").tap()
    page.get_by_role("heading", name="Preview and send").wait_for()
    taps += 2
    assert page.get_by_text("Still to do").count() == 0
    for box in page.locator("main form .nhsuk-checkboxes__label").all():
        box.tap()
        taps += 1
    page.get_by_role("button", name="Send it").tap()
    taps += 1
    page.get_by_role("heading", name="Thank you for sharing").wait_for()

    characters, words = sum(map(len, typed)), sum(len(t.split()) for t in typed)
    minutes = characters / CHARACTERS_A_MINUTE + (taps * SECONDS_A_TAP + len(screens) * SECONDS_A_SCREEN) / 60
    figures = {"screens": len(screens), "taps": taps, "words": words, "characters": characters, "minutes": round(minutes, 2)}
    for name, value in figures.items():
        record_property(name, value)
    print("ten minutes:", figures)
    assert len(screens) <= 4
    assert 280 <= words <= 340
    assert minutes < 10
