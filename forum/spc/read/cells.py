"""Single cells as people write them: dates, day first, and numbers with the signs that stand beside them."""

import math
import re
from datetime import date, datetime

_MONTHS = {m: n for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_NUMBER = re.compile(r"(?=[-+]?\.?\d)[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?", re.I)
#: Larger than any measure, and still to be drawn without losing whole numbers.
LARGEST = 1e15


def is_blank(cell: object) -> bool:
    """Return whether there is nothing in a cell."""
    return cell is None or not str(cell).strip()


def to_date(cell: object) -> date | None:
    """Day first where it can be read two ways; a month is its first day. None for what is no date."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = " ".join(str(cell).strip().strip('"').split()).lower()
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[t ]\d\d:\d\d.*)?", text):
        return _date(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", text):
        return _date(_year(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(?:(\d{1,2})(?:st|nd|rd|th)?[- ])?([a-z]{3,9})\.?,?[-' ]*(\d{4}|\d{2})", text):
        month = _MONTHS.get(found[2][:3], 0)
        return _date(_year(found[3]), month, int(found[1] or 1))
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 70 else 1900 + int(text)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def to_value(cell: object) -> float | None:
    """A number, also with thousands, a percent or a pound sign; None for what is none, not finite, or too large to draw."""
    if isinstance(cell, bool):
        return None
    text = str(cell).strip().replace("£", "").replace("%", "").replace("\u2212", "-").replace(" ", "")
    if not text or not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", ""))
    return value if math.isfinite(value) and abs(value) < LARGEST else None


def decimals_of(cell: object) -> int:
    """To how many decimals a number was written."""
    if isinstance(cell, float) and cell.is_integer():
        return 0
    found = re.search(r"\.(\d+)", str(cell))
    return len(found[1]) if found else 0
