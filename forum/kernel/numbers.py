"""Numbers that come from outside: in addresses, hidden fields and query strings."""

#: What an INTEGER column holds on PostgreSQL. SQLite takes twice the bits, and neither takes more without an error.
LARGEST = 2**31 - 1


def whole(text: str | None) -> int | None:
    """The number that plain digits say, as far as a column of the database can hold it; None for everything else."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 10:
        return None
    number = int(text)
    return number if number <= LARGEST else None
