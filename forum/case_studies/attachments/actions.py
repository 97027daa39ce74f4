"""Pictures and files of a case study: adding, describing, taking out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.case_studies import queries
from forum.case_studies import versions as versions_of
from forum.case_studies.attachments.storage import Brought, drop_bytes, folder, keep_bytes
from forum.case_studies.events import CaseStudyChanged
from forum.case_studies.models import HIDDEN, PUBLISHED, Attachment, CaseStudy, Consent
from forum.documents.identifiability import check
from forum.documents.uploads import Accepted
from forum.kernel.clock import now, today
from forum.kernel.db import after_commit, db
from forum.kernel.errors import EditConflict, Invalid, NotFound
from forum.kernel.outbox import announce
from forum.moderation.actions import account_for

MOST_FILES = 20
#: Bytes that one member may store here in all.
QUOTA = 100_000_000
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a file: text for those who cannot see it, and a caption for everybody.

    `consent_id` is None where nobody can be recognised in it; `answered` whether that was said at all.
    """

    alt: str
    caption: str
    consent_id: int | None
    answered: bool = True


def add(actor: Member, id_: int, accepted: Accepted, digest: str, words: Description, reason: str = "") -> Attachment:
    """Add a picture or file whose bytes are stored already. Readers see it when it is sent, as they do a text.

    Raises `Invalid`: no words, no room, no consent that holds.
    """
    case = queries.get(actor, id_)
    authorize(actor, Permission.EDIT, case)
    account_for(actor, case, "added a picture or file to it", reason)
    picture = accepted.kind == "picture"
    _check(case, words, picture)
    # Store them again, now that nobody else writes: the last file with these bytes may have been taken out meanwhile.
    if not (folder() / digest[:2] / digest).exists():
        keep_bytes(accepted.data)
    if queries.count_files(case) >= MOST_FILES:
        raise Invalid(f"A case study can have {MOST_FILES} pictures and files. Take one out first.", "file")
    if _used(actor) + len(accepted.data) > QUOTA:
        raise Invalid(f"You have used your {QUOTA // 1_000_000} MB. Take out pictures or files that you no longer need.", "file")
    row = Attachment(
        case_study_id=case.id,
        number=max((f.number for f in queries.files_of(case)), default=0) + 1,
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


def _used(actor: Member) -> int:
    return db.session.scalar(select(func.coalesce(func.sum(Attachment.size), 0)).where(Attachment.member_id == actor.id)) or 0


def bring_in(actor: Member, case: CaseStudy, pictures: Sequence[Brought]) -> int:
    """Add pictures to a new draft, and return for how many there was no room, or whose bytes are there no more.

    Their authors are asked what each shows and who is in it before readers see it.
    """
    authorize(actor, Permission.EDIT, case)
    room, left = QUOTA - _used(actor), 0
    for picture in pictures:
        if picture.size > room or not (folder() / picture.digest[:2] / picture.digest).exists():
            left += 1
            continue
        room -= picture.size
        row = Attachment(case_study_id=case.id, member_id=actor.id, kind="picture", asked=True, created_at=now())
        for name, value in asdict(picture).items():
            setattr(row, name, value)
        row.alt, row.caption = picture.alt[:LONGEST], picture.caption[:LONGEST]
        db.session.add(row)
    db.session.flush()
    return left


@dataclass(frozen=True, slots=True)
class Imported:
    """A picture or file of a file that is imported, its bytes stored already; `held` says who holds the consent of those who can be
    recognised in it, "" where nobody can."""

    accepted: Accepted
    digest: str
    alt: str
    caption: str
    held: str = ""
    until: date | None = None
    #: By which its texts name it; 0 where they do not.
    number: int = 0


def import_files(case: CaseStudy, member_id: int, files: Sequence[Imported]) -> bool:
    """Add the pictures and files that are not there yet, for readers to see, and say of those that are what the file says.

    Return whether anything changed. Call inside `transaction()`, with words that were looked at.
    """
    there, changed = list(queries.files_of(case)), False
    for file in files[:MOST_FILES]:
        row = next((f for f in there if (f.digest, f.name) == (file.digest, file.accepted.name)), None)
        if row is not None:
            there.remove(row)
        else:
            row = _imported(case, member_id, file)
        said = (file.alt, file.caption, _consent(case, member_id, file))
        if (row.alt, row.caption, row.consent_id) != said or not row.sent:
            row.alt, row.caption, row.consent_id = said
            row.sent = changed = True
    db.session.flush()
    return changed


def _imported(case: CaseStudy, member_id: int, file: Imported) -> Attachment:
    of, at = file.accepted, now()
    row = Attachment(
        case_study_id=case.id, member_id=member_id, kind=of.kind, name=of.name, media_type=of.media_type, created_at=at
    )
    row.size, row.width, row.height, row.digest = len(of.data), of.width, of.height, file.digest
    taken = {f.number for f in queries.files_of(case)}
    row.number = file.number if 0 < file.number < 1_000 and file.number not in taken else max(taken, default=0) + 1
    db.session.add(row)
    return row


def _consent(case: CaseStudy, member_id: int, file: Imported) -> int | None:
    """The consent that stands here for the one where the file came from, one for all with the same last day."""
    if not file.held:
        return None
    for known in queries.consents_of(case):
        if (known.holder, known.expires) == (file.held, file.until) and known.withdrawn_at is None:
            return known.id
    scope = "As it was recorded where the case study came from"
    row = Consent(case_study_id=case.id, about="Imported pictures", scope=scope, holder=file.held, expires=file.until, names=[])
    row.recorded_by, row.recorded_at = member_id, now()
    db.session.add(row)
    db.session.flush()
    return row.id


def check_words(words: Description, picture: bool) -> None:
    """Raise `Invalid` unless what is said of a picture or file will do."""
    if picture and len(words.alt.strip()) < 3:
        raise Invalid("Say in words what the picture shows, for people who cannot see it.", "alt")
    if not picture and not words.caption.strip():
        raise Invalid("Say what the file is: readers see this as its name.", "caption")
    for finding in check({"alt": words.alt, "caption": words.caption}):
        # A caption's form has no field for a reason why a detail is safe, and a caption needs no such detail.
        raise Invalid(f"“{finding.match}”: {finding.reason} {finding.advice}", finding.field)


def _check(case: CaseStudy, words: Description, picture: bool, before: int | None = None) -> None:
    """Raise `Invalid` unless the words will do. `before` is the consent chosen so far, which may have ended."""
    check_words(words, picture)
    if not words.answered:
        raise Invalid("Say whether somebody can be recognised in it.", "consent")
    if words.consent_id == before:
        return
    if words.consent_id is None:
        # Somebody in it withdrew their consent, so nobody can now say that it shows nobody.
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


def describe(actor: Member, id_: int, file_id: int, words: Description, reason: str = "", began: int = 0) -> CaseStudy:
    """Change what is said of a file. `began` is `Attachment.said` as the person was shown it; 0 where that is not known.

    Raises `Invalid`, and `EditConflict` where somebody saved something else since.
    """
    case, row = get(actor, id_, file_id)
    if began not in {0, row.said} and (words.alt, words.caption, words.consent_id) != (row.alt, row.caption, row.consent_id):
        raise EditConflict({"alt": row.alt, "caption": row.caption}, row.said)
    account_for(actor, case, "changed the words with a picture or file of it", reason)
    _check(case, words, row.picture, row.consent_id)
    row.alt, row.caption, row.consent_id, row.asked = words.alt, words.caption, words.consent_id, False
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
    """Delete the row now, and its bytes once that is committed. Call inside `transaction()`."""
    digest = row.digest
    db.session.delete(row)
    db.session.flush()
    after_commit(lambda: drop_bytes(digest))


def _changed(actor: Member, case: CaseStudy, sent: bool, reason: str) -> None:
    """Note a change that readers see at once: it goes into the history, and moderators look at it afterwards."""
    if sent and case.status in {PUBLISHED, HIDDEN}:
        case.needs_look, case.updated_at = True, now()
        versions_of.keep(actor.id, case, reason)
        announce(CaseStudyChanged(case.id, actor.id, "Pictures or files"))
