"""What a record is made of: an item for each of its values, which says what is asked, what stands over it and what it may hold.

A value is plain data: a text, a choice or a month is a `str`, several choices or names a `list[str]`, rows and grids a
`list[dict[str, str]]`. A grid's rows are given (`keys`); each of its stored rows names its own in "key". What is `OWN` only
its slice can read: it is kept as it is given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

CHOICE, CHOICES, MONTH, NAMES, ROWS, GRID, OWN = "choice", "choices", "month", "names", "rows", "grid", "own"


@dataclass(frozen=True, slots=True)
class Options:
    """A list to choose from: the one that is given here. `taxonomy.queries.ListOf` is one that the site keeps."""

    given: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    def labels(self) -> dict[str, str]:
        """Return slug → label, those that may be chosen now."""
        return dict(self.given)

    def label(self, slug: str) -> str:
        """Return the words for a slug, also for one that may no longer be chosen; "" for one that never was."""
        return self.given.get(slug, "")


@dataclass(frozen=True, slots=True)
class Field:
    """A text: `question` is asked of the author, `heading` stands over the text for readers.

    `section` names a page of the form, `depth` how thorough a record is that needs it, `items` the reporting guidelines' items that
    it answers: each where a record has such. What is no Markdown is one line, or plain text where `lines` > 1.
    """

    name: str
    question: str
    heading: str
    help: str
    longest: int
    section: str = ""
    depth: str = ""
    required: bool = True
    shortest: int = 0
    markdown: bool = True
    lines: int = 1
    items: tuple[str, ...] = ()
    missing: str = "Fill in: {question}"


@dataclass(frozen=True, slots=True)
class Column:
    """One cell of a row. `needed` ones must be filled where any of the row is; `lines` > 1 is a box instead of a line."""

    name: str
    label: str
    longest: int = 200
    options: Options | None = None
    needed: bool = False
    lines: int = 1
    hint: str = ""
    month: bool = False
    #: Gives a text such as a date in its one form, "" where it is none; `wrong` says so then.
    read: Callable[[str], str] | None = None
    wrong: str = ""

    def say(self, text: str) -> str:
        """Return what a reader sees in the cell: the label of a choice, else the text."""
        return (self.options.label(text) if self.options else "") or text


@dataclass(frozen=True, slots=True)
class Part:
    """What is chosen or comes in rows; see `Field` for what the common attributes mean."""

    name: str
    shape: str
    question: str
    heading: str
    help: str = ""
    section: str = ""
    depth: str = ""
    required: bool = False
    items: tuple[str, ...] = ()
    options: Options = Options()
    columns: tuple[Column, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    most: int = 20
    #: How long each of several names may be.
    shortest: int = 0
    longest: int = 120
    #: What one row is called: "Add another person".
    one: str = "row"
    #: What is said where there is nothing, where there is too much, of one that cannot be ("" for the usual words), and of a row.
    missing: str = "Fill in: {question}"
    many: str = "{question}: at most {most}, there are {count}"
    wrong: str = ""
    where: str = "{heading}, {row}"


Item = Field | Part
