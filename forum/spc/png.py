"""A drawing as PNG, for slides: the same shapes, drawn by Pillow at twice the size."""

from contextlib import suppress
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from forum.spc.shapes import Drawing, Line, Mark, Point, Words, outline
from forum.spc.svg import BOLD, COLOURS, EDGED, FILLS, INKS, STROKES

TIMES = 2
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
#: What the built-in font has no picture of.
_PLAIN = str.maketrans({"×": "x", "–": "-", "−": "-", "…": "...", "±": "+/-", "“": '"', "”": '"', "‘": "'", "’": "'"})


class _Type:
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

    def font(self, size: int, bold: bool = False) -> Font:
        """The font in pixels of the drawing; a font without weights has one."""
        if self.file is None:
            return ImageFont.load_default(size * TIMES)
        font = ImageFont.truetype(str(self.file), size * TIMES)
        with suppress(OSError, NotImplementedError):
            font.set_variation_by_axes([600 if bold else 400])
        return font

    def text(self, text: str) -> str:
        """The text in characters that the font has."""
        return text if self.file else text.translate(_PLAIN)


def png(drawing: Drawing, title: str = "", note: str = "", font: Path | None = None) -> bytes:
    """The chart under its title, with a note below it, in the letters of a font file where one is given."""
    letters = _Type(font)
    large, small = letters.font(18, bold=True), letters.font(12)
    room = (drawing.width - 28) * TIMES
    below = _wrapped(letters.text(note), small, room)
    head, foot = (40 if title else 0), (12 + 16 * len(below) if below else 0)
    picture = Image.new("RGB", (drawing.width * TIMES, (drawing.height + head + foot) * TIMES), "#ffffff")
    brush = ImageDraw.Draw(picture)
    if title:
        brush.text((14 * TIMES, 10 * TIMES), _fitting(letters.text(title), large, room), fill="#1f2a30", font=large)
    for band in drawing.bands:
        (x1, y1), (x2, y2) = _at((band.x, band.y), head), _at((band.x + band.width, band.y + band.height), head)
        brush.rectangle((x1, y1, max(x1, x2), max(y1, y2)), fill=FILLS[band.look])
    for line in drawing.lines:
        _line(brush, line, head)
    for words in drawing.words:
        _words(brush, words, letters, head)
    for mark in drawing.marks:
        _mark(brush, mark, head)
    for n, row in enumerate(below):
        brush.text(_at((14, drawing.height + 4 + 16 * n), head), row, fill="#4b585f", font=small)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _at(point: Point, head: int) -> Point:
    return point[0] * TIMES, (point[1] + head) * TIMES


def _fitting(text: str, font: Font, room: float) -> str:
    while len(text) > 4 and font.getlength(text) > room:
        text = text[:-2].rstrip(" .,…") + "…"
    return text


def _wrapped(text: str, font: Font, room: float, most: int = 3) -> list[str]:
    """The text in lines; what does not fit into the last is cut."""
    rows: list[str] = []
    words = text.split()
    while words and len(rows) < most:
        row = words.pop(0)
        while words and (len(rows) == most - 1 or font.getlength(f"{row} {words[0]}") <= room):
            row = f"{row} {words.pop(0)}"
        rows.append(_fitting(row, font, room))
    return rows


def _words(brush: ImageDraw.ImageDraw, words: Words, letters: _Type, head: int) -> None:
    anchor = {"start": "ls", "end": "rs", "middle": "ms"}[words.anchor]
    brush.text(
        _at((words.x, words.y), head),
        letters.text(words.text),
        fill=INKS[words.look],
        font=letters.font(words.size, words.look in BOLD),
        anchor=anchor,
        stroke_width=4 if words.look in EDGED else 0,
        stroke_fill="#ffffff",
    )


def _mark(brush: ImageDraw.ImageDraw, mark: Mark, head: int) -> None:
    colour = COLOURS[mark.look]
    fill, edge = ("#ffffff", colour) if mark.hollow else (colour, "#ffffff")
    corners = [_at(point, head) for point in outline(mark)]
    thick = 3 if mark.hollow else 2
    if corners:
        brush.polygon(corners, fill=fill, outline=edge, width=thick)
    else:
        (x, y), r = _at((mark.x, mark.y), head), 4.0 * mark.size * TIMES
        brush.ellipse((x - r, y - r, x + r, y + r), fill=fill, outline=edge, width=thick)


def _line(brush: ImageDraw.ImageDraw, line: Line, head: int) -> None:
    """A line, in dashes where its look has them; each stretch of it begins with a dash."""
    colour, width, dashes = STROKES[line.look]
    points = [_at(point, head) for point in line.points]
    thick = max(1, round(width * TIMES))
    if not dashes:
        brush.line(points, fill=colour, width=thick, joint="curve")
        return
    on, off = (float(part) * TIMES for part in dashes.split())
    for (x1, y1), (x2, y2) in pairwise(points):
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
        across, down = (x2 - x1) / length, (y2 - y1) / length
        at = 0.0
        while at < length:
            end = min(at + on, length)
            brush.line([(x1 + across * at, y1 + down * at), (x1 + across * end, y1 + down * end)], fill=colour, width=thick)
            at += on + off
