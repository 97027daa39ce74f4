"""Passwords: Argon2id, a minimum length, and nothing that is easy to guess. No composition rules, no forced changes.

Sources: OWASP ASVS 5.0 rows 6.2.1–6.2.12 and 11.4.2; design/security.md.
"""

import re
from collections.abc import Iterable
from importlib import resources
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from forum.kernel.errors import Invalid

MINIMUM, MINIMUM_STAFF, MAXIMUM = 12, 15, 256
#: 19 MiB, two passes, one lane: OWASP's minimum. Two at once in a process, so that a rush of sign-ins cannot take the memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = BoundedSemaphore(2)
#: What an unknown address is checked against, so that it takes as long as a known one.
_NOBODY = _hasher.hash("nobody has this password")
#: zxcvbn's 0–4 estimate; below 3 means fewer than 10^8 guesses are needed.
WEAK = 3
#: zxcvbn's 30,000 and, of Django's 20,000, those that are long enough to get this far.
_SHIPPED = resources.files("forum.accounts").joinpath("data/common_passwords.txt").read_text("utf-8").split("\n")
_COMMON = frozenset(FREQUENCY_LISTS["passwords"]) | frozenset(_SHIPPED)
_WORD = re.compile(r"[^\W\d_]{3,}")


def hash_password(password: str) -> str:
    with _at_once:
        return _hasher.hash(password)


def verify(stored: str, password: str) -> bool:
    """Whether the password is right. Takes as long when there is nothing stored."""
    with _at_once:
        try:
            return _hasher.verify(stored or _NOBODY, password) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def check_choice(password: str, staff: bool, personal: Iterable[str]) -> None:
    """Refuse a password that is short, common, or made of words about its owner or the site. Raises `Invalid`."""
    minimum = MINIMUM_STAFF if staff else MINIMUM
    if len(password) < minimum:
        raise Invalid(f"Use at least {minimum} characters. Three or four unrelated words work well.", "password")
    if len(password) > MAXIMUM:
        raise Invalid(f"Use at most {MAXIMUM} characters.", "password")
    about = {w.lower() for text in [*personal, "nhs", "forum", "shared practice"] for w in _words(text)}
    rest = password.lower()
    for word in sorted(about, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < minimum // 2 and len(rest) < len(password):
        raise Invalid("Do not build it from your own name, your email address or the site's name.", "password")
    guess = zxcvbn(password[:72], user_inputs=sorted(about))
    if password.lower() in _COMMON or guess["score"] < WEAK:
        raise Invalid("This password is easy to guess. Three or four unrelated words work well.", "password")


def _words(text: str) -> list[str]:
    return _WORD.findall(text) or ([text] if len(text) >= 3 else [])
