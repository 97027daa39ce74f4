"""What a search can be narrowed to. Slices bring filters with their sources; the engines know their names and nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Filter:
    """One filter, under the same name in the index, in addresses and in templates.

    `legend` is its heading; `place` orders the filters beside the results. `labels` returns its values in their order, with what
    people call them. A filter of people or places has none: `named` returns the values whose name, or a word in it, begins with
    what was typed. `typed` is the filter's word before a colon in a query, `flags` are whole words that choose a value
    ("has:data"), and `tagged` says that "tag:" means its values too.
    """

    name: str
    legend: str
    place: int
    labels: Callable[[], Mapping[str, str]] | None = None
    typed: str = ""
    flags: Mapping[str, str] = field(default_factory=dict)
    tagged: bool = False
    named: Callable[[str], Sequence[str]] | None = None

    @property
    def values(self) -> Mapping[str, str]:
        """Its values with what people call them; none of one that has no list."""
        return self.labels() if self.labels else {}


@dataclass(frozen=True, slots=True)
class Facets:
    """The names that an index stores: those whose values are counted, and those with as many values as people or places."""

    counted: tuple[str, ...] = ("kind",)
    named: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.counted, *self.named)


def facets_of(filters: Iterable[Filter]) -> Facets:
    """Return what an index must store for these filters; the kind of a thing always."""
    found = sorted(filters, key=lambda f: f.place)
    counted = tuple(f.name for f in found if f.named is None)
    return Facets(("kind", *(name for name in counted if name != "kind")), tuple(f.name for f in found if f.named is not None))
