"""A drawing as PNG, for slides: the same shapes, drawn by Pillow at twice the size."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from forum.spc.draw.raster import Letters, Place, fitting, paint, wrapped
from forum.spc.draw.shapes import Drawing

TIMES = 2


def png(drawing: Drawing, title: str = "", note: str = "", font: Path | None = None) -> bytes:
    """The chart under its title, with a note below it, in the letters of a font file where one is given."""
    letters = Letters(font)
    large, small = letters.font(18 * TIMES, bold=True), letters.font(12 * TIMES)
    room = (drawing.width - 28) * TIMES
    below = wrapped(letters.text(note), small, room)
    head, foot = (40 if title else 0), (12 + 16 * len(below) if below else 0)
    picture = Image.new("RGB", (drawing.width * TIMES, (drawing.height + head + foot) * TIMES), "#ffffff")
    brush = ImageDraw.Draw(picture)
    if title:
        brush.text((14 * TIMES, 10 * TIMES), fitting(letters.text(title), large, room), fill="#1f2a30", font=large)
    place = Place(0, head * TIMES, TIMES)
    paint(brush, drawing, letters, place)
    for n, row in enumerate(below):
        brush.text(place.at((14, drawing.height + 4 + 16 * n)), row, fill="#4b585f", font=small)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
