"""A slide as .pptx, of 16 to 9: its words are text that can be changed, its picture has words for who does not see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml import parse_xml
from pptx.util import Mm, Pt

from forum.kernel.text import one_line

WIDTH, HEIGHT, BAND = 338.67, 190.5, 44.0
LEFT, MAIN, SIDE = 14.0, 206.0, 92.0
TOP, BOTTOM = 49.0, 173.0
INK, MUTED, BRAND, WHITE = map(RGBColor.from_string, ("1F2A30", "4B585F", "0B4A57", "FFFFFF"))
_TITLE_ONLY = 5
#: A shape of that kind is left out by who reads the slide aloud.
_DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)


@dataclass(frozen=True)
class Picture:
    """A PNG with the words that stand for it, its width and height in any unit, and what is written below it."""

    png: bytes
    said: str
    size: tuple[int, int]
    below: str


@dataclass(frozen=True)
class Slide:
    """What stands on it. `main` are (heading, lines) in the place of a picture or above it, `asked` (question, answer) beside."""

    title: str
    under: Sequence[str]
    main: Sequence[tuple[str, Sequence[str]]]
    picture: Picture | None
    asked: Sequence[tuple[str, str]]
    foot: str
    notes: str
    author: str
    about: str


def pptx(slide: Slide) -> bytes:
    """The file."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Mm(WIDTH), Mm(HEIGHT)
    page = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    _band(page)
    title = page.shapes.title
    title.left, title.top, title.width, title.height = Mm(LEFT), Mm(4), Mm(WIDTH - 2 * LEFT), Mm(20)
    _write(title.text_frame, [(slide.title, 26 if len(slide.title) < 70 else 22, WHITE, True)])
    under = [(words, size, WHITE, False) for words, size in zip(slide.under, (14, 11), strict=False)]
    _box(page, (LEFT, 24, WIDTH - 2 * LEFT, 18), under)
    lines = [line for head, said in slide.main for line in ((head, 18, BRAND, True), *((words, 13, INK, False) for words in said))]
    if slide.picture is None:
        _box(page, (LEFT, TOP, MAIN, BOTTOM - TOP), lines)
    else:
        _box(page, (LEFT, TOP, MAIN, 9), lines)
        _picture(page, slide.picture)
    asked = [line for head, words in slide.asked for line in ((head, 11, MUTED, False), (words, 13, INK, True))]
    _box(page, (LEFT + MAIN + 10, TOP, SIDE, BOTTOM - TOP), asked)
    _box(page, (LEFT, BOTTOM + 2, WIDTH - 2 * LEFT, 14), [(slide.foot, 10, MUTED, False)])
    page.notes_slide.notes_text_frame.text = slide.notes
    known = deck.core_properties
    known.title, known.author, known.comments, known.language = one_line(slide.title), slide.author, slide.about, "en-GB"
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def _band(page: Any) -> None:
    """The ground of the title, behind all else."""
    band = page.shapes.add_shape(1, 0, 0, Mm(WIDTH), Mm(BAND))
    band.fill.solid()
    band.fill.fore_color.rgb = BRAND
    band.line.fill.background()
    band.shadow.inherit = False
    band.name = "Ground of the title"
    band._element.nvSpPr.cNvPr.append(parse_xml(_DECORATIVE))
    page.shapes._spTree.remove(band._element)
    page.shapes._spTree.insert(2, band._element)


def _picture(page: Any, picture: Picture) -> None:
    wide, high = picture.size
    room = BOTTOM - TOP - 10 - 24
    width = min(MAIN, room * wide / high)
    shape = page.shapes.add_picture(BytesIO(picture.png), Mm(LEFT), Mm(TOP + 10), width=Mm(width))
    shape._element.nvPicPr.cNvPr.set("descr", one_line(picture.said))
    top = TOP + 10 + width * high / wide + 1
    _box(page, (LEFT, top, MAIN, BOTTOM - top), [(picture.below, 12, INK, False)])


Line = tuple[str, int, RGBColor, bool]


def _box(page: Any, where: tuple[float, float, float, float], lines: Sequence[Line]) -> None:
    """Words in a box of millimetres; without any there is no box."""
    if any(words for words, *_ in lines):
        _write(page.shapes.add_textbox(*map(Mm, where)).text_frame, lines)


def _write(frame: Any, lines: Sequence[Line]) -> None:
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for n, (words, size, colour, bold) in enumerate(line for line in lines if line[0]):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = 1, Pt(3)
        run = paragraph.add_run()
        run.text = one_line(words)
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour
