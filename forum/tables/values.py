"""A cell of figures as people write it: a number with what stands beside it, or the reason why there is none.

The signs for figures that are kept back follow the shorthand of the Government Analysis Function ("Symbols in tables: definitions
and help", 2023): [c] confidential, [x] not available, [z] not applicable, [low], [p] provisional, [r] revised, [u] low reliability.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

#: Larger than any measure, and still to be drawn without losing whole numbers.
LARGEST = 1e15
_NUMBER = re.compile(r"(?=[-+]?\.?\d)[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?")
#: What parts whole numbers from their decimals in a column: a point, a comma, or in one cell this and in another that.
POINT, COMMA, MIXED = "point", "comma", "mixed"
_COMMA = re.compile(r"\d{1,3}(?: \d{3})+,\d+|\d+,\d{1,2}|\d+,\d{4,}|0,\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_POINT = re.compile(r"\d*\.\d{1,2}|\d*\.\d{4,}|0?\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")
_OPEN = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_SWAPPED = str.maketrans(".,", ",.")
_TIMES = {"k": 1e3, "m": 1e6, "bn": 1e9}
_SAID = {"p": "provisional", "r": "revised", "e": "estimated", "u": "low reliability", "b": "break in the series"}
#: Written in place of a figure → the reason.
_GAPS = {
    **dict.fromkeys(("*", "**", "***", "c", "#", "supp", "suppressed", "s", "low", "conf", "confidential"), "suppressed"),
    **dict.fromkeys(
        ("n/a", "na", "n.a.", "n.a", "x", "not available", "no data", "unavailable", "n/k", "not known", "tbc", "tba"),
        "not available",
    ),
    **dict.fromkeys(("z", "not applicable"), "not applicable"),
    **dict.fromkeys(("-", "--", ".", "..", "...", ":", "_", "null", "none", "nan", "missing", "blank"), "missing"),
}


#: A reason as this reading tells it, in brackets, so that what was read can be read again.
_REASON = re.compile("|".join((*dict.fromkeys(_GAPS.values()), "error")))


@dataclass(frozen=True, slots=True)
class Value:
    """A figure and a mark beside it; or no figure, and why. `percent` says that it was written with a sign of percent."""

    number: float | None
    note: str = ""
    percent: bool = False


def decimals_of(cells: Sequence[str]) -> str:
    """Return what parts decimals in these cells, as far as they tell: `POINT` where they do not, `MIXED` where they disagree."""
    bare = [_digits(cell) for cell in cells]
    commas, points = any(map(_COMMA.fullmatch, bare)), any(map(_POINT.fullmatch, bare))
    return MIXED if commas and points else COMMA if commas else POINT


def open_sign(cells: Sequence[str], sign: str) -> str:
    """The first cell that may be a thousand or have three decimals, such as 1.234, where none of the others tells; else ""."""
    bare = [_digits(cell) for cell in cells]
    other = "," if sign == "." else "."
    if any(map(_COMMA.fullmatch, bare)) or any(map(_POINT.fullmatch, bare)) or any(other in cell for cell in bare):
        return ""
    return next((cell for cell in bare if sign in cell and _OPEN.fullmatch(cell)), "")


def may_be_millions(cell: str) -> bool:
    """Return whether a cell is such as 1.2m, which no sign of money tells from metres or minutes."""
    return bool(re.fullmatch(r"[-+]?\d[\d.,]*m", cell.strip(), re.I))


def _digits(cell: str) -> str:
    return re.sub(r"^[-+(£$€\s\u2212\u2013]+|[)%€*\s]+$", "", " ".join(cell.split()))


def read(cell: str, decimals: str = POINT) -> Value | None:
    """Read a cell; None for words that are neither a figure nor a known reason for its absence."""
    text = " ".join(cell.replace("\u00a0", " ").split()).strip().lower()
    for sign in "\u2212\u2013\u2014":
        text = text.replace(sign, "-")
    if not text:
        return Value(None)
    if text.startswith("#") and re.fullmatch(r"#[a-z0-9/]+[!?]?", text) and len(text) > 1:
        return Value(None, f"error: {cell.strip()}")
    bare = text[1:-1] if text[0] == "[" and text[-1] == "]" else text
    if bare != text and (found := _REASON.match(bare)):
        return Value(None, bare[: found.end()] + cell.strip()[1:-1][found.end() :])
    if bare in _GAPS:
        return Value(None, _GAPS[bare])
    if re.fullmatch(r"(?:<|<=|≤|less than|under|fewer than) ?\d+(?:\.\d+)?%?", text):
        return Value(None, f"suppressed: {''.join(cell.split()) if text[0] in '<≤' else cell.strip()}")
    return _number(text, decimals)


def _number(text: str, decimals: str) -> Value | None:
    note = ""
    if found := re.search(r" ?(?:\[([preub])\]|\(([preub])\)|(\*+|†|‡))$", text):
        text, note = text[: found.start()], _SAID.get(found[1] or found[2] or "", f"marked {found[3]}")
    negative = len(text) > 2 and text[0] == "(" and text[-1] == ")"
    text = text[1:-1] if negative else text
    percent = "%" in text
    text = re.sub(r"(?<=\d) (?=\d{3}(?:\D|$))", "", re.sub(r"[£$€%]|per ?cent$", "", text)).strip()
    times = 1.0
    if found := re.fullmatch(r"([-+]?[\d.,]+)(k|m|bn)", text):
        text, times = found[1], _TIMES[found[2]]
    if re.fullmatch(r"[-+]?\d+,\d{1,2}", text):
        text = text.replace(",", ".")
    elif decimals == COMMA:
        text = text.translate(_SWAPPED)
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text.replace(",", "")) * times * (-1 if negative else 1)
    return Value(number, note, percent) if math.isfinite(number) and abs(number) < LARGEST else None


def may_be(cell: str) -> bool:
    """Return whether a cell can stand among figures, with a point or a comma before its decimals."""
    return read(cell) is not None or read(cell, COMMA) is not None


def is_figure(cell: str) -> bool:
    """Return whether a cell is a number, whatever stands beside it."""
    return any(found is not None and found.number is not None for found in (read(cell), read(cell, COMMA)))
