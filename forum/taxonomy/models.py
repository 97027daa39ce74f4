"""Controlled lists as effective-dated rows. Nothing is deleted, only closed (the rule that ODS itself uses)."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.db import Model

ELEMENT, CARE_MODEL, REGION, BOARD = "element", "care-model", "region", "integrated-care-board"
ORGANISATION_TYPE, ROLE, STATUS, OUTCOME = "organisation-type", "role", "status", "outcome"
SECTOR, PART, BARRIER, INVOLVEMENT = "sector", "system-part", "barrier", "involvement-level"
EVIDENCE = "evidence-level"


class Term(Model):
    """One choice of one list (`scheme`). `wording` is a source's exact text where `label` had to be shorter."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("scheme", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    slug: Mapped[str]
    label: Mapped[str]
    wording: Mapped[str] = mapped_column(default="")
    definition: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    parent: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))

    def in_force(self, on: date) -> bool:
        """Return whether the term may be chosen on that day. A closed term stays on what already has it."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class Tagging(Model):
    """A thing (`kind`, `ref_id`) has a term. One table for all slices, so that a term's page needs one look."""

    __tablename__ = "taggings"
    __table_args__ = (Index("ix_taggings_term_id_kind_ref_id", "term_id", "kind", "ref_id"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    ref_id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
