"""Reading the vocabulary. It is the same for everyone; each process caches what search needs of it for a minute."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from sqlalchemy import select

from forum.access.actors import Actor, Member
from forum.kernel.copies import ProcessCopy
from forum.kernel.db import db
from forum.kernel.errors import NotFound
from forum.kernel.references import NOBODY, Card
from forum.search.synonyms import Synonyms
from forum.vocabulary.models import Entry

#: Pairs of words that mean the same and wider ones.
Rows = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


def synonyms() -> Synonyms:
    """Return the synonyms for search, from this process's copy."""
    return _copy()[0]


def in_use() -> Rows:
    """The entries in use, from this process's copy."""
    return _copy()[1]


def _read() -> tuple[Synonyms, Rows]:
    rows = db.session.execute(select(Entry.words, Entry.wider).where(Entry.in_use).order_by(Entry.id)).all()
    entries = tuple((tuple(words), tuple(wider)) for words, wider in rows)
    return _made(entries), entries


@lru_cache(maxsize=1)
def _made(entries: Rows) -> Synonyms:
    """Made once for as long as the entries stay the same: it takes longer than reading them."""
    return Synonyms(entries)


_copy = ProcessCopy("vocabulary", _read)
#: The vocabulary changed: read it again at the next use.
forget = _copy.forget


def shipped_rows() -> list[dict[str, Any]]:
    """The entries that the product brings: key, words, wider, source."""
    text = resources.files("forum.vocabulary").joinpath("data/vocabulary.toml").read_text("utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["entry"]
    return found


def shipped() -> Synonyms:
    """Return what the product brings, without a database."""
    return Synonyms((row["words"], row["wider"]) for row in shipped_rows())


def listed(actor: Actor, words: str = "") -> list[Entry]:
    """Entries that have this text in one of their words, by their first word; what is out of use is for staff."""
    rows = select(Entry) if isinstance(actor, Member) and actor.staff else select(Entry).where(Entry.in_use)
    wanted = words.casefold().strip()
    found = [e for e in db.session.scalars(rows) if any(wanted in w.casefold() for w in (*e.words, *e.wider))]
    return sorted(found, key=lambda e: e.title.casefold())


def entries() -> dict[str, int]:
    """Each word of the entries in use, in small letters → its entry."""
    rows = db.session.execute(select(Entry.id, Entry.words).where(Entry.in_use).order_by(Entry.id.desc()))
    return {_same(word): id_ for id_, words in rows for word in words}


def get(id_: int) -> Entry:
    """One entry, in use or not. Raises `NotFound`."""
    found = db.session.get(Entry, id_)
    if found is None:
        raise NotFound("There is no such entry in the vocabulary.")
    return found


def cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    """Entries as things that decisions are about: for those who decide."""
    if not (isinstance(actor, Member) and actor.staff):
        return {}
    rows = db.session.scalars(select(Entry).where(Entry.id.in_(ids)))
    return {e.id: Card(Entry.kind, e.id, e.title, f"/moderation/vocabulary/{e.id}/edit", "", NOBODY) for e in rows}


def other_with(words: Sequence[str], but: int) -> tuple[Entry, str] | None:
    """Another entry in use that has one of these words, and the word."""
    mine: dict[str, Any] = {_same(w): w for w in words}
    for entry in db.session.scalars(select(Entry).where(Entry.in_use, Entry.id != but)):
        for word in entry.words:
            if _same(word) in mine:
                return entry, mine[_same(word)]
    return None


def folded(words: Iterable[str]) -> set[str]:
    """Return words in the form in which they are compared: small letters, without the sign that they count only as written."""
    return {_same(word) for word in words}


def _same(word: str) -> str:
    return " ".join(word.removeprefix("=").casefold().split())
