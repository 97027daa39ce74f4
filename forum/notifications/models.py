"""Notices to members on the site."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.db import Model


class Notification(Model):
    """One piece of news for one member. `data` is what its template needs beside the card of the thing."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_member_id_read_at_id", "member_id", "read_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int]
    name: Mapped[str]
    kind: Mapped[str]
    ref_id: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
