"""Case studies: what readers see, what the author is typing, and where it stands with the moderators."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, UniqueConstraint, exists, or_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.access.rules import Owned
from forum.case_studies.record.parts import EVERYONE, MEMBERS
from forum.kernel.db import Model
from forum.kernel.errors import Invalid
from forum.kernel.revisions import version_of
from forum.kernel.text import slugify

DRAFT, SUBMITTED, CHANGES_ASKED, PUBLISHED = "draft", "submitted", "changes-asked", "published"
REJECTED, WITHDRAWN, HIDDEN = "rejected", "withdrawn", "hidden"

#: Where each status may go.
NEXT: dict[str, frozenset[str]] = {
    DRAFT: frozenset({SUBMITTED, WITHDRAWN}),
    SUBMITTED: frozenset({SUBMITTED, PUBLISHED, CHANGES_ASKED, REJECTED, WITHDRAWN}),
    CHANGES_ASKED: frozenset({SUBMITTED, WITHDRAWN}),
    REJECTED: frozenset({SUBMITTED, WITHDRAWN}),
    PUBLISHED: frozenset({PUBLISHED, HIDDEN, WITHDRAWN}),
    HIDDEN: frozenset({PUBLISHED, WITHDRAWN}),
    WITHDRAWN: frozenset({SUBMITTED}),
}

STATUS_WORDS: dict[str, str] = {
    DRAFT: "Draft",
    SUBMITTED: "Waiting for a moderator",
    CHANGES_ASKED: "Changes asked for",
    PUBLISHED: "Published",
    REJECTED: "Not accepted",
    WITHDRAWN: "Withdrawn",
    HIDDEN: "Hidden while we check",
}


class CaseStudy(Owned, Model):
    """One case study.

    `record` is what its authors say (see `record/values.py`) as readers, or before publication moderators, see it; `html` is its
    narrative, rendered. `working` is the record as its authors are typing it: every keystroke goes there first, and reaches
    `record` when it is sent. The columns of facts repeat what lists and filters ask for.
    """

    __tablename__ = "case_studies"
    __table_args__ = (
        Index("ix_case_studies_status_published_at_id", "status", "published_at", "id"),
        Index("ix_case_studies_status_submitted_at", "status", "submitted_at"),
        Index("ix_case_studies_member_id_status", "member_id", "status"),
    )
    kind = "case-study"

    id: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    html: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    render_version: Mapped[int] = mapped_column(default=0)
    working: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: name → [member id, ISO time]: who saved what last.
    stamps: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    #: name → fingerprints (`values.fingerprint`) of the texts that are not shown, in whichever version: consent was withdrawn.
    withheld: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)

    title: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    practice_status: Mapped[str] = mapped_column(default="", index=True)
    outcome: Mapped[str] = mapped_column(default="")
    depth: Mapped[str] = mapped_column(default="quick")
    licence: Mapped[str] = mapped_column(default="CC BY 4.0")
    visibility: Mapped[str] = mapped_column(default=EVERYONE)

    member_id: Mapped[int]
    status: Mapped[str] = mapped_column(default=DRAFT)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    justifications: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    #: Changed after publication in a way that a moderator should look at.
    needs_look: Mapped[bool] = mapped_column(default=False, index=True)
    thread_id: Mapped[int | None]

    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    links_checked_at: Mapped[datetime | None]

    #: How it stands today (`evidence/currency.py`), repeated here for lists, filters and evidence.
    measures_shown: Mapped[int] = mapped_column(default=0)
    data_months: Mapped[int] = mapped_column(default=0)
    lasting_months: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    review_by: Mapped[date | None] = mapped_column(index=True)
    freshness: Mapped[str] = mapped_column(default="")
    #: The last month after publication (6, 12, 24, 36, …) for which its authors were asked for an update.
    prompted: Mapped[int] = mapped_column(default=0)
    tried: Mapped[int] = mapped_column(default=0)
    adopted: Mapped[int] = mapped_column(default=0)
    travel: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    evidence_level: Mapped[int | None]
    evidence_suggested: Mapped[int | None]
    #: The suggestion that a moderator last looked at.
    evidence_looked: Mapped[int | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    source_key: Mapped[str | None] = mapped_column(unique=True)
    source_digest: Mapped[str] = mapped_column(default="")
    source_name: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    source_author: Mapped[str] = mapped_column(default="")
    source_date: Mapped[str] = mapped_column(default="")

    authorships: Mapped[list["Authorship"]] = relationship(order_by="Authorship.id", viewonly=True)

    @property
    def name(self) -> str:
        """Its title, or something to call it by while it has none."""
        return self.title or (self.working or {}).get("title") or "Untitled case study"

    @property
    def url(self) -> str:
        return address_of(self.id, self.name)

    @hybrid_property
    def members_only(self) -> bool:
        return self.visibility == MEMBERS

    @members_only.inplace.expression
    @classmethod
    def _members_only(cls) -> ColumnElement[bool]:
        return cls.visibility == MEMBERS

    @property
    def editor_ids(self) -> Collection[int | None]:
        return (self.member_id, *(a.member_id for a in self.authorships if a.active and a.role == CO_AUTHOR))

    @property
    def viewer_ids(self) -> Collection[int | None]:
        return (self.member_id, *(a.member_id for a in self.authorships if a.active))

    @classmethod
    def seen_by(cls, member_id: int | ColumnElement[int]) -> ColumnElement[bool]:
        part = exists().where(
            Authorship.case_study_id == cls.id,
            Authorship.member_id == member_id,
            Authorship.accepted_at.is_not(None),
            Authorship.role != LEFT,
        )
        return or_(cls.member_id == member_id, part)

    def move(self, status: str, at: datetime) -> None:
        """Go to another status. Raises `Invalid` where that step does not exist."""
        if status not in NEXT[self.status]:
            raise Invalid(f"A case study that is “{STATUS_WORDS[self.status]}” cannot go there. Look at it again.")
        if status == SUBMITTED:
            self.submitted_at = at
        elif status == PUBLISHED and self.published_at is None:
            self.published_at = at
        self.status = status


def address_of(id_: int, name: str) -> str:
    return f"/case-studies/{id_}-{slugify(name)}"


#: A former one took part once: the row stays, so that nobody judges what they wrote.
CO_AUTHOR, REVIEWER, LEFT = "co-author", "reviewer", "former"
ROLES: dict[str, str] = {CO_AUTHOR: "Co-author", REVIEWER: "Reviewer"}


class Authorship(Model):
    """Somebody besides the owner who was asked to write or to read a case study.

    Invited by address, `member_id` is empty until it is accepted; who declined has no row. `lived` says that the person
    takes part as patient, carer or member of the public; `read_at` is when a reviewer said that they had read it.
    """

    __tablename__ = "authorships"
    __table_args__ = (
        UniqueConstraint("case_study_id", "email"),
        Index("ix_authorships_member_id_case_study_id", "member_id", "case_study_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"))
    member_id: Mapped[int | None]
    email: Mapped[str]
    role: Mapped[str]
    lived: Mapped[bool] = mapped_column(default=False)
    invited_by: Mapped[int]
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(default="")

    @property
    def active(self) -> bool:
        return self.accepted_at is not None and self.member_id is not None and self.role != LEFT


class Clash(Model):
    """A second version of one value: saved while somebody else had saved another. Both are stored until someone chooses.

    `page` names the page load that it was typed on: later saves of that page replace it, those of another page do not.
    """

    __tablename__ = "clashes"
    __table_args__ = (UniqueConstraint("case_study_id", "name", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"))
    name: Mapped[str]
    page: Mapped[str]
    member_id: Mapped[int]
    at: Mapped[datetime]
    value: Mapped[Any] = mapped_column(JSON)


class Attachment(Model):
    """A picture or file of a case study. Its bytes lie in the instance folder under `digest`; names of files are never paths.

    A picture has `alt` text before readers see it. `consent_id` leads to the consent of the people in it.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_case_study_id_id", "case_study_id", "id"),
        Index("ix_attachments_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"))
    #: By which a text names it, from 1 within its case study: `[Picture 3]` on a line of its own is where it stands.
    number: Mapped[int]
    member_id: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str]
    alt: Mapped[str] = mapped_column(default="")
    caption: Mapped[str] = mapped_column(default="")
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consents.id"))
    #: It came in with a file, and nobody has said yet what it shows and whether somebody can be recognised in it.
    asked: Mapped[bool] = mapped_column(default=False)
    #: Readers see it: like a text it is sent first, with what else was changed.
    sent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    @property
    def said(self) -> int:
        """A version of what is said of it."""
        return version_of({"alt": self.alt, "caption": self.caption, "consent": self.consent_id})

    @property
    def picture(self) -> bool:
        return self.kind == "picture"


class Consent(Model):
    """Somebody agreed to a story or picture: what it covers, where it may be shown, who holds the form, until when.

    The form itself is never uploaded (rules of the field: patient stories and images). `names` are the texts that tell the story.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"), index=True)
    about: Mapped[str]
    scope: Mapped[str]
    holder: Mapped[str]
    expires: Mapped[date | None]
    names: Mapped[list[str]] = mapped_column(JSON, default=list)
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]

    def in_force(self, on: date) -> bool:
        return self.withdrawn_at is None and (self.expires is None or on <= self.expires)


class Confirmation(Model):
    """When somebody last confirmed all that is asked of those who send a case study (`fields.CONFIRMATIONS`)."""

    __tablename__ = "confirmations"

    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class LinkCheck(Model):
    """What a server last said of an address: "fine", "gone", or "unsure" where none did; `failures` counts the looks that found it
    gone since one found it fine."""

    __tablename__ = "link_checks"

    url: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime] = mapped_column(index=True)
