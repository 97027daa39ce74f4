"""Making the Markdown of other sites' generators readable here: words stay, in their order; marks that carry none go."""

import re
from html import unescape

from forum.case_studies.transfer.markup.blocks import plain_blocks
from forum.case_studies.transfer.markup.html_words import without_tags
from forum.case_studies.transfer.markup.layout import laid_out
from forum.case_studies.transfer.markup.spans import between, outside_code

_ATTRIBUTE = r"[\w:-]{1,99}+=(?:\"[^\"\n]{0,400}+\"|'[^'\n]{0,400}+'|[^\s}\"']{1,200}+)"
_ATTRIBUTES = re.compile(rf"\{{:?[ \t]{{0,9}}+(?:[.#:][\w:-]{{1,99}}+|{_ATTRIBUTE})(?:[ \t]{{1,9}}+(?:{_ATTRIBUTE}|[.#:]?[\w:-]{{1,99}}+)){{0,20}}+[ \t]{{0,9}}+\}}")  # fmt: skip
_KRAMDOWN = re.compile(r"\{:(?:[:/]|[\w-])[^{}\n]{0,300}\}|\{:/\}")
_IMAGE = re.compile(
    r"!\[((?:[^\[\]]|\[[^\[\]]{0,200}+\]){0,1000}+)\]\(\s{0,9}+<?((?:[^()\s>]|\([^()\s]{0,200}+\)){0,2000}+)>?(?:\s{1,9}(?:\"([^\"]{0,1000}+)\"|'([^']{0,1000}+)'))?(?:\s[^)\n]{0,200}+)?\)"
)
_EMBEDDED = re.compile(r"!\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{0,300}))?\]\]")
_WIKI = re.compile(r"\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{1,300}))?\]\]")
_LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]{0,200}+\]){1,1000}+)\]\(\s{0,9}+<?((?:[^()\s>]|\([^()\s]{0,200}+\)){0,2000}+)>?(?:\s{1,9}(?:\"([^\"]{0,1000}+)\"|'([^']{0,1000}+)'))?\s{0,9}\)"
)
#: Brackets like those of a link, around words instead of an address.
_NO_LINK = re.compile(r"\[([^\[\]]{1,1000}+)\]\(([^()\n]{1,400}+)\)")
_DEFINED = re.compile(
    r"^ {0,3}\[([^\]\^\n][^\]\n]{0,200})\]:[ \t]{0,9}<?([^\s>]{1,2000})>?[ \t]{0,9}(?:\"([^\"\n]{0,1000})\"|'([^'\n]{0,1000})'|\(([^)\n]{0,1000})\))?[ \t]{0,9}$",
    re.M,
)
_BY_NAME = re.compile(r"(!?)\[([^\[\]\n]{1,1000})\](?:[ ]?\[([^\[\]\n]{0,200})\])?(?![\[(:])")
_ABBREVIATION = re.compile(r"^\*\[([^\]\n]{1,100})\]:[ \t]{0,9}(\S.{0,400})$", re.M)
_ICON = re.compile(r"(?<![\w:]):(?:material|fontawesome|octicons|simple|bootstrap|heroicons)-[\w-]{1,100}:")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.){1,1000})\"|'((?:[^'\\]|\\.){1,1000})'|“([^”]{1,1000})”")
_PATH = re.compile(r"(?:[\w.~@%+-]*[/\\])*[\w.~@%+ -]*\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?|heic|ico|mp4|webm|pdf)(?:[?#]\S*)?", re.I)  # fmt: skip
_BARE_PATH = re.compile(
    r"^[ \t>]*(?:[-*+] )?[\w./\\~@%+:-]{1,300}\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?|heic)[ \t]*$", re.I | re.M
)
_ADDRESS = re.compile(r"(?:https?:|mailto:)", re.I)


def readable(text: str) -> tuple[str, int]:
    """The text without generator markup, and how many pieces of markup went.

    A picture becomes a line with its words; a link that only the other site can follow leaves its words. Words in the parameters
    of templates and tags (captions, alternative texts, titles) stay where they stood.
    """
    gone = _Gone()
    changed = plain_blocks(outside_code(text.replace("\u00a0", " "), gone.hidden))
    outside_code(changed, gone.learn)
    changed = laid_out(outside_code(changed, gone.marks))
    lines = ["" if line.isspace() else line for line in changed.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), gone.count


