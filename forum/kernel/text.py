"""Small jobs on text from people: cleaning at the edge, slugs, cutting."""

import re
import unicodedata

#: C0 and C1 control characters but tab, line feed and carriage return; NUL and lone surrogates are refused outright.
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_REFUSED = re.compile(r"[\x00\ud800-\udfff]")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class BadText(ValueError):
    """Text that cannot be stored; the message is for the person who sent it."""


def clean(text: str) -> str:
    """Canonical text: NFC, line feeds only, no control characters (OWASP ASVS 1.1.1). Raises `BadText`."""
    if _REFUSED.search(text):
        raise BadText("The text has characters that cannot be stored. Remove them and try again.")
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """The text on one line, for titles, mail subjects and headers."""
    return " ".join(text.split())


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


def sheet_cell(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
