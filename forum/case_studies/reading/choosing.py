"""Case studies that somebody ticks while they search and read lists, to see them side by side. The address carries them: nothing is
stored, and pages without script pass it on in their forms and links."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from sqlalchemy import select

from forum.access.actors import Actor
from forum.access.rules import visible
from forum.case_studies.models import CaseStudy
from forum.kernel.db import db
from forum.kernel.numbers import whole

#: How many fit side by side. Further ones than anybody ticks are not even looked up.
MOST, LONGEST = 4, 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """Those in the address that the reader may see, in its order: number and title."""

    cases: tuple[tuple[int, str], ...]

    @property
    def ids(self) -> list[int]:
        return [id_ for id_, _ in self.cases]

    @property
    def more(self) -> str:
        """What to add to an address that has arguments, so that they go along."""
        return "".join(f"&case={id_}" for id_ in self.ids)

    def to(self, path: str) -> str:
        """The address of another page where choosing goes on."""
        return f"{path}?{self.more[1:]}" if self.cases else path

    def elsewhere(self, here: Collection[int]) -> list[tuple[int, str]]:
        """Return those that the page has no box for."""
        return [case for case in self.cases if case[0] not in here]


def asked() -> list[str]:
    """Return what the address names, each once."""
    return list(dict.fromkeys(request.args.getlist("case")))[:LONGEST]


def numbers(texts: Collection[str]) -> list[int]:
    """Return those that can be the number of a case study, each once."""
    return list(dict.fromkeys(number for text in texts if (number := whole(text)) is not None))


def chosen(actor: Actor) -> Chosen:
    """Return what the address of this page carries. One query, none where it carries nothing."""
    ids = numbers(asked())
    if not ids:
        return Chosen(())
    rows = db.session.execute(select(CaseStudy.id, CaseStudy.title).where(CaseStudy.id.in_(ids), visible(actor, CaseStudy)))
    titles = {id_: title for id_, title in rows if title}
    return Chosen(tuple((id_, titles[id_]) for id_ in ids if id_ in titles)[:MOST])


def args(texts: Collection[str]) -> str:
    return urlencode([("case", text) for text in texts])
