"""From ten minutes on a phone to a full report by two people: shared, deepened, typed at the same time, taken away and brought in."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from forum.case_studies.portable import from_markdown
from tests.journeys.conftest import PHONE, Site
from tests.journeys.steps import (
    TEXTS,
    accept_invitation,
    group,
    invite,
    join,
    join_by_invitation,
    publish,
    save_section,
    send_case,
    send_from_tasks,
    share,
    sign_in,
)

pytestmark = pytest.mark.journey

LAPTOP = {"width": 1280, "height": 800}
SAVED = "Draft saved at"
KEPT = "Both versions are kept"
NOT_SAVED = "Not saved yet. Trying again…"
#: The page saves 4 seconds after the last key; a busy machine may take a while to answer.
PATIENCE = 20_000
Window = Callable[..., Page]


# --- A quick share on a phone, deepened on a laptop -------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_colleague_deepens_a_quick_share(window: Window, site: Site, tmp_path: Path, script: bool) -> None:
    title = f"A huddle at the drug round, {'with' if script else 'without'} script"
    phone = window(viewport=PHONE, java_script_enabled=script)
    join(phone, site, "Nia Newcomer", f"nia{int(script)}@example.org")
    case = share(phone, {**TEXTS, "Title": title})
    send_from_tasks(phone, case)
    moderator = window(java_script_enabled=script)
    sign_in(moderator, "mo")
    publish(moderator, title)

    invite(phone, case, f"cal{int(script)}@example.org")
    laptop = window(viewport=LAPTOP, java_script_enabled=script)
    join_by_invitation(laptop, site, "Cal Colleague", f"cal{int(script)}@example.org")
    _deepen(laptop, case)
    words = _both_change_what_happened(phone, laptop, case, script)

    laptop.goto(f"{case}/preview")
    laptop.get_by_label("What did you change, and why?").fill("Costs, aim and team added")
    for box in laptop.locator("input[name=confirmed]").all():
        box.check()
    laptop.get_by_role("button", name="Publish the changes").click()
    laptop.get_by_text("Your changes are published.").wait_for()

    reader = window(viewport=PHONE, java_script_enabled=script)
    reader.goto(case)
    seen = reader.locator("article").inner_text()
    missing = [w for w in [*words, "0.4 WTE band 6", "£1,200", "Every dose, on time.", "Sister on ward 4"] if w not in seen]
    assert missing == []
    assert "Nia Newcomer" in seen
    assert "With Cal Colleague" in seen
    reader.get_by_text("Aim, reasons and references", exact=True).click()
    assert reader.get_by_text("Halve missed doses within six months.").is_visible()
    assert reader.get_by_text("Read by nobody before us.").count() == 0
    _out_and_in_again(reader, laptop, tmp_path)


def _deepen(page: Page, case: str) -> None:
    """Fill five sections, each reached from the task list, and see each of them done."""
    page.goto(f"{case}/edit")
    page.get_by_role("link", name="What it took").first.click()
    _cost(page, 1, "Staff time", "0.4 WTE band 6", "2025", "Two minutes, three times a day")
    page.get_by_role("button", name="Save, and add another cost").click()
    page.wait_for_url("**/edit/costs?more=costs#costs")
    assert group(page, "Cost 1").get_by_label("How much").input_value() == "0.4 WTE band 6"
    _cost(page, 2, "Training", "£1,200", "2025", "One afternoon for each team")
    save_section(page)

    page.get_by_role("link", name="Patients, carers and the public").click()
    for stage, level in (("Planning", "Consulted"), ("Delivery", "Involved"), ("Governance", "Not involved"), ("Evaluation", "Informed")):
        group(page, stage).get_by_label("Level").select_option(label=level)
    page.get_by_label("How were patients, carers and the public involved?").fill("Two carers read the script of the huddle.")
    save_section(page)

    page.get_by_role("link", name="Core team").first.click()
    for number, (name, since) in enumerate((("Sister on ward 4", "2025-03"), ("Pharmacist", "2025-03")), 1):
        row = group(page, f"Person {number}")
        row.get_by_label("Name or role").fill(name)
        row.get_by_label("From").fill(since)
        if number == 1:
            page.get_by_role("button", name="Save, and add another person").click()
            page.wait_for_url("**/edit/team?more=core_team#core_team")
    save_section(page)

    page.get_by_role("link", name="Aim, reasons and references").click()
    page.get_by_label("What was your aim?").fill("Halve missed doses within six months.")
    page.get_by_text("This does not apply: What was already known").click()
    page.get_by_label("Does not apply, because… (what was already known)").fill("We found no earlier work on this.")
    page.get_by_label("Why did you think it would work?").fill("People **say** what they see.\n\n- At once\n- Aloud")
    group(page, "Reference 1").get_by_label("DOI, NICE number or address").fill("NG5")
    save_section(page)

    page.get_by_role("link", name="Plain-language summary").first.click()
    page.get_by_label("The whole of it in plain language").fill("Nurses meet for two minutes. Every dose, on time.")
    save_section(page)

    for name in ("What it took", "Patients, carers and the public", "Plain-language summary", "Aim, reasons and references"):
        assert "Done" in page.locator("li.app-tasks__item", has=page.get_by_role("link", name=name)).inner_text(), name


def _cost(page: Page, number: int, kind: str, amount: str, year: str, note: str) -> None:
    row = group(page, f"Cost {number}")
    row.get_by_label("Kind").select_option(label=kind)
    row.get_by_label("How much").fill(amount)
    row.get_by_label("Year").fill(year)
    row.get_by_label("Note").fill(note)


def _both_change_what_happened(phone: Page, laptop: Page, case: str, script: bool) -> list[str]:
    """Two people change one answer, and each another one of their own; gives all that must be there in the end."""
    ours, theirs = "By June it was 21 a week, and 19 in July.", "Night shifts took longest: 33 a week until May."
    for page in (phone, laptop):
        page.goto(f"{case}/edit/quick-share")
    phone.get_by_label("What happened?", exact=True).fill(ours)
    phone.get_by_label("What was the problem?", exact=True).fill("Doses were missed, most of all on Sundays.")
    laptop.get_by_label("What happened?", exact=True).fill(theirs)
    laptop.get_by_label("What would you tell someone starting tomorrow?", exact=True).fill("Let the newest nurse lead, from day one.")
    if script:
        phone.get_by_text(SAVED).wait_for(timeout=PATIENCE)
        status = laptop.locator(".app-autosave")
        laptop.wait_for_function("document.querySelector('.app-autosave').textContent.includes('saved at')", timeout=PATIENCE)
        # Which of the two was first is up to them: the other one is told.
        assert (KEPT in status.inner_text()) != (KEPT in phone.locator(".app-autosave").inner_text())
    for page in (phone, laptop):
        page.get_by_role("button", name="Save and come back later").click()
        page.wait_for_load_state()
    for page in (phone, laptop):
        page.goto(f"{case}/edit")
        both = page.locator("#clashes").inner_text()
        assert "What happened?" in both
        assert ours in both
        assert theirs in both
        assert "Nia Newcomer" in both
        assert "Cal Colleague" in both
    phone.get_by_role("button", name="Keep both, one after the other").click()
    phone.get_by_text("Your choice is kept.").wait_for()
    for page in (phone, laptop):
        page.goto(f"{case}/edit/quick-share")
        assert page.locator("#clashes").count() == 0
        text = page.get_by_label("What happened?", exact=True).input_value()
        assert ours in text
        assert theirs in text
        assert "Sundays" in page.get_by_label("What was the problem?", exact=True).input_value()
        assert "day one" in page.get_by_label("What would you tell someone starting tomorrow?", exact=True).input_value()
    return [ours, theirs, "most of all on Sundays", "from day one"]


def _out_and_in_again(reader: Page, author: Page, tmp_path: Path) -> None:
    """What a reader takes away as Markdown makes an equal draft for whoever brings it in."""
    with reader.expect_download() as waiting:
        reader.get_by_role("link", name="Markdown").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    author.goto("/case-studies/new")
    author.get_by_role("link", name="Bring in a Word or Markdown file").click()
    author.get_by_label("Choose a file").set_input_files(file)
    author.get_by_role("button", name="Go on").click()
    author.get_by_text("It is in your drafts").wait_for()
    again = author.request.get(author.url.removesuffix("/edit") + "/export.md").text()
    first = file.read_text("utf-8")
    assert from_markdown(first)
    assert from_markdown(again) == from_markdown(first)
    assert _without_address(again) == _without_address(first)


def _without_address(text: str) -> str:
    """The file without what is different about every case study: the block "about", and the line that says how to cite it."""
    text = re.sub(r"^about:\n(  .*\n)+", "", text, flags=re.M)
    return text.split("<!-- shown: citation -->")[0]


# --- Two who type at the same time ------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(window: Window) -> tuple[Page, Page, str]:
    """Ada and Olu, who write one case study together, each in a window of their own."""
    ada, olu = window(), window()
    sign_in(ada, "ada")
    sign_in(olu, "olu")
    case = share(ada, TEXTS)
    invite(ada, case, "Olu Other")
    accept_invitation(olu)
    return ada, olu, case


def test_typing_while_a_colleague_types(pair: tuple[Page, Page, str]) -> None:
    ada, olu, case = pair
    less, unmeant = "Who benefited less?", "What happened that you did not intend?"
    for page in pair[:2]:
        page.goto(f"{case}/edit/findings")
    ada.get_by_label(less).press_sequentially("People who")
    olu.get_by_label(unmeant).press_sequentially("Handover became")
    for page in pair[:2]:
        page.get_by_text(SAVED).wait_for(timeout=PATIENCE)
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
    """Type, then wait until the page has saved by itself."""
    with page.expect_response("**/autosave", timeout=PATIENCE) as answer:
        act()
    assert answer.value.ok
    page.wait_for_function("document.querySelector('.app-autosave').textContent !== ''")
    page.wait_for_timeout(100)


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


# --- On a train -------------------------------------------------------------------------------------------------------------------


def test_on_a_train(pair: tuple[Page, Page, str]) -> None:
    """Rows typed where there is no network: said, kept in the page, and saved without a key press when it is back."""
    ada, olu, case = pair
    ada.goto(f"{case}/edit/costs?more=costs")
    _autosave(ada, lambda: _cost(ada, 1, "Staff time", "0.4 WTE band 6", "2025", "Before the tunnel"))
    claims = _listen(ada)
    ada.context.set_offline(True)
    _cost(ada, 2, "Training", "£1,200", "2025", "In the tunnel")
    ada.get_by_text(NOT_SAVED).wait_for(timeout=PATIENCE)
    _cost(ada, 3, "Equipment", "£300", "2026", "Still in the tunnel")
    ada.wait_for_timeout(9_000)
    assert [c for c in claims() if c != NOT_SAVED] == []
    olu.goto(f"{case}/edit/costs")
    assert group(olu, "Cost 2").get_by_label("How much").input_value() == ""
    ada.context.set_offline(False)
    ada.get_by_text(SAVED).wait_for(timeout=40_000)
    olu.reload()
    rows = [group(olu, f"Cost {n}") for n in (1, 2, 3)]
    assert [r.get_by_label("Note").input_value() for r in rows] == ["Before the tunnel", "In the tunnel", "Still in the tunnel"]
    assert [r.get_by_label("How much").input_value() for r in rows] == ["0.4 WTE band 6", "£1,200", "£300"]


def test_a_button_pressed_in_a_tunnel_loses_nothing(pair: tuple[Page, Page, str]) -> None:
    ada, _olu, case = pair
    ada.goto(f"{case}/edit/costs")
    ada.context.set_offline(True)
    _cost(ada, 1, "Staff time", "0.4 WTE band 6", "2025", "Pressed in the tunnel")
    ada.get_by_role("button", name="Save, and add another cost").click()
    ada.get_by_text(NOT_SAVED).wait_for(timeout=PATIENCE)
    assert group(ada, "Cost 1").get_by_label("Note").input_value() == "Pressed in the tunnel"
    ada.context.set_offline(False)
    ada.get_by_text(SAVED).wait_for(timeout=40_000)
    ada.goto(f"{case}/edit/costs")
    assert group(ada, "Cost 1").get_by_label("Note").input_value() == "Pressed in the tunnel"


def test_who_types_without_a_pause_is_saved_too(pair: tuple[Page, Page, str]) -> None:
    ada, _olu, case = pair
    ada.goto(f"{case}/edit/findings")
    field = ada.get_by_label("Who benefited less?")
    with ada.expect_response("**/autosave", timeout=30_000):
        for _ in range(25):
            field.press_sequentially("and ", delay=250)


# --- Ten minutes ------------------------------------------------------------------------------------------------------------------

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


# --- By keyboard ------------------------------------------------------------------------------------------------------------------


def test_rows_and_a_choice_by_keyboard(pair: tuple[Page, Page, str]) -> None:
    ada, olu, case = pair
    ada.goto(f"{case}/edit/costs")
    _type_row(ada, 0, ["Tra", "£1,200", "2025", "One afternoon"])
    _tab_to(ada, "more:costs")
    ada.keyboard.press("Enter")
    ada.wait_for_url("**/edit/costs?more=costs#costs")
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
    ada.get_by_text("Two versions wait for your choice").wait_for()
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
