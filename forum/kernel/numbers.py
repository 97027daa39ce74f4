"""Numbers that come from outside: in addresses, hidden fields and query strings."""

#: The largest INTEGER on PostgreSQL. SQLite takes twice the bits; a larger number is an error in both.
LARGEST = 2**31 - 1


def whole(text: str | None) -> int | None:
    """Return the number that plain digits stand for where a database column can hold it; None for anything else."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 10:
        return None
    number = int(text)
    return number if number <= LARGEST else None
