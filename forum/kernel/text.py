"""Small jobs on text from people: cleaning at the edge, slugs, cutting."""

import re
import unicodedata
from functools import lru_cache

#: C0 and C1 control characters but tab, line feed and carriage return; NUL and lone surrogates are refused outright.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
#: Control characters that end a line (VT, FF, NEL, and the separators of lines and paragraphs), or part what stands beside them.
_SEPARATORS = {**dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n"), **dict.fromkeys(range(0x1C, 0x20), " ")}
_REFUSED = re.compile(r"[\x00\ud800-\udfff]")
#: Characters that show nothing (Unicode: Default_Ignorable_Code_Point; the blank of Braille besides).
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
#: Characters that turn the direction of what stands beside a text, until another ends it.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: More marks on one letter than any language has: they would run over the lines above and below.
_STACKED = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class BadText(ValueError):
    """Text that cannot be stored; the message is for the person who sent it."""


def clean(text: str) -> str:
    """Return canonical text: NFC, line feeds only, no control characters (OWASP ASVS 1.1.1), none that turn the direction of what
    follows; "" where nobody would see anything.

    Raises `BadText`.
    """
    if _REFUSED.search(text):
        raise BadText("The text has characters that cannot be stored. Remove them and try again.")
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _TURNING.sub("", _CONTROL.sub("", separated(text)))
    return text if text.isspace() or not blank(text) else ""


def separated(text: str) -> str:
    """Return the text with line feeds and spaces in place of control characters that separate, so that no two words become one."""
    return text.translate(_SEPARATORS)


def blank(text: str) -> bool:
    """Return whether a text shows nothing at all."""
    return not INVISIBLE.sub("", text).strip()


def one_line(text: str) -> str:
    """Return the text on one line, for titles, names, mail subjects and headers, so that it cannot turn or overrun its
    neighbours."""
    return " ".join(_STACKED.sub(r"\1", _TURNING.sub("", text)).split())


@lru_cache(maxsize=2_000)
def slugify(text: str, limit: int = 60) -> str:
    """Lower-case ASCII words joined by hyphens, cut at a word; "item" where nothing is left."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = _NOT_SLUG.sub("-", ascii_text.replace("'", "")).strip("-")
    if len(slug) > limit:
        slug = slug[: limit + 1].rsplit("-", 1)[0][:limit]
    return slug.strip("-") or "item"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word, with an ellipsis where something is missing."""
    text = one_line(text)
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(",.;: ") + "…"


def characters(number: int) -> str:
    """Return a number of characters in words: "1 character", "1,200 characters"."""
    return f"{number:,} character{'' if number == 1 else 's'}"


def sheet_cell(text: str) -> str:
    """Return the text as a cell that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
