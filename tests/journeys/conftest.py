"""The whole site, served as `forum serve` serves it, and a real browser in front of it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.databases import databases

ROOT = Path(__file__).resolve().parents[2]
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


@dataclass
class Site:
    base: str
    instance: Path

    def mail_link(self, to: str) -> str:
        """The newest link that was mailed to an address; waits for the worker."""
        for _ in range(100):
            files = sorted((self.instance / "mail").glob("*.eml"), key=lambda f: f.name)
            mails = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
            found = [re.search(r"https?://\S+", m.get_content()) for m in mails if m["To"] == to]
            if found and found[-1]:
                return found[-1].group()
            time.sleep(0.1)
        raise AssertionError(f"no mail for {to}")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def settings_of(folder: Path, database: str) -> dict[str, str]:
    """The environment of a site's commands."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")}
    search = "postgresql" if database.startswith("postgresql") else "whoosh"
    return env | {"FORUM_INSTANCE": str(folder), "FORUM_DATABASE_URL": database, "FORUM_SEARCH": search}


def serve(folder: Path, database: str) -> tuple[Site, subprocess.Popen[bytes]]:
    """Start `forum serve`; gives when it answers."""
    port, env = free_port(), settings_of(folder, database)
    process = subprocess.Popen([sys.executable, "-m", "forum", "serve", "--port", str(port), "--workers", "1"], cwd=ROOT, env=env)
    site = Site(f"http://127.0.0.1:{port}", folder)
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{site.base}/health", timeout=2) as answer:
                if answer.status == 200:
                    return site, process
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the site did not start")


@pytest.fixture(scope="module")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    database = databases().copy(template, folder)
    served, process = serve(folder, database)
    yield served
    process.terminate()
    assert process.wait(40) == 0
    databases().drop(database)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if not CHROMIUM:
        pytest.fail("the journeys need Chromium: apt-get install chromium")
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
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
        page.set_default_timeout(10_000)
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
def pair(window: Callable[..., Page]) -> tuple[Page, Page, str]:
    """Ada and Olu, who write one case study together, each in a window of their own."""
    from tests.journeys import steps

    ada, olu = window(), window()
    steps.sign_in(ada, "ada")
    steps.sign_in(olu, "olu")
    case = steps.share(ada, steps.TEXTS)
    steps.invite(ada, case, "Olu Other")
    steps.accept_invitation(olu)
    return ada, olu, case
