"""What can go wrong in a way that a person must be told about. `web/errors.py` turns each into a page."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """Base of the below. The text is plain English and says what to do."""


class NotFound(Refusal):
    """There is no such thing, or the actor may not know that there is (law 1: 404, not 403)."""


class Forbidden(Refusal):
    """The thing may be seen, but this actor may not do that to it."""


class Invalid(Refusal):
    """Input that cannot be taken; nothing was changed. `field` names the input to point at, where there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class ReasonNeeded(Refusal):
    """Somebody may do this to what is another's once they say why; nothing was changed. They are asked, and send the same again."""


class TooMany(Refusal):
    """A limit was passed. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(Refusal):
    """The server is too busy to do it now."""

    retry_after = 60


class SentBefore(Refusal):
    """This form was sent before with other words; `location` is where that led. The person is asked which they meant."""

    def __init__(self, location: str) -> None:
        super().__init__("You sent this form before, with other words.")
        self.location = location


class EditConflict(Refusal):
    """Somebody saved in between. `theirs` holds the stored values in dispute by field; `version` is the one now stored.

    `merged` holds the value that each of the other fields should have now: they are not in dispute.
    """

    def __init__(self, theirs: Mapping[str, Any], version: int, merged: Mapping[str, Any] | None = None) -> None:
        super().__init__("Somebody else saved a change while you were writing.")
        self.theirs = theirs
        self.version = version
        self.merged = merged or {}
