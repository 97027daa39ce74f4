"""Prints one checksum of what people wrote, in the database of the fault test: the same before and after a backup is brought back."""

import hashlib
import sqlite3
import sys
from contextlib import closing

#: Not what a site does by itself when it starts, nor who is signed in.
WRITTEN = (
    "accounts",
    "threads",
    "posts",
    "case_studies",
    "measures",
    "updates",
    "adoptions",
    "attachments",
    "revisions",
    "decisions",
)


def main(path: str) -> None:
    seen = hashlib.sha256()
    with closing(sqlite3.connect(path)) as connection:
        for table in WRITTEN:
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY id"):
                seen.update(repr(row).encode())
    print(seen.hexdigest())


if __name__ == "__main__":
    main(sys.argv[1])
