"""A case study as it leaves the site, with all that stands beside it on its page: a Word file, and a Markdown file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from flask import current_app

from forum.access.actors import Actor
from forum.case_studies import queries
from forum.case_studies.attachments.storage import path_of
from forum.case_studies.contributors import queries as contributors
from forum.case_studies.models import REVIEWER, Attachment, CaseStudy, Consent
from forum.case_studies.reader_view import ReaderView, about, reader_view
from forum.case_studies.record.fields import QUICK
from forum.case_studies.record.markdown_file import FILES, MEASURES, About, Along, figures, table, to_markdown, unread
from forum.case_studies.record.presentation import Shown, grouped, not_applicable
from forum.documents.markdown_plain import as_markdown
from forum.documents.word_file import WordFile
from forum.kernel.numbers import in_full
from forum.kernel.wording import join_words, say_date, year_month
from forum.measures import queries as measures
from forum.measures.charts import LONGEST_TABLE, remarks_of, rows_of
from forum.measures.models import Measure
from forum.measures.presentation import alternative, chart_png, signals
from forum.measures.presentation import facts as measure_facts
from forum.organisations.queries import invented_here, places_of
from forum.taxonomy.models import OUTCOME, STATUS
from forum.taxonomy.queries import label
from forum.web.annexes import Entry, annexes_of

INVENTED = "This is a demonstration: the people, organisations and stories in it are invented."
GONE = "The picture cannot be shown: its file is missing on the site."
MEASURED, PICTURES = "Measures", "Pictures and files"


@dataclass(frozen=True)
class Leaving:
    """Everything about a case study that one reader may see, as it leaves the site."""

    actor: Actor
    case: CaseStudy
    #: Numbers of pictures that stand where a text names them.
    used: set[int] = field(default_factory=set)

    @cached_property
    def reader(self) -> ReaderView:
        return reader_view(self.case)

    @cached_property
    def said(self) -> About:
        return about(self.case)

    @cached_property
    def measures(self) -> list[Measure]:
        return [m for m in measures.listed((CaseStudy.kind, self.case.id)) if m.shown and m.removed_at is None]

    @cached_property
    def files(self) -> list[Attachment]:
        return queries.shown_files(self.case)

    @cached_property
    def annexes(self) -> list[tuple[str, str, Sequence[Entry]]]:
        """(name, heading, entries) of what other slices add."""
        return [(a.name, a.heading, entries) for a in annexes_of(self.case) if (entries := a.given(self.actor, self.case))]

    @property
    def notice(self) -> str:
        return INVENTED if invented_here() else ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What stands at its head: (name, words)."""
        case, values = self.case, self.reader.values
        places = [p.name for p in places_of(queries.KIND, [case.id])[case.id]] or values.get("organisations", [])
        authors = [p.person.name for p in contributors.people_of(case) if p.accepted and p.role != REVIEWER]
        return [
            ("Where", join_words(places) if places else ""),
            ("Who receives it", values.get("population", "")),
            ("Current status", label(STATUS, case.practice_status)),
            ("How it turned out", label(OUTCOME, case.outcome)),
            ("Started", year_month(values.get("started", ""))),
            ("Stopped", year_month(values.get("stopped", ""))),
            ("By", case.source_author or case.source_name or join_words(authors)),
            ("Published", say_date(case.published_at) if case.published_at else "Not published"),
            ("Last changed", say_date(case.updated_at) if case.updated_at else ""),
            ("Licence", case.licence),
            ("Address", self.said.address),
        ]


