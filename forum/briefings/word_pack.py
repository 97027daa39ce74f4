"""The pack for a meeting as a Word file, for people to write into: the comparison, then each case study on pages of its own."""

from collections.abc import Sequence

from flask import current_app

from forum.briefings.columns import Column, filled
from forum.briefings.presentation import ACCOUNT, DEMO, HERE, key
from forum.briefings.queries import NO_MEASURE, NOT_SAID, Brief, signals
from forum.case_studies.facts import main_measure
from forum.case_studies.models import CaseStudy
from forum.case_studies.reader_view import reader_view
from forum.documents.word_file import WordFile
from forum.measures import queries as measures
from forum.measures.presentation import alternative, chart_png
from forum.web.context import this_site

#: Lines to write on below a case study.
LINES = 4


def word_pack(found: Sequence[Column], cases: Sequence[Brief], address: str) -> bytes:
    """The file. `found` and `cases` are the same case studies, in their order; `address` leads to their comparison."""
    site = this_site()
    file = WordFile(f"Compare {len(found)} case studies", f"{site.name}, {address}.", current_app.config["FORUM"].word_template)
    if site.demo:
        file.paragraph(DEMO, "Small")
    file.table(["", *(f"{n}. {c.row.title}" for n, c in enumerate(found, 1))], _rows(found))
    for number, one in enumerate(cases, 1):
        _page(file, number, one)
    return file.data()


def _rows(found: Sequence[Column]) -> list[list[str]]:
    rows = [["Result in one line", *(c.result or NOT_SAID for c in found)]]
    return rows + [[words, *(_cell(name, c) or nothing for c in found)] for name, words, nothing in filled(found)]


def _cell(name: str, column: Column) -> str:
    said = column.cells[name]
    if name == "elements":
        return "; ".join(element.label for element in said)
    if name == "measures":
        main = main_measure(said)
        return "; ".join(f"{m.name}: {signals(m)}" if m == main and signals(m) else m.name for m in said)
    if name == "system":
        return "; ".join(f"{label}: {count or 'not measured'}" for label, count in said)
    # In a file nobody can press "Write to".
    return "; ".join(line.words for line in said if name != "contact" or not line.href)


def _page(file: WordFile, number: int, one: Brief) -> None:
    """What a board page says of it: whole texts, since a Word file has room."""
    file.heading(f"{number}. {one.title}", new_page=True)
    if one.result:
        file.paragraph(one.result, "Lead")
    state = [("State", f"Not published: {one.state}")] if one.state else []
    file.facts([*state, ("How it turned out", one.outcome[1]), ("Where", one.where), ("When", one.when), *key(one)])
    full = {measure.id: measure for measure in measures.listed((CaseStudy.kind, one.case.id))}
    for measure in filter(None, (one.main, one.balancing)):
        file.heading(measure.name if measure is one.main else f"Balancing: {measure.name}", 2)
        if chart := chart_png(full[measure.id]):
            file.picture(chart, alternative(measure))
        file.paragraph(" ".join(filter(None, [signals(measure), measure.reading.get("summary", "")])))
    if one.main is None:
        file.paragraph(f"{NO_MEASURE}.")
    values = reader_view(one.case).values
    told = [name for name in ("plain_summary", *ACCOUNT, "advice") if name in one.parts]
    for name in told or [name for name in ("rest",) if name in one.parts]:
        file.heading(one.parts[name].heading, 2)
        file.markdown(values[name] if one.parts[name].html else one.parts[name].words, 3)
    file.heading(HERE, 2)
    for _ in range(LINES):
        file.paragraph("_" * 70)
    file.facts([("Contact", one.contact), ("Address", one.address), ("How to cite this", one.citation)])
