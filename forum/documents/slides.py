"""The text of a PowerPoint file: a heading for each slide, its words in order, its tables and the figures of its charts.

Runs in a process that can be killed: `reading_child`.
"""

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.shapes.base import BaseShape

from forum.documents.drawings import chart_figures, diagram_words
from forum.documents.markdown_plain import escaped
from forum.documents.uploads import Refused, unpack

_NOT_SLIDES = "The site cannot read this as a PowerPoint file. Open it in PowerPoint, save it again as .pptx, and bring that in."
MOST_SLIDES = 200
#: What a picture stands as until the text and the picture are together: the digest of its bytes, and its description.
PICTURE = re.compile(r"\x01([0-9a-f]{64})\x01([^\x01]*)\x01")
#: What says nothing of the slide itself.
_FURNITURE = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}


def read_slides(data: bytes) -> dict[str, Any]:
    """The "text" as Markdown, the "title" of the first slide, and how many slides are "hidden" and left out.

    Raises `Refused` for its sender.
    """
    unpack(data)
    try:
        show = Presentation(BytesIO(data))
        slides = [slide for slide in show.slides if slide._element.get("show") != "0"]
        hidden = len(show.slides) - len(slides)
        if len(slides) > MOST_SLIDES:
            raise Refused(f"There are more than {MOST_SLIDES} slides. Keep those that tell of the work, and bring in that.")
        found = [_slide(slide, number) for number, slide in enumerate(slides, 1)]
    except Refused:
        raise
    except Exception as error:
        # A file can be wrong in as many ways as the reader has assumptions.
        raise Refused(_NOT_SLIDES) from error
    title = found[0][0] if found else ""
    # The first slide says what the whole is called; its other words stand below that.
    texts = [body if n == 0 and title else f"## {head or f'Slide {n + 1}'}\n\n{body}" for n, (head, body) in enumerate(found)]
    return {"text": "\n\n".join(filter(None, texts)), "title": title, "hidden": hidden}


def _slide(slide: Any, number: int) -> tuple[str, str]:
    """(its title, all else on it as Markdown); the speaker's notes come last, and say that they are."""
    head = slide.shapes.title
    title = " ".join(head.text_frame.text.split()) if head is not None else ""
    shapes = sorted(
        (s for s in slide.shapes if head is None or s.shape_id != head.shape_id), key=lambda s: (s.top or 0, s.left or 0)
    )
    blocks = [block for shape in shapes for block in _shape(shape)]
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = escaped(" ".join(slide.notes_slide.notes_text_frame.text.split()))
        blocks += [f"*Notes of slide {number}:* {notes}"] if notes else []
    return escaped(title), "\n\n".join(block for block in blocks if block.strip())


def _shape(shape: Any) -> Iterator[str]:
    if shape.is_placeholder and shape.placeholder_format.type in _FURNITURE:
        return
    if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
        for inner in shape.shapes:
            yield from _shape(inner)
    elif shape.has_text_frame:
        yield _paragraphs(shape.text_frame)
    elif getattr(shape, "has_table", False):
        yield _table([[" <br> ".join(_lines(cell.text_frame)) for cell in row.cells] for row in shape.table.rows])
    elif getattr(shape, "has_chart", False):
        title, rows = chart_figures(shape.chart.part.blob)
        yield f"*Chart: {escaped(_said(shape) or title or 'no description')}*"
        yield _table([[escaped(cell) for cell in row] for row in rows])
    elif hasattr(shape, "image"):
        yield _picture(shape)
    else:
        yield from _drawn(shape)


def _picture(shape: Any) -> str:
    try:
        digest = hashlib.sha256(shape.image.blob).hexdigest()
    except (ValueError, KeyError):
        # It lies in another file: what is said of it leaves a gap.
        digest = "0" * 64
    return f"\x01{digest}\x01{_said(shape)}\x01"


def _drawn(shape: BaseShape) -> Iterator[str]:
    """A diagram by its words, which the program keeps in a part of their own; of what else is drawn, what is said of it."""
    keys = [value for e in shape._element.iter() for name, value in e.attrib.items() if str(name).endswith("}dm")]
    for key in keys:
        words = diagram_words(shape.part.related_part(str(key)).blob)
        yield f"*Diagram: {escaped('; '.join(words) or _said(shape) or 'no description')}*"
    if not keys and shape._element.tag.endswith("}graphicFrame"):
        yield f"*Picture: {escaped(_said(shape) or 'no description')}*"


def _said(shape: Any) -> str:
    """What its author wrote for people who cannot see it."""
    found = shape._element.xpath(".//p:cNvPr/@descr")
    return " ".join(str(found[0]).replace("\x01", " ").split()) if found else ""


def _lines(frame: Any) -> list[str]:
    return [line for p in frame.paragraphs if (line := escaped(" ".join("".join(r.text for r in p.runs).split())))]


def _paragraphs(frame: Any) -> str:
    """A text: one paragraph as it is, several as a list with its levels."""
    found = [(p.level, escaped(" ".join(p.text.replace("\x0b", " ").split()))) for p in frame.paragraphs]
    found = [(level, text) for level, text in found if text]
    if len(found) < 2:
        return found[0][1] if found else ""
    lines, before = list[str](), 0
    for level, text in found:
        before = min(level, before + 1) if lines else 0
        lines.append(f"{'    ' * before}- {text}")
    return "\n".join(lines)


def _table(rows: list[list[str]]) -> str:
    width = max(map(len, rows), default=0)
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]]) if width else ""
