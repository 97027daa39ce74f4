"""Steps that several stories share, by the words a person reads on the page."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Locator, Page

from tests.conftest import PASSWORD
from tests.journeys.conftest import Site
from tests.served import until

LAPTOP = {"width": 1280, "height": 800}
SAVED = "Draft saved at"
KEPT = "Both versions are kept"
NOT_SAVED = "Not saved yet. Trying again…"
#: Milliseconds after the last key when a page saves by itself, and the longest that it lets pass before it tries again.
PAUSE, LONGEST_WAIT = 4_000, 30_000
Window = Callable[..., Page]

TEXTS = {
    "Title": "A huddle at the drug round halves missed doses",
    "The result in one line": "Missed doses fell from 40 to 21 a week.",
    "What was the problem?": "Doses were missed at the end of long shifts.",
    "What did you do?": "We added a two-minute huddle before each drug round.",
    "What happened?": "From 40 to 21 a week between March and June.",
    "What would you tell someone starting tomorrow?": "Let the newest nurse lead it.",
}


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(f"{name}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def join(page: Page, site: Site, name: str, email: str) -> None:
    """Join, open the link from the mail, choose a password there: it signs in."""
    page.goto("/join")
    page.get_by_label("Your full name").fill(name)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Your role").select_option(label="Nurse")
    page.get_by_label("Your organisation").fill("Anytown Surgery")
    page.locator("main").get_by_role("button", name="Join").click()
    page.get_by_role("heading", name="Check your email").wait_for()
    page.goto(site.mail_link(email, "/confirm/"))
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm and sign in").click()
    page.get_by_text("you are signed in").wait_for()


def let_it_save(page: Page) -> None:
    """Let the clock of the page jump, which the test has taken over, until it says that it has saved by itself."""
    until(lambda: page.clock.fast_forward(PAUSE) or page.get_by_text(SAVED).count(), "the page to save by itself")


def write_case(page: Page, title: str = TEXTS["Title"]) -> None:
    """Fill the quick share and go to the preview."""
    page.goto("/case-studies/new")
    for label, text in {**TEXTS, "Title": title}.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Lead organisation", exact=True).fill("Anytown Surgery")
    page.get_by_label("Stable core team").check()
    page.get_by_role("button", name="Preview and send").click()
    page.get_by_role("heading", name="Preview and send").wait_for()


def send_case(page: Page) -> None:
    """Confirm and send what the preview shows."""
    for box in page.locator("input[name=confirmed]").all():
        box.check()
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="Thank you for sharing").wait_for()


def publish_first(page: Page) -> None:
    publish(page, TEXTS["Title"])


def find_and_reply(page: Page, text: str, title: str = TEXTS["Title"]) -> None:
    """Find the case study by search, as soon as the worker has taken it up, and reply in its discussion."""

    def found() -> bool:
        page.goto("/")
        page.get_by_label("What are you working on?").fill("huddle drug round")
        page.locator("main").get_by_role("button", name="Search").click()
        page.get_by_role("heading", level=1, name="Search:").wait_for()
        return bool(page.get_by_role("link", name=title).count())

    until(found, f"“{title}” to be found")
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("link", name="the discussion").click()
    page.get_by_label("Your reply").fill(text)
    page.get_by_role("button", name="Post reply").click()
    page.get_by_text(text).first.wait_for()


def join_by_invitation(page: Page, site: Site, name: str, email: str) -> None:
    """Somebody without an account: open the mailed link, join with that address, confirm it, and accept what waits."""
    page.goto(site.mail_link(email, "/join"))
    page.get_by_label("Your full name").wait_for()
    join(page, site, name, email)
    accept_invitation(page)


def accept_invitation(page: Page) -> None:
    page.goto("/invitations")
    page.get_by_role("button", name="Accept").first.click()
    page.get_by_role("heading", name="Your case study").wait_for()


def invite(page: Page, case: str, who: str) -> None:
    """Ask somebody to write along, from the task list of the case study at that address."""
    page.goto(f"{case}/edit")
    page.get_by_role("link", name="Authors and reviewers").click()
    page.get_by_label("Email address or name").fill(who)
    page.get_by_label("To write it with you, as a co-author").check()
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("The invitation is on its way.").wait_for()


def share(page: Page, texts: Mapping[str, str]) -> str:
    """Begin a quick share with these answers and keep it as a draft; gives the address of the case study."""
    page.goto("/case-studies/new")
    for label, text in texts.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Lead organisation", exact=True).fill("Anytown Surgery")
    page.get_by_label("Stable core team").check()
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_role("heading", name="Your case study").wait_for()
    return page.url.removesuffix("/edit")


def send_from_tasks(page: Page, case: str) -> None:
    """Preview, confirm and send a draft."""
    page.goto(f"{case}/edit")
    page.get_by_role("link", name="Preview and send").click()
    send_case(page)


def publish(page: Page, title: str) -> None:
    """As a moderator: publish what waits under that title."""
    page.goto("/moderation")
    page.get_by_role("link", name=title).first.click()
    page.get_by_label("Publish it").check()
    page.get_by_role("button", name="Record the decision").click()
    page.get_by_role("heading", name=title, level=1).wait_for()


def group(page: Page, name: str) -> Locator:
    """One row of a list or of a grid, by its legend."""
    return page.get_by_role("group", name=name, exact=True)


def save_section(page: Page) -> None:
    page.get_by_role("button", name="Save and go back to the list").click()
    page.get_by_text("Readers see it when you send it.").wait_for()


def fill_cost(page: Page, number: int, kind: str, amount: str, year: str, note: str) -> None:
    row = group(page, f"Cost {number}")
    row.get_by_label("Kind").select_option(label=kind)
    row.get_by_label("How much").fill(amount)
    row.get_by_label("Year").fill(year)
    row.get_by_label("Note").fill(note)


def add_measure(page: Page, case: str) -> None:
    """Paste two columns, look at the chart, save it; leaves the page of the measure."""
    page.goto(f"{case}/measures/new")
    page.get_by_label("What do you measure?").fill("Missed doses a week")
    page.get_by_label("How exactly is it counted?").fill("Every dose that the chart shows as missed.")
    for label, choice in (
        ("Kind of measure", "Outcome: what it is for"),
        ("Where in the system is it felt?", "Acute and specialist"),
        ("What sort of figure is it?", "A count"),
        ("Which direction is better?", "Lower is better"),
        ("How often is it measured?", "Every month"),
    ):
        page.get_by_label(label).select_option(label=choice)
    before, after = [40, 43, 38, 41, 44, 39, 42, 40, 37, 43, 41, 39, 42], [30, 24, 22, 21, 23, 20, 22, 21, 19, 22, 21]
    rows = [f"{2023 + n // 12}-{n % 12 + 1:02}\t{v}" for n, v in enumerate([*before, *after])]
    page.get_by_label("Your figures").fill("\n".join(rows))
    page.get_by_label("What changed", exact=True).fill("Huddle starts")
    page.get_by_label("When", exact=True).fill("Feb-24")
    page.get_by_label("What begins here").select_option(label="The change began")
    page.get_by_label("What does this tell us?").fill("Missed doses halved once the huddle began.")
    page.get_by_role("button", name="Check it and see the chart").last.click()
    page.get_by_role("button", name="Save the measure").first.click()
    page.get_by_role("heading", name="Missed doses a week", level=1).wait_for()


def try_it(page: Page, case: str) -> None:
    """Record an adoption."""
    page.goto(case)
    page.get_by_role("link", name="We tried this").click()
    page.get_by_label("Where did you try it, or think of trying it?").fill("Othertown Hospital")
    page.get_by_label("Adopted it with changes").check()
    page.get_by_label("Better than before").check()
    page.locator("#message").fill("Our night staff wanted it on paper.")
    page.get_by_role("button", name="Share it").click()
    page.get_by_role("heading", name="We tried this", level=1).wait_for()


def post_update(page: Page, case: str) -> None:
    """The two-minute form, with new figures for the measure of `add_measure`."""
    page.goto(case)
    page.get_by_role("link", name="Post an update").click()
    page.get_by_label("Running", exact=True).check()
    page.get_by_label("What changed?").fill("The huddle moved to nights too.")
    page.get_by_label("Missed doses a week").fill("2025-01 20\n2025-02 19")
    page.get_by_role("button", name="Post the update").click()
    page.get_by_text("2 new figures for “Missed doses a week”").wait_for()
