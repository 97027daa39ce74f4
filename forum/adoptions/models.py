"""Adoptions: somebody elsewhere tried what a case study describes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.access.rules import Owned
from forum.case_studies.models import CaseStudy
from forum.kernel.db import Model

HELD, PUBLISHED, HIDDEN, WITHDRAWN = "held", "published", "hidden", "withdrawn"
#: How far a record can be trusted: by who confirmed it.
SELF_REPORTED, BY_AUTHOR, BY_MODERATOR = "self-reported", "author", "moderator"
VERIFICATIONS = {
    SELF_REPORTED: "Self-reported",
    BY_AUTHOR: "Confirmed by the original author",
    BY_MODERATOR: "Confirmed by a moderator",
}


class Adoption(Owned, Model):
    """One adopter's own record of one case study; `record` is what they say (see `record.py`)."""

    __tablename__ = "adoptions"
    __table_args__ = (
        Index("ix_adoptions_case_study_id_status", "case_study_id", "status"),
        Index("ix_adoptions_member_id_status", "member_id", "status"),
        Index("ix_adoptions_status", "status"),
    )
    kind = "adoption"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"))
    member_id: Mapped[int]
    status: Mapped[str] = mapped_column(default=PUBLISHED)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: How far they are: "considering" … "decided-not-to" (`record.STAGES`), and what came of it; both repeat the record.
    stage: Mapped[str]
    result: Mapped[str] = mapped_column(default="")
    verification: Mapped[str] = mapped_column(default=SELF_REPORTED)
    verified_by: Mapped[int | None]
    verified_at: Mapped[datetime | None]
    #: What the adopter said about details that might identify somebody; a moderator looks before it is published.
    justification: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]

    #: For pages of one adoption; lists join what they need.
    case: Mapped[CaseStudy] = relationship(viewonly=True)

    @property
    def url(self) -> str:
        return f"/adoptions/{self.id}"

    @property
    def name(self) -> str:
        return f"We tried this: {self.case.name}"

    @property
    def verified(self) -> bool:
        return self.verification != SELF_REPORTED


class Travel(Model):
    """How a case study travels, drawn when an adopter's figures change: rows of small charts on one scale."""

    __tablename__ = "travels"

    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"), primary_key=True)
    charts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
