"""What happens to accounts that others must know of."""

from dataclasses import dataclass

from forum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ProfileChanged(Event):
    """A name, role or organisation changed: cached pages that show it are old."""

    member_id: int
