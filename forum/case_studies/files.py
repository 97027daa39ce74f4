"""Pictures and files of a case study, and the consent of the people in them.

A file's bytes lie in the instance folder under their digest, written and on the disk before the row that names them is committed; a
file without a row is swept away later. Nothing of its name becomes a path.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries
from forum.case_studies import versions as versions_of
from forum.case_studies.events import CaseStudyChanged, ConsentWithdrawn
from forum.case_studies.fields import BODY
from forum.case_studies.models import HIDDEN, PUBLISHED, Attachment, CaseStudy, Consent
from forum.case_studies.record import mark
from forum.documents.identifiability import check
from forum.documents.uploads import Accepted
from forum.kernel.clock import now, today
from forum.kernel.db import after_commit, db, transaction
from forum.kernel.errors import EditConflict, Invalid, NotFound
from forum.kernel.outbox import announce
from forum.kernel.revisions import newest
from forum.moderation.actions import account_for

MOST_FILES = 20
#: Bytes that one member may keep here in all.
QUOTA = 100_000_000
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a file: text for those who cannot see it, and a caption for everybody.

    `consent_id` is None where nobody can be recognised in it; `answered` whether that was said at all.
    """

    alt: str
    caption: str
    consent_id: int | None
    answered: bool = True


def folder() -> Path:
    return Path(current_app.config["FORUM"].instance) / "files"


def path_of(file: Attachment) -> Path:
    return folder() / file.digest[:2] / file.digest


def keep_bytes(data: bytes) -> str:
    """Put the bytes on the disk; gives their digest. Call before the transaction: a crash leaves a file that is swept."""
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
    """Delete bytes that no row names. In a transaction, so that nobody names them between the look and the end of them."""
    with transaction():
        if not _named(digest):
            (folder() / digest[:2] / digest).unlink(missing_ok=True)


def add(actor: Member, id_: int, accepted: Accepted, digest: str, words: Words, reason: str = "") -> Attachment:
    """Add a picture or file whose bytes are kept already. Readers see it when it is sent, as they do a text.

    Raises `Invalid`: no words, no room, no consent that holds.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    account_for(actor, case, "added a picture or file to it", reason)
    picture = accepted.kind == "picture"
    _check(case, words, picture)
    # Again, now that nobody else writes: the last file that shared these bytes may have been taken out meanwhile.
    if not (folder() / digest[:2] / digest).exists():
        keep_bytes(accepted.data)
    if queries.count_files(case) >= MOST_FILES:
        raise Invalid(f"A case study can have {MOST_FILES} pictures and files. Take one out first.", "file")
    used = db.session.scalar(select(func.coalesce(func.sum(Attachment.size), 0)).where(Attachment.member_id == actor.id)) or 0
    if used + len(accepted.data) > QUOTA:
        raise Invalid(f"You have used your {QUOTA // 1_000_000} MB. Take out pictures or files that you no longer need.", "file")
    row = Attachment(
        case_study_id=case.id,
        member_id=actor.id,
        kind=accepted.kind,
        name=accepted.name,
        media_type=accepted.media_type,
        size=len(accepted.data),
        width=accepted.width,
        height=accepted.height,
        digest=digest,
        alt=words.alt,
        caption=words.caption,
        consent_id=words.consent_id,
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    if case.record and case.working is None:
        case.working, case.saved_at = dict(case.record), now()
    return row


def _check(case: CaseStudy, words: Words, picture: bool, before: int | None = None) -> None:
    """Raise `Invalid` unless the words will do. `before` is the consent chosen so far, which may have ended."""
    if picture and len(words.alt.strip()) < 3:
        raise Invalid("Say in words what the picture shows, for people who cannot see it.", "alt")
    if not picture and not words.caption.strip():
        raise Invalid("Say what the file is: readers see this as its name.", "caption")
    for finding in check({"alt": words.alt, "caption": words.caption}):
        # A caption has no place for a reason why something is safe, and needs no such detail.
        raise Invalid(f"“{finding.match}”: {finding.reason} {finding.advice}", finding.field)
    if not words.answered:
        raise Invalid("Say whether somebody can be recognised in it.", "consent")
    if words.consent_id == before:
        return
    if words.consent_id is None:
        # Whoever was in it took their consent back: nobody can say now that there was nobody.
        if not db.session.get_one(Consent, before).in_force(today()):
            raise Invalid("The consent for it has ended. Record a new one and choose that, or take it out.", "consent")
        return
    consent = db.session.get(Consent, words.consent_id)
    if consent is None or consent.case_study_id != case.id or not consent.in_force(today()):
        raise Invalid("This consent is no longer in force. Record a new one first.", "consent")


def get(actor: Member, id_: int, file_id: int) -> tuple[CaseStudy, Attachment]:
    """A file of a case study that the actor may change. Raises `NotFound`."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    row = db.session.get(Attachment, file_id)
    if row is None or row.case_study_id != case.id:
        raise NotFound("There is no such file here.")
    return case, row


