"""Passwords: Argon2id, a minimum length, and nothing that is easy to guess. No composition rules, no forced changes.

A password is one text however its letters were typed: it is brought to NFC before it is hashed or compared (RFC 8265), so that an é
from a phone is the é from a laptop. Sources: OWASP ASVS 5.0 rows 6.2.1–6.2.12 and 11.4.2.
"""

from collections.abc import Iterable
from importlib import resources
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from forum.accounts.guessing import guesses
from forum.kernel.errors import Invalid

MINIMUM, MINIMUM_STAFF, MAXIMUM = 12, 15, 256
#: 19 MiB, two passes, one lane: OWASP's minimum. Two at once in a process, so that a rush of sign-ins cannot take the memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = BoundedSemaphore(2)
#: What an unknown address is checked against, so that it takes as long as a known one.
_NOBODY = _hasher.hash("nobody has this password")
#: How many guesses must be needed for what nobody can know or look up.
ENOUGH = 10**8
#: zxcvbn's 30,000 and, of Django's 20,000, those that are long enough to get this far.
_SHIPPED = resources.files("forum.accounts").joinpath("data/common_passwords.txt").read_text("utf-8").split("\n")
_COMMON = frozenset(FREQUENCY_LISTS["passwords"]) | frozenset(_SHIPPED)
#: Words that could be known of everybody here.
HERE = ("nhs", "forum", "shared practice", "health and care")


def hash_password(password: str) -> str:
    with _at_once:
        return _hasher.hash(normalize("NFC", password))


def _matches(stored: str, text: str) -> bool:
    with _at_once:
        try:
            return _hasher.verify(stored or _NOBODY, text) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def verify(stored: str, password: str) -> bool:
    """Return whether the password is right. Takes as long when there is nothing stored.

    Older hashes are of what was typed, not of its NFC.
    """
    usual = normalize("NFC", password)
    return _matches(stored, usual) or (usual != password and _matches(stored, password))


def outdated(stored: str, password: str) -> bool:
    """Return whether the hash of this password, which is right, is to be made anew: by today's settings, and of its NFC."""
    usual = normalize("NFC", password)
    return _hasher.check_needs_rehash(stored) or (usual != password and not _matches(stored, usual))


def check_choice(password: str, staff: bool, personal: Iterable[str]) -> None:
    """Refuse a password that is short, common, or has little besides words about its owner and the site. Raises `Invalid`."""
    password = normalize("NFC", password)
    minimum = MINIMUM_STAFF if staff else MINIMUM
    if len(password) < minimum:
        raise Invalid(f"Use at least {minimum} characters. Three or four unrelated words work well.", "password")
    if len(password) > MAXIMUM:
        raise Invalid(f"Use at most {MAXIMUM} characters.", "password")
    stranger, acquaintance = guesses(password, ()), guesses(password, [*personal, *HERE])
    if acquaintance >= ENOUGH and password.lower() not in _COMMON:
        return
    why = "This password is easy to guess."
    if acquaintance * 100 < stranger:
        why = "Do not build it from your name, your email address, where you work, the site's name or a year."
    raise Invalid(f"{why} Three or four unrelated words work well.", "password")
