"""Excerpts that show why something was found: the best passage, with the words marked as the reader meets them."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from forum.search.analysis import in_capitals, normalise, terms

#: Longer texts are looked at up to here.
LOOKED_AT = 60_000


def _marks(text: str, wanted: set[str]) -> list[tuple[int, int, str]]:
    """Where wanted terms stand. Normalising may change the length of unusual text; then nothing is marked."""
    flat = normalise(text)
    if len(flat) != len(text):
        flat = text
    return [(start, end, forms[0]) for forms, start, end in terms(flat) if wanted & {*forms, in_capitals(flat[start:end])}]


def _marked(text: str, marks: Sequence[tuple[int, int, str]], start: int, end: int) -> Markup:
    parts, at = [], start
    for a, b, _ in marks:
        if a >= at and b <= end:
            parts += [escape(text[at:a]), Markup("<mark>"), escape(text[a:b]), Markup("</mark>")]
            at = b
    return Markup("").join([*parts, escape(text[at:end])])


def highlight(text: str, found: Sequence[str]) -> Markup:
    """The whole text with its found words marked."""
    return _marked(text, _marks(text, set(found)), 0, len(text))


def excerpt(text: str, found: Sequence[str], size: int = 240) -> Markup:
    """The passage of about `size` characters that has the most different words asked for; the beginning when it has none."""
    text = text[:LOOKED_AT]
    marks = _marks(text, set(found))
    start = _best(marks, size) if marks else 0
    start = 0 if start < 40 else text.rfind(" ", 0, start - 30) + 1
    end = len(text) if start + size >= len(text) else text.rfind(" ", start, start + size)
    end = end if end > start else min(len(text), start + size)
    body = _marked(text, marks, start, end)
    return Markup("… " if start else "") + body + Markup(" …" if end < len(text) else "")


def _best(marks: Sequence[tuple[int, int, str]], size: int) -> int:
    """Where the window begins that holds the most different terms, then the most marks; the earliest of equals."""
    best, where, left = (0, 0), marks[0][0], 0
    for right, (_, end, _) in enumerate(marks):
        while end - marks[left][0] > size and left < right:
            left += 1
        window = marks[left : right + 1]
        score = (len({t for *_, t in window}), min(len(window), 6))
        if score > best:
            best, where = score, marks[left][0]
    return where
