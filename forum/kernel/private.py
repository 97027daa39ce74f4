"""What the site stores is for its own user alone: folders 0700, files 0600.

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
#: The site's own files in an instance folder: in a folder that holds other things too, those are left alone.
OURS = ("forum.db*", "*.lock", "README.md", "index", "index/**/*", "mail", "mail/*", "files", "files/**/*")


def keep_private() -> None:
    """Set the umask, so that whatever this process and its children write is private."""
    os.umask(0o777 & ~FOLDER)


def tighten(instance: Path, database: Path | None = None) -> None:
    """Take other users' access to an instance folder, to what is in it, and to a database that lies elsewhere."""
    logs = [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")] if database else []
    close([instance, *(path for pattern in OURS for path in instance.glob(pattern)), *logs])


def close(paths: Iterable[Path]) -> None:
    """Take other users' access to these files and folders. Links are not followed."""
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
