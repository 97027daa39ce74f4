"""Reading the lists. They are the same for everyone, so these reads take no actor; and they change a few times a year, so each
process caches them until the site's taxonomy changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from sqlalchemy import bindparam, select

from forum.kernel.copies import ProcessCopy
from forum.kernel.db import db, read
from forum.kernel.errors import NotFound
from forum.kernel.references import Tag
from forum.records.items import Options
from forum.taxonomy.models import CARE_MODEL, ELEMENT, Tagging, Term


@dataclass(frozen=True, slots=True)
class Choice:
    """A term as pages use it: plain values, no session."""

    id: int
    scheme: str
    slug: str
    label: str
    wording: str
    definition: str
    source: str
    code: str
    parent: str
    open: bool

    @property
    def tag(self) -> Tag:
        return Tag(self.label, self.slug)


@dataclass(frozen=True)
class Lists:
    """Everything in the tables of terms, by id and by list."""

    by_id: Mapping[int, Choice]
    by_scheme: Mapping[str, Mapping[str, Choice]]
    #: By a clock that only goes forward.
    read_at: float


def _read() -> Lists:
    today = datetime.now(UTC).date()
    by_id: dict[int, Choice] = {}
    by_scheme: dict[str, dict[str, Choice]] = {}
    for t in db.session.scalars(select(Term).order_by(Term.scheme, Term.position, Term.label)):
        choice = Choice(t.id, t.scheme, t.slug, t.label, t.wording, t.definition, t.source, t.code, t.parent, t.in_force(today))
        by_id[t.id] = choice
        by_scheme.setdefault(t.scheme, {})[t.slug] = choice
    return Lists(by_id, by_scheme, monotonic())


#: All lists, from this process's copy.
lists = ProcessCopy("taxonomy", _read)
#: The lists changed: read them again at the next use.
forget = lists.forget


def terms(scheme: str, closed: bool = False) -> list[Choice]:
    """The terms of a list in their order; those closed only when asked for."""
    return [t for t in lists().by_scheme.get(scheme, {}).values() if t.open or closed]


def in_order(scheme: str, slugs: Iterable[str]) -> list[str]:
    """The slugs in the order of their list, each once; what is no term of it is left out."""
    wanted = set(slugs)
    return [t.slug for t in terms(scheme, closed=True) if t.slug in wanted]


def term(scheme: str, slug: str) -> Choice:
    """One term. Raises `NotFound`."""
    found = lists().by_scheme.get(scheme, {}).get(slug)
    if found is None:
        raise NotFound("There is no such term in this list.")
    return found


def label(scheme: str, slug: str) -> str:
    """The label of a term, "" where there is none (an optional field left empty)."""
    found = lists().by_scheme.get(scheme, {}).get(slug)
    return found.label if found else ""


@dataclass(frozen=True, slots=True)
class ListOf(Options):
    """One of the lists to choose from: those of its terms that are open, while each has its words."""

    scheme: str

    def labels(self) -> dict[str, str]:
        """Return slug → label, those that may be chosen now."""
        return {t.slug: t.label for t in terms(self.scheme)}

    def label(self, slug: str) -> str:
        """Return the words for a slug, also for one that is closed; "" for one that never was."""
        return label(self.scheme, slug)


_TAGS = (
    select(Tagging.ref_id, Tagging.term_id)
    .where(Tagging.kind == bindparam("kind"), Tagging.ref_id.in_(bindparam("ids", expanding=True)))
    .order_by(Tagging.position)
)


def tags_of(kind: str, ids: Iterable[int]) -> dict[int, list[Choice]]:
    """The terms of many things in one query; things without any are present with an empty list."""
    wanted = list(ids)
    found: dict[int, list[Choice]] = {id_: [] for id_ in wanted}
    by_id = lists().by_id
    if wanted:
        for ref_id, term_id in read(_TAGS, {"kind": kind, "ids": wanted}):
            if term_id in by_id:
                found[ref_id].append(by_id[term_id])
    return found


def pick(choices: Sequence[Choice], scheme: str) -> list[Choice]:
    """Return those of one list."""
    return [c for c in choices if c.scheme == scheme]


def element_tags(choices: Sequence[Choice]) -> tuple[Tag, ...]:
    return tuple(c.tag for c in pick(choices, ELEMENT))


def care_model_labels(choices: Sequence[Choice]) -> str:
    """The care models in one line, for a card's kicker."""
    return ", ".join(c.label for c in pick(choices, CARE_MODEL))