def markdown(leaving: Leaving, where: Callable[[Attachment], str]) -> str:
    """The Markdown file. `where` says at which address or path each picture and file is."""
    consents = {c.id: c for c in queries.consents_of(leaving.case)} if leaving.files else {}
    facts: dict[str, list[Mapping[str, Any]]] = {
        MEASURES: [_measure(m) for m in leaving.measures],
        FILES: [_file(f, where(f), consents.get(f.consent_id or 0)) for f in leaving.files],
    }
    shown = [(MEASURES, _measures(leaving))] if leaving.measures else []
    if leaving.files:
        shown.append((FILES, f"## {PICTURES}\n\n" + "\n\n".join(_linked(f, where(f)) for f in leaving.files)))
    for name, heading, entries in leaving.annexes:
        facts[name] = [entry.facts for entry in entries if entry.facts is not None]
        told = [f"### {as_markdown(e.title)}\n\n{unread(e.words)}" if e.words else as_markdown(e.title) for e in entries]
        shown.append((name, f"## {heading}\n\n" + "\n\n".join(told)))
    if leaving.notice:
        shown.append(("notice", f"*{leaving.notice}*"))
    return to_markdown(leaving.reader.values, leaving.said, Along(facts, shown))


def _measure(measure: Measure) -> dict[str, Any]:
    """Its facts; the figures stand in the text."""
    without = [f"{day} {why}" for day, why in measure.record.get("no_figures", [])]
    kept = {name: value for name, value in measure.record.items() if name not in {"points", "no_figures"}}
    return kept | ({"no_figures": without} if without else {})


def _measures(leaving: Leaving) -> str:
    return f"## {MEASURED}\n\n" + "\n\n".join(_told(n, m) for n, m in enumerate(leaving.measures, 1))


def _told(number: int, measure: Measure) -> str:
    record, reading = measure.record, measure.reading
    notes = remarks_of(record)
    points = [
        [day, in_full(value), in_full(over), in_full(under), notes.get(day, "")]
        for day, value, over, under in record.get("points", [])
    ]
    points += [
        [day, "", "", "", "; ".join(filter(None, [f"no figure: {why}", notes.get(day)]))]
        for day, why in record.get("no_figures", [])
    ]
    said = [("What this tells us", record.get("interpretation", "")), *measure_facts(measure)]
    parts = [
        f"### {as_markdown(measure.name)}",
        as_markdown(" ".join(f"{text}." for text in signals(reading))),
        as_markdown(reading["summary"]),
        *(f"**{name}:** {as_markdown(text)}" for name, text in said if text),
        figures(number, sorted(points)),
    ]
    return "\n\n".join(part for part in parts if part)


def _file(file: Attachment, at: str, consent: Consent | None) -> dict[str, Any]:
    """What a file is, what is said of it, and whether somebody can be recognised in it: never who, nor who holds the form."""
    answer: dict[str, Any] = {"consent": "recorded" if consent else "nobody can be recognised"}
    until = {"until": consent.expires.isoformat()} if consent and consent.expires else {}
    said = {name: text for name, text in (("alt", file.alt), ("caption", file.caption)) if text}
    return {"file": at, "name": file.name, "kind": file.kind, "number": file.number, **said, **answer, **until}


def _linked(file: Attachment, at: str) -> str:
    address = quote(at, safe="/:%")
    if not file.picture:
        return f"[{as_markdown(file.caption or file.name)}]({address})"
    return f"![{as_markdown(file.alt)}]({address})" + (f"\n\n*{as_markdown(file.caption)}*" if file.caption else "")


def word(leaving: Leaving) -> bytes:
    """The Word file: as the page, with charts as pictures; the figures at the end."""
    case, settings = leaving.case, current_app.config["FORUM"]
    file = WordFile(case.name, f"{settings.site_name}, case study {case.id}.", settings.word_template)
    _place(file, leaving)
    if leaving.reader.values.get("summary"):
        file.paragraph(leaving.reader.values["summary"], "Lead")
    if leaving.notice:
        file.paragraph(leaving.notice, "Small")
    file.facts(leaving.facts)
    first, more = grouped(leaving.reader.parts, bool(case.source_key) and case.depth == QUICK)
    after = "results" if any(part.name == "results" for part in first) else first[-1].name if first else ""
    for part in first:
        _part(file, leaving, part, 1)
        if part.name == after:
            _charts(file, leaving)
    if not first:
        _charts(file, leaving)
    for heading, parts in more:
        file.heading(heading)
        for part in parts:
            _part(file, leaving, part, 2 if part.heading != heading else 0)
    _without(file, leaving)
    _pictures(file, leaving)
    for _, heading, entries in leaving.annexes:
        file.heading(heading)
        for entry in entries:
            if entry.words:
                file.heading(entry.title, 2)
                file.markdown(entry.words, 3)
            else:
                file.paragraph(entry.title)
    _tables(file, leaving)
    file.heading("How to cite this")
    file.paragraph(leaving.said.citation)
    return file.data()


