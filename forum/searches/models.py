"""What is stored of searching: saved searches, questions that came from one, counts of words, a member's own last searches, and
which case studies are near each other."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.db import Model

NEVER, AT_ONCE, DAILY, WEEKLY = "never", "at-once", "daily", "weekly"


class _Watched:
    """What the worker needs to find news for a search.

    `seen` are the newest results at the last look, as "kind:id"; None before the first look, which notifies nobody. `site_version`
    is the site's at that look: while it is the same, nothing can be new.
    """

    query: Mapped[str]
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
    seen: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    site_version: Mapped[int] = mapped_column(default=-1)
    created_at: Mapped[datetime]


class SavedSearch(_Watched, Model):
    """A search that a member saved. `due_at` is the next look; None where they want no alert."""

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("member_id", "digest"), Index("ix_saved_searches_due_at", "due_at"))
    kind = "saved-search"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int]
    name: Mapped[str]
    alert: Mapped[str] = mapped_column(default=NEVER)
    due_at: Mapped[datetime | None]

    @property
    def url(self) -> str:
        return f"/searches/{self.id}"


class AskedSearch(_Watched, Model):
    """A search that became a question, because it found nothing or too little."""

    __tablename__ = "search_requests"
    __table_args__ = (Index("ix_search_requests_digest", "digest"),)

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    #: False where something was found, and it was not what they needed.
    found_none: Mapped[bool] = mapped_column(default=True)


class Waiting(Model):
    """A member who waits for examples: the one who asked, and those who seconded. `told` is False once they want no mail about
    it."""

    __tablename__ = "search_waiting"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    asked: Mapped[bool] = mapped_column(default=False)
    told: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]


class WordCount(Model):
    """How often these words were searched for in the week that began on that Monday, by nobody in particular."""

    __tablename__ = "search_words"
    __table_args__ = (UniqueConstraint("week", "words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week: Mapped[date]
    words: Mapped[str]
    times: Mapped[int] = mapped_column(default=0)
    found_none: Mapped[int] = mapped_column(default=0)
    clicks: Mapped[int] = mapped_column(default=0)


class PastSearch(Model):
    """One of the last searches of a member, for them alone."""

    __tablename__ = "past_searches"

    member_id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str]
    at: Mapped[datetime]


class Similar(Model):
    """The case studies that are nearest to one, the nearest first: ids and no words.

    `at` is when that was found, `due_at` when it is looked at again.
    """

    __tablename__ = "similar_case_studies"
    __table_args__ = (Index("ix_similar_case_studies_due_at", "due_at"),)

    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_studies.id"), primary_key=True)
    found: Mapped[list[int]] = mapped_column(JSON)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
