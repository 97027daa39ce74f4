"""What members mark with a button: a `Reaction` counts for everybody, a `Bookmark` is for a list of one's own."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.db import Model

HELPFUL, SAVED = "helpful", "saved"
#: As many as one can still look through; it also bounds what one member can make the site store.
MOST_SAVED = 500


class Mark(Model):
    """One member's mark on one thing, of either kind. The row is the mark: taking it away deletes it."""

    __tablename__ = "marks"
    __table_args__ = (
        Index("ix_marks_member_id_name_at", "member_id", "name", "at"),
        Index("ix_marks_kind_ref_id_name", "kind", "ref_id", "name"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    ref_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]

    __mapper_args__ = {"polymorphic_on": "name"}


class Reaction(Mark):
    """Somebody found a thing helpful."""

    __mapper_args__ = {"polymorphic_identity": HELPFUL}


class Bookmark(Mark):
    """Somebody saved a thing, to find it again."""

    __mapper_args__ = {"polymorphic_identity": SAVED}


#: name in addresses and rows → its class.
MARKS: dict[str, type[Mark]] = {HELPFUL: Reaction, SAVED: Bookmark}
