"""The field's vocabulary: what else to look for when somebody types a word."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.db import Model
from forum.search.synonyms import shown


class Entry(Model):
    """Words that mean the same, and wider ones that they lead to but that do not lead back.

    `key` is that of the list that the product ships, None for what moderators added. Once a moderator changed an entry
    (`version` above 0) the shipped list leaves it alone. Nothing is deleted, only put out of use.
    """

    __tablename__ = "vocabulary"
    kind = "vocabulary-entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(unique=True)
    words: Mapped[list[Any]] = mapped_column(JSON)
    wider: Mapped[list[Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(default="")
    in_use: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]

    def values(self) -> dict[str, Any]:
        """Return what moderators can change, by the names of their form."""
        return {"words": list(self.words), "wider": list(self.wider), "source": self.source, "in_use": self.in_use}

    @property
    def title(self) -> str:
        return ", ".join(shown(w) for w in self.words)
