"""Every published change is stored: what a thing's texts were before, who changed them, when and why."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from zlib import crc32

from sqlalchemy import JSON, Index, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.db import Model, db
from forum.kernel.diff import word_diff
from forum.kernel.errors import EditConflict, Invalid, NotFound
from forum.kernel.references import Ref


class Revision(Model):
    """The texts of a thing as they were after its `number`-th change (1 = as first published).

    A value is a text, or plain data that the thing's slice can put into words.
    """

    __tablename__ = "revisions"
    __table_args__ = (Index("ix_revisions_kind_ref_id_number", "kind", "ref_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    ref_id: Mapped[int]
    number: Mapped[int]
    member_id: Mapped[int]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: When a moderator hid it: readers see that there was a version, and not what it said.
    hidden_at: Mapped[datetime | None]


def keep(ref: Ref, member_id: int, texts: Mapping[str, Any], at: datetime, reason: str = "") -> Revision:
    """Add a revision. Call inside `transaction()`, after the change."""
    last = select(func.max(Revision.number)).where(Revision.kind == ref[0], Revision.ref_id == ref[1])
    number = (db.session.scalar(last) or 0) + 1
    row = Revision(kind=ref[0], ref_id=ref[1], number=number, member_id=member_id, at=at, reason=reason, texts=dict(texts))
    db.session.add(row)
    db.session.flush()
    return row


def newest(ref: Ref, limit: int = 50) -> Sequence[Revision]:
    """The last `limit` revisions, newest first."""
    rows = select(Revision).where(Revision.kind == ref[0], Revision.ref_id == ref[1])
    return db.session.scalars(rows.order_by(Revision.number.desc()).limit(limit)).all()


def numbered(ref: Ref, number: int) -> Revision:
    """Return one revision by its number. Raises `NotFound`, and `Invalid` for a hidden one, which nobody may restore."""
    rows = select(Revision).where(Revision.kind == ref[0], Revision.ref_id == ref[1], Revision.number == number)
    found = db.session.scalars(rows).first()
    if found is None:
        raise NotFound("There is no such version.")
    if found.hidden_at is not None:
        raise Invalid("A moderator hid this version, so it cannot be used again.")
    return found


def version_of(values: Mapping[str, Any]) -> int:
    """Return a version number for what has no revisions: a checksum, which differs when the values differ."""
    return crc32(json.dumps(values, sort_keys=True, default=str).encode()) & 0x7FFFFFFF


def settle(ref: Ref, began: int, mine: Mapping[str, Any], stored: Mapping[str, Any], version: int) -> dict[str, Any]:
    """Return the values to save from somebody's edit that began from version `began`, where `version` is stored now.

    A field that they did not change, or that equals what is stored, is no conflict: what others saved there stays. Raises
    `EditConflict` for fields that both changed. Numbers of revisions are versions; a field that is not there is None.
    """
    if began == version:
        return dict(mine)
    rows = select(Revision.texts).where(Revision.kind == ref[0], Revision.ref_id == ref[1], Revision.number == began)
    before: Mapping[str, Any] = db.session.scalars(rows).first() or {}
    settled, disputed = {}, []
    for name in {**stored, **mine}:
        value, theirs = mine.get(name), stored.get(name)
        changed = not before or value != before.get(name)
        settled[name] = value if changed else theirs
        if changed and value != theirs and (not before or theirs != before.get(name)):
            disputed.append(name)
    if disputed:
        merged = {name: value for name, value in settled.items() if name not in disputed}
        raise EditConflict({name: stored.get(name) for name in disputed}, version, merged)
    return settled


def hide_earlier(ref: Ref, at: datetime) -> None:
    """Hide every version but the newest. Call inside `transaction()`."""
    last = select(func.max(Revision.number)).where(Revision.kind == ref[0], Revision.ref_id == ref[1]).scalar_subquery()
    mine = update(Revision).where(Revision.kind == ref[0], Revision.ref_id == ref[1], Revision.hidden_at.is_(None))
    db.session.execute(mine.where(Revision.number < last).values(hidden_at=at), execution_options={"synchronize_session": False})


def set_hidden(ref: Ref, number: int, at: datetime | None) -> None:
    """Hide one version, or show it again where `at` is None. Raises `NotFound`; `Invalid` for the current version."""
    rows = newest(ref, 1_000)
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise NotFound("There is no such version.")
    if at is not None and found is rows[0]:
        raise Invalid("This is the current version. Edit it, or hide all of it.")
    found.hidden_at = at


#: (name of a field, its value) → the value in words.
Say = Callable[[str, Any], str]


def _plain(_name: str, value: Any) -> str:
    return str(value or "")


@dataclass(frozen=True, slots=True)
class Change:
    """What one revision did to one text: `segments` as `kernel.diff.word_diff` returns them."""

    field: str
    segments: list[tuple[str, str]]


def changes(before: Mapping[str, Any], after: Mapping[str, Any], say: Say = _plain) -> list[Change]:
    """Return the texts that differ, in the order of `after`."""
    fields = [*after, *(f for f in before if f not in after)]
    pairs = [(f, say(f, before.get(f)), say(f, after.get(f))) for f in fields if before.get(f) != after.get(f)]
    return [Change(f, [(op, text) for op, text in word_diff(old, new)]) for f, old, new in pairs if old != new]


@dataclass(frozen=True, slots=True)
class Step:
    """One revision and what it changed (nothing, for the first one). `secret` where it or the one before is hidden: what it changed
    is then not shown."""

    revision: Revision
    changes: list[Change]
    secret: bool = False


def history(ref: Ref, limit: int = 20, say: Say = _plain) -> list[Step]:
    """Return the last revisions, newest first, each with what it changed."""
    rows = newest(ref, limit + 1)
    return [_step(after, before, say) for after, before in pairwise([*rows, None]) if after is not None][:limit]


def _step(after: Revision, before: Revision | None, say: Say) -> Step:
    if after.hidden_at is not None or (before is not None and before.hidden_at is not None):
        return Step(after, [], secret=True)
    return Step(after, changes(before.texts, after.texts, say) if before else [])
