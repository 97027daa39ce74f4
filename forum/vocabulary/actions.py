"""Keeping the vocabulary: the shipped list, and what moderators change. Each change is a recorded decision with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Invalid
from forum.kernel.revisions import settle
from forum.moderation.actions import note
from forum.vocabulary import queries
from forum.vocabulary.models import Entry

MOST_WORDS, LONGEST_WORD = 12, 80


@dataclass(frozen=True, slots=True)
class Draft:
    """What a moderator typed."""

    words: Sequence[str]
    wider: Sequence[str]
    source: str
    in_use: bool

    def values(self) -> dict[str, Any]:
        """Return the values by the names of the form, as `Entry.values` returns what is stored."""
        return {"words": list(self.words), "wider": list(self.wider), "source": self.source, "in_use": self.in_use}


def load_vocabulary() -> int:
    """Bring the table up to the shipped list, but for what a moderator changed; return how many entries it has. Safe to repeat.

    An entry that is no longer shipped goes out of use. A word in an entry that moderators made or changed is left out of the
    shipped entries, so that no word has two entries and a corrected meaning is not mixed with the old one.
    """
    rows = queries.shipped_rows()
    with transaction():
        entries = db.session.scalars(select(Entry)).all()
        theirs = queries.folded(word for e in entries if e.version and e.in_use for word in e.words)
        untouched = {e.key: e for e in entries if not e.version}
        kept = {e.key for e in entries if e.version}
        for row in rows:
            if row["key"] not in kept:
                _ship(untouched.pop(row["key"], None), row, theirs)
        for entry in untouched.values():
            entry.in_use = False
    queries.forget()
    return len(rows)


def _ship(entry: Entry | None, row: Mapping[str, Any], theirs: set[str]) -> None:
    """Write a row of the shipped list, without the words that are `theirs`; out of use where too few are left."""
    words = [word for word in row["words"] if not theirs & queries.folded([word])]
    in_use = bool(words) and len(words) + len(row["wider"]) > 1
    if entry is None:
        entry = Entry(key=row["key"], version=0, changed_at=now())
        db.session.add(entry)
    entry.words, entry.wider, entry.source = words if in_use else row["words"], row["wider"], row["source"]
    entry.in_use = in_use


def add(actor: Member, draft: Draft, reason: str) -> Entry:
    """Add an entry. Raises `Invalid`."""
    authorize(actor, Permission.MODERATE)
    _check(draft, reason, 0)
    entry = Entry(key=None, version=1)
    _write(entry, draft)
    db.session.add(entry)
    db.session.flush()
    note(actor, (Entry.kind, entry.id), "added it to the vocabulary", reason)
    return entry


def change(actor: Member, id_: int, draft: Draft, reason: str, version: int) -> Entry:
    """Change an entry, or put it out of use. Raises `Invalid`, and `EditConflict` when somebody saved in between."""
    authorize(actor, Permission.MODERATE)
    entry = queries.get(id_)
    settled = settle((Entry.kind, id_), version, draft.values(), entry.values(), entry.version)
    if settled == entry.values():
        return entry
    _check(draft, reason, id_)
    verb = "changed its words" if entry.in_use == draft.in_use else "put it in use" if draft.in_use else "put it out of use"
    _write(entry, draft)
    entry.version += 1
    note(actor, (Entry.kind, id_), verb, reason)
    return entry


def _write(entry: Entry, draft: Draft) -> None:
    entry.words, entry.wider, entry.source = list(draft.words), list(draft.wider), draft.source
    entry.in_use, entry.changed_at = draft.in_use, now()
    queries.forget()


def _check(draft: Draft, reason: str, id_: int) -> None:
    if not draft.words:
        raise Invalid("Enter the word that people type.", "words")
    if len({*draft.words, *draft.wider}) < 2:
        raise Invalid("Enter at least two different words: what people type, and what else to look for.", "words")
    for field, words in (("words", draft.words), ("wider", draft.wider)):
        if len(words) > MOST_WORDS:
            raise Invalid(f"Enter at most {MOST_WORDS} words, one on each line.", field)
        long = next((w for w in words if len(w) > LONGEST_WORD or not any(c.isalnum() for c in w)), None)
        if long is not None:
            raise Invalid(
                f"“{long[:40]}” is not a word to look for. Use letters or numbers, at most {LONGEST_WORD} characters.", field
            )
    if not draft.source:
        raise Invalid("Say where this meaning comes from, for example a document by name and year.", "source")
    if not reason.strip():
        raise Invalid("Say why. Other moderators read it with the decisions.", "reason")
    twice = queries.other_with(draft.words, id_) if draft.in_use else None
    if twice:
        raise Invalid(f"“{twice[1]}” is in use in another entry: {twice[0].title}. Change that one.", "words")
