"""HTML inside Markdown: what it says becomes Markdown, the tags go."""

import re
from html import unescape

from forum.case_studies.transfer.markup.spans import between

_TAGS_OF_HTML = """a abbr address article aside audio b bdi bdo big blockquote body br button canvas caption center cite code col colgroup
    data dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header
    hr html i iframe img input ins kbd label legend li link main map mark meta nav noscript object ol optgroup option output p
    picture pre progress q s samp section select small source span strike strong sub summary sup table tbody td template textarea
    tfoot th thead time title tr track tt u ul var video wbr"""
_NAMES = frozenset(_TAGS_OF_HTML.split())
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,40})((?:[\s\"'][^<>]{0,3000})?)(/?)>")
_SILENT = tuple(
    (re.compile(rf"<{name}\b[^<>]{{0,3000}}>", re.I), re.compile(rf"</{name}\s*>", re.I)) for name in ("script", "style", "svg", "math")
)  # fmt: skip
_TABLE = (re.compile(r"<table\b[^<>]{0,3000}>", re.I), re.compile(r"</table\s*>", re.I))
_QUOTE = (re.compile(r"<blockquote\b[^<>]{0,3000}>", re.I), re.compile(r"</blockquote\s*>", re.I))
_LINKED = (re.compile(r"<a\b[^<>]{0,3000}>", re.I), re.compile(r"</a\s*>", re.I))
_ROW = re.compile(r"<tr\b[^<>]{0,3000}>", re.I)
_CELL = re.compile(r"<t[dh]\b[^<>]{0,3000}>", re.I)
#: What stands in the place of a tag: of its beginning, and of its end. Others leave nothing.
_INSTEAD: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "figure", "figcaption", "caption",
                     "details", "ul", "ol", "dl", "dd", "center", "form", "fieldset", "address", "pre"), ("\n\n", "\n\n")),
    **{f"h{n}": (f"\n\n{'#' * n} ", "\n\n") for n in range(1, 7)},
    **dict.fromkeys(("summary", "dt", "legend"), ("\n\n**", "**\n\n")),
    **dict.fromkeys(("b", "strong"), ("**", "**")),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), ("*", "*")),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), ("`", "`")),
    **dict.fromkeys(("del", "s", "strike"), ("~~", "~~")),
    "q": ("“", "”"), "br": ("\n", "\n"), "hr": ("\n\n---\n\n", ""), "li": ("\n- ", ""), "option": ("\n- ", ""), "wbr": ("", ""),
}  # fmt: skip
#: Their end often is not written in old HTML, and their marks must touch the words.
_EMPTY = re.compile(r"(?<![*`~\w])(\*\*|`|~~)[ \t]*\1(?![*`~])")
_WEB = re.compile(r"https?://\S+|mailto:\S+", re.I)


def without_tags(text: str) -> tuple[str, int]:
    """The text with its HTML as Markdown, and how many tags there were. What only looks like a tag stays."""
    if "<" not in text:
        return text, 0
    count = len(_TAG.findall(text))
    for opens, closes in _SILENT:
        text = between(text, opens, closes, lambda start, inside: "")
    text = between(text, *_TABLE, lambda start, inside: _table(inside))
    text = between(text, *_QUOTE, lambda start, inside: _quote(_tags(inside)))
    text = between(text, *_LINKED, _anchor)
    text = _tags(text)
    return _EMPTY.sub("", text), count - len(_TAG.findall(text))


def _tags(text: str) -> str:
    named = set(re.findall(r"</([A-Za-z][\w:-]{0,40})\s{0,9}>", text))
    return _TAG.sub(lambda m: _instead(m, named), text)


def _instead(found: re.Match[str], named: set[str]) -> str:
    end, written, inside, alone = found.groups()
    name = written.lower()
    component = "-" in name or (written[0].isupper() and (bool(alone or end) or written in named))
    if name not in _NAMES and not component:
        return found.group()
    if name in {"img", "video", "iframe", "audio", "embed", "object"} and not end:
        return _medium(name, inside)
    if name == "abbr" and not end and _said(inside, "title"):
        return f"{_said(inside, 'title')}: "
    if component and not end:
        words = [w for w in re.findall(r"[\w-]+\s*=\s*\"([^\"]{3,1000})\"", inside) if re.search(r"\w\s+\w", w)]
        return "".join(f"\n\n{unescape(w)}\n\n" for w in words)
    instead = _INSTEAD.get(name, ("", ""))[bool(end)]
    return re.sub(r"\n+(?:- )?", " ", instead) if "\n" in instead and _in_row(found) else instead


def _in_row(found: re.Match[str]) -> bool:
    """Return whether a tag stands in a row of a table, which is one line."""
    begin = max(0, found.start() - 2_000)
    return found.string[begin : found.start()].rpartition("\n")[2].lstrip().startswith("|")


def _said(tag: str, name: str) -> str:
    """Return what an attribute says; "" where the tag has none of that name."""
    found = re.search(rf"(?<![\w-]){name}\s{{0,9}}=\s{{0,9}}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", tag, re.I)
    return " ".join(unescape(next((g for g in found.groups() if g), "")).split()) if found else ""


def _medium(name: str, tag: str) -> str:
    """A picture or film as its own words; one on the web can be followed."""
    words = ": ".join(dict.fromkeys(w for w in (_said(tag, "alt"), _said(tag, "title"), _said(tag, "aria-label")) if w))
    kind = {"img": "Picture", "audio": "Sound", "video": "Film"}.get(name, "Shown here in the original")
    label = f"{kind}: {words or 'see the original'}".replace("*", "").replace("[", "(").replace("]", ")")
    address = _said(tag, "src") or _said(tag, "data")
    return f"*[{label}]({address})*" if _WEB.fullmatch(address) else f"*{label}*"


def _anchor(start: re.Match[str], inside: str) -> str:
    address, note = _said(start.group(), "href"), _said(start.group(), "title")
    words = inside.strip()
    told = f" ({note})" if note and note != words else ""
    if not words or "\n\n" in words or "[" in words or not _WEB.fullmatch(address):
        return inside + told
    return f"[{words}]({address}){told}"


def _quote(text: str) -> str:
    lines = re.sub(r"\n{3,}", "\n\n", text.strip()).split("\n")
    return "\n\n" + "\n".join(f"> {line.strip()}".rstrip() for line in lines) + "\n\n"


def _table(inside: str) -> str:
    """The rows with bars between their cells. A table without rows leaves its words."""
    first, *rows = _ROW.split(inside)
    cells = [[_cell(c) for c in _CELL.split(row)[1:]] for row in rows]
    cells = [row for row in cells if row]
    if not cells:
        return _tags(inside)
    wide = max(map(len, cells))
    lines = [f"| {' | '.join(row + [''] * (wide - len(row)))} |" for row in cells]
    before = _tags(first).strip()
    return "\n\n" + (f"{before}\n\n" if before else "") + "\n".join([lines[0], f"|{' --- |' * wide}", *lines[1:]]) + "\n\n"


def _cell(text: str) -> str:
    return " ".join(between(_tags(text), *_LINKED, _anchor).replace("|", "\\|").split())
