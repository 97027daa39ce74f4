"""A drawing as PNG, for slides: the same shapes, drawn by Pillow at twice the size."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from forum.spc.drawing import Drawing, Line
from forum.spc.svg import COLOURS, INKS, STROKES, outline

TIMES = 2


def png(drawing: Drawing, title: str = "", note: str = "") -> bytes:
    """The chart under its title, with a note below it."""
    head, foot = (40 if title else 0), (30 if note else 0)
    picture = Image.new("RGB", (drawing.width * TIMES, (drawing.height + head + foot) * TIMES), "#ffffff")
    brush = ImageDraw.Draw(picture)
    font, large = ImageFont.load_default(13 * TIMES), ImageFont.load_default(18 * TIMES)
    if title:
        brush.text((14 * TIMES, 10 * TIMES), _fitting(title, large, (drawing.width - 28) * TIMES), fill="#1f2a30", font=large)
    for line in drawing.lines:
        _line(brush, line, head)
    for mark in drawing.marks:
        corners = [(x * TIMES, (y + head) * TIMES) for x, y in outline(mark)]
        x, y, r = mark.x * TIMES, (mark.y + head) * TIMES, 3.5 * TIMES
        if corners:
            brush.polygon(corners, fill=COLOURS[mark.look], outline="#ffffff")
        else:
            brush.ellipse((x - r, y - r, x + r, y + r), fill=COLOURS[mark.look])
    anchors = {"start": "ls", "end": "rs", "middle": "ms"}
    for words in drawing.words:
        place = (words.x * TIMES, (words.y + head) * TIMES)
        brush.text(place, words.text, fill=INKS[words.look], font=font, anchor=anchors[words.anchor])
    if note:
        small = ImageFont.load_default(11 * TIMES)
        place = (14 * TIMES, (drawing.height + head + 6) * TIMES)
        brush.text(place, _fitting(note, small, (drawing.width - 28) * TIMES), fill="#4b585f", font=small)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


#: What the built-in font has no picture of.
_PLAIN = str.maketrans({"×": "x", "–": "-", "“": '"', "”": '"'})


def _fitting(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, room: float) -> str:
    text = text.translate(_PLAIN)
    while len(text) > 4 and font.getlength(text) > room:
        text = text[:-2].rstrip(" .,…") + "…"
    return text


def _line(brush: ImageDraw.ImageDraw, line: Line, head: int) -> None:
    """A line, in dashes where its look has them; dashed lines are straight."""
    colour, width, dashes = STROKES[line.look]
    points = [(x * TIMES, (y + head) * TIMES) for x, y in line.points]
    thick = max(1, round(width * TIMES))
    if not dashes:
        brush.line(points, fill=colour, width=thick, joint="curve")
        return
    on, off = (float(part) * TIMES for part in dashes.split())
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    at = 0.0
    while at < length:
        end = min(at + on, length)
        brush.line(
            [
                (x1 + (x2 - x1) * at / length, y1 + (y2 - y1) * at / length),
                (x1 + (x2 - x1) * end / length, y1 + (y2 - y1) * end / length),
            ],
            fill=colour,
            width=thick,
        )
        at += on + off
