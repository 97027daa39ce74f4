"""The words of a case study in plain text, part by part, with where each stands on its page: for search and its excerpts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forum.case_studies.models import CaseStudy
from forum.case_studies.record.presentation import ELSEWHERE, PICTURE, deep, heading_of
from forum.case_studies.record.sections import SECTIONS
from forum.case_studies.record.values import flat, hidden
from forum.documents.passages import html_passages
from forum.kernel.references import Passage
from forum.kernel.wording import year_month
from forum.records.items import ROWS, Field, Item, Part
from forum.records.schema import Record

#: Items in the facts beside the text; and items that only filters and the level of evidence use, without a place on the page.
FACTS = ("care_models", "outcome", "practice_status", "population", "sectors", "settings", "started", "stopped", "expected")
MONTHS = frozenset({"started", "stopped", "expected"})
NOWHERE = ("design", "ethics_kind")


def passages(case: CaseStudy) -> list[Passage]:
    """Its summary, what stands under each heading in the order of the page, and its facts; not what is withheld."""
    unseen = hidden(case.record, case.withheld)
    values = {name: value for name, value in case.record.items() if name not in unseen}
    facts, rest = (", ".join(_fact(n, values[n]) for n in names if n in values) for names in (FACTS, NOWHERE))
    glance = Passage(facts, "At a glance", "#glance", facts=True)
    found = [Passage(one_line(case)), *_under_headings(case, values), glance, Passage(rest, facts=True)]
    return [passage for passage in found if passage.text]


def one_line(case: CaseStudy) -> str:
    """Its result in one line, "" where that is withheld."""
    return "" if "summary" in hidden(case.record, case.withheld) else case.summary


def _fact(name: str, value: Any) -> str:
    text = year_month(value) if name in MONTHS else flat(name, value).replace("\n", ", ")
    return text.rstrip(".")


def _under_headings(case: CaseStudy, values: Record) -> Iterator[Passage]:
    for section in SECTIONS:
        for item in section.items:
            if item.name not in values or item.name in ELSEWHERE:
                continue
            heading, at = heading_of(item, case.html), place(item)
            if isinstance(item, Field) and item.markdown:
                yield from html_passages(PICTURE.sub("", case.html.get(item.name, "")), heading, at)
            else:
                yield Passage(flat(item.name, values[item.name]), heading, at, facts=_tabular(item))


def place(item: Item) -> str:
    """Return the end of the address that leads to an item of the page, and opens it where it is folded away."""
    return f"?open={item.name}#{item.name}" if deep(item.section, item.name) else f"#{item.name}"


def _tabular(item: Item) -> bool:
    """Return whether its plain text consists of columns and questions rather than of sentences that somebody wrote."""
    return isinstance(item, Part) and not (item.shape == ROWS and len(item.columns) == 1)


def measure_passages(measures: Iterable[tuple[int, Mapping[str, Any]]]) -> list[Passage]:
    """Return what its measures (their numbers, and what is told about them) are called, how they are counted and what they tell."""
    found = []
    for id_, about in measures:
        said, counted = (" ".join(text.split()) for text in (about["interpretation"], f"{about['name']}: {about['definition']}"))
        found += [Passage(said, "Measures", f"#measure-{id_}"), Passage(counted, "Measures", f"#measure-{id_}", facts=True)]
    return found


def words(parts: Iterable[Passage]) -> str:
    """All of it as one text."""
    return " ".join(part.text for part in parts)