def _part(file: WordFile, leaving: Leaving, part: Shown, level: int) -> None:
    """A part under its heading of that level; 0 where the same heading stands over it already."""
    if level:
        file.heading(part.heading, level)
    file.markdown(leaving.reader.values[part.name] if part.html else table(part), max(level, 1) + 1)


def _without(file: WordFile, leaving: Leaving) -> None:
    if reasons := not_applicable(leaving.reader.values):
        file.heading("Does not apply here")
        file.facts(reasons)


def _charts(file: WordFile, leaving: Leaving) -> None:
    if leaving.measures:
        file.heading(MEASURED)
    for measure in leaving.measures:
        reading = measure.reading
        file.heading(measure.name, 2)
        file.paragraph(" ".join(f"{text}." for text in (f"{reading['from']} to {reading['to']}", *signals(reading))), "Small", True)
        chart = chart_png(measure)
        if chart is not None:
            file.picture(chart, alternative(measure))
        elif reading["two"]:
            file.paragraph("; ".join(f"{period}: {value}" for period, value in reading["two"]))
        file.paragraph(reading["summary"])
        if measure.about["interpretation"]:
            file.markdown(f"**What this tells us:** {as_markdown(measure.about['interpretation'])}")


#: What stands in the columns of the figures, by its name in `rows_of`.
_COLUMNS = {
    "period": "When",
    "value": "Value",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "said": "Signal or note",
}


def _tables(file: WordFile, leaving: Leaving) -> None:
    """How each measure is counted, and its figures; of a series that is longer than its page shows, where to have them."""
    if leaving.measures:
        file.heading("The measures and their figures")
    for measure in leaving.measures:
        file.heading(measure.name, 2)
        file.facts(measure_facts(measure))
        if measure.points > LONGEST_TABLE:
            at = f"{leaving.said.address}/measures/{measure.id}"
            file.markdown(f"All {measure.points:,} figures are at <{at}>, and as a CSV file at <{at}/figures.csv>.")
            continue
        rows = [{**row, "said": "; ".join(filter(None, [row["signal"], row["note"]]))} for row in rows_of(measure.record)]
        used = {name: head for name, head in _COLUMNS.items() if any(row[name] for row in rows)}
        numbers = {n for n, name in enumerate(used) if name in {"value", "numerator", "denominator"}}
        file.table(list(used.values()), [[row[name] for name in used] for row in rows], numbers, tight=True)


def _place(file: WordFile, leaving: Leaving) -> None:
    """Let a text that names a picture show it there, once; one that readers may not see leaves nothing."""
    known = {f.number for f in queries.files_of(leaving.case) if f.picture}
    shown = {f.number: f for f in leaving.files if f.picture}

    def place(number: int) -> bool:
        if number in shown and number not in leaving.used:
            leaving.used.add(number)
            _picture(file, shown[number])
        return number in known

    file.place = place


def _picture(file: WordFile, found: Attachment) -> None:
    path = path_of(found)
    if not (path.is_file() and file.picture(path.read_bytes(), found.alt, found.caption)):
        file.paragraph(" ".join(filter(None, [GONE, found.alt, found.caption])))


def _pictures(file: WordFile, leaving: Leaving) -> None:
    """The pictures and files that no text names."""
    rest = [f for f in leaving.files if f.number not in leaving.used]
    if rest:
        file.heading(PICTURES)
    for found in rest:
        if found.picture:
            _picture(file, found)
            continue
        at = f"{leaving.said.address}/files/{found.id}"
        file.markdown(f"[{as_markdown(found.caption or found.name)}]({at}) ({found.kind})")
