"""Settings: read once from `FORUM_*` environment variables, checked at start-up, never changed afterwards."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile

DEVELOPMENT_SECRET = "for-development-on-this-machine-only"
FOR_TESTS = "FORUM_TEST_"
SECRET_MIN = 32
DATABASES = ("sqlite:", "postgresql+psycopg:")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}

#: Every variable the program reads, with what it means: the README's table is tested against this one.
VARIABLES: dict[str, str] = {
    "FORUM_SECRET_KEY": "Signs cookies and form tokens. At least 32 characters; needed unless the site is on this machine only.",
    "FORUM_DATABASE_URL": "Database: sqlite:///… or postgresql+psycopg://…; by default forum.db in the instance folder.",
    "FORUM_SEARCH": "whoosh: an index in the instance folder. postgresql: in the database, which must be one. Default: whoosh.",
    "FORUM_INSTANCE": "Folder for the database, uploaded files, the search index and mail files. Default: instance.",
    "FORUM_SITE_NAME": "Name shown in the header and in mail. Default: Shared Practice.",
    "FORUM_BASE_URL": "Where people reach the site; links in mail start with it. Default: http://127.0.0.1:8000.",
    "FORUM_MAIL_URL": "smtps://user:password@host (TLS, port 465), smtp://… (STARTTLS, port 587) or file: (files). Default: file:.",
    "FORUM_MAIL_FROM": "Sender of the site's mail. Default: no-reply at the host of the base address.",
    "FORUM_PUBLIC": "1: anyone may read what is published. 0: only people who are signed in. Default: 1.",
    "FORUM_TRUSTED_PROXIES": "How many reverse proxies in front of the site may set X-Forwarded-For. Default: 0.",
    "FORUM_RATE_LIMITS": "on or off. Off is for load and fault tests on this machine only. Default: on.",
    "FORUM_CHECK_LINKS": "on: the worker looks whether the references of case studies still lead somewhere. Default: on.",
    "FORUM_THREADS": "Threads of each web process. Default: 4.",
    "FORUM_WORD_TEMPLATE": "A .docx whose page, headers and styles Word exports have. Default: one that comes with the program.",
}


class SettingsError(Exception):
    """The environment cannot be used; the message lists every problem in words for the person installing."""


@dataclass(frozen=True)
class Settings:
    """What whoever runs the site may decide. Build with `Settings.from_env`."""

    secret_key: str
    database_url: str
    instance: Path
    site_name: str
    base_url: str
    mail_url: str
    mail_from: str
    public: bool = True
    trusted_proxies: int = 0
    rate_limits: bool = True
    check_links: bool = True
    threads: int = 4
    search: str = "whoosh"
    word_template: Path | None = None
    allowed_hosts: frozenset[str] = field(default_factory=frozenset)

    @property
    def secure(self) -> bool:
        """Return whether people reach the site by https: cookies are then Secure and HSTS is sent."""
        return self.base_url.startswith("https://")

    @property
    def index_dir(self) -> Path:
        return self.instance / "index"

    @property
    def mail_dir(self) -> Path:
        return self.instance / "mail"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read and check the environment. Raises `SettingsError` naming every variable that is wrong."""
        env = os.environ if env is None else env
        problems = [f"{name} is not a setting of this program." for name in sorted(_unknown(env))]
        base_url = env.get("FORUM_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        host = _check_base_url(base_url, problems)
        instance = Path(env.get("FORUM_INSTANCE", "instance")).resolve()
        settings = cls(
            secret_key=_secret(env, host, base_url, problems),
            database_url=env.get("FORUM_DATABASE_URL") or f"sqlite:///{instance / 'forum.db'}",
            instance=instance,
            site_name=env.get("FORUM_SITE_NAME", "").strip() or "Shared Practice",
            base_url=base_url,
            mail_url=_mail_url(env.get("FORUM_MAIL_URL", "file:"), problems),
            mail_from=env.get("FORUM_MAIL_FROM", "") or f"no-reply@{host if '.' in host else 'localhost'}",
            public=_switch(env, "FORUM_PUBLIC", True, problems),
            trusted_proxies=_number(env, "FORUM_TRUSTED_PROXIES", 0, 0, 5, problems),
            rate_limits=_switch(env, "FORUM_RATE_LIMITS", True, problems),
            check_links=_switch(env, "FORUM_CHECK_LINKS", True, problems),
            threads=_number(env, "FORUM_THREADS", 4, 1, 64, problems),
            search=_choice(env, "FORUM_SEARCH", ("whoosh", "postgresql"), problems),
            word_template=_word_file(env, "FORUM_WORD_TEMPLATE", problems),
            allowed_hosts=frozenset({host} | (LOOPBACK if host in LOOPBACK else set())),
        )
        if not settings.rate_limits and host not in LOOPBACK:
            problems.append("FORUM_RATE_LIMITS may be off only where FORUM_BASE_URL is on this machine.")
        if not settings.database_url.startswith(DATABASES):
            problems.append(f"FORUM_DATABASE_URL must start with {' or '.join(DATABASES)}.")
        elif not settings.database_url.startswith("sqlite:") and find_spec("psycopg") is None:
            problems.append("FORUM_DATABASE_URL needs the driver psycopg: pip install 'shared-practice[postgresql]'.")
        if settings.search == "postgresql" and not settings.database_url.startswith("postgresql"):
            problems.append("FORUM_SEARCH=postgresql needs a PostgreSQL database: set FORUM_DATABASE_URL as well.")
        if problems:
            raise SettingsError("The site cannot start:\n" + "\n".join(f"- {p}" for p in problems))
        return settings


def _unknown(env: Mapping[str, str]) -> set[str]:
    """Return variables that are no settings: a misspelt one must be refused, since the person believes it is in force."""
    return {name for name in env if name.startswith("FORUM_") and name not in VARIABLES and not name.startswith(FOR_TESTS)}


def _check_base_url(base_url: str, problems: list[str]) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        problems.append("FORUM_BASE_URL must look like https://practice.example.org, with nothing after the host.")
    return parts.hostname or ""


def _secret(env: Mapping[str, str], host: str, base_url: str, problems: list[str]) -> str:
    secret = env.get("FORUM_SECRET_KEY", "")
    here_only = host in LOOPBACK and base_url.startswith("http://")
    if not secret and here_only:
        return DEVELOPMENT_SECRET
    if not secret:
        problems.append("FORUM_SECRET_KEY is needed. Make one with: openssl rand -hex 32")
    elif secret == DEVELOPMENT_SECRET and not here_only:
        problems.append("FORUM_SECRET_KEY is the development value. Make your own with: openssl rand -hex 32")
    elif len(secret) < SECRET_MIN or len(set(secret)) < 8:
        problems.append(f"FORUM_SECRET_KEY is too easy to guess: use {SECRET_MIN} random characters or more.")
    return secret


def is_this_machine(host: str) -> bool:
    """Return whether a host, by name or number, is the machine that the program runs on."""
    try:
        return host in LOOPBACK or ip_address(host).is_loopback
    except ValueError:
        return False


def _mail_url(value: str, problems: list[str]) -> str:
    """Check FORUM_MAIL_URL. Its value is never repeated in a message: it may hold a password."""
    try:
        parts = urlsplit(value)
        server = bool(parts.hostname) and parts.port != 0 and not (parts.path.strip("/") or parts.query or parts.fragment)
        fine = value == "file:" or (parts.scheme in {"smtp", "smtps"} and server and bool(parts.username) == bool(parts.password))
    except ValueError:
        fine = False
    if not fine:
        problems.append(
            "FORUM_MAIL_URL must be file:, smtp://user:password@host:port or smtps://user:password@host:port; the user and its "
            "password may both be left out. In a password write %2F for /, %3F for ?, %23 for #, %25 for % and %40 for @."
        )
    return value


def _switch(env: Mapping[str, str], name: str, default: bool, problems: list[str]) -> bool:
    value = env.get(name, "").strip().lower()
    if value in {"", "1", "0", "on", "off", "yes", "no", "true", "false"}:
        return default if not value else value in {"1", "on", "yes", "true"}
    problems.append(f"{name} must be on or off.")
    return default


def _choice(env: Mapping[str, str], name: str, choices: tuple[str, ...], problems: list[str]) -> str:
    value = env.get(name, "").strip().lower() or choices[0]
    if value not in choices:
        problems.append(f"{name} must be {' or '.join(choices)}.")
    return value


def _word_file(env: Mapping[str, str], name: str, problems: list[str]) -> Path | None:
    value = env.get(name, "").strip()
    if not value:
        return None
    path = Path(value).resolve()
    try:
        with ZipFile(path) as parts:
            types = parts.read("[Content_Types].xml")
    except (OSError, BadZipFile, KeyError):
        types = b""
    # A .dotx, which Word makes new files from, or a file with macros is of another kind.
    if b"wordprocessingml.document.main+xml" not in types:
        problems.append(f"{name} must be a Word file that can be read here. Save the template as .docx, not .dotx or .docm.")
    return path


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int, problems: list[str]) -> int:
    value = env.get(name, "").strip() or str(default)
    if value.isdecimal() and low <= int(value) <= high:
        return int(value)
    problems.append(f"{name} must be a whole number from {low} to {high}.")
    return default
