"""Papers made of case studies: two pages, one page for a board, several side by side, a pack. `documents/pdf` sets them."""

from collections.abc import Iterator, Sequence
from typing import Any

import segno
from flask import current_app

from forum.briefings.columns import Column, filled
from forum.briefings.queries import NO_MEASURE, NOT_SAID, Brief, chart, more_measures, signals
from forum.case_studies.facts import Line, balancing_measure, has_chart, main_measure
from forum.case_studies.record.presentation import PICTURE, Shown
from forum.documents.pdf.elements import (
    Document,
    Element,
    Section,
    box,
    chips,
    columns,
    facts,
    heading,
    listing,
    long,
    paragraph,
    part,
    picture,
    rule,
    run,
    table,
    whole,
    write,
)
from forum.documents.pdf.html_elements import from_html
from forum.kernel.clock import now
from forum.kernel.text import one_line
from forum.kernel.wording import say_date
from forum.measures.models import Measure
from forum.web.context import this_site

#: The texts of the two-page paper, in its order; "rest" where none of the first three is there.
STORY = ("problem", "actions", "results", "advice", "costs", "unintended", "limitations", "measuring", "involvement_text")
ACCOUNT = ("problem", "actions", "results")
#: A list of rows with more columns is read line by line.
WIDEST = 4
COSTS = "What it took"
HERE = "What this would mean here"
DEMO = "This is a demonstration: the people, organisations and stories are invented."
#: Widths of the leading chart, of the one beside it, and of one alone, and heights of them, in the units of `spc/draw`.
LEAD, BESIDE, ALONE = 520, 360, 760
TALL, LOW = 290, 220


def one_document(found: Brief, section: Section, kind: str) -> Document:
    """A file about one case study."""
    site = this_site()
    return Document(
        title=one_line(found.title),
        sections=[section],
        authors=[*found.authors, site.name],
        about=f"{kind} of a case study in {site.name}. {found.citation}",
        keywords=[site.name, found.address, found.case.licence],
        day=now().date(),
    )


def two_pages(found: Brief) -> Section:
    """Problem, what was done, what happened, what it took, what to know before copying it."""
    names = [name for name in STORY if name in found.parts]
    names += ["rest"] if "rest" in found.parts and not set(names) & set(ACCOUNT) else []
    story = [_told(found, found.parts[name]) for name in names]
    start, end = head(found, "Two-page paper"), [write(HERE, 3), *foot(found)]
    answers = [(asked, words) for asked, words in key(found) if asked != COSTS or "costs" not in found.parts]
    versions = [[*start, *figures(found, height), facts(answers, 3), *story, *end] for height in (TALL, LOW)]
    return Section(versions, most=2, foot=foot_line(found))


def board(found: Brief, kind: str = "Board paper") -> Section:
    """One page: the problem, what was done, the chart with what balances it, and what a board asks next.

    Where the texts are too long for it the authors' own short version takes their place, where there is one.
    """
    start, tall, low = head(found, kind), figures(found), figures(found, LOW)
    end = [facts(key(found), 3), write(HERE, 3), *foot(found)]
    told = [found.parts[name] for name in ACCOUNT[:2] if name in found.parts]
    happened = [name for name in (*(() if found.main else ("results",)), "advice") if name in found.parts]
    texts = [columns(*([heading(2, p.heading), _long(found, p)] for p in told))] if told else []
    rest = ["rest"] if not told and "rest" in found.parts else []
    after = _flat([block(found, name) for name in (*happened, *rest)])
    versions = [[*start, *texts, *chart_, *after, *end] for chart_ in (tall, low)]
    if short := found.parts.get("plain_summary"):
        versions += [[*start, *block(found, short.name), *chart_, *end] for chart_ in (tall, low)]
    elif found.main and told:
        versions.append([*start, *texts, *low, *end])
    return Section(versions, most=1, sizes=(10, 9.5, 9, 8.5), foot=foot_line(found))


def comparison(found: Sequence[Column], address: str) -> Section:
    """Up to four side by side, on A4 across."""
    site = this_site()
    title = f"Compare {len(found)} case studies"
    start = [
        paragraph(f"{site.name} · As of {say_date(now())}", look="small"),
        *demo(),
        heading(1, title),
    ]
    cited = [
        paragraph(f"{n}. {c.row.title}: {site.base_url}/case-studies/{c.row.id}", look="small") for n, c in enumerate(found, 1)
    ]
    end = [columns([heading(2, "Where they are"), *cited], [_code(address)], shares=(8, 1))]
    versions = [[*start, _side_by_side(found, charts), *end] for charts in (2, 1)]
    return Section(versions, "a4-landscape", 2, (9, 8.5, 8), f"{site.name} · {address}")


