"""Makes forum/documents/data/template.docx: the styles, page and language of the Word files that leave the site.

An organisation puts its own in its place by a setting. Run it after a change here, and commit what it writes.
"""

import sys
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from forum.documents.uploads import pack, unpack  # noqa: E402

FILE = ROOT / "forum/documents/data/template.docx"
BLUE, INK, GREY = RGBColor(0x00, 0x5E, 0xB8), RGBColor(0x21, 0x2B, 0x32), RGBColor(0x4C, 0x62, 0x72)
RULE, STRONG_RULE = "D8DDE0", "4C6272"
#: name → (size, bold, colour, space before, space after, kept with what follows)
PARAGRAPHS: dict[str, tuple[float, bool, RGBColor, float, float, bool]] = {
    "Normal": (11, False, INK, 0, 6, False),
    "Title": (24, True, BLUE, 0, 8, True),
    "Lead": (13, False, INK, 0, 12, False),
    "Heading 1": (16, True, BLUE, 20, 6, True),
    "Heading 2": (13, True, BLUE, 14, 4, True),
    "Heading 3": (11.5, True, INK, 12, 3, True),
    "Heading 4": (11, True, INK, 10, 3, True),
    "Heading 5": (11, True, GREY, 8, 3, True),
    "Heading 6": (11, False, GREY, 8, 3, True),
    "List Bullet": (11, False, INK, 0, 3, False),
    "List Bullet 2": (11, False, INK, 0, 3, False),
    "List Bullet 3": (11, False, INK, 0, 3, False),
    "List Number": (11, False, INK, 0, 3, False),
    "List Number 2": (11, False, INK, 0, 3, False),
    "List Number 3": (11, False, INK, 0, 3, False),
    "List Continue": (11, False, INK, 0, 3, False),
    "Quote": (11, False, GREY, 4, 8, False),
    "Code": (9.5, False, INK, 0, 6, False),
    "Picture": (11, False, INK, 8, 4, False),
    "Caption": (9.5, False, GREY, 0, 10, False),
    "Table Text": (9.5, False, INK, 0, 0, False),
    "Table Head": (9.5, True, INK, 0, 0, True),
    "Table End": (4, False, INK, 0, 6, False),
    "Small": (9, False, GREY, 0, 4, False),
    "Footer": (8.5, False, GREY, 0, 0, False),
    "Header": (8.5, False, GREY, 0, 0, False),
}
KEPT = {*PARAGRAPHS, "Default Paragraph Font", "Normal Table", "No List", "List Paragraph", "Hyperlink", "Code Words"}
#: Light rules between the rows, none between the columns, room around the words.
TABLES = """<w:style {ns} w:type="table" w:customStyle="1" w:styleId="{id}"><w:name w:val="{name}"/>
<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>
<w:top w:w="{high}" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>
<w:bottom w:w="{high}" w:type="dxa"/><w:right w:w="100" w:type="dxa"/>
</w:tblCellMar></w:tblPr>{more}</w:style>"""
HEAD = '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>{}</w:tcBorders></w:tcPr></w:tblStylePr>'


def border(side: str, colour: str, size: int = 4) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'


def style_of(document: Any, name: str, kind: WD_STYLE_TYPE) -> Any:
    styles = document.styles
    return styles[name] if name in [s.name for s in styles] else styles.add_style(name, kind)


def main(target: Path) -> None:
    document = Document()
    for style in list(document.styles):
        if style.name not in KEPT:
            style.element.getparent().remove(style.element)
    for name, (size, bold, colour, before, after, kept) in PARAGRAPHS.items():
        style = style_of(document, name, WD_STYLE_TYPE.PARAGRAPH)
        for found in style.element.findall(qn("w:pPr")) + style.element.findall(qn("w:rPr")):
            style.element.remove(found)
        if name != "Normal":
            style.base_style = document.styles["Normal"]
        style.font.name = "Courier New" if name == "Code" else "Arial"
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, colour
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.keep_with_next = Pt(before), Pt(after), kept
        shape.line_spacing = 1.0 if name in {"Picture", "Table End", "Title"} else 1.12
        shape.widow_control = True
    document.styles["Quote"].paragraph_format.left_indent = Cm(0.8)
    document.styles["List Continue"].paragraph_format.left_indent = Pt(21)
    for level in range(1, 7):
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        document.styles[f"Heading {level}"].element.get_or_add_pPr().append(outline)
    link = style_of(document, "Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = BLUE, True
    code = style_of(document, "Code Words", WD_STYLE_TYPE.CHARACTER)
    code.font.name, code.font.size = "Courier New", Pt(10)
    rows = border("top", STRONG_RULE) + border("bottom", STRONG_RULE) + border("insideH", RULE)
    head = HEAD.format(border("bottom", STRONG_RULE, 8))
    facts = border("top", RULE) + border("bottom", RULE) + border("insideH", RULE)
    made = (("Table", rows, head, 50), ("Facts", facts, "", 50), ("Figures", rows, head, 15))
    for name, borders, more, high in made:
        words = {"id": f"Practice{name}", "name": f"Practice {name}", "borders": borders, "more": more, "high": high}
        document.styles.element.append(parse_xml(TABLES.format(ns=nsdecls("w"), **words)))
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.2)
    properties = document.core_properties
    properties.title = properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = datetime(2000, 1, 1)
    out = BytesIO()
    document.save(out)
    target.write_bytes(pack(unpack(out.getvalue())))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
