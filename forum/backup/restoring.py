"""Bringing a backup back, into a place where there is no site.

A backup does not know what happened after it. So everybody has to sign in again, links that set a password no longer work, mail
that waited or was about to be written counts as sent, and nobody is notified again of what a saved search had found.
"""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select, update

from forum.accounts import joining
from forum.accounts.models import BrowserSession
from forum.backup import postgresql, sqlite
from forum.backup.making import copy_file, kind_of
from forum.backup.manifest import UPLOAD, Manifest, Unusable
from forum.case_studies.attachments.storage import folder as files_folder
from forum.kernel.clock import now
from forum.kernel.db import db, on_postgresql, transaction
from forum.kernel.outbox import OutboxRow
from forum.kernel.tokens import Token
from forum.notifications.delivery import notify
from forum.schema import known, migrate
from forum.search.indexing import rebuild
from forum.searches.models import AskedSearch, SavedSearch

log = logging.getLogger("forum.backup")

#: Queues whose work ends in mail. What else they do is done, so that nothing of it is lost.
_WRITES_MAIL: dict[str, Callable[[OutboxRow], None]] = {joining.QUEUE: joining.carry_out, "notify": notify}


def restore(folder: Path, manifest: Manifest) -> tuple[int, int]:
    """Bring back a backup that `verify` has found whole; return how many documents are in the new index, and how many pieces of
    mail had waited. Raises `Unusable` before anything is written where this program or this place cannot take it."""
    _check(manifest)
    files = files_folder()
    try:
        for name, digest in manifest.files.items():
            if UPLOAD.fullmatch(name) and not copy_file(folder / name, files / digest[:2] / digest, digest):
                raise Unusable(f"{name} cannot be read any more. Look at the backup with: forum backup --verify {folder}")
        kind_of(manifest).load(folder / manifest.database, manifest.tables)
    except BaseException as error:
        shutil.rmtree(files, ignore_errors=True)
        if isinstance(error, OSError):
            raise Unusable(f"The backup could not be brought back: {error}. Nothing was kept of it.") from error
        raise
    migrate()
    unsent = _forget_what_was_under_way()
    return rebuild(), unsent


def _check(manifest: Manifest) -> None:
    """Raise `Unusable` unless this program, with these settings, can take it here."""
    here = "postgresql" if on_postgresql() else "sqlite"
    if manifest.kind != here:
        wanted = {"sqlite": "sqlite:///… (or leave it out)", "postgresql": "postgresql+psycopg://…, a database without tables"}
        raise Unusable(f"This is a backup of another kind of database. Set FORUM_DATABASE_URL to {wanted[manifest.kind]}.")
    if manifest.schema not in known():
        raise Unusable(f"This backup was made by a newer version of the program ({manifest.program}). Install that version first.")
    instance = current_app.config["FORUM"].instance
    if (postgresql if here == "postgresql" else sqlite).tables():
        raise Unusable("There is a site here already: its database has tables. Restore into an empty one, or move this one away.")
    if files_folder().is_dir() and any(files_folder().rglob("*")):
        raise Unusable(f"There are uploaded files in {instance} already. Restore into an empty folder, or move them away.")


def _forget_what_was_under_way() -> int:
    """Sign everybody out, and leave nothing that would send mail a second time. Notices on the site itself stay.
    Return how many pieces of mail waited."""
    with transaction() as session:
        session.execute(delete(BrowserSession))
        session.execute(update(Token).where(Token.purpose.in_(("confirm", "reset")), Token.used_at.is_(None)).values(used_at=now()))
        for model in (SavedSearch, AskedSearch):
            session.execute(update(model).values(seen=None, site_version=-1))
    rows = select(OutboxRow).where(OutboxRow.queue.in_(_WRITES_MAIL)).order_by(OutboxRow.id)
    for row in db.session.scalars(rows).all():
        try:
            _WRITES_MAIL[row.queue](row)
        except Exception:
            db.session.rollback()
            log.exception("outbox row %s is left for the worker", row.id)
    with transaction() as session:
        mail = session.execute(delete(OutboxRow).where(OutboxRow.queue == "mail"))
        session.execute(delete(OutboxRow).where(OutboxRow.queue == "index"))  # a new index has all of it
    return int(mail.rowcount)  # type: ignore[attr-defined]
