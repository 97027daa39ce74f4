"""What slices of a higher rank show on the page of a thing that they know and that does not know them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from forum.access.actors import Actor


@dataclass(frozen=True)
class Panel:
    """One panel: `context(actor, thing)` is what its template finds under the name `panel`; None shows nothing."""

    template: str
    context: Callable[[Actor, Any], Mapping[str, Any] | None]
    #: Where the page puts it: "main", below the text, or "side".
    place: str = "main"


@dataclass(frozen=True)
class Begun:
    """Something that somebody is writing, as a thing with panels: what it will be, and what it is called so far."""

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
