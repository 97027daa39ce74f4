"""What tests of the pages that gather repeat."""

from tests.page import Person
from tests.stories import CONFIRMED, draft, published

EVIL = "\"><script>alert(1)</script>&'"


def number(url: str) -> str:
    """The number of the case study at an address."""
    return url.rpartition("/")[2].split("-")[0]


def several(author: Person, moderator: Person, count: int, **changes: object) -> list[str]:
    """Published case studies that differ in their titles; gives their addresses."""
    return [published(author, moderator, title=f"Number {n} of the case studies", **changes) for n in range(1, count + 1)]


def members_only(author: Person, moderator: Person, **changes: object) -> str:
    url = draft(author, **changes)
    author.post(f"{url}/edit/sharing", {"visibility": "members", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    moderator.post(f"{url}/review", {"verb": "publish"})
    return url


def full(author: Person, moderator: Person, sections: dict[str, dict[str, object]], **changes: object) -> str:
    """Published, with more pages of its form filled in."""
    url = draft(author, **changes)
    for section, values in sections.items():
        author.post(f"{url}/edit/{section}", {**values, "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    moderator.post(f"{url}/review", {"verb": "publish"})
    return url
