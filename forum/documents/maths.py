"""Formulas of Word files on one line, as somebody would type them: a fraction with a stroke, brackets where they are needed."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
#: A piece of a formula: its text, and "superscript" or "subscript" where it is one.
Piece = tuple[str, str]
_PARTS = re.compile(r"[\s+\-\u2212\u00b1\u00d7\u00b7\u00f7/=<>]")


def spoken(element: Element) -> list[Piece]:
    """Return a formula in pieces, in the order in which it is read."""
    found = [piece for child in element for piece in _piece(child)]
    return [piece for piece in found if piece[0]]


def _piece(element: Element) -> Iterator[Piece]:
    name = element.tag.removeprefix(_MATHS)
    if name.endswith("Pr"):
        return
    if name == "r":
        yield "".join(t.text or "" for t in element.iter(f"{_MATHS}t")), ""
    elif name == "f":
        below = _group(element, "den")
        yield from [*_group(element, "num"), *([("/", ""), *below] if below else [])]
    elif name in {"sSup", "sSub", "sSubSup", "nary"}:
        if name == "nary":
            yield _sign(element, "chr", "\u222b"), ""
        base = _of(element, "e")
        raised = [
            *((text, "subscript") for text, _ in _of(element, "sub")),
            *((text, "superscript") for text, _ in _of(element, "sup")),
        ]
        yield from [*raised, *base] if name == "nary" else [*base, *raised]
    elif name == "rad":
        root = [(text, "superscript") for text, _ in _of(element, "deg")]
        yield from [*root, ("\u221a(", ""), *_of(element, "e"), (")", "")]
    elif name == "d":
        yield _sign(element, "begChr", "("), ""
        for n, part in enumerate(element.findall(f"{_MATHS}e")):
            yield from [*([(_sign(element, "sepChr", "|"), "")] if n else []), *spoken(part)]
        yield _sign(element, "endChr", ")"), ""
    elif name in {"mr", "eqArr"}:
        for n, part in enumerate(element.findall(f"{_MATHS}e")):
            yield from [*([(", ", "")] if n else []), *spoken(part)]
        yield ("; " if name == "mr" else ""), ""
    else:
        yield from spoken(element)


def _of(element: Element, name: str) -> list[Piece]:
    found = element.find(f"{_MATHS}{name}")
    return spoken(found) if found is not None else []


def _group(element: Element, name: str) -> list[Piece]:
    """What stands above or below a stroke, in brackets where it is more than one word or number."""
    found = _of(element, name)
    return found if _PARTS.search("".join(text for text, _ in found).strip()) is None else [("(", ""), *found, (")", "")]


def _sign(element: Element, name: str, usual: str) -> str:
    properties = next((child for child in element if child.tag.endswith("Pr")), None)
    found = properties.find(f"{_MATHS}{name}") if properties is not None else None
    return usual if found is None else found.get(f"{_MATHS}val", "")
