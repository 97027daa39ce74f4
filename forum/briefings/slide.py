"""A case study as a picture in the shape of a slide: what changed, the chart that shows it, and what a board asks next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from forum.kernel.text import one_line
from forum.spc.draw.raster import Letters, Place, paint, wrapped
from forum.spc.draw.shapes import Drawing

WIDTH, HEIGHT = 1600, 900
#: How much larger than on a page a chart is drawn here.
TIMES = 1.45
EDGE, SIDE, FACTS_WIDTH = 56, 1120, 424
INK, MUTED, LINE, PAPER, BRAND, SOFT = "#1f2a30", "#4b585f", "#e4ded3", "#faf8f4", "#0b4a57", "#d5e6e8"


@dataclass(frozen=True)
class Slide:
    """What stands on it. `chart` draws it at a width and height; without one the two `figures` and the `texts` take its place."""

    site: str
    title: str
    result: str
    where: str
    name: str
    chart: Callable[[int, int], Drawing] | None
    figures: Sequence[Sequence[str]]
    sentence: str
    texts: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]
    contact: str
    address: str


class _Pen:
    """Writes lines of text from the top down; whatever is too long is cut, never drawn past its room."""

    def __init__(self, brush: ImageDraw.ImageDraw, letters: Letters) -> None:
        self.brush, self.letters = brush, letters

    def write(
        self, at: tuple[float, float], text: str, size: int, room: float, most: int = 1, ink: str = INK, bold: bool = False
    ) -> float:
        """Write a text in at most `most` lines; return the height at which the next thing may stand."""
        font, (x, y) = self.letters.font(size, bold), at
        for row in wrapped(self.letters.text(one_line(text)), font, room, most):
            self.brush.text((x, y + size), row, fill=ink, font=font, anchor="ls")
            y += round(size * 1.25)
        return y


def png(slide: Slide, font: Path | None = None) -> bytes:
    """The picture, in the letters of a font file where one is given."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = _Pen(ImageDraw.Draw(picture), Letters(font))
    top = _head(pen, slide)
    if slide.chart is not None:
        _chart(pen, slide, slide.chart, top)
    else:
        _words(pen, slide, top)
    _facts(pen, slide, top)
    _foot(pen, slide)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _head(pen: _Pen, slide: Slide) -> float:
    """Draw the band with title and result; return the height at which it ends."""
    room = WIDTH - 2 * EDGE
    rows = len(wrapped(pen.letters.text(one_line(slide.title)), pen.letters.font(46, bold=True), room, 2))
    height = 62 + rows * 58 + (48 if slide.result else 0) + (34 if slide.where else 0) - 22
    pen.brush.rectangle((0, 0, WIDTH, height), fill=BRAND)
    y = pen.write((EDGE, 22), slide.title, 46, room, 2, "#ffffff", bold=True)
    y = pen.write((EDGE, y + 6), slide.result, 30, room, 1, "#ffffff") if slide.result else y
    pen.write((EDGE, y + 4), slide.where, 22, room, 1, SOFT)
    return height + 24


def _box(pen: _Pen, top: float, bottom: float) -> None:
    pen.brush.rounded_rectangle((EDGE - 16, top, SIDE - 32, bottom), 14, fill="#ffffff", outline=LINE, width=2)


def _chart(pen: _Pen, slide: Slide, chart: Callable[[int, int], Drawing], top: float) -> None:
    bottom, room = HEIGHT - 84, SIDE - 32 - EDGE - 12
    _box(pen, top, bottom)
    y = pen.write((EDGE + 4, top + 10), slide.name, 26, room, 1, bold=True)
    below = bottom - 2 * 29 - 14
    paint(pen.brush, chart(int(room / TIMES), int((below - y) / TIMES)), pen.letters, Place(EDGE - 4, y, TIMES))
    pen.write((EDGE + 4, below), slide.sentence, 23, room, 2)


def _words(pen: _Pen, slide: Slide, top: float) -> None:
    """Without a chart: the figures that there are, and what was done about what."""
    bottom, room = HEIGHT - 84, SIDE - 32 - EDGE - 12
    _box(pen, top, bottom)
    y = top + 14
    if slide.name:
        y = pen.write((EDGE + 4, y), slide.name, 26, room, 1, bold=True) + 4
    for n, (period, value) in enumerate(slide.figures):
        x = EDGE + 4 + n * room / 2
        pen.write((x, pen.write((x, y), value, 44, room / 2 - 16, 1, bold=True)), period, 22, room / 2 - 16, 1, MUTED)
    y += 92 if slide.figures else 0
    y = pen.write((EDGE + 4, y), slide.sentence, 24, room, 2, MUTED) + 16
    for heading, text in slide.texts:
        y = pen.write((EDGE + 4, y), heading, 24, room, 1, BRAND, bold=True) + 2
        y = pen.write((EDGE + 4, y), text, 24, room, max(1, min(6, int((bottom - y - 50) // 60))), INK) + 14


def _facts(pen: _Pen, slide: Slide, top: float) -> None:
    """Three or four answers to what a board asks, one below the other."""
    bottom = HEIGHT - 84
    each = (bottom - top) / max(len(slide.facts), 3)
    for n, (heading, text) in enumerate(slide.facts):
        y = top + n * each
        pen.brush.rectangle((SIDE, y, SIDE + 6, y + each - 18), fill=BRAND)
        y = pen.write((SIDE + 24, y - 2), heading, 22, FACTS_WIDTH - 24, 1, MUTED)
        pen.write((SIDE + 24, y + 2), text, 22, FACTS_WIDTH - 24, max(1, int((each - 14 - 30) // 28)), bold=True)


def _foot(pen: _Pen, slide: Slide) -> None:
    y = HEIGHT - 62
    pen.brush.line(((EDGE - 16, y), (WIDTH - EDGE + 16, y)), fill=LINE, width=2)
    pen.write((EDGE - 16, y + 12), slide.contact, 22, SIDE - EDGE - 120, 1)
    font = pen.letters.font(22)
    for row in wrapped(pen.letters.text(f"{slide.site} · {slide.address}"), font, 620, 1):
        pen.brush.text((WIDTH - EDGE + 16, y + 34), row, fill=MUTED, font=font, anchor="rs")