def pack(found: Sequence[Column], cases: Sequence[Brief], address: str) -> Document:
    """Several case studies for a meeting: side by side first, then a page each."""
    site = this_site()
    sections = [comparison(found, address), *(board(one, "Board paper") for one in cases)]
    return _several(found, sections, f"A pack of {len(cases)} case studies from {site.name}", address)


def side_by_side(found: Sequence[Column], address: str) -> Document:
    return _several(found, [comparison(found, address)], f"{len(found)} case studies from {this_site().name} compared", address)


def _several(found: Sequence[Column], sections: Sequence[Section], about: str, address: str) -> Document:
    titles = "; ".join(c.row.title for c in found)
    names = [c.row.author.name for c in found]
    keywords = [this_site().name, address]
    return Document(f"{about}: {titles}", sections, [*dict.fromkeys(names), this_site().name], about, keywords, now().date())


def head(found: Brief, kind: str) -> list[Element]:
    """Title, result, where and when, how it turned out."""
    site = this_site()
    said = [t for t in (found.where, found.when) if t]
    sign, outcome = found.outcome
    marks = [run(f"Not published: {found.state}. ", "b")] if found.state else []
    marks += [run(f"{sign} ", "a"), run(outcome, "b")] if outcome else []
    marks += [run((" · " if marks else "") + ", ".join(said))] if said else []
    elements = [e.label for e in found.row.elements]
    return [
        paragraph(f"{site.name}: {kind.lower()} · As of {say_date(found.at)}", look="small"),
        *demo(),
        heading(1, found.title),
        *([paragraph(found.result, look="lead")] if found.result else []),
        *([whole(*marks)] if marks else []),
        *([chips(elements)] if elements else []),
    ]


def figures(found: Brief, height: int = TALL) -> list[Element]:
    """The leading chart with what balances it beside it, and their words; or that there is none."""
    if found.main is None:
        expected = f" Figures are expected in {found.expected}." if found.expected else ""
        return [box([paragraph(run(f"{NO_MEASURE}.", "b"), run(expected))], "frame")]
    if found.balancing is None:
        beside = paragraph(run("Balancing measure: ", "b"), run("none. What might have got worse elsewhere was not measured."))
        return _figure(found.main, ALONE, height, also=[beside, *_more(found)])
    lead, other = _figure(found.main, LEAD, height), _figure(found.balancing, BESIDE, height, "Balancing: ")
    return [columns(lead, other, shares=(LEAD, BESIDE), gap=5), *_more(found)]


def foot(found: Brief) -> list[Element]:
    """Whom to ask, where all of it is, how to cite it, under which licence."""
    where = "Full text and discussion: " if found.case.thread_id else "Full text: "
    said = [
        whole(run("Contact: ", "b"), run(found.contact)),
        *([whole(run("Core team: ", "b"), run("; ".join(found.team)))] if found.team else []),
        whole(run(where, "b"), run(found.address, "", found.address)),
        whole(run("How to cite this: ", "b"), run(found.citation)),
    ]
    said = [{**p, "look": "small"} for p in said]
    return [box([rule(), columns(said, [_code(found.address)], shares=(8, 1.1))])]


def address_picture(address: str) -> str:
    """The address as a QR code, as SVG."""
    return str(segno.make(address, error="m", micro=False).svg_inline(border=0, dark="#1f2a30", scale=4, omitsize=False))


def _code(address: str) -> Element:
    return picture(address_picture(address), f"QR code of the address {address}", mm=19)


def demo() -> list[Element]:
    """The notice of a site whose content is invented."""
    return [paragraph(run(DEMO, "b"), look="small")] if this_site().demo else []


def foot_line(found: Brief) -> str:
    """What stands at the foot of every page."""
    words = [this_site().name, found.address, f"Licence: {found.case.licence}", *([DEMO] if this_site().demo else [])]
    return " · ".join(words)


def key(found: Brief) -> list[tuple[str, str]]:
    """What a board asks next, with the answers."""
    return [
        ("Evidence", found.evidence or NOT_SAID),
        ("Figures", f"{found.reach}."),
        ("Did it last?", found.lasts or NOT_SAID),
        ("Tried elsewhere", found.travels),
        (COSTS, found.costs or NOT_SAID),
        *([("Who receives it", found.population)] if found.population else []),
    ]


