"""A drawing as SVG: classes and presentation attributes only, so that it stands under a strict content security policy."""

import re
from html import escape

from forum.spc.draw.shapes import Dot, Drawing, Label, Line, outline

#: Darkened from the colours of Making Data Count, which are under 3:1 on white (WCAG 1.4.11).
COLOURS = {
    "improvement": "#005eb8",
    "concern": "#c05600",
    "neutral_high": "#490092",
    "neutral_low": "#490092",
    "common_cause": "#4b585f",
    "left_out": "#4b585f",
}
STROKES = {
    "data": ("#4b585f", 1.5, ""),
    "mean": ("#1f2a30", 2, ""),
    "median": ("#1f2a30", 2, "10 3"),
    "limit": ("#768692", 1.5, "6 4"),
    "target": ("#9b2316", 2, "2 4"),
    "axis": ("#e4ded3", 1, ""),
    "phase": ("#0b4a57", 1.5, "1 3"),
}
FILLS = {"range": "#eaf3f4"}
INKS = {"label": "#4b585f", "target": "#9b2316", "limit": "#1f2a30", "phase": "#0b4a57"}
#: Set bold: what names a line.
BOLD = frozenset({"limit", "target", "phase"})
FONTS = "'Source Sans 3', 'Source Sans fallback', Arial, sans-serif"
#: Set on a white edge: what may stand on other lines.
EDGED = frozenset({"target", "phase"})
#: Characters that XML has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(drawing: Drawing, title: str, description: str, prefix: str, standalone: bool = False, links: str = "") -> str:
    """The chart as an image with title and description; `prefix` keeps its ids apart from those of other charts on a page.

    With `links`, such as "#point-", each special or noted point leads to that and its day, and the image is a group of links.
    """
    space = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    size = f' width="{drawing.width}" height="{drawing.height}"' if standalone else ""
    parts = [
        f'<svg{space}{size} class="app-chart__svg" viewBox="0 0 {drawing.width} {drawing.height}"'
        f' role="{"group" if links else "img"}" aria-labelledby="{_text(prefix)}-title {_text(prefix)}-desc" focusable="false">',
        f'<title id="{_text(prefix)}-title">{_text(title)}</title><desc id="{_text(prefix)}-desc">{_text(description)}</desc>',
    ]
    if standalone:
        parts.append(f'<rect width="{drawing.width}" height="{drawing.height}" fill="#ffffff"/>')
    for band in drawing.bands:
        place = f'x="{band.x:g}" y="{band.y:g}" width="{band.width:g}" height="{band.height:g}"'
        parts.append(f'<rect class="app-chart__{band.style}" {place} fill="{FILLS[band.style]}"/>')
    parts += [_line(line) for line in drawing.lines]
    parts += [_words(words) for words in drawing.labels]
    parts += [_linked(dot, links) if links and (dot.style != "common_cause" or dot.noted) else _dot(dot) for dot in drawing.dots]
    return "".join([*parts, "</svg>"])


def _text(text: str) -> str:
    """Fit to stand between tags and in attributes."""
    return escape(_UNWRITABLE.sub("", text))


def _line(line: Line) -> str:
    colour, width, dashes = STROKES[line.style]
    points = " ".join(f"{x:g},{y:g}" for x, y in line.points)
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    shape = (
        f'<polyline class="app-chart__{line.style}" points="{points}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dash}'
    )
    return f"{shape}><title>{_text(line.title)}</title></polyline>" if line.title else f"{shape}/>"


def _words(words: Label) -> str:
    weight = ' font-weight="600"' if words.style in BOLD else ""
    if words.style in EDGED:
        weight += ' stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    title = f"<title>{_text(words.title)}</title>" if words.title else ""
    return (
        f'<text class="app-chart__words app-chart__words--{words.style}" x="{words.x:g}" y="{words.y:g}"'
        f' text-anchor="{words.anchor}" font-size="{words.size}" font-family="{FONTS}"{weight} fill="{INKS[words.style]}">'
        f"{title}{_text(words.text)}</text>"
    )


def _dot(dot: Dot) -> str:
    colour = COLOURS[dot.style]
    corners = " ".join(f"{x:g},{y:g}" for x, y in outline(dot))
    paint = (
        f'fill="#ffffff" stroke="{colour}" stroke-width="1.75"'
        if dot.hollow
        else f'fill="{colour}" stroke="#ffffff" stroke-width="1"'
    )
    title = f"<title>{_text(dot.title)}</title>"
    shape = (
        f'<polygon points="{corners}" {paint}>{title}</polygon>'
        if corners
        else f'<circle cx="{dot.x:g}" cy="{dot.y:g}" r="{4 * dot.size:g}" {paint}>{title}</circle>'
    )
    hollow = " app-chart__provisional" if dot.hollow else ""
    return f'<g class="app-chart__{dot.style}{hollow}">{shape}</g>'


def _linked(dot: Dot, links: str) -> str:
    """A mark to be reached by keyboard, with room for a finger around it."""
    place = f'href="{_text(links)}{dot.date.isoformat()}" aria-label="{_text(dot.title)}"'
    room = f'<circle class="app-chart__room" cx="{dot.x:g}" cy="{dot.y:g}" r="12" fill="none" pointer-events="all"/>'
    return f'<a class="app-chart__link" {place}>{room}{_dot(dot)}</a>'
