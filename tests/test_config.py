"""Settings are checked before anything starts, and every mistake is told in words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from forum.config import DEVELOPMENT_SECRET, Settings, SettingsError

GOOD = {"FORUM_SECRET_KEY": "0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 2, "FORUM_BASE_URL": "https://practice.example.org"}


def test_a_site_on_this_machine_needs_nothing() -> None:
    settings = Settings.from_env({})
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.secret_key == DEVELOPMENT_SECRET
    assert not settings.secure


def test_a_site_for_others_starts_with_its_own_secret() -> None:
    settings = Settings.from_env(GOOD)
    assert settings.secure
    assert settings.allowed_hosts == {"practice.example.org"}
    assert settings.mail_from == "no-reply@practice.example.org"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"FORUM_SECRET_KEY": ""}, "FORUM_SECRET_KEY is needed"),
        ({"FORUM_SECRET_KEY": DEVELOPMENT_SECRET}, "development value"),
        ({"FORUM_SECRET_KEY": "short"}, "too easy to guess"),
        ({"FORUM_SECRET_KEY": "a" * 64}, "too easy to guess"),
        ({"FORUM_BASE_URL": "practice.example.org"}, "FORUM_BASE_URL"),
        ({"FORUM_BASE_URL": "https://x.example/forum"}, "nothing after the host"),
        ({"FORUM_MAIL_URL": "ftp://x"}, "FORUM_MAIL_URL"),
        ({"FORUM_MAIL_URL": "smtp://relay.example:none"}, "FORUM_MAIL_URL"),
        ({"FORUM_MAIL_URL": "smtps://user:pass/word@relay.example"}, "write %2F for /"),
        ({"FORUM_MAIL_URL": "smtp://user@relay.example"}, "may both be left out"),
        ({"FORUM_PUBLIC": "maybe"}, "FORUM_PUBLIC must be on or off"),
        ({"FORUM_THREADS": "many"}, "whole number"),
        ({"FORUM_RATE_LIMITS": "off"}, "only where"),
        ({"FORUM_DATABASE_URL": "mysql://x"}, "FORUM_DATABASE_URL"),
        ({"FORUM_DATABASE_URL": "postgresql://x"}, "postgresql\\+psycopg"),
        ({"FORUM_SEARCH": "elastic"}, "FORUM_SEARCH must be whoosh or postgresql"),
        ({"FORUM_SEARCH": "postgresql"}, "needs a PostgreSQL database"),
        ({"FORUM_SITENAME": "Typo"}, "FORUM_SITENAME is not a setting"),
    ],
)
def test_mistakes_are_told(changes: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Settings.from_env(GOOD | changes)


@pytest.mark.parametrize(
    "url", ["file:", "smtp://relay.example", "smtp://me%40nhs.net:p%2Fw@relay.example:587", "smtps://u:p@[::1]:465"]
)
def test_mail_servers(url: str) -> None:
    assert Settings.from_env(GOOD | {"FORUM_MAIL_URL": url}).mail_url == url


def test_postgresql_for_both() -> None:
    url = "postgresql+psycopg://forum:secret@db.example.org/forum"
    settings = Settings.from_env(GOOD | {"FORUM_DATABASE_URL": url, "FORUM_SEARCH": "postgresql"})
    assert (settings.database_url, settings.search) == (url, "postgresql")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_env({"FORUM_BASE_URL": "ftp://x", "FORUM_THREADS": "0", "FORUM_SECRET_KEY": "x"})
    assert str(error.value).count("\n- ") == 3


@pytest.mark.parametrize("command", [["serve"], ["web"], ["work", "--once"], ["migrate"]])
def test_no_command_starts_with_a_default_secret(tmp_path: Path, command: list[str]) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")}
    env |= {"FORUM_BASE_URL": "https://practice.example.org", "FORUM_INSTANCE": str(tmp_path)}
    run = subprocess.run([sys.executable, "-m", "forum", *command], env=env, capture_output=True, text=True, timeout=60)
    assert run.returncode == 2
    assert "FORUM_SECRET_KEY is needed" in run.stderr
    assert "Traceback" not in run.stderr
