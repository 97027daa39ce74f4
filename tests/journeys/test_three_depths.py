"""From ten minutes on a phone to a full report by two people: shared, deepened, taken away and brought in."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from forum.case_studies.record.markdown_file import from_markdown
from tests.journeys.conftest import PHONE, Site
from tests.journeys.steps import (
    KEPT,
    LAPTOP,
    TEXTS,
    Window,
    fill_cost,
    group,
    invite,
    join,
    join_by_invitation,
    let_it_save,
    publish,
    save_section,
    send_from_tasks,
    share,
)

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_colleague_deepens_a_quick_share(window: Window, site: Site, tmp_path: Path, script: bool) -> None:
    title = f"A huddle at the drug round, {'with' if script else 'without'} script"
    phone = window(viewport=PHONE, java_script_enabled=script)
    join(phone, site, "Nia Newcomer", f"nia{int(script)}@example.org")
    case = share(phone, {**TEXTS, "Title": title})
    send_from_tasks(phone, case)
    moderator = window(java_script_enabled=script)
    site.let_in(moderator, "mo")
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
    seen = reader.locator("article").first.inner_text()
    missing = [w for w in [*words, "0.4 WTE band 6", "£1,200", "Every dose, on time.", "Sister on ward 4"] if w not in seen]
    assert missing == []
    assert "Nia Newcomer" in seen
    assert "With Cal Colleague" in seen
    reader.get_by_text("Aim, reasons and references", exact=True).click()
    assert reader.get_by_text("Halve missed doses within six months.").is_visible()
    assert reader.get_by_text("Read by nobody before us.").count() == 0
    _out_and_in_again(reader, laptop, tmp_path)


def _deepen(page: Page, case: str) -> None:
    """Fill five sections, each reached from the task list, and see which of them are done."""
    page.goto(f"{case}/edit")
    page.get_by_role("link", name="What it took").first.click()
    fill_cost(page, 1, "Staff time", "0.4 WTE band 6", "2025", "Two minutes, three times a day")
    page.get_by_role("button", name="Save, and add another cost").click()
    page.wait_for_url(re.compile(r"/edit/costs\?more=costs&.*#costs$"))
    assert group(page, "Cost 1").get_by_label("How much").input_value() == "0.4 WTE band 6"
    fill_cost(page, 2, "Training", "£1,200", "2025", "One afternoon for each team")
    save_section(page)

    page.get_by_role("link", name="Patients, carers and the public").click()
    for stage, level in (
        ("Planning", "Consulted"),
        ("Delivery", "Involved"),
        ("Governance", "Not involved"),
        ("Evaluation", "Informed"),
    ):
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
            page.wait_for_url(re.compile(r"/edit/team\?more=core_team&.*#core_team$"))
    page.get_by_label("What was hard, and what kept you going?").fill("Nights without a pharmacist.")
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

    for name in ("What it took", "Core team", "Plain-language summary", "Aim, reasons and references"):
        assert "Done" in page.locator("li.app-tasks__item", has=page.get_by_role("link", name=name)).inner_text(), name


def _both_change_what_happened(phone: Page, laptop: Page, case: str, script: bool) -> list[str]:
    """Two people change one answer, and each another one of their own; gives all that must be there in the end."""
    ours, theirs = "By June it was 21 a week, and 19 in July.", "Night shifts took longest: 33 a week until May."
    for page in (phone, laptop):
        if script:
            page.clock.install()
        page.goto(f"{case}/edit/quick-share")
    phone.get_by_label("What happened?", exact=True).fill(ours)
    phone.get_by_label("What was the problem?", exact=True).fill("Doses were missed, most of all on Sundays.")
    laptop.get_by_label("What happened?", exact=True).fill(theirs)
    laptop.get_by_label("What would you tell someone starting tomorrow?", exact=True).fill(
        "Let the newest nurse lead, from day one."
    )
    if script:
        for page in (phone, laptop):
            let_it_save(page)
        status = laptop.locator(".app-autosave")
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
    author.get_by_role("link", name="Bring in a file").click()
    author.get_by_label("Choose a file").set_input_files(file)
    author.get_by_role("button", name="Go on").click()
    author.get_by_text("It is in your drafts").wait_for()
    again = author.request.get(author.url.removesuffix("/edit") + "/export.md").text()
    first = file.read_text("utf-8")
    assert from_markdown(first)
    assert from_markdown(again) == from_markdown(first)
    # What became of it after it was published is told below, and a draft has none of that.
    told = first.partition("<!-- shown: updates -->")[0].rstrip()
    assert _without_address(again).rstrip() == _without_address(told)


def _without_address(text: str) -> str:
    """The file without what is different about every case study: the block "about", and the line that says how to cite it."""
    text = re.sub(r"^about:\n(  .*\n)+", "", text, flags=re.M)
    return text.split("<!-- shown: citation -->")[0]
