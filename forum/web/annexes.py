"""Annexes: what slices of a higher rank add where a thing of a lower slice leaves the site, and take again where it comes in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from forum.access.actors import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the things that go with it: a title, words in Markdown, and plain data from which it is made again (none where it
    follows from the thing itself)."""

    title: str
    words: str = ""
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """What the facts of a file come to before anything is stored; `left_out` says in words what cannot be taken, and why."""

    things: tuple[Any, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Annex:
    """What a slice adds to a kind of thing.

    `given(actor, thing)` returns what readers see, as far as the actor may see it. `read(facts)` looks at the facts of a file,
    which may take a moment; `take(thing, things)` stores of them what is not there yet, inside `transaction()`, and returns
    whether anything changed.
    """

    #: What it is called in files: "updates".
    name: str
    heading: str
    given: Callable[[Actor, Any], Sequence[Entry]]
    read: Callable[[Sequence[Mapping[str, Any]]], Ready]
    take: Callable[[Any, Sequence[Any]], bool]


def init_annexes(app: Flask, annexes: Mapping[str, Sequence[Annex]]) -> None:
    app.extensions["forum.annexes"] = {kind: tuple(some) for kind, some in annexes.items()}


def annexes_of(thing: Any) -> Sequence[Annex]:
    """Return what goes with a kind of thing, in the order of the slices."""
    found: Mapping[str, Sequence[Annex]] = current_app.extensions["forum.annexes"]
    return found.get(thing.kind, ())
