"""The whole site, served as `forum serve` serves it, and a real browser in front of it."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from forum.app import create_app
from forum.config import Settings
from forum.demo.load import load
from forum.schema import migrate
from forum.search.indexing import rebuild
from forum.worker import Worker
from tests.case_studies.people import joined
from tests.databases import databases
from tests.demo.test_depth import no_bar
from tests.prepared import leave, person, signed_in
from tests.served import PATIENCE, TO_START, environment, serving, until
from tests.stories import draft

CHROMIUM = next(
    (
        p
        for p in (os.environ.get("CHROMIUM", ""), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        if p and Path(p).exists()
    ),
    "",
)
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
MEANT = ("status of 4", "ERR_FAILED", "ERR_INTERNET_DISCONNECTED")


#: What a page is waited for; a busy machine may take a while, and waiting costs nothing where it passes.
expect.set_options(timeout=PATIENCE * 1_000)


@dataclass
class Site:
    base: str
    instance: Path
    #: The same site in this process: what a story only begins with happens here, without a browser.
    here: Flask

    def let_in(self, page: Page, name: str) -> None:
        """Sign one of the known people in without the form, which other stories fill in."""
        cookies = signed_in(self.here, f"{name}@example.org").items()
        page.context.add_cookies([{"name": key, "value": value, "url": self.base} for key, value in cookies])

    def mail_link(self, to: str, part: str = "") -> str:
        """The newest link that was mailed to an address, with those words in it; waits for the worker."""

        def newest() -> str | None:
            files = sorted((self.instance / "mail").glob("*.eml"), key=lambda f: f.name)
            mails = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
            found = [re.search(r"https?://\S+", m.get_content()) for m in mails if m["To"] == to]
            return found[-1].group() if found and found[-1] and part in found[-1].group() else None

        return until(newest, f"a mail for {to} with {part or 'a link'}")


def settings_of(folder: Path, database: str) -> dict[str, str]:
    """The environment of a site's commands."""
    search = "postgresql" if database.startswith("postgresql") else "whoosh"
    return environment(FORUM_INSTANCE=str(folder), FORUM_DATABASE_URL=database, FORUM_SEARCH=search)


@contextmanager
def served(folder: Path, database: str, fill: Callable[[Flask], None] = lambda _app: None) -> Iterator[Site]:
    """`forum serve` with that folder and that database, filled before, from when it answers to the end of the block."""
    env = settings_of(folder, database)
    here = create_app(Settings.from_env(env))
    try:
        fill(here)
        with serving(["serve"], env, folder / "serve.log") as base:
            yield Site(base, folder, here)
    finally:
        leave(here)
        databases().drop(database)


@pytest.fixture(scope="session")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all stories of a process: each brings people or titles of its own. A module that counts has a `site` of its own."""
    folder = tmp_path_factory.mktemp("site")
    with served(folder, databases().copy(template, folder)) as found:
        yield found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the demo content, and the index that its worker builds. It has done all that the loading left: while it takes up
    documents again, what the ranking counts moves a little, and so does the order of what is nearly level."""
    folder = tmp_path_factory.mktemp("demo")
    with served(folder, databases().empty(folder), _with_demo) as site:
        yield site


def _with_demo(app: Flask) -> None:
    with app.app_context():
        migrate()
        assert load(no_bar)
        rebuild()
    Worker(app).until_empty()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if not CHROMIUM:
        pytest.fail("the journeys need Chromium: apt-get install chromium")
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS, timeout=TO_START * 1_000)
    yield found
    found.close()


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a window; what the browser's console calls an error fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_window(**options: object) -> Page:
        context = browser.new_context(base_url=site.base, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1_000)
        page.on(
            "console",
            lambda m: (
                problems.append(m.text)
                # A refusal that is meant, and a network that the test itself takes away, are no faults of the page.
                if m.type == "error" and not any(meant in m.text for meant in MEANT)
                else None
            ),
        )
        page.on("pageerror", lambda e: problems.append(str(e)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def pair(window: Callable[..., Page], site: Site) -> tuple[Page, Page, str]:
    """Ada and Olu, who write one case study together, each in a window of their own."""
    leader = person(site.here, "ada")
    case = draft(leader)
    joined(leader, case, person(site.here, "olu"))
    ada, olu = window(), window()
    for name, page in (("ada", ada), ("olu", olu)):
        site.let_in(page, name)
        page.clock.install()  # so that no test waits for what happens by itself after some seconds
    return ada, olu, case
