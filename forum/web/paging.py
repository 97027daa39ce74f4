"""Numbered pages: every list is bounded (law 8)."""

from dataclasses import dataclass
from math import ceil
from urllib.parse import quote, urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from forum.kernel.errors import NotFound
from forum.kernel.numbers import whole

#: Nobody reads page 400; deep offsets cost the database much.
LAST_PAGE = 400


def page_number() -> int:
    """`?page=` as a number; 1 where it is absent or no number that a list could have."""
    return min(whole(request.args.get("page")) or 1, LAST_PAGE + 1)


@dataclass(frozen=True, slots=True)
class Page:
    """Where a reader is in a list, and the addresses of the other pages."""

    number: int
    total: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, min(LAST_PAGE, ceil(self.total / self.per_page)))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.per_page

    def url(self, number: int) -> str:
        """This address with another page number; the filters stay."""
        return address(page=str(number) if number > 1 else None)

    def check(self) -> "Page":
        """Return itself. Raises `NotFound` past the end, so that search engines do not index such addresses."""
        if self.number > self.pages:
            raise NotFound("There is no such page in this list.")
        return self


def address(**changes: str | list[str] | None) -> str:
    """The address of this request with some of its arguments set, or taken out where None."""
    args = MultiDict(request.args)
    for name, value in changes.items():
        args.poplist(name)
        if value is not None:
            args.setlist(name, value if isinstance(value, list) else [value])
    # Not `url_for`, which reads some names ("endpoint", "_scheme") as its own.
    query = urlencode(list(args.items(multi=True)))
    return quote(request.path) + (f"?{query}" if query else "")
