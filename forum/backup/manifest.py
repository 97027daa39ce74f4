"""What is in a backup, and reading it from a folder, which may be empty, incomplete, damaged or something else."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from forum.kernel.errors import Refusal

FORMAT, VERSION = "Shared Practice backup", 1
#: The manifest is written last and in one step: a folder without it holds no backup. The other one stands there meanwhile.
MANIFEST, UNFINISHED = "manifest.json", "unfinished.json"
#: What a manifest may name: nothing outside its folder.
DATABASE = re.compile(r"database-[0-9a-f]{16}\.(sqlite|pgdump)")
UPLOAD = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
CHUNK = 1 << 20


class Unusable(Refusal):
    """Nothing can be copied from or to there; the message says why, and what to do."""


@dataclass(frozen=True)
class Manifest:
    """`files` are path → SHA-256 of all that is in the folder; `tables` are table → rows; `absent` are digests of uploaded files
    that the site names and did not have."""

    site: str
    made_at: str
    program: str
    schema: str
    database: str
    tables: dict[str, int]
    files: dict[str, str]
    absent: list[str]

    @property
    def kind(self) -> str:
        return "sqlite" if self.database.endswith(".sqlite") else "postgresql"

    @property
    def digests(self) -> list[str]:
        """Of the uploaded files."""
        return [match[2] for match in map(UPLOAD.fullmatch, self.files) if match]

    def __str__(self) -> str:
        rows = sum(self.tables.values())
        what = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[self.kind]
        return (
            f"{self.site}, {self.made_at[:16].replace('T', ' at ')} UTC: {rows:,} rows in {len(self.tables)} tables ({what}, "
            f"schema {self.schema}), {len(self.digests):,} uploaded files"
        )


def sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _seal(data: Mapping[str, Any]) -> str:
    """A checksum of the manifest itself."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def write(manifest: Manifest, folder: Path) -> None:
    """The last step: from here on it is a backup, in the place of the one before."""
    data = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
    draft = folder / f"{MANIFEST}.part"
    draft.write_text(json.dumps({**data, "seal": _seal(data)}, indent=1), "utf-8")
    sync(draft)
    os.replace(draft, folder / MANIFEST)
    sync(folder)


def sync(path: Path) -> None:
    """Push a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(folder: Path) -> Manifest:
    """The manifest of the backup in a folder. Raises `Unusable`."""
    if not folder.is_dir():
        raise Unusable(f"There is no folder {folder}.")
    if not (folder / MANIFEST).is_file():
        if (folder / UNFINISHED).is_file():
            raise Unusable(f"The backup in {folder} was never finished: something stopped it. Make it again.")
        empty = not any(folder.iterdir())
        raise Unusable(f"{folder} is empty: there is no backup in it." if empty else f"{folder} holds no backup of this program.")
    data = content(folder / MANIFEST)
    if data.get("format") != FORMAT:
        raise Unusable(f"{folder} holds no backup of this program: its manifest is of something else, or damaged.")
    seal = data.pop("seal", "")
    if data.pop("version", 0) != VERSION:
        raise Unusable(f"The backup in {folder} was made by another version of the program. Restore it with that version.")
    if seal != _seal({"version": VERSION, **data}) or not all(map(_ours, data["files"])):
        raise Unusable(f"The manifest of the backup in {folder} is damaged. Use an earlier backup.")
    del data["format"]
    return Manifest(**data)


def content(path: Path) -> dict[str, Any]:
    """Return what such a file says; {} where it is not such a file."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _ours(name: str) -> bool:
    return bool(DATABASE.fullmatch(name) or UPLOAD.fullmatch(name))
