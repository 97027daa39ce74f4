"""A case study as a slide: what changed, the chart that shows it, and what a board asks next; as PDF and picture, and as PowerPoint
with words that can be changed."""

from pathlib import Path

from forum.briefings.presentation import block, foot_line, key, of_part
from forum.briefings.queries import NO_MEASURE, NOT_SAID, Brief, chart, signals
from forum.case_studies.facts import has_chart
from forum.documents.pdf.elements import Element, Section, box, columns, facts, heading, paragraph, picture, run
from forum.documents.pdf.fitting import lines_of, shortened
from forum.documents.powerpoint import Picture, Slide, pptx
from forum.measures import charts
from forum.measures import queries as measures
from forum.spc.draw.png import png
from forum.web.context import this_site

#: The chart's width and heights, in the units of `spc/draw`.
WIDE, HEIGHTS = 760, (420, 360, 300)
LOOKS = ("on", "on-small")
SIZES = (17, 16, 15, 14, 13, 12, 11)
#: Answers on the slide: there is room for no more.
ANSWERS = ("Evidence", "Did it last?", "Tried elsewhere", "What it took")
ACCOUNT = ("problem", "actions", "results")
#: Characters, and lines of lists, of a text on a slide whose letters do not shrink.
ROOM, LINES = 330, 5


def slide(found: Brief) -> Section:
    """One page of 16 to 9."""
    under = [paragraph(words, look=look) for words, look in zip(_under(found), LOOKS, strict=False)]
    band = [heading(1, found.title, "on"), *under]
    answers: list[Element] = [facts(_answers(found), 1, "slide")]
    heights = HEIGHTS if found.main and has_chart(found.main) else HEIGHTS[:1]
    versions = [[box(band, "band"), columns(_left(found, height), answers, shares=(2, 1), gap=10)] for height in heights]
    return Section(versions, "slide", 1, SIZES, f"{found.contact} · {foot_line(found)}")


def _under(found: Brief) -> list[str]:
    """The result, then how it turned out, where and when."""
    state = f"Not published: {found.state}" if found.state else ""
    below = ", ".join(t for t in (state, found.outcome[1], found.where, found.when) if t)
    return [words for words in (found.result, below) if words]


def _left(found: Brief, height: int) -> list[Element]:
    """The figures that there are, else the account in words."""
    main = found.main
    if main is not None and (svg := chart(main, WIDE, height)):
        drawn = picture(svg, f"Chart of {main.name}. {main.reading['summary']}")
        return [heading(2, main.name), drawn, paragraph(run(signals(main), "b"), run(f" {main.about['interpretation']}"))]
    inside: list[Element] = [] if main is not None else [paragraph(f"{NO_MEASURE}.", look="muted")]
    if main is not None:
        inside += [heading(2, main.name), facts([(period, value) for period, value in main.reading.get("two", [])], 2)]
    for name in _account(found):
        inside += block(found, name)
    return inside


def _account(found: Brief) -> list[str]:
    return [name for name in ACCOUNT if name in found.parts] or [name for name in ("rest",) if name in found.parts]


def _answers(found: Brief) -> list[tuple[str, str]]:
    return [(head, words) for head, words in key(found) if head in ANSWERS and words != NOT_SAID]


def powerpoint(found: Brief, font: Path) -> bytes:
    """The same as .pptx; `font` has the letters of its chart."""
    main, drawn = found.main, None
    said: list[tuple[str, list[str]]] = []
    if main is not None and has_chart(main):
        drawing = charts.drawing_of(measures.record_of(main), WIDE, height=HEIGHTS[0])
        assert drawing is not None, "a measure with a chart has points to draw"
        below = f"{signals(main)} {main.about['interpretation']}"
        told = f"Chart of {main.name}. {main.reading['summary']}"
        drawn = Picture(png(drawing, font=font), told, (drawing.width, drawing.height), below)
        said = [(main.name, [])]
    else:
        figures = [f"{period}: {value}" for period, value in main.reading.get("two", [])] if main else []
        said = [(main.name, figures) if main else (f"{NO_MEASURE}", [])]
        said += [_short(found, name) for name in _account(found)]
    notes = [found.result, *(line for name in _account(found) for line in ("", *_lines(found, name))), "", found.citation]
    foot = f"{found.contact} · {foot_line(found)}"
    authors = "; ".join([*found.authors, this_site().name])
    return pptx(Slide(found.title, _under(found), said, drawn, _answers(found), foot, "\n".join(notes), authors, found.citation))


def _short(found: Brief, name: str) -> tuple[str, list[str]]:
    shown = found.parts[name]
    kept, _, every = shortened(of_part(shown), ROOM)
    lines = lines_of(kept)
    more = [] if every and len(lines) <= LINES else [f"Continues at {found.address}"]
    return shown.heading, [*lines[:LINES], *more]


def _lines(found: Brief, name: str) -> list[str]:
    return [found.parts[name].heading, *lines_of(of_part(found.parts[name]))]
