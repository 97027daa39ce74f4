"""Organisations that people work for and where practice happened."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.access.rules import Owned
from forum.kernel.db import Model
from forum.kernel.text import slugify

SUGGESTED, PUBLISHED, CLOSED = "suggested", "published", "closed"


class Organisation(Owned, Model):
    """One organisation. `ods_code` is never reused, so it identifies; members' own suggestions have none."""

    __tablename__ = "organisations"
    __table_args__ = (Index("ix_organisations_status_name", "status", "name"),)
    kind = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    ods_code: Mapped[str | None] = mapped_column(unique=True)
    type: Mapped[str] = mapped_column(default="other")
    region: Mapped[str] = mapped_column(default="")
    board: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=PUBLISHED)
    member_id: Mapped[int | None]
    created_at: Mapped[datetime]

    @property
    def slug(self) -> str:
        return slugify(self.name)


class Partnership(Model):
    """A thing happened at, or with, an organisation. The first by position leads."""

    __tablename__ = "partnerships"
    __table_args__ = (Index("ix_partnerships_organisation_id_kind", "organisation_id", "kind", "ref_id"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    ref_id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
