"""Making a backup, and looking whether one is whole.

A file is named by what is in it, so that one that is there already need not be copied, and a backup that fails leaves the one
before as it was: only the manifest, written last, says what belongs to the backup.
"""

import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from flask import current_app

from forum.backup import postgresql, sqlite
from forum.backup.contents import uploads
from forum.backup.manifest import (
    CHUNK,
    DATABASE,
    FORMAT,
    MANIFEST,
    UNFINISHED,
    UPLOAD,
    Manifest,
    Unusable,
    content,
    read,
    sha256,
    sync,
    write,
)
from forum.case_studies.attachments.storage import folder as files_folder
from forum.kernel.clock import now
from forum.kernel.db import db, on_postgresql
from forum.kernel.private import close

#: How often it looks again where a file was taken out between the copy of the database and that of the file.
TRIES = 5
SHOWN = 10
MADE = (MANIFEST, "database-*", "files", "files/**/*")


def kind_of(manifest: Manifest) -> ModuleType:
    return sqlite if manifest.kind == "sqlite" else postgresql


def back_up(folder: Path) -> Manifest:
    """Copy the whole site into a folder that is new, empty, or holds an earlier backup of this site, while people write.

    Raises `Unusable`; an earlier backup is then as it was, and of this one nothing is left.
    """
    folder = folder.resolve()
    site, earlier = current_app.config["FORUM"].base_url, _before(folder)
    if not (postgresql if on_postgresql() else sqlite).tables():
        raise Unusable("There is no site here to copy: its database has no tables. Look at FORUM_INSTANCE and FORUM_DATABASE_URL.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder, site):
            try:
                manifest = _copy(folder, site)
                write(manifest, folder)
                earlier = manifest
            finally:
                _sweep(folder, earlier)
                (folder / UNFINISHED).unlink(missing_ok=True)
                close([folder, *(path for pattern in MADE for path in folder.glob(pattern))])
    except (OSError, sqlite3.Error) as error:
        kept = "The backup that was there is as it was." if earlier else "Nothing was kept of it."
        raise Unusable(f"The backup could not be made: {error}. {kept}") from error
    return manifest


def _before(folder: Path) -> Manifest | None:
    """The earlier backup of this site that is there. Raises `Unusable` where there is anything else."""
    settings = current_app.config["FORUM"]
    if folder == settings.instance or settings.instance in folder.parents:
        raise Unusable("Choose a folder outside the instance folder: what damages one must not reach the other.")
    if folder.exists() and not folder.is_dir():
        raise Unusable(f"{folder} is a file. Choose a folder.")
    if not folder.exists() or not {p.name for p in folder.iterdir()} - {"lost+found"}:
        return None
    begun = content(folder / UNFINISHED)
    if not (folder / MANIFEST).exists() and begun.get("format") == FORMAT and begun.get("site") == settings.base_url:
        return None
    if not (folder / MANIFEST).exists():
        raise Unusable(f"{folder} is not empty and holds no backup of this site. Choose a new folder.")
    earlier = read(folder)
    if earlier.site != settings.base_url:
        raise Unusable(f"{folder} holds a backup of {earlier.site}, and this is {settings.base_url}. Choose another folder.")
    return earlier


@contextmanager
def _alone(folder: Path, site: str) -> Iterator[None]:
    """Allow one backup at a time in that folder; a file in it says, until the backup ends, that it is unfinished."""
    with (folder / UNFINISHED).open("a", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unusable(f"Another backup is being written to {folder}.") from error
        handle.truncate(0)
        handle.write(json.dumps({"format": FORMAT, "site": site}))
        handle.flush()
        yield


def _copy(folder: Path, site: str) -> Manifest:
    """Copy the files, then the database, then the files that came meanwhile. So a file that is taken out during the backup is in
    it; for one that came and went during it, the copy is tried again."""
    kind, draft, held = postgresql if on_postgresql() else sqlite, folder / "database.part", set[str]()
    for _ in range(TRIES):
        _copy_files(folder, _named(), held)
        draft.unlink(missing_ok=True)
        found = kind.snapshot(draft)
        absent = _copy_files(folder, found.digests, held)
        if absent <= _named():  # what the site itself has lost cannot be waited for
            break
    kind.check(draft)
    digest = sha256(draft)
    database = f"database-{digest[:16]}.{kind.SUFFIX}"
    os.replace(draft, folder / database)
    files = {f"files/{name[:2]}/{name}": name for name in sorted(found.digests - absent)}
    made_at = now().isoformat(timespec="seconds")
    every = {database: digest, **files}
    return Manifest(site, made_at, version("shared-practice"), found.schema, database, found.tables, every, sorted(absent))


def _named() -> frozenset[str]:
    """The uploaded files that the site names now."""
    kind = postgresql if on_postgresql() else sqlite
    with db.engine.connect() as connection:
        return uploads(lambda sql: connection.exec_driver_sql(sql).all()) if "attachments" in kind.tables() else frozenset()


def _copy_files(folder: Path, digests: Iterable[str], held: set[str]) -> frozenset[str]:
    """Copy what is not `held` yet; return the digests of files that are missing or damaged on the site's disk."""
    absent = set()
    for digest in sorted(set(digests) - held):
        target = folder / "files" / digest[:2] / digest
        if (target.exists() and sha256(target) == digest) or copy_file(files_folder() / digest[:2] / digest, target, digest):
            held.add(digest)
        else:
            absent.add(digest)
    return frozenset(absent)


def copy_file(source: Path, target: Path, digest: str) -> bool:
    """Copy a file to `target`, down to the disk; return False, with nothing left there, if it is missing or has another digest."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft, seen = target.with_name(f"{target.name}.part"), hashlib.sha256()
    try:
        with source.open("rb") as given, draft.open("wb") as taken:
            while chunk := given.read(CHUNK):
                seen.update(chunk)
                taken.write(chunk)
    except FileNotFoundError:
        return False
    if seen.hexdigest() != digest:
        draft.unlink()
        return False
    sync(draft)
    os.replace(draft, target)
    sync(target.parent)
    return True


def _sweep(folder: Path, manifest: Manifest | None) -> None:
    """Delete what the backup there does not name, of what a backup makes."""
    keep = set(manifest.files) if manifest else set()
    for path in [p for p in folder.rglob("*") if p.is_file()]:
        name = str(path.relative_to(folder))
        made = name.removesuffix(".part")
        ours = made in {"database", "database.part-journal", MANIFEST} or DATABASE.fullmatch(made) or UPLOAD.fullmatch(made)
        if ours and name not in keep and not (manifest and name == MANIFEST):
            path.unlink()
    for path in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        if path.relative_to(folder).parts[0] == "files" and not any(path.iterdir()):
            path.rmdir()


def verify(folder: Path) -> Manifest:
    """Look at every byte of a backup. Needs no site. Raises `Unusable` with what is wrong."""
    manifest = read(folder)
    wrong = []
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif sha256(path) != digest:
            wrong.append(f"{name} is damaged")
    if wrong:
        more = f", and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise Unusable(f"The backup in {folder} is not whole: {', '.join(wrong[:SHOWN])}{more}. Use an earlier one.")
    found = kind_of(manifest).check(folder / manifest.database)
    if found is not None and (found.tables, found.schema) != (manifest.tables, manifest.schema):
        raise Unusable(f"The database of the backup in {folder} is not the one that its manifest tells of. Use an earlier one.")
    return manifest
