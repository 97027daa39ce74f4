"""What happens to accounts that others must know of."""

from dataclasses import dataclass

from forum.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ProfileChanged(Event):
    """A name, role or organisation changed: cached pages that show it are old."""

    member_id: int


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """One member wrote to another."""

    message_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class AddressBounced(Event):
    """Mail to a member came back for good: the address does not exist any more."""

    member_id: int
