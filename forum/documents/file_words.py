"""The text of an uploaded file, as far as a program can read it: to find words in it that a moderator is removing for good."""

import html
import re
import zlib
from collections.abc import Iterator

from forum.documents.uploads import MOST_UNPACKED, Refused, unpack
from forum.kernel.kinds import kind_of, text_of

_TAG = re.compile(r"<[^>]*>")
_STREAM = re.compile(rb"stream\r?\n")
#: Text that a PDF shows: in brackets, with escapes, or as hexadecimal digits; what kerning parts stands in one array.
_SHOWN = re.compile(rb"\[((?:[^\]\\]|\\.)*)\]\s*TJ|(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>)\s*(?:Tj|'|\")", re.S)
_STRING = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]*)>", re.S)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.S)


def words_of(data: bytes) -> tuple[str, bool]:
    """Return its text, and whether that is all of it. In pictures, also those in a PDF, a program can read no text."""
    kind = kind_of(data)
    if kind in {"docx", "xlsx", "pptx"}:
        return _office(data)
    if kind in {"text", "xml", "json", "empty"}:
        return text_of(data) or "", True
    if kind == "pdf":
        return _pdf(data), False
    # Of other kinds only what an earlier version of the site took is stored: rich text, which writes some letters as numbers.
    return (data.decode("utf-8", "replace"), False) if kind == "rtf" else ("", False)


def _office(data: bytes) -> tuple[str, bool]:
    try:
        parts = unpack(data)
    except Refused:
        return "", False
    found = []
    for name, part in parts.items():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            text = part.decode("utf-8", "replace")
            # Formatting may stand within a word, and may be all that stands between two words.
            found += [html.unescape(_TAG.sub("", text)), html.unescape(_TAG.sub(" ", text)), html.unescape(text)]
    return "\n".join(found), not any(re.search(r"\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf)$", name, re.I) for name in parts)


def _pdf(data: bytes) -> str:
    said = []
    for part in (data, *_streams(data)):
        for array, one in _SHOWN.findall(part):
            strings = _STRING.findall(array or one)
            said.append("".join(_string(plain, digits) for plain, digits in strings))
        said += [_string(plain, digits) for plain, digits in _STRING.findall(part)]
    return "\n".join(said)


def _string(plain: bytes, digits: bytes) -> str:
    raw = bytes.fromhex("".join(digits.decode().split()) + "0" * (len(b"".join(digits.split())) % 2)) if digits else plain
    raw = raw if digits else _ESCAPED.sub(lambda m: bytes([int(m[1], 8) & 255]) if m[1].isdigit() else m[1], raw)
    return raw[2:].decode("utf-16-be", "replace") if raw[:2] == b"\xfe\xff" else raw.decode("cp1252", "replace")


def _streams(data: bytes) -> Iterator[bytes]:
    """The packed parts that can be unpacked, within what a file may hold in all."""
    left = MOST_UNPACKED
    for start in _STREAM.finditer(data):
        try:
            part = zlib.decompressobj().decompress(data[start.end() :], left)
        except zlib.error:  # a picture, or packed in another way
            continue
        left -= len(part)
        yield part
        if left <= 0:
            return
