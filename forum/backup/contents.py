"""What is in a database, read from the very copy that is in a backup."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Run = Callable[[str], Iterable[Any]]


@dataclass(frozen=True)
class Contents:
    """Its migration, table → rows, and the uploaded files that it names, by digest."""

    schema: str
    tables: dict[str, int]
    digests: frozenset[str] = field(default_factory=frozenset)


def contents(run: Run, tables: Iterable[str]) -> Contents:
    """Return the contents; `run` returns the rows of a statement."""
    counts = {name: next(iter(run(f'SELECT count(*) FROM "{name}"')))[0] for name in sorted(tables)}
    schema = [row[0] for row in run("SELECT version_num FROM alembic_version")] if "alembic_version" in counts else []
    return Contents(schema[0] if schema else "", counts, uploads(run) if "attachments" in counts else frozenset())


def uploads(run: Run) -> frozenset[str]:
    return frozenset(row[0] for row in run("SELECT DISTINCT digest FROM attachments"))
