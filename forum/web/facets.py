"""Filters with counts: tick boxes whose state is in the address, and chips to take a choice away again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from forum.web.paging import address


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    count: int | None
    checked: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    legend: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    href: str


def facets(
    legends: Mapping[str, str],
    labels: Mapping[str, Mapping[str, str]],
    counts: Mapping[str, Mapping[str, int]],
    chosen: Mapping[str, Sequence[str]],
) -> list[Facet]:
    """The filter panel: choices that would find something, and those that are ticked, in the order of `labels`."""
    found = []
    for name, legend in legends.items():
        numbers, ticked = counts.get(name, {}), chosen.get(name, ())
        options = tuple(
            Option(slug, label, numbers.get(slug, 0) if name in counts else None, slug in ticked)
            for slug, label in labels.get(name, {}).items()
            if numbers.get(slug) or slug in ticked
        )
        if options:
            found.append(Facet(name, legend, options))
    return found


def chips(panel: Sequence[Facet]) -> list[Chip]:
    """One chip for each ticked choice, with the address that lacks it."""
    found = []
    for facet in panel:
        for option in facet.options:
            if option.checked:
                rest = [v for v in request.args.getlist(facet.name) if v != option.value]
                found.append(Chip(option.label, address(**{facet.name: rest or None, "page": None})))
    return found
