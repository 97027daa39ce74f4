"""A drawing as SVG: classes and presentation attributes only, so that it stands under a strict content security policy."""

from html import escape

from forum.spc.drawing import Drawing, Mark

#: Darkened from the colours of Making Data Count, which are under 3:1 on white (WCAG 1.4.11; design: spc.md, part 3).
COLOURS = {
    "improvement": "#005eb8",
    "concern": "#c05600",
    "neutral_high": "#490092",
    "neutral_low": "#490092",
    "common_cause": "#4b585f",
}
STROKES = {
    "data": ("#4b585f", 1.5, ""),
    "mean": ("#1f2a30", 2, ""),
    "median": ("#1f2a30", 2, ""),
    "limit": ("#768692", 1.5, "6 4"),
    "target": ("#9b2316", 2, "2 4"),
    "axis": ("#e4ded3", 1, ""),
    "phase": ("#0b4a57", 1.5, "1 3"),
}
INKS = {"label": "#4b585f", "target": "#9b2316", "limit": "#4b585f", "phase": "#0b4a57"}


def svg(drawing: Drawing, title: str, description: str, prefix: str, standalone: bool = False) -> str:
    """The chart as an image with title and description; `prefix` keeps its ids apart from those of other charts on a page."""
    space = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    size = f' width="{drawing.width}" height="{drawing.height}"' if standalone else ""
    parts = [
        f'<svg{space}{size} class="app-chart__svg" viewBox="0 0 {drawing.width} {drawing.height}" role="img"'
        f' aria-labelledby="{prefix}-title {prefix}-desc" focusable="false">',
        f'<title id="{prefix}-title">{escape(title)}</title><desc id="{prefix}-desc">{escape(description)}</desc>',
    ]
    if standalone:
        parts.append(f'<rect width="{drawing.width}" height="{drawing.height}" fill="#ffffff"/>')
    for line in drawing.lines:
        colour, width, dashes = STROKES[line.look]
        points = " ".join(f"{x:g},{y:g}" for x, y in line.points)
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        stroke = f'fill="none" stroke="{colour}" stroke-width="{width:g}"{dash}'
        parts.append(f'<polyline class="app-chart__{line.look}" points="{points}" {stroke}/>')
    parts += [_mark(mark) for mark in drawing.marks]
    for words in drawing.words:
        parts.append(
            f'<text class="app-chart__words" x="{words.x:g}" y="{words.y:g}" text-anchor="{words.anchor}" font-size="13"'
            f' font-family="sans-serif" fill="{INKS[words.look]}">{escape(words.text)}</text>'
        )
    return "".join([*parts, "</svg>"])


def outline(mark: Mark) -> list[tuple[float, float]]:
    """The corners of a mark's shape; empty for a circle. Up and down for better and worse to the eye, a square for neither."""
    x, y, r = mark.x, mark.y, 6.0
    if mark.look == "improvement":
        return [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    if mark.look == "concern":
        return [(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]
    if mark.look.startswith("neutral"):
        return [(x - 5, y - 5), (x + 5, y - 5), (x + 5, y + 5), (x - 5, y + 5)]
    return []


def _mark(mark: Mark) -> str:
    colour = COLOURS[mark.look]
    corners = " ".join(f"{x:g},{y:g}" for x, y in outline(mark))
    shape = (
        f'<polygon points="{corners}" fill="{colour}" stroke="#ffffff" stroke-width="1">'
        if corners
        else f'<circle cx="{mark.x:g}" cy="{mark.y:g}" r="3.5" fill="{colour}">'
    )
    return (
        f'<g class="app-chart__{mark.look}">{shape}<title>{escape(mark.title)}</title></{"polygon" if corners else "circle"}></g>'
    )
