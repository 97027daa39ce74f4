"""The bytes of pictures and files.

They lie in the instance folder under their digest, written and on the disk before the row that names them is committed; a file
without a row is swept away later. Nothing of its name becomes a path.
"""

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from forum.case_studies.models import Attachment
from forum.kernel.db import db, transaction


def folder() -> Path:
    return Path(current_app.config["FORUM"].instance) / "files"


def path_of(file: Attachment) -> Path:
    return folder() / file.digest[:2] / file.digest


def keep_bytes(data: bytes) -> str:
    """Put the bytes on the disk; return their digest. Call before the transaction: a crash leaves a file that is swept."""
    digest = hashlib.sha256(data).hexdigest()
    target = folder() / digest[:2] / digest
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}.part")
        with draft.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(draft, target)
    return digest


def drop_bytes(digest: str) -> None:
    """Delete bytes that no row names. In a transaction, so that no row can name them between the check and the deletion."""
    with transaction():
        if not named(digest):
            (folder() / digest[:2] / digest).unlink(missing_ok=True)


def named(digest: str) -> bool:
    return bool(db.session.scalar(select(func.count()).select_from(Attachment).where(Attachment.digest == digest)))


def sweep(at: datetime) -> int:
    """Delete files on the disk that no row names and that are older than a day; return how many."""
    gone = 0
    for file in folder().glob("*/*") if folder().is_dir() else ():
        old = file.stat().st_mtime < (at - timedelta(days=1)).timestamp()
        if old and not named(file.name):
            file.unlink(missing_ok=True)
            gone += 1
    return gone