def _figure(measure: Measure, width: int, height: int, before: str = "", also: Sequence[Element] = ()) -> list[Element]:
    """A measure with its chart, what it signals and what it tells; a few figures are shown as figures."""
    found: list[Element] = [heading(2, f"{before}{measure.name}")]
    if svg := chart(measure, width, height):
        found.append(picture(svg, f"Chart of {measure.name}. {measure.reading['summary']}"))
    elif measure.reading.get("two"):
        found.append(facts([(period, value) for period, value in measure.reading["two"]], 2))
    said = [run(signals(measure), "b"), run(f" {measure.reading.get('summary', '')}")] if has_chart(measure) else []
    told = measure.about["interpretation"]
    found += [paragraph(*said)] if said else []
    found += [paragraph(run("What this tells us: ", "b"), run(told))] if told else []
    return [*found, *also]


def _more(found: Brief) -> list[Element]:
    words = more_measures(found)
    return [paragraph(f"{words}.", look="small")] if words else []


def _told(found: Brief, shown: Shown) -> Element:
    """A text with its heading in the margin."""
    inside = [_long(found, shown)]
    return part(shown.heading, [box(inside, "advice")] if shown.name == "advice" else inside)


def block(found: Brief, name: str) -> list[Element]:
    """A text under its heading."""
    return [heading(2, found.parts[name].heading), _long(found, found.parts[name])]


def _flat(blocks: Sequence[Sequence[Element]]) -> list[Element]:
    return [element for block in blocks for element in block]


def _long(found: Brief, shown: Shown) -> Element:
    return long(of_part(shown), f"Continues at {found.address}", found.address)


def of_part(shown: Shown) -> list[Element]:
    """What stands under one heading of a case study, as elements."""
    if shown.html:
        return from_html(PICTURE.sub("", shown.html), 2, current_app.config["FORUM"].base_url)
    if not shown.rows:
        return [paragraph(shown.words)]
    note = [paragraph(shown.note)] if shown.note else []
    if len(shown.columns) == 1:
        return [*note, listing([[paragraph(words)] for ((words, _),) in shown.rows])]
    if len(shown.columns) <= WIDEST:
        return [*note, table(shown.columns, [[[paragraph(words)] for words, _ in row] for row in shown.rows])]
    return [*note, listing([[whole(*_row(shown, row))] for row in shown.rows])]


def _row(shown: Shown, row: Sequence[tuple[str, str]]) -> Iterator[Any]:
    said = [(label, words) for label, (words, _) in zip(shown.columns, row, strict=True) if words]
    for n, (label, words) in enumerate(said):
        yield run(f"{label}: ", "b")
        yield run(words + ("; " if n + 1 < len(said) else ""))


def _side_by_side(found: Sequence[Column], charts: int) -> Element:
    rows = [[[paragraph("Result in one line")], *([paragraph(run(c.result or NOT_SAID, "b")), *_state(c)] for c in found)]]
    for name, words, nothing in filled(found):
        cells = [_cell(name, c, charts) if c.cells[name] else [paragraph(nothing, look="muted")] for c in found]
        rows.append([[paragraph(words)], *cells])
    return table(["", *(f"{n}. {c.row.title}" for n, c in enumerate(found, 1))], rows, (3, *[7] * len(found)), "side")


def _state(column: Column) -> list[Element]:
    said = [
        words for words in (column.state and f"Not published: {column.state}", column.row.badge and column.row.badge[0]) if words
    ]
    return [paragraph("; ".join(said))] if said else []


def _cell(name: str, column: Column, charts: int) -> list[Element]:
    said = column.cells[name]
    if name == "elements":
        return [chips([e.label for e in said])]
    if name == "measures":
        main = main_measure(said)
        first = [m for m in (main, balancing_measure(said, main)) if m is not None][:charts]
        where = f"{this_site().base_url}/case-studies/{column.row.id}"
        more = [paragraph(f"{len(said) - len(first)} more at {where}", look="small")] if len(said) > len(first) else []
        return _flat([_small(m) for m in first]) + more
    if name == "system":
        return [paragraph(f"{label}: {n if n else 'not measured'}") for label, n in said]
    # On paper nobody can press "Write to".
    lines: Sequence[Line] = [line for line in said if name != "contact" or not line.href]
    return [paragraph(line.words, look="muted" if line.quiet else "") for line in lines]


def _small(measure: Measure) -> list[Element]:
    found = [paragraph(run(measure.name, "b"))]
    if measure.reading.get("two"):
        return [*found, facts([(period, value) for period, value in measure.reading["two"]], 2)]
    if has_chart(measure) and measure.narrow:
        found.append(picture(measure.narrow, f"Chart of {measure.name}. {measure.reading['summary']}"))
    return [*found, paragraph(signals(measure) or measure.reading.get("summary", ""))]