def describe(actor: Member, id_: int, file_id: int, words: Words, reason: str = "", began: int = 0) -> CaseStudy:
    """Change what is said of a file. `began` is `Attachment.said` as the person was shown it; 0 where that is not known.

    Raises `Invalid`, and `EditConflict` where somebody saved something else since.
    """
    case, row = get(actor, id_, file_id)
    if began not in {0, row.said} and (words.alt, words.caption, words.consent_id) != (row.alt, row.caption, row.consent_id):
        raise EditConflict({"alt": row.alt, "caption": row.caption}, row.said)
    account_for(actor, case, "changed the words with a picture or file of it", reason)
    _check(case, words, row.picture, row.consent_id)
    row.alt, row.caption, row.consent_id = words.alt, words.caption, words.consent_id
    _changed(actor, case, row.sent, reason)
    return case


def remove(actor: Member, id_: int, file_id: int, reason: str = "") -> CaseStudy:
    """Take a file out. Its bytes go from the disk, unless another case study has the same ones."""
    case, row = get(actor, id_, file_id)
    account_for(actor, case, "took a picture or file out of it", reason)
    sent = row.sent
    delete(row)
    _changed(actor, case, sent, reason)
    return case


def delete(row: Attachment) -> None:
    """The row now, its bytes once that is committed. Call inside `transaction()`."""
    digest = row.digest
    db.session.delete(row)
    db.session.flush()
    after_commit(lambda: drop_bytes(digest))


def _named(digest: str) -> bool:
    return bool(db.session.scalar(select(func.count()).select_from(Attachment).where(Attachment.digest == digest)))


def _changed(actor: Member, case: CaseStudy, sent: bool, reason: str) -> None:
    """What readers see of it changed at once: it stands in the history, and moderators look at it afterwards."""
    if sent and case.status in {PUBLISHED, HIDDEN}:
        case.needs_look, case.updated_at = True, now()
        versions_of.keep(actor.id, case, reason)
        announce(CaseStudyChanged(case.id, actor.id, "Pictures or files"))


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody agreed to; see `models.Consent`."""

    about: str
    scope: str
    holder: str
    expires: date | None
    names: tuple[str, ...]


def record_consent(actor: Member, id_: int, agreed: Agreement, reason: str = "") -> Consent:
    """Keep who agreed to what. Raises `Invalid`."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    account_for(actor, case, "recorded a consent for it", reason)
    if agreed.expires is not None and agreed.expires < today():
        raise Invalid("This date has passed. Give the last day of the consent, or leave it empty.", "expires")
    if len(queries.consents_of(case)) >= MOST_FILES:
        raise Invalid(f"A case study can have {MOST_FILES} consents.", "about")
    row = Consent(
        case_study_id=case.id,
        about=agreed.about,
        scope=agreed.scope,
        holder=agreed.holder,
        expires=agreed.expires,
        names=[f.name for f in BODY if f.name in agreed.names],
        recorded_by=actor.id,
        recorded_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def withdraw_consent(actor: Member, id_: int, consent_id: int, reason: str = "") -> CaseStudy:
    """The person changed their mind: what the consent covers is hidden at once, and the authors are told."""
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    row = db.session.get(Consent, consent_id)
    if row is None or row.case_study_id != case.id:
        raise NotFound("There is no such consent here.")
    if row.withdrawn_at is None:
        account_for(actor, case, "recorded that a consent for it was withdrawn", reason)
        row.withdrawn_by = actor.id
        _end(case, row, actor.id, "A consent was withdrawn")
    return case


def _end(case: CaseStudy, row: Consent, by: int, why: str) -> None:
    row.withdrawn_at = now()
    case.withheld = {**case.withheld, **{name: _told(case, name) for name in row.names}}
    db.session.flush()
    if case.published_at is not None:
        versions_of.keep(by or case.member_id, case, why)
    announce(ConsentWithdrawn(case.id, by, row.about))


def versions(case: CaseStudy, name: str) -> list[Any]:
    """Every version of a text that is kept anywhere, in a steady order: readers', authors', earlier, unsent and second ones."""
    kinds = (queries.KIND, versions_of.UNSENT)
    earlier = [revision.texts.get(name) for kind in kinds for revision in newest((kind, case.id), 1_000)]
    second = [clash.value for clash in queries.clashes(case) if clash.name == name]
    return [case.record.get(name), queries.draft_of(case).get(name), *earlier, *second]


def _told(case: CaseStudy, name: str) -> list[str]:
    """The marks of every version, with those that were withheld before."""
    return sorted({*case.withheld.get(name, ()), *(mark(text) for text in versions(case, name) if text)})


def end_expired(at: datetime) -> int:
    """Consents that ran out end as if withdrawn; gives how many. Call inside `transaction()`."""
    over = select(Consent).where(Consent.withdrawn_at.is_(None), Consent.expires < at.date()).limit(100)
    rows = list(db.session.scalars(over))
    for row in rows:
        _end(db.session.get_one(CaseStudy, row.case_study_id), row, 0, "A consent ran out")
    return len(rows)


def sweep(at: datetime) -> int:
    """Delete files on the disk that no row names and that are older than a day; gives how many."""
    gone = 0
    for file in folder().glob("*/*") if folder().is_dir() else ():
        old = file.stat().st_mtime < (at - timedelta(days=1)).timestamp()
        if old and not _named(file.name):
            file.unlink(missing_ok=True)
            gone += 1
    return gone
