"""A site that runs keeps its files to itself, whatever umask it was started with."""

import re
from pathlib import Path

import pytest
import requests

from tests.journeys.conftest import Site
from tests.kernel.test_private import modes
from tests.served import until

pytestmark = pytest.mark.journey


def umasks(site: Site) -> set[str]:
    """Of its processes: those that were told of its folder."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment, status = (process / "environ").read_bytes(), (process / "status").read_text("ascii", "replace")
        except OSError:  # it ended, or belongs to somebody else
            continue
        if f"FORUM_INSTANCE={site.instance}".encode() in environment.split(b"\0"):
            found |= set(re.findall(r"Umask:\s*(\d+)", status))
    return found


def test_folders_0700_and_files_0600(site: Site) -> None:
    session = requests.Session()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', session.get(f"{site.base}/forgotten-password", timeout=60).text)
    assert token
    data = {"email": "admin@example.org", "csrf_token": token[1]}
    assert session.post(f"{site.base}/forgotten-password", data=data, timeout=60).ok
    site.mail_link("admin@example.org", "/reset/")
    index = site.instance / "index"
    if not (site.instance / "forum.db").exists():  # the index is in the database as well
        index = site.instance / "mail"
    until(lambda: index.is_dir() and any(index.iterdir()), "an index")
    kept = [path for path in site.instance.iterdir() if path.name != "serve.log"]  # which the test writes
    assert {path.name for path in kept} >= {"mail", index.name}
    assert site.instance.stat().st_mode & 0o777 == 0o700
    assert modes(*kept) == {"folder 700", "file 600"}
    assert umasks(site) == {"0077"}
