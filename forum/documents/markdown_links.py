"""Links as people type them: in brackets, bare, with spaces, between curly quotes; and what is no address stays text."""

import re
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import ReferenceProcessor
from markdown.inlinepatterns import (
    InlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    ShortReferenceInlineProcessor,
)
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

_CURLY = "“”‘’«»"
_QUOTES = _CURLY + "\"'"
_MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_MAIL_ALONE = re.compile(_MAIL)
#: Names of sites that people type without https: and that are no names of files.
_SITE = re.compile(r"(?:www\.[\w-]|[\w-]+(?:\.[\w-]+)*\.(?:uk|org|com|net|int|eu|edu|gov|ie|scot|wales)(?:[/?#:]|$))", re.I)
_PHONE = re.compile(r"tel:\s*(\+?[\d\s().-]{3,30})", re.I)
_LEADS = re.compile(r"https?://[^\s/]|mailto:[^\s]|/(?![/\\])|[#?][^\s]", re.I)
_BARE = re.compile(r"(?<![\w@/.-])(?:https?://(?=\w)|www\.(?=\w)|tel:(?=\+?\d{3}))", re.I)
_TYPED = re.compile(rf'[^\s<>\x02\x03"{_CURLY}]*')
_BARE_MAIL = re.compile(rf"(?<![\w@/.+-]){_MAIL}")
#: A number has no more blanks than these: what follows may be another.
_BARE_PHONE = re.compile(r"tel:\+?\d{3,15}(?:[ -]?\d{3,6}){0,3}", re.I)
_AFTER = "?!.,:;*_~^'…"
_CLOSERS = {")": "(", "]": "["}
_LABEL = re.compile(r"\[([^\[\]\n]{1,200})\](?!:)|(?<=\S)[ \t]*\[([^\[\]\n]{1,200})\]")
_DEFINITION = re.compile(r"""[ ]{0,3}\[([^\[\]]+)\]:[ ]*(\S+)[ ]*(?:"([^"]*)"|'([^']*)'|\(([^()]*)\))?[ ]*""")


def address(typed: str) -> str | None:
    """Return where a link with this typed address leads; None where it is not an address of a kind that is allowed."""
    text = typed.strip().strip(_QUOTES).strip()
    if phone := _PHONE.fullmatch(text):
        return "tel:" + re.sub(r"[^\d+]", "", phone[1])
    if _MAIL_ALONE.fullmatch(text):
        return f"mailto:{text}"
    if _SITE.match(text):
        text = f"https://{text}"
    if not _LEADS.match(text) or (text[0] in "/#?" and re.search(r"\s", text)):
        return None
    return re.sub(r"\s+", "%20", text)


def labels(text: str) -> set[str]:
    """Return all that is in brackets anywhere in the text, in small letters: only for these labels is a definition of use."""
    return {_label(found[1] or found[2]) for found in _LABEL.finditer(text)}


def _label(text: str) -> str:
    return " ".join(text.lower().split())


class Definitions(ReferenceProcessor):
    """`[label]: address` is taken out of the text only where it has an address and the label is used; else it is text."""

    def run(self, parent: Element, blocks: list[str]) -> bool:
        block = blocks.pop(0)
        kept = [line for line in block.split("\n") if not self._defines(line)]
        rest = "\n".join(kept)
        if rest.strip():
            blocks.insert(0, rest)
        return len(kept) <= block.count("\n")

    def _defines(self, line: str) -> bool:
        found = _DEFINITION.fullmatch(line)
        if found is None:
            return False
        label, leads = _label(found[1]), address(found[2].strip("<>"))
        known: dict[str, tuple[str, str]] = self.parser.md.references
        if leads is None or label in known or label not in self.parser.md.used_labels:  # type: ignore[attr-defined]
            return False
        known[label] = (leads, found[3] or found[4] or found[5] or "")
        return True


class InBrackets(LinkInlineProcessor):
    """`[words](address)`; a picture becomes a link to it with its words, since pictures of other sites are not shown."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        found: tuple[Any, int | None, int | None] = super().handleMatch(m, data)
        link, start, end = found
        if link is None or (leads := address(link.get("href", ""))) is None:
            return None, None, None
        link.set("href", leads)
        return link, start, end


class Angled(InlineProcessor):
    """`<https://…>` and `<name@example.org>`."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]
        leads = m[1] if m[1].lower().startswith(("http", "mailto:")) else f"mailto:{m[1]}"
        return _link(leads, m[1]), m.start(), m.end()


class Bare(InlineProcessor):
    """An address in running text. Marks that end a sentence, quotes and brackets around it are no part of it."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        typed = (_BARE_PHONE if m[0].lower() == "tel:" else _TYPED).match(data, m.start())
        assert typed
        text = _without_end(typed[0])
        leads = address(text)
        if leads is None or len(text) <= len(m[0]):
            return None, m.start(), m.end()
        return _link(leads, text), m.start(), m.start() + len(text)


class BareMail(InlineProcessor):
    """An address of mail in running text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]
        text = m[0].rstrip(".-_")
        return _link(f"mailto:{text}", text), m.start(), m.start() + len(text)


def _without_end(text: str) -> str:
    """The address without what belongs to the sentence: `.` or `'s` behind it, a bracket that was opened before it."""
    surplus = {closer: text.count(closer) - text.count(opener) for closer, opener in _CLOSERS.items()}
    end = len(text)
    while end:
        last = text[end - 1]
        if text.endswith("'s", 0, end):
            end -= 2
        elif last in _AFTER:
            end -= 1
        elif surplus.get(last, 0) > 0:
            surplus[last] -= 1
            end -= 1
        else:
            break
    return text[:end]


def _link(leads: str, text: str) -> Element:
    link = Element("a", href=leads)
    link.text = AtomicString(text)
    return link


class SayTitles(Treeprocessor):
    """The title of a link is said behind it, for it is words too; a link without words says where it leads."""

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            if link.get("class", "").startswith("footnote"):
                continue
            if title := link.attrib.pop("title", ""):
                link.tail = AtomicString(f" ({title}){link.tail or ''}")
            if not len(link) and not (link.text or "").strip():
                link.text = AtomicString(link.get("href", ""))


def extend(md: Markdown) -> None:
    """Have a parser read links so."""
    patterns = md.inlinePatterns
    for name in ("image_link", "image_reference", "short_image_ref", "automail"):
        patterns.deregister(name)
    ours: Iterable[tuple[Any, str, int]] = (
        (ReferenceInlineProcessor(r"!?\[", md), "reference", 170),
        (InBrackets(r"!?\[", md), "link", 160),
        (ShortReferenceInlineProcessor(r"!?\[", md), "short_reference", 130),
        (Angled(rf"<(https?://[^\s<>]+|(?:mailto:)?{_MAIL})>", md), "autolink", 120),
        (Bare(_BARE.pattern, md), "bare_link", 85),
        (BareMail(_BARE_MAIL.pattern, md), "bare_mail", 84),
    )
    for processor, name, priority in ours:
        patterns.register(processor, name, priority)
    patterns["bare_link"].compiled_re = _BARE
    md.parser.blockprocessors.register(Definitions(md.parser), "reference", 15)
    md.treeprocessors.register(SayTitles(md), "say_titles", 5)
