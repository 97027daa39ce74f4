"""A stored case study as others see it: without what is withheld, in words, and cited. Page, print and exports share it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app

from forum.case_studies import queries
from forum.case_studies.contributors import queries as contributors
from forum.case_studies.contributors.queries import PartIn
from forum.case_studies.models import REVIEWER, CaseStudy
from forum.case_studies.record.markdown_file import About
from forum.case_studies.record.presentation import Shown, shown
from forum.case_studies.record.values import hidden, html
from forum.documents.markdown import TooComplex
from forum.kernel.wording import say_date
from forum.records.schema import Record


@dataclass(frozen=True, slots=True)
class ReaderView:
    """What a reader is shown: the record without what is withheld, its rendering, and the parts, with a notice in each gap."""

    values: Record
    html: Mapping[str, str]
    parts: Sequence[Shown]


def reader_view(case: CaseStudy) -> ReaderView:
    """Return what readers are shown. A draft that was never sent has nothing else than its working text, for authors and
    reviewers."""
    values = case.record or queries.draft_of(case)
    try:
        rendered = case.html if case.record else html(values)
    except TooComplex:
        rendered = {}
    withheld = hidden(values, case.withheld)
    kept = {name: value for name, value in values.items() if name not in withheld}
    told = {name: text for name, text in rendered.items() if name not in withheld}
    return ReaderView(kept, told, shown(kept, told, withheld))


def about(case: CaseStudy, authors: Sequence[PartIn] = ()) -> About:
    """Return how to cite it, for ever: the address with its number alone leads to it. `authors` where they are known already."""
    settings = current_app.config["FORUM"]
    address = f"{settings.base_url}/case-studies/{case.id}"
    # A text that came from elsewhere is cited by the year of its source.
    year = case.source_date[:4] or (case.published_at or case.created_at).year
    changed = f" Last changed {say_date(case.updated_at)}." if case.updated_at else ""
    writers = [p.person.name for p in authors or contributors.people_of(case) if p.accepted and p.role != REVIEWER]
    who = case.source_author or case.source_name or ", ".join(writers)
    line = f"{who} ({year}). {case.name}. {settings.site_name}, case study {case.id}. {address}.{changed} Licence: {case.licence}."
    return About(line, address, case.published_at.date().isoformat() if case.published_at else "")
