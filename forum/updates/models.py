"""Updates: the dated entries that follow a case study after it was published."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.access.rules import Owned
from forum.kernel.db import Model

PUBLISHED, HIDDEN = "published", "hidden"
#: What an entry of the timeline is; a confirmation says "still our practice" and nothing else.
UPDATE, SETBACK, RECOVERY, CONFIRMATION = "update", "setback", "recovery", "confirmation"


class Update(Owned, Model):
    """One entry: `happened` is the day it is about, `recorded_at` when it was posted. `added` are new points: [measure name, how
    many]."""

    __tablename__ = "updates"
    __table_args__ = (Index("ix_updates_case_study_id_happened", "case_study_id", "happened"),)
    kind = "update"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"))
    member_id: Mapped[int]
    status: Mapped[str] = mapped_column(default=PUBLISHED)
    entry: Mapped[str]
    happened: Mapped[date]
    recorded_at: Mapped[datetime]
    practice_status: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    html: Mapped[str] = mapped_column(default="")
    render_version: Mapped[int] = mapped_column(default=0)
    corrected_at: Mapped[datetime | None]
    added: Mapped[list[Any]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
