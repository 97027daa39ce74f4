"""Removing words for good from every text that belongs to a thing, in whichever table it stands.

Which rows belong is said by the caller, table by table, so that a table added later is asked about as well. What was deleted in a
database lies on in its file until the space is used again; `compact` is what makes the words really gone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, String, Table, Text, and_, cast, or_, select, update
from sqlalchemy import func as sql

from forum.kernel.db import BUSY_TIMEOUT_MS, Model, db, on_postgresql
from forum.kernel.errors import Invalid

#: table → the condition for those of its rows that may be changed; None where no row may.
Belongs = Callable[[Table], ColumnElement[bool] | None]
#: Columns that hold the program's own words, not what people wrote: a word such as "published" must stay in them.
_NAMES = """kind status state role queue name verb digest media_type extension visibility licence depth subject_kind about_kind page
    stage result verification entry effect
    practice_status outcome access purpose email member_id source_key source_digest source_url username site_key"""
OURS = frozenset(_NAMES.split())
#: A slug of a list or a name of the program inside a record: never changed.
_SLUG = re.compile(r"[a-z0-9_:-]{1,60}")
SHORTEST = 6
LONGEST = 2_000
BATCH = 500


def pattern(words: str) -> re.Pattern[str]:
    """Return a pattern for these words in any case, with any spaces, emphasis or line ends between them. Raises `Invalid`."""
    parts = re.findall(r"[^\W_]+", words)
    if sum(map(len, parts)) < SHORTEST:
        raise Invalid(f"Give at least {SHORTEST} letters or digits, so that nothing else is removed with them.", "words")
    if len(words) > LONGEST:
        raise Invalid(f"Give at most {LONGEST:,} characters at a time.", "words")
    # An underscore is no letter here: it stands for a space in names of files, and for emphasis in texts.
    return re.compile(r"(?<![^\W_])" + r"[\W_]{1,8}".join(map(re.escape, parts)) + r"(?![^\W_])", re.I)


def plain_word(found: re.Pattern[str]) -> str:
    """The longest plain word of a pattern, for a database to look for first; "" where there is none."""
    return max(re.findall(r"[a-z0-9]{3,}", found.pattern.lower().replace("\\", "")), key=len, default="")


def places(found: re.Pattern[str], belongs: Belongs) -> dict[str, int]:
    """Return, by table, how many of the rows that belong hold the words."""
    counted = {table.name: sum(1 for _ in _rows(table, found, which)) for table, which in _tables(belongs)}
    return {name: count for name, count in counted.items() if count}


def scrub(found: re.Pattern[str], gap: str, belongs: Belongs) -> dict[str, list[Any]]:
    """Replace the words by `gap` in the rows that belong; return, by table, the keys of these rows. Call inside `transaction()`."""
    changed: dict[str, list[Any]] = {}
    for table, which in _tables(belongs):
        keys = list(table.primary_key.columns)
        for row in list(_rows(table, found, which)):
            values = {c.name: _without(row[c.name], found, gap) for c in _texts(table) if row[c.name] is not None}
            db.session.execute(update(table).where(and_(*(k == row[k.name] for k in keys))).values(values))
            changed.setdefault(table.name, []).append(row[keys[0].name])
    db.session.expire_all()
    return changed


def _tables(belongs: Belongs) -> Iterable[tuple[Table, ColumnElement[bool]]]:
    for table in Model.metadata.sorted_tables:
        which = belongs(table)
        if which is not None and _texts(table):
            yield table, which


def _texts(table: Table) -> list[Column[Any]]:
    return [c for c in table.columns if isinstance(c.type, String | Text | JSON) and not c.primary_key and c.name not in OURS]


def _rows(table: Table, found: re.Pattern[str], which: ColumnElement[bool]) -> Iterator[Mapping[str, Any]]:
    """The rows that hold the words. The database looks for one plain word first, so that few rows are read."""
    columns = _texts(table)
    plain = plain_word(found)
    rows = select(*table.primary_key.columns, *columns).where(which)
    if plain:
        rows = rows.where(or_(*(sql.lower(cast(c, Text)).contains(plain, autoescape=True) for c in columns)))
    for row in db.session.execute(rows).mappings():
        if any(_holds(row[c.name], found) for c in columns):
            yield dict(row)


def _holds(value: Any, found: re.Pattern[str]) -> bool:
    if isinstance(value, str):
        return bool(found.search(value)) and not _SLUG.fullmatch(value)
    if isinstance(value, Mapping):
        return any(_holds(v, found) for v in value.values())
    return isinstance(value, list) and any(_holds(v, found) for v in value)


def _without(value: Any, found: re.Pattern[str], gap: str) -> Any:
    if isinstance(value, str):
        return value if _SLUG.fullmatch(value) else found.sub(gap, value)
    if isinstance(value, Mapping):
        return {k: _without(v, found, gap) for k, v in value.items()}
    return [_without(v, found, gap) for v in value] if isinstance(value, list) else value


def compact() -> None:
    """Write the database's files anew, so that nothing deleted lies in them. SQLite's log is emptied as well; PostgreSQL's, and
    what was copied elsewhere, end by that server's own rules.

    Raises `sqlalchemy.exc.OperationalError` while somebody writes; try again later.
    """
    db.session.remove()
    with db.engine.connect() as connection:
        run: Callable[[str], Any] = connection.exec_driver_sql
        if on_postgresql():
            run(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
            run(f"VACUUM (FULL) {', '.join(t.name for t in Model.metadata.sorted_tables)}")
            run("RESET lock_timeout")
            return
        run("VACUUM")
        busy = run("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
    if busy:
        raise RuntimeError("readers hold the old pages: the log is emptied at the next try")
