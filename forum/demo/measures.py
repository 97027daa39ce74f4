"""The invented measures of the demo: read, checked and saved as if somebody had typed them."""

from collections.abc import Iterable, Mapping
from typing import Any

from forum.access.actors import Member
from forum.kernel.db import transaction
from forum.measures import actions, charts
from forum.measures.owner import Owner
from forum.measures.record import normal, read_figures


def add_measures(author: Member, owner: Owner, id_: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Give a thing these measures, in their order. Raises ValueError for figures that nobody could save."""
    for number, row in enumerate(rows):
        record, series = read_figures(row["figures"], normal(row))
        if not series.sound:
            raise ValueError(f"{row['name']}: {series.problems[0].message}")
        made = charts.make(record, f"d{owner.kind[0]}{id_}x{number}")
        with transaction():
            actions.add(author, owner, id_, record, made)
