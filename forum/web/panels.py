"""Panels: what slices of a higher rank show on the page of a thing of a lower slice, which knows nothing of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from forum.access.actors import Actor


@dataclass(frozen=True)
class Panel:
    """One panel. `context(actor, thing)` returns what its template uses as `panel`, or None to show nothing."""

    template: str
    context: Callable[[Actor, Any], Mapping[str, Any] | None]
    #: Where the page puts it: "main", below the text, or "side".
    place: str = "main"


@dataclass(frozen=True)
class Begun:
    """A thing that somebody is still writing, so that its page can have panels: its kind, and its title so far."""

    kind: str
    title: str


def init_panels(app: Flask, panels: Mapping[str, Sequence[Panel]]) -> None:
    app.extensions["forum.panels"] = {kind: tuple(some) for kind, some in panels.items()}


def panels_of(actor: Actor, thing: Any) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """The panels of a thing by place: (template, what it finds under `panel`), in the order of the slices."""
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {"main": [], "side": []}
    for panel in current_app.extensions["forum.panels"].get(thing.kind, ()):
        context = panel.context(actor, thing)
        if context is not None:
            found[panel.place].append((panel.template, context))
    return found
