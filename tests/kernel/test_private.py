"""What a site keeps is closed to the other users of its machine: folders 0700, files 0600."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests
from flask import Flask

from tests.case_studies.uploads import picture
from tests.page import Person
from tests.stories import draft


def modes(folder: Path) -> set[str]:
    return {f"{'folder' if p.is_dir() else 'file'} {p.stat().st_mode & 0o777:o}" for p in (folder, *folder.rglob("*"))}


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [pid, *(deeper for child in map(int, found) for deeper in children(child))]


def test_a_site_that_runs_keeps_its_files_to_itself(app: Flask, author: Person) -> None:
    """Whoever starts it has the umask that most have, and the files of an earlier version are open."""
    settings = app.config["FORUM"]
    picture(author, draft(author))
    (settings.mail_dir).mkdir(exist_ok=True)
    (settings.mail_dir / "old.eml").write_text("Dear Ada", "utf-8")
    for path in (settings.instance, *settings.instance.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")} | {
        "FORUM_INSTANCE": str(settings.instance),
        "FORUM_DATABASE_URL": settings.database_url,
        "FORUM_BASE_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "forum", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=env, preexec_fn=lambda: os.umask(0o022), stderr=subprocess.DEVNULL) as site:
        try:
            forgotten(f"http://127.0.0.1:{port}/forgotten-password")
            wait_for(lambda: len(list(settings.mail_dir.glob("*.eml"))) > 1 and (settings.index_dir / "current").exists())
            assert modes(settings.instance) == {"folder 700", "file 600"}
            names = {p.name for p in settings.instance.iterdir()}
            umasks = {re.search(r"Umask:\s*(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in children(site.pid)}
            assert {found[1] for found in umasks if found} == {"0077"}
        finally:
            site.send_signal(signal.SIGTERM)
            site.wait(60)
    assert names >= {"index", "mail", "files"}
    assert modes(settings.instance) == {"folder 700", "file 600"}


def wait_for(it: object) -> None:
    end = time.monotonic() + 120
    while not it():  # type: ignore[operator]
        assert time.monotonic() < end, "the site did not do it"
        time.sleep(0.1)


def forgotten(url: str) -> None:
    """Ask for a mail, once the site answers."""

    def ask() -> bool:
        session = requests.Session()
        try:
            page = session.get(url, timeout=20).text
        except requests.ConnectionError:
            return False
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token
        data = {"email": "ada@example.org", "csrf_token": token[1]}
        return session.post(url, data=data, timeout=20).status_code == 200

    wait_for(ask)