class _Gone:
    """Takes markup out, and counts."""

    def __init__(self) -> None:
        self.count = 0
        #: Addresses that the text names in one place and uses in others: name → (address, title).
        self.named: dict[str, tuple[str, str]] = {}

    def learn(self, text: str) -> str:
        """Note the addresses that are named here."""
        for m in _DEFINED.finditer(text):
            self.named[m.group(1).casefold()] = (m.group(2), m.group(3) or m.group(4) or m.group(5) or "")
        return text

    def hidden(self, text: str) -> str:
        """Without what the other site's readers never saw: comments, and the instructions of its templates."""
        text = between(text, re.compile("<!--"), re.compile("-->"), self._nothing)
        text = between(text, re.compile(r"\{::comment[^}\n]{0,99}\}"), re.compile(r"\{:/(?:comment)?\}"), self._nothing)
        text = between(text, re.compile(r"\{%-?[ \t]*comment[ \t]*-?%\}"), re.compile(r"\{%-?[ \t]*endcomment[ \t]*-?%\}"), self._nothing)  # fmt: skip
        text = between(text, re.compile(r"\{#(?=[\s-])"), re.compile(r"#\}"), self._nothing)
        for opens, closes in ((r"\{%", r"%\}"), (r"\{\{", r"\}\}")):
            text = between(text, re.compile(opens), re.compile(closes), self._template)
        return text

    def marks(self, text: str) -> str:
        """Pictures, links and tags as the Markdown that this site has."""
        text = _ABBREVIATION.sub(r"- \1: \2", text)
        text = self._in_place(text) if self.named else text
        text = _IMAGE.sub(_picture, text)
        text = _EMBEDDED.sub(lambda m: picture(m.group(2) or "", m.group(1), ""), text)
        text = _KRAMDOWN.sub(self._drop, _ATTRIBUTES.sub(self._drop, text))
        text = _ICON.sub(self._drop, text)
        text, tags = without_tags(text)
        self.count += tags
        text = _WIKI.sub(lambda m: m.group(2) or m.group(1), text)
        text = _NO_LINK.sub(_words_of_both, _LINK.sub(_link, text))
        return _BARE_PATH.sub(self._drop, text)

    def _in_place(self, text: str) -> str:
        """Links and pictures whose address is named elsewhere get it where they stand, so that the two may part."""

        def inline(m: re.Match[str]) -> str:
            known = self.named.get((m.group(3) or m.group(2)).casefold())
            title = f' "{known[1]}"' if known and known[1] else ""
            return f"{m.group(1)}[{m.group(2)}]({known[0]}{title})" if known else m.group()

        return _BY_NAME.sub(inline, _DEFINED.sub("", text))

    def _nothing(self, start: re.Match[str], inside: str) -> str:
        self.count += 1
        return ""

    def _template(self, start: re.Match[str], inside: str) -> str:
        """The words among the parameters of a template, such as a caption. Brackets that are far apart are words of the text."""
        if len(inside) > 3_000:
            return f"{start.group()}{inside}{'%}' if start.group() == '{%' else '}}'}"
        self.count += 1
        said = [next(filter(None, m.groups())) for m in _QUOTED.finditer(inside)]
        words = list(dict.fromkeys(s for s in said if re.search(r"\w\s+\w", s) and not is_path(s)))
        if not words:
            return _gap(start.string, start.start(), start.end() + len(inside) + 2)
        return f"\n\n*{': '.join(' '.join(w.split()) for w in words)}*\n\n"

    def _drop(self, found: re.Match[str]) -> str:
        self.count += 1
        return _gap(found.string, found.start(), found.end())


def _gap(text: str, start: int, end: int) -> str:
    """Return what stands in the place of markup that goes: a space where two words would otherwise become one."""
    return " " if start and text[start - 1].isalnum() and text[end : end + 1].isalnum() else ""


def _picture(found: re.Match[str]) -> str:
    """The picture; what the text says again right after it is not said twice."""
    after = " ".join(found.string[found.end() : found.end() + 2_000].split())
    said = [" ".join((w or "").split()) for w in (found.group(1), found.group(3) or found.group(4))]
    alt, title = ("" if words and after.startswith(words) else words for words in said)
    return picture(alt, found.group(2), title)


def picture(alt: str, address: str, title: str) -> str:
    """A line that tells of a picture in its own words; one that lies on the web can be followed."""
    said = [" ".join(w.replace("*", "").split()) for w in (alt, title)]
    words = ": ".join(dict.fromkeys(w for w in said if re.search(r"\w", w) and not is_path(w)))
    label = f"Picture: {words or 'see the original'}"
    return f"*[{label}]({address})*" if _ADDRESS.match(address) else f"*{label}*"


def _link(found: re.Match[str]) -> str:
    """A link on the web stays one; of another, which leads nowhere from here, the words stay."""
    label, target, title = found.group(1), found.group(2), found.group(3) or found.group(4)
    note = f" ({title})" if title and title != label else ""
    return f"[{label}]({target}){note}" if _ADDRESS.match(target) else f"{label}{note}"


def _words_of_both(found: re.Match[str]) -> str:
    label, target = found.groups()
    return found.group() if _ADDRESS.match(target.strip(" <")) or not target.strip() else f"{label} ({target.strip()})"


def is_path(text: str) -> bool:
    """Return whether a text is the path of a picture or file and nothing else."""
    return len(text) < 2_000 and bool(_PATH.fullmatch(text.strip()))


_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|~~)(?=\S)(.{1,500}?)(?<=\S)\1(?!\w)")
_TITLE_LINK = re.compile(r"!?\[([^\[\]]{0,500})\](?:\([^)]{0,2000}\)|\[[^\]]{0,200}\])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>|~-])")


def plain_line(text: str) -> str:
    """A title or heading as words alone: without the marks of emphasis, code, links, tags, footnotes and templates."""
    text, over = text[:3_000], text[3_000:]
    text = re.sub(r"\{\{.{0,400}?\}\}|\{%.{0,400}?%\}", "", text)
    text = _KRAMDOWN.sub("", _ATTRIBUTES.sub("", _ICON.sub("", re.sub(r"\[\^[^\]\s]{1,50}\]", "", text))))
    text = _TITLE_LINK.sub(r"\1", without_tags(text)[0]).replace("`", "")
    for _ in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    return " ".join(f"{_unescaped(text)}{over}".split())


def _unescaped(text: str) -> str:
    return unescape(_ESCAPED.sub(r"\1", text))
