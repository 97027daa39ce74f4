"""The whole-system grid: kind of measure by part of the system, so that a gain in one place and a cost in another both show.

A balancing row without a measure is shown as such.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from forum.measures.fields import KIND_NAMES
from forum.measures.models import Measure
from forum.taxonomy.models import PART
from forum.taxonomy.queries import terms


@dataclass(frozen=True, slots=True)
class GridRow:
    """One kind of measure: the measures in each part, in the order of `Grid.parts`."""

    kind: str
    label: str
    cells: tuple[tuple[Measure, ...], ...]

    @property
    def empty(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """The parts of the system that are measured at all, and a row for each kind that is, the balancing one always."""

    parts: tuple[str, ...]
    rows: tuple[GridRow, ...]


def grid(measures: Sequence[Measure]) -> Grid | None:
    """The grid of the measures that readers see; None without any."""
    parts = {t.slug: t.label for t in terms(PART, closed=True) if any(m.about["part"] == t.slug for m in measures)}
    if not parts:
        return None
    rows = []
    for kind, label in KIND_NAMES.items():
        mine = [m for m in measures if m.about["kind"] == kind]
        if mine or kind == "balancing":
            rows.append(GridRow(kind, label, tuple(tuple(m for m in mine if m.about["part"] == part) for part in parts)))
    return Grid(tuple(parts.values()), tuple(rows))
