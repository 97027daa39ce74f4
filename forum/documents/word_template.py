"""The template of the Word files that leave the site: ours, or one that an organisation has put in its place."""

from copy import deepcopy
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from docx.text.paragraph import Paragraph

SHIPPED = Path(__file__).resolve().parent / "data/template.docx"
#: Every style that is used, by the names that Word itself has for its own.
STYLES = (
    "Normal", "Title", "Lead", *(f"Heading {n}" for n in range(1, 7)), "List Bullet", "List Bullet 2", "List Bullet 3",
    "List Number", "List Number 2", "List Number 3", "List Continue", "Quote", "Code", "Code Words", "Hyperlink", "Picture",
    "Caption", "Table Text", "Table Head", "Table End", "Practice Table", "Practice Facts", "Practice Figures", "Small", "Footer",
)  # fmt: skip


def opened(template: Path | None, title: str) -> Docx:
    """A document with nothing in it but the page, headers and styles of a template; those that it lacks are ours."""
    document = Document(str(template or SHIPPED))
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    own = {style.name for style in document.styles}
    for name in STYLES:
        if name not in own:
            document.styles.element.append(deepcopy(_ours()[name]))
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    about = document.core_properties
    about.title, about.language = title[:255], "en-GB"
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.created = about.modified = datetime(2000, 1, 1)
    return document


@cache
def _ours() -> dict[str, Any]:
    return {style.name: style.element for style in Document(str(SHIPPED)).styles}


def room_of(document: Docx) -> int:
    """The width of its lines, in twentieths of a point."""
    section = document.sections[0]
    width, left, right = section.page_width, section.left_margin, section.right_margin
    return ((width or 7_560_310) - (left or 0) - (right or 0)) // 635


def put_footer(document: Docx, text: str) -> None:
    """Write a line and the number of the page below what the template has at the foot of its pages."""
    footer = document.sections[0].footer
    first = footer.paragraphs[0] if footer.paragraphs and not footer.paragraphs[0].text.strip() else footer.add_paragraph()
    first.style = "Footer"
    first.add_run(f"{text} Page ")
    _field(first, "PAGE")
    first.add_run(" of ")
    _field(first, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def number_lists(document: Docx) -> tuple[int, int]:
    """Define how lists are marked, bullets and numbers, nine levels of each; return what these definitions are called."""
    numbering = _numbering(document)
    taken = [int(kept.get(qn("w:abstractNumId"))) for kept in numbering.findall(qn("w:abstractNum"))]
    bullets = max(taken, default=0) + 1
    for number, ordered in ((bullets, False), (bullets + 1, True)):
        numbering.insert(0, parse_xml(_levels(number, ordered)))
    return bullets, bullets + 1


def _numbering(document: Docx) -> Any:
    """Its list definitions; an empty set of them in a template that has none."""
    part = document.part
    if not any(rel.reltype == RELATIONSHIP_TYPE.NUMBERING for rel in part.rels.values()):
        element: Any = parse_xml(f"<w:numbering {nsdecls('w')}/>")
        made = NumberingPart(
            PackURI.from_rel_ref(part.partname.baseURI, "numbering.xml"), CONTENT_TYPE.WML_NUMBERING, element, part.package
        )
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    return part.numbering_part.element


def _levels(number: int, ordered: bool) -> str:
    """Nine levels of a list, in XML: its marks, and how far each goes in."""
    kind, sign, levels = ("decimal", "%{}.", "") if ordered else ("bullet", "•", "")
    for n in range(9):
        levels += (
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{sign.format(n + 1)}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{(n + 1) * 420}" w:hanging="420"/></w:pPr></w:lvl>'
        )
    return f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{levels}</w:abstractNum>'
