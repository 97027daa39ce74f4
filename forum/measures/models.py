"""Measures: an outcome followed over time, of a case study or of an adoption."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.db import Model


class Measure(Model):
    """One measure of the thing (`kind`, `ref_id`). `record` is what its authors say (see `record.py`), points included.

    Everything below `reading` is made from the record when it is saved, never when it is read: what the page prints, the two
    drawings, and the facts that filters and the evidence level ask for.
    """

    __tablename__ = "measures"
    __table_args__ = (Index("ix_measures_kind_ref_id_position", "kind", "ref_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    ref_id: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    member_id: Mapped[int]
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    #: Its authors let it lead where there is room for one chart. At most one of a thing does; without any the site chooses.
    leads: Mapped[bool] = mapped_column(default=False)
    #: Taken out by its authors; it can be put back.
    removed_at: Mapped[datetime | None]

    #: `charts.Made.reading`: words, icons and figures of the chart.
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    table_html: Mapped[str] = mapped_column(Text, default="")
    wide: Mapped[str] = mapped_column(Text, default="", deferred=True)
    narrow: Mapped[str] = mapped_column(Text, default="", deferred=True)
    chart_version: Mapped[int] = mapped_column(default=0, index=True)
    #: Readers see it: it has an interpretation and at least two points.
    shown: Mapped[bool] = mapped_column(default=False)
    points: Mapped[int] = mapped_column(default=0)
    changed_on: Mapped[date | None]
    last_on: Mapped[date | None]
    #: "better", "worse", "none", or "" where the points cannot tell: special causes after the change, against the limits before it.
    effect: Mapped[str] = mapped_column(default="")

    @property
    def about(self) -> dict[str, Any]:
        """The record's name, definition, kind, part, interpretation and phases, as `reading` repeats them."""
        return dict(self.reading["about"])

    @property
    def name(self) -> str:
        return str(self.about["name"] or "Untitled measure")
