"""Which paragraphs of a Word file are headings: by style, by outline level, or, as many write them, by strong words or capitals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Styles that no file has: `word` says what each becomes.
TITLE, SUBTITLE, CAPTION, HEADING = "SiteTitle", "SiteSubtitle", "SiteCaption", "SiteHeading"
DEEPEST = 6
#: A style may say that it is based on one that is based on it.
_LONGEST_CHAIN = 20
_NAMED = {"title": TITLE, "subtitle": SUBTITLE, "caption": CAPTION}
_LONGEST, _MOST_WORDS = 80, 12
_COUNTED = re.compile(r"(\d{1,2})(?:\.\d{1,2}){0,3}[.)]?\s+[^\W\d_]")


@dataclass(slots=True)
class _Style:
    name: str
    based_on: str
    #: 1 to 9 for a heading, 10 for what is expressly none, 0 where the style leaves it open.
    level: int
    marks: dict[str, bool]


@dataclass(slots=True)
class Styles:
    """The styles of a file, each with those that it is based on."""

    known: dict[str, _Style] = field(default_factory=dict)
    usual: str = ""

    @classmethod
    def read(cls, part: bytes | None) -> "Styles":
        found = cls()
        for element in ElementTree.fromstring(part).iter(f"{WORD}style") if part else ():
            name, key = _value(element, "name").casefold(), element.get(f"{WORD}styleId", "")
            heading = re.fullmatch(r"heading ([1-9])", name)
            level = int(heading[1]) if heading else _outline(element)
            found.known[key] = _Style(name, _value(element, "basedOn"), level, _marks(element.find(f"{WORD}rPr")))
            if element.get(f"{WORD}default") == "1" and element.get(f"{WORD}type") == "paragraph":
                found.usual = key
        return found

    def chain(self, key: str) -> Iterator[_Style]:
        """A style, then those below it."""
        for _ in range(_LONGEST_CHAIN):
            if (style := self.known.get(key)) is None:
                return
            yield style
            key = style.based_on

    def marks(self, key: str) -> dict[str, bool]:
        """Return whether words in the style are strong, or capitals, where it says so."""
        return {name: value for style in reversed(list(self.chain(key))) for name, value in style.marks.items()}


def mark_headings(root: Element, styles: Styles) -> None:
    """Give each heading of a document the style that says so to the reader, and no other."""
    body = root.find(f"{WORD}body")
    blocks = list(_blocks(body)) if body is not None else []
    paragraphs = {n: _Paragraph(e, styles) for n, e in enumerate(blocks) if e.tag == f"{WORD}p"}
    spoken = [n for n, e in enumerate(blocks) if n not in paragraphs or paragraphs[n].text]
    seeming = _seeming([paragraphs.get(n) for n in spoken])
    levels = [p.level for p in paragraphs.values() if p.text and 0 < p.level <= 9]
    current = min(levels, default=1) - 1
    for paragraph in paragraphs.values():
        if not paragraph.text:
            continue
        if paragraph.named:
            paragraph.restyle(paragraph.named)
        elif 0 < paragraph.level <= 9:
            current = paragraph.level
            paragraph.restyle(f"{HEADING}{min(current, DEEPEST)}")
        elif id(paragraph) in seeming and not (levels and paragraph.counted):
            paragraph.restyle(f"{HEADING}{min(current + 1, DEEPEST)}")


def _blocks(parent: Element) -> Iterator[Element]:
    """The paragraphs and tables of a text, also those that a control holds."""
    for child in parent:
        if child.tag in {f"{WORD}p", f"{WORD}tbl"}:
            yield child
        elif child.tag in {f"{WORD}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins")}:
            yield from _blocks(child)


def _seeming(spoken: list["_Paragraph | None"]) -> set[int]:
    """The paragraphs that stand where a heading stands and look like one; a single one shows no plan of the text."""
    runs: list[list[_Paragraph]] = [[]]
    for paragraph in spoken:
        if paragraph is not None and paragraph.seems:
            runs[-1].append(paragraph)
        else:
            runs.append([])
    # The last run has no text below it. Of several lines in a row, an address or a list, only the last can head what follows; two
    # are a title and its first section.
    found = [p for run in runs[:-1] for p in (run if len(run) < 3 else run[-1:])]
    if len(runs[0]) > 2 and len(found) > 1:
        # So are more at the top, with names and a date between the two.
        found.insert(0, runs[0][0])
    strong = [p for p in found if not p.counted]
    counted = [p for p in found if p.counted]
    if counted and (_number(counted[0].text) > 1 or len(counted) + len(strong) < 2):
        counted = []
    kept = strong + counted
    return {id(p) for p in kept} if len(kept) > 1 else set()


def _number(text: str) -> int:
    found = _COUNTED.match(text)
    return int(found[1]) if found else 0


class _Paragraph:
    """A paragraph with what its style and its runs say of its place in the text."""

    def __init__(self, element: Element, styles: Styles) -> None:
        self.element, self.styles = element, styles
        properties = element.find(f"{WORD}pPr")
        self.key = _value(properties, "pStyle") if properties is not None else ""
        chain = list(styles.chain(self.key or styles.usual))
        own = _outline(element)
        self.level = own or next((s.level for s in chain if s.level), 0)
        self.named = "" if own else next((_NAMED[s.name] for s in chain if s.name in _NAMED), "")
        self.name = chain[0].name if chain else ""
        self.listed = properties is not None and properties.find(f"{WORD}numPr") is not None
        self.text = " ".join("".join(_words(element)).split())
        strong, capitals = self._look() if self._short() else (False, False)
        self.counted = not (strong or capitals) and not self.listed and bool(_COUNTED.match(self.text)) and self._short(":!?")
        self.seems = strong or capitals or self.counted

    def _short(self, no_end: str = "") -> bool:
        text = self.text
        return (
            1 < len(text) <= _LONGEST
            and len(text.split()) <= _MOST_WORDS
            and text[-1] not in f".,;…{no_end}"
            and any(c.isalpha() for c in text)
            and not self.level
            and not self.named
            and not re.match(r"toc|list (?:bullet|continue)|quote|code|header|footer|footnote", self.name)
            and not any(self.element.iter(f"{WORD}br"))
            and not any(self.element.iter(f"{WORD}drawing"))
        )

    def _look(self) -> tuple[bool, bool]:
        """Return whether all words are strong or underlined, and whether all are capitals."""
        # Links are underlined too.
        under = not any(self.element.iter(f"{WORD}hyperlink"))
        base = self.styles.marks(self.key or self.styles.usual)
        looks = []
        for run in self.element.iter(f"{WORD}r"):
            words = "".join(_words(run))
            if not words.strip():
                continue
            properties = run.find(f"{WORD}rPr")
            style = self.styles.marks(_value(properties, "rStyle")) if properties is not None else {}
            marks = base | style | _marks(properties)
            looks.append(
                (marks.get("b", False) or (under and marks.get("u", False)), marks.get("caps", False) or words.upper() == words)
            )
        letters = sum(c.isalpha() for c in self.text)
        return all(b for b, _ in looks), letters > 2 and all(c for _, c in looks) and not self.listed

    def restyle(self, name: str) -> None:
        properties = self.element.find(f"{WORD}pPr")
        if properties is None:
            properties = Element(f"{WORD}pPr")
            self.element.insert(0, properties)
        for old in properties.findall(f"{WORD}pStyle"):
            properties.remove(old)
        properties.insert(0, Element(f"{WORD}pStyle", {f"{WORD}val": name}))


def _words(element: Element) -> Iterator[str]:
    return (" " if e.tag in {f"{WORD}br", f"{WORD}tab"} else e.text or "" for e in element.iter() if e.tag in _SAYING)


_SAYING = {f"{WORD}t", f"{WORD}br", f"{WORD}tab"}


def _value(element: Element | None, name: str) -> str:
    found = element.find(f"{WORD}{name}") if element is not None else None
    return found.get(f"{WORD}val", "") if found is not None else ""


def _outline(element: Element) -> int:
    """The outline level of a style or paragraph, counted from 1; 0 where none is set."""
    level = _value(element.find(f"{WORD}pPr"), "outlineLvl")
    return int(level) + 1 if re.fullmatch(r"[0-9]", level) else 0


def _marks(properties: Element | None) -> dict[str, bool]:
    """Which of strong, capitals and underlined the properties of words set or take away."""
    found = {name: properties.find(f"{WORD}{name}") for name in ("b", "caps", "u")} if properties is not None else {}
    return {name: e.get(f"{WORD}val", "1") not in {"0", "false", "off", "none"} for name, e in found.items() if e is not None}
