"""What runs, and what tests need on top, is pinned with hashes: each lock holds what setup.cfg asks for, in the same versions."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN, DEV, POSTGRESQL = "constraints.txt", "constraints-dev.txt", "constraints-postgresql.txt"
PIN = re.compile(r"^([a-z0-9-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return {package: version for package, version, _hashes in PIN.findall((ROOT / name).read_text("utf-8"))}


def asked_for(section: str, option: str) -> set[str]:
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", "utf-8")
    return {re.split(r"[\[<>=]", line)[0].lower() for line in settings[section][option].split()}


@pytest.mark.parametrize("name", [RUN, DEV, POSTGRESQL])
def test_every_line_is_a_pin_with_hashes_or_a_comment(name: str) -> None:
    rest = PIN.sub("", (ROOT / name).read_text("utf-8"))
    assert [line for line in rest.splitlines() if line.strip() and not line.lstrip().startswith("#")] == []


def test_each_lock_holds_what_is_asked_for() -> None:
    assert asked_for("options", "install_requires") - set(pins(RUN)) == set()
    assert asked_for("options.extras_require", "dev") - set(pins(DEV)) == set()
    assert asked_for("options.extras_require", "postgresql") - set(pins(POSTGRESQL)) == set()


def test_what_is_tested_is_what_runs() -> None:
    run = pins(RUN)
    for name in (DEV, POSTGRESQL):
        assert {p: v for p, v in pins(name).items() if p in run and run[p] != v} == {}, name
    assert {p: v for p, v in pins(POSTGRESQL).items() if p not in run and pins(DEV)[p] != v} == {}


def test_running_needs_no_tools_of_tests() -> None:
    """setuptools and wheel install the program itself from a checkout."""
    tools = asked_for("options.extras_require", "dev") - {"setuptools", "wheel"}
    assert tools & set(pins(RUN)) == set()
