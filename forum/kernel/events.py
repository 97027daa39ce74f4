"""Facts that happened. A slice announces them; whoever ranks above it, or a service, listens (architecture.md)."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events: frozen dataclasses that carry ids and short words, never objects and never people's texts."""

    def payload(self) -> dict[str, Any]:
        """The event as plain JSON values, to be read back with `type(event)(**payload)`."""
        return asdict(self)
