"""What the site keeps is for its own user alone: folders 0700, files 0600.

Whatever a process writes is so from the first byte, by its umask; SQLite's log takes the mode of its database. What an earlier
version, or a careless copy, left open is closed when the site is brought up to date.
"""

import logging
import os
import stat
from collections.abc import Iterable
from pathlib import Path

log = logging.getLogger("forum")

FOLDER, FILE = 0o700, 0o600


def keep_private() -> None:
    """Whatever this process and its children write from here on."""
    os.umask(0o777 & ~FOLDER)


def tighten(folder: Path, database: Path | None = None) -> None:
    """Close everything in a folder to others, and a database that lies elsewhere. Links are not followed."""
    logs = [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")] if database else []
    _close([folder, *folder.rglob("*"), *logs])


def _close(paths: Iterable[Path]) -> None:
    for path in paths:
        try:
            mode = path.lstat().st_mode
            wanted = FOLDER if stat.S_ISDIR(mode) else FILE
            if (stat.S_ISDIR(mode) or stat.S_ISREG(mode)) and stat.S_IMODE(mode) != wanted:
                path.chmod(wanted)
        except FileNotFoundError:
            continue  # a log that is not there, or a file that went meanwhile
        except PermissionError:
            log.warning("%s belongs to somebody else, and may be open to others: look at it", path)
