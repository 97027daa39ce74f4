"""Removing words for good: from every text of every table, so that a table added later cannot be forgotten.

What was deleted in a database lies on in its file until the space is used again; `compact` is what makes the words really gone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Column, String, Table, Text, and_, cast, or_, select, update
from sqlalchemy import func as sql
from sqlalchemy.engine import make_url

from forum.kernel.db import Model, db
from forum.kernel.errors import Invalid

#: Not searched: what people and organisations are called, the shipped lists, and what holds no text of anybody's.
LEFT_ALONE = frozenset(
    {"accounts", "organisations", "terms", "taggings", "tokens", "browser_sessions", "attempts", "alembic_version"}
)
SHORTEST = 6
LONGEST = 2_000
BATCH = 500


def pattern(words: str) -> re.Pattern[str]:
    """Finds these words in any case, whatever spaces, marks of emphasis or line ends stand between them. Raises `Invalid`."""
    parts = re.findall(r"\w+", words)
    if sum(map(len, parts)) < SHORTEST:
        raise Invalid(f"Give at least {SHORTEST} letters or digits, so that nothing else is removed with them.", "words")
    if len(words) > LONGEST:
        raise Invalid(f"Give at most {LONGEST:,} characters at a time.", "words")
    return re.compile(r"(?<!\w)" + r"[\W_]{1,8}".join(map(re.escape, parts)) + r"(?!\w)", re.I)


def places(found: re.Pattern[str]) -> dict[str, int]:
    """Table → how many rows hold the words."""
    counted = {table.name: sum(1 for _ in _rows(table, found)) for table in _tables()}
    return {name: count for name, count in counted.items() if count}


def scrub(found: re.Pattern[str], gap: str) -> dict[str, list[Any]]:
    """Put `gap` in the place of the words, everywhere; table → first key of each changed row. Call inside `transaction()`."""
    changed: dict[str, list[Any]] = {}
    for table in _tables():
        keys = list(table.primary_key.columns)
        for row in list(_rows(table, found)):
            values = {c.name: _without(row[c.name], found, gap) for c in _texts(table) if row[c.name] is not None}
            db.session.execute(update(table).where(and_(*(k == row[k.name] for k in keys))).values(values))
            changed.setdefault(table.name, []).append(row[keys[0].name])
    db.session.expire_all()
    return changed


def _tables() -> Iterable[Table]:
    return [t for t in Model.metadata.sorted_tables if t.name not in LEFT_ALONE and _texts(t)]


def _texts(table: Table) -> list[Column[Any]]:
    return [c for c in table.columns if isinstance(c.type, String | Text | JSON) and not c.primary_key]


def _rows(table: Table, found: re.Pattern[str]) -> Iterator[Mapping[str, Any]]:
    """The rows that hold the words. The database looks for one plain word first, so that few rows are read."""
    columns = _texts(table)
    plain = max(re.findall(r"[a-z0-9]{3,}", found.pattern.lower().replace("\\", "")), key=len, default="")
    rows = select(*table.primary_key.columns, *columns)
    if plain:
        rows = rows.where(or_(*(sql.lower(cast(c, Text)).contains(plain, autoescape=True) for c in columns)))
    for row in db.session.execute(rows).mappings():
        if any(_holds(row[c.name], found) for c in columns):
            yield dict(row)


def _holds(value: Any, found: re.Pattern[str]) -> bool:
    if isinstance(value, str):
        return bool(found.search(value))
    if isinstance(value, Mapping):
        return any(_holds(v, found) for v in (*value.keys(), *value.values()))
    return isinstance(value, list) and any(_holds(v, found) for v in value)


def _without(value: Any, found: re.Pattern[str], gap: str) -> Any:
    if isinstance(value, str):
        return found.sub(gap, value)
    if isinstance(value, Mapping):
        return {_without(k, found, gap): _without(v, found, gap) for k, v in value.items()}
    return [_without(v, found, gap) for v in value] if isinstance(value, list) else value


def compact() -> None:
    """Write the database's file anew, so that nothing deleted lies in it or in its log. Does nothing on PostgreSQL.

    Raises `sqlalchemy.exc.OperationalError` while somebody writes; try again later.
    """
    if make_url(str(db.engine.url)).get_backend_name() != "sqlite":
        return
    db.session.remove()
    with db.engine.connect() as connection:
        run: Callable[[str], Any] = connection.exec_driver_sql
        run("VACUUM")
        busy = run("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
    if busy:
        raise RuntimeError("readers hold the old pages: the log is emptied at the next try")
