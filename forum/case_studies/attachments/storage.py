"""The bytes of pictures and files.

They lie in the instance folder under their digest, written and on the disk before the row that names them is committed; a file
without a row is swept away later. Nothing of its name becomes a path.

The pictures of a file that is brought in lie here too, before there is a draft. The page carries a signed word for each, which only
the member who uploaded it can use.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select

from forum.case_studies.models import Attachment
from forum.documents.document_text import Picture
from forum.kernel.db import db, transaction


@dataclass(frozen=True, slots=True)
class Brought:
    """A picture that came in with a text, which names it by `number`. Its bytes are stored under `digest`."""

    number: int
    digest: str
    name: str
    media_type: str
    size: int
    width: int
    height: int
    alt: str
    caption: str


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


def _signer(member_id: int) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["FORUM"].secret_key, salt=f"brought-picture-{member_id}")


def keep_pictures(pictures: Sequence[Picture]) -> list[Brought]:
    """Store the bytes of a file's pictures; return what names them, numbered as the text does."""
    found = []
    for number, picture in enumerate(pictures, 1):
        file, digest = picture.accepted, keep_bytes(picture.accepted.data)
        size = len(file.data)
        found.append(
            Brought(number, digest, file.name, file.media_type, size, file.width, file.height, picture.alt, picture.caption)
        )
    return found


def word_of(member_id: int, picture: Brought) -> str:
    """What the page carries for a picture."""
    return str(_signer(member_id).dumps(astuple(picture)))


def address_of(member_id: int, picture: Brought) -> str:
    """The address at which this member sees it before there is a draft."""
    return f"/case-studies/import/pictures/{_signer(member_id).dumps([picture.digest, picture.media_type])}"


def named_by(member_id: int, word: str) -> Brought | None:
    """The picture that a page carried; None for a word that is not ours, or another member's."""
    try:
        return Brought(*_signer(member_id).loads(word))
    except (BadSignature, TypeError):
        return None


def file_at(member_id: int, end: str) -> tuple[Path, str] | None:
    """(where its bytes lie, media type) for the end of such an address; None where there is nothing."""
    try:
        digest, media_type = _signer(member_id).loads(end)
    except (BadSignature, TypeError, ValueError):
        return None
    path = folder() / str(digest)[:2] / str(digest)
    return (path, str(media_type)) if path.is_file() else None
