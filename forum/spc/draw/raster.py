"""Shapes and words painted by Pillow, at any size: for a chart as PNG and for pictures that have a chart in them."""

from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import ImageDraw, ImageFont

from forum.spc.draw.shapes import Dot, Drawing, Label, Line, Point, outline
from forum.spc.draw.svg import BOLD, COLOURS, EDGED, FILLS, INKS, STROKES

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
#: Characters that the built-in font lacks, with what stands in for them.
_PLAIN = str.maketrans({"×": "x", "–": "-", "−": "-", "…": "...", "±": "+/-", "“": '"', "”": '"', "‘": "'", "’": "'"})


class Letters:
    """Letters from a font file, or from the font that Pillow brings where the file cannot be read."""

    def __init__(self, file: Path | None) -> None:
        self.file = file if file and self._readable(file) else None

    @staticmethod
    def _readable(file: Path) -> bool:
        try:
            ImageFont.truetype(str(file), 12)
        except OSError:
            return False
        return True

    def font(self, size: float, bold: bool = False) -> Font:
        """The font in pixels of the picture; a font without weights has one."""
        if self.file is None:
            return ImageFont.load_default(size)
        font = ImageFont.truetype(str(self.file), size)
        with suppress(OSError, NotImplementedError):
            font.set_variation_by_axes([600 if bold else 400])
        return font

    def text(self, text: str) -> str:
        """The text in characters that the font has."""
        return text if self.file else text.translate(_PLAIN)


def fitting(text: str, font: Font, room: float) -> str:
    """The text, cut where it is wider than the room: at a word, where that leaves most of it."""
    if font.getlength(text) <= room:
        return text
    kept = text[: max(1, bisect_right(range(1, len(text)), room, key=lambda n: font.getlength(f"{text[:n]}…")))]
    words = kept if text[len(kept)] == " " else kept.rpartition(" ")[0]
    return (words if 2 * len(words) > len(kept) else kept).rstrip(" .,;:…") + "…"


def wrapped(text: str, font: Font, room: float, most: int = 3) -> list[str]:
    """The text in lines; what does not fit into the last is cut."""
    rows: list[str] = []
    words = text.split()
    while words and len(rows) < most:
        row = words.pop(0)
        while words and (len(rows) == most - 1 or font.getlength(f"{row} {words[0]}") <= room):
            row = f"{row} {words.pop(0)}"
        rows.append(fitting(row, font, room))
    return rows


@dataclass(frozen=True)
class Place:
    """Where on a picture a drawing stands, and how many times its own size it is there."""

    x: float = 0
    y: float = 0
    times: float = 1

    def at(self, point: Point) -> Point:
        return self.x + point[0] * self.times, self.y + point[1] * self.times


def paint(brush: ImageDraw.ImageDraw, drawing: Drawing, letters: Letters, place: Place) -> None:
    """Put a drawing on a picture, in its order."""
    for band in drawing.bands:
        (x1, y1), (x2, y2) = place.at((band.x, band.y)), place.at((band.x + band.width, band.y + band.height))
        brush.rectangle((x1, y1, max(x1, x2), max(y1, y2)), fill=FILLS[band.style])
    for line in drawing.lines:
        _line(brush, line, place)
    for words in drawing.labels:
        _words(brush, words, letters, place)
    for dot in drawing.dots:
        _dot(brush, dot, place)


def _words(brush: ImageDraw.ImageDraw, words: Label, letters: Letters, place: Place) -> None:
    anchor = {"start": "ls", "end": "rs", "middle": "ms"}[words.anchor]
    brush.text(
        place.at((words.x, words.y)),
        letters.text(words.text),
        fill=INKS[words.style],
        font=letters.font(words.size * place.times, words.style in BOLD),
        anchor=anchor,
        stroke_width=round(2 * place.times) if words.style in EDGED else 0,
        stroke_fill="#ffffff",
    )


def _dot(brush: ImageDraw.ImageDraw, dot: Dot, place: Place) -> None:
    colour = COLOURS[dot.style]
    fill, edge = ("#ffffff", colour) if dot.hollow else (colour, "#ffffff")
    corners = [place.at(point) for point in outline(dot)]
    thick = round((1.5 if dot.hollow else 1) * place.times)
    if corners:
        brush.polygon(corners, fill=fill, outline=edge, width=thick)
    else:
        (x, y), r = place.at((dot.x, dot.y)), 4.0 * dot.size * place.times
        brush.ellipse((x - r, y - r, x + r, y + r), fill=fill, outline=edge, width=thick)


def _line(brush: ImageDraw.ImageDraw, line: Line, place: Place) -> None:
    """A line, in dashes where its look has them; each stretch of it begins with a dash."""
    colour, width, dashes = STROKES[line.style]
    points = [place.at(point) for point in line.points]
    thick = max(1, round(width * place.times))
    if not dashes:
        brush.line(points, fill=colour, width=thick, joint="curve")
        return
    on, off = (float(part) * place.times for part in dashes.split())
    for (x1, y1), (x2, y2) in pairwise(points):
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
        across, down = (x2 - x1) / length, (y2 - y1) / length
        at = 0.0
        while at < length:
            end = min(at + on, length)
            brush.line([(x1 + across * at, y1 + down * at), (x1 + across * end, y1 + down * end)], fill=colour, width=thick)
            at += on + off
