"""Single cells that somebody types by hand, read as `forum.tables` reads those of a table; what it would ask about is none here.

Nobody can be asked about a single cell: a date says its day first, a number has a point before its decimals.
"""

import re
from datetime import date, datetime

from forum.tables import dates, values


def is_blank(cell: object) -> bool:
    """Return whether there is nothing in a cell."""
    return cell is None or not str(cell).strip()


def to_date(cell: object) -> date | None:
    """Day first where it can be read two ways; a month is its first day. None for what is no date, or is only with others."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found, mark = dates.readings(str(cell))
    if mark:
        return None
    return next((found[name] for name in (dates.SURE, dates.DAY_FIRST, dates.YEAR_MONTH) if name in found), None)


def to_value(cell: object) -> float | None:
    """A number, also with thousands, a percent or a pound sign; None for what is none, or says more than a number."""
    if isinstance(cell, bool):
        return None
    found = values.read(str(cell))
    doubtful = values.decimals_of([str(cell)]) != values.POINT or values.may_be_millions(str(cell))
    return None if found is None or found.note or doubtful else found.number


def decimals_of(cell: object) -> int:
    """To how many decimals a number was written."""
    if isinstance(cell, float) and cell.is_integer():
        return 0
    found = re.search(r"\.(\d+)", str(cell))
    return len(found[1]) if found else 0
