"""Case studies: what readers see, what the author is typing, and where it stands with the moderators."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.case_studies.fields import FIELDS
from forum.kernel.db import Model
from forum.kernel.errors import Invalid
from forum.kernel.text import slugify

DRAFT, SUBMITTED, CHANGES_ASKED, PUBLISHED = "draft", "submitted", "changes-asked", "published"
REJECTED, WITHDRAWN, HIDDEN = "rejected", "withdrawn", "hidden"

#: Where each status may go (design: case-study schema, part 5).
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
    CHANGES_ASKED: "Changes asked",
    PUBLISHED: "Published",
    REJECTED: "Not accepted",
    WITHDRAWN: "Withdrawn",
    HIDDEN: "Hidden while we check",
}


class CaseStudy(Model):
    """One case study.

    The columns named in `fields.py` hold what readers (or, before publication, moderators) see; `html` the same, rendered.
    `working` holds what the author is typing: every keystroke goes there first, and reaches the columns when it is sent.
    """

    __tablename__ = "case_studies"
    __table_args__ = (
        Index("ix_case_studies_status_published_at_id", "status", "published_at", "id"),
        Index("ix_case_studies_status_submitted_at", "status", "submitted_at"),
        Index("ix_case_studies_member_id_status", "member_id", "status"),
    )
    kind = "case-study"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(default="")
    actions: Mapped[str] = mapped_column(default="")
    results: Mapped[str] = mapped_column(default="")
    advice: Mapped[str] = mapped_column(default="")
    #: Parts of an imported text that fit no field.
    rest: Mapped[str] = mapped_column(default="")
    html: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    render_version: Mapped[int] = mapped_column(default=0)

    practice_status: Mapped[str] = mapped_column(default="", index=True)
    outcome: Mapped[str] = mapped_column(default="")
    started: Mapped[str] = mapped_column(default="")

    member_id: Mapped[int]
    status: Mapped[str] = mapped_column(default=DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    working: Mapped[dict[str, Any] | None] = mapped_column(JSON)
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

    licence: Mapped[str] = mapped_column(default="CC BY 4.0")
    source_key: Mapped[str | None] = mapped_column(unique=True)
    source_digest: Mapped[str] = mapped_column(default="")
    source_name: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    source_author: Mapped[str] = mapped_column(default="")
    source_date: Mapped[str] = mapped_column(default="")

    @property
    def name(self) -> str:
        """Its title, or something to call it by while it has none."""
        return self.title or (self.working or {}).get("texts", {}).get("title") or "Untitled case study"

    @property
    def url(self) -> str:
        return f"/case-studies/{self.id}-{slugify(self.name)}"

    def texts(self) -> dict[str, str]:
        """What stands in the narrative fields, in their order."""
        return {f.name: getattr(self, f.name) for f in FIELDS}

    def move(self, status: str, at: datetime) -> None:
        """Go to another status. Raises `Invalid` where that step does not exist."""
        if status not in NEXT[self.status]:
            raise Invalid(f"A case study that is “{STATUS_WORDS[self.status]}” cannot go there. Look at it again.")
        if status == SUBMITTED:
            self.submitted_at = at
        elif status == PUBLISHED and self.published_at is None:
            self.published_at = at
        self.status = status
        self.version += 1
