"""Reports from people, and the recorded decisions of moderators (law 9)."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.db import Model

OPEN, UPHELD, DISMISSED = "open", "upheld", "dismissed"

#: Illegal content first: Online Safety Act 2023, section 20.
REASONS: dict[str, str] = {
    "illegal": "It may be illegal",
    "identifiable": "A patient, carer or member of staff could be identified",
    "unsafe": "It could lead to harm if followed",
    "unkind": "It is abusive, unkind or discriminatory",
    "rights": "It uses somebody's work or picture without permission",
    "advert": "It is an advert, or an interest is not declared",
    "wrong": "It is wrong or out of date",
    "other": "Something else",
}


class Report(Model):
    """A person tells moderators that something is wrong."""

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_state_id", "state", "id"),
        Index("ix_reports_kind_ref_id_member_id", "kind", "ref_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    ref_id: Mapped[int]
    member_id: Mapped[int]
    reason: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=OPEN)
    at: Mapped[datetime]


class Decision(Model):
    """An act of a moderator, with its reason. Rows are added, never changed."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_kind_ref_id_id", "kind", "ref_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    ref_id: Mapped[int]
    moderator_id: Mapped[int]
    verb: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
