"""Numbers that come from outside, in addresses, hidden fields and query strings; and figures that go out, in files and forms."""

#: The largest INTEGER on PostgreSQL. SQLite takes twice the bits; a larger number is an error in both.
LARGEST = 2**31 - 1


def whole(text: str | None) -> int | None:
    """Return the number that plain digits stand for where a database column can hold it; None for anything else."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 10:
        return None
    number = int(text)
    return number if number <= LARGEST else None


def tidy(value: float) -> float:
    """Return the number without the noise that reckoning leaves in its last places: 96.395 for 96.39500000000001."""
    return float(f"{value:.15g}")


def in_full(value: float | None) -> str:
    """Return a figure with all its places and no noise, as files and forms have it; "" for none."""
    if value is None:
        return ""
    told = tidy(value)
    return str(int(told)) if told.is_integer() and abs(told) < 1e15 else repr(told)
