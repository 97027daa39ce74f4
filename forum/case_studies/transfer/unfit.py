"""Which files and rows are no case study: empty ones, templates, lists of pages, and what tells of the collection itself."""

import re
from pathlib import PurePosixPath

from forum.case_studies.transfer.markup.spans import pieces

_NAMES = re.compile(
    r"(?i:readme|contributing|code[ _-]of[ _-]conduct|change[ _-]?log|licen[cs]e|codeowners|404|sitemap|_sidebar|_navbar|_coverpage|"
    r"(?:_|case[ _-]study[ _-]|pull[ _-]request[ _-]|issue[ _-]|post[ _-]|page[ _-]|project[ _-])?template)"
    # Written in capitals by custom; in small letters they may be the name of a piece of work.
    r"|HISTORY|SECURITY|SUPPORT|GOVERNANCE|MAINTAINERS|AUTHORS|CONTRIBUTORS|CHANGES|NOTICE|CLAUDE|AGENTS"
)
#: Titles that stand where one should be written.
_TITLES = re.compile(
    r"(?:(?:page|post|case ?stud(?:y|ies)|project|blog ?post|document|new|my|the|a|your|our|insert|enter|add|type|put|write|some|sample|"
    r"example|test|dummy|short|working|descriptive|catchy|name|of|in|title|here|goes|this|is|must|be|replaced?|change|me|"
    r"template|placeholder|untitled|index|readme|draft|heading|tbc|tbd|todo|to ?do|to be (?:confirmed|decided)|xxx+|home(?: ?page)?|lorem|ipsum|dolor|sit|amet|"
    r"foo|bar|asdf|n/?a|none|null|undefined|contents?|table|\d{1,3})[\W_]*)+",
    re.I,
)
#: Some of those words make a title of their own together with others; these never do.
_SURE = re.compile(
    r"\b(?:title|template|placeholder|untitled|index|readme|tbc|tbd|todo|xxx+|lorem|home|null|undefined|asdf|foo|contents|heading|sample|"
    r"dummy|test|example|draft|document|page|post|n/?a|none|case ?stud(?:y|ies)|project)\b",
    re.I,
)
#: Short, and yet somebody's.
_SHORT = re.compile(r"(?:a|an|the|my|our) (?:title|test|project|example|case ?study|post|page|document)", re.I)
_LATIN = re.compile(r"\blorem ipsum\b.{0,40}\bdolor\b", re.I | re.S)
#: A paragraph that tells its writer what to write.
_TASK = re.compile(
    r"(?:[-*+>#\s\d.)]|\*\*)*[\[<({_*]*(?:please |you (?:can|should|could) |in this section,? |use this (?:section|space) (?:to|for) |here you )?"
    r"(?:describe|explain|insert|enter|fill in|add|write|type|provide|give|state|summari[sz]e|outline|list|include|replace|delete|remove|put|tell us|"
    r"say|note|set out|identify|briefly|todo|tbc|tbd|xxx+|placeholder)\b"
    r"[^.!?\n]{0,160}\b(?:here|your|the (?:problem|issue|challenge|aim|context|background|solution|results?|outcomes?|impact|change|intervention|project|team|"
    r"approach|methods?|data|measures?|lessons?|next steps|benefits?|text|title|reader)|what you|what (?:was|were|the)|how (?:you|it|the)|why (?:you|it|the)|"
    r"who (?:was|were|you)|any|a (?:short|brief|one|few|summary|description)|this (?:text|section|line|paragraph))\b.{0,200}",
    re.I | re.S,
)
_BLANK = re.compile(
    r"(?:[-*+>\s]|\*\*)*(?:todo|tbc|tbd|xxx+|\.\.\.|…|n/?a|to be (?:completed|confirmed|added|written)|coming soon|(?:text|content|.{1,40}) goes here|"
    r"your (?:text|content|words|answer) here|[\[<{].{0,200}[\]>}])[\s.*:]*",
    re.I,
)
_LIST_LINK = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[[^\[\]\n]{1,300}\]\([^)\n]{1,2000}\)", re.M)


def unfit(name: str, title: str, text: str, raw: str = "") -> str:
    """Return why this is no case study, in words for the person who brings it; "" for one that may be.

    `name` is a file's, "" for a row; `raw` is its text before links that lead nowhere from here went.
    """
    path = PurePosixPath(name)
    if name and (any(part.startswith(".") or part == "node_modules" for part in path.parts[:-1]) or path.name.startswith(".")):
        return "it belongs to the workings of the collection, not to its texts"
    if name and _NAMES.fullmatch(path.stem):
        return f"a file of the name “{path.name}” tells of the collection, not of a piece of work"
    words = _prose(text)
    if not re.search(r"\w", words) and not any(code and re.search(r"\w", part.partition("\n")[2]) for code, part in pieces(text)):
        return "there is no text in it" if not text.strip() else "it has headings and no text below them"
    if is_placeholder(title):
        return f"its title is “{title}”, which says nothing about the work" if title.strip() else "it has no title"
    return _template(words) or _list_of_pages(raw or text)


def is_placeholder(title: str) -> bool:
    """Return whether a title only stands where one should be written."""
    words = title.strip()
    bare = re.sub(r"[^\w/]+", " ", words[:200]).strip()
    if not bare or re.fullmatch(r"[\[<{(].{0,200}[\]>})]", words):
        return True
    return bool(_TITLES.fullmatch(f"{bare} ")) and bool(_SURE.search(bare)) and not _SHORT.fullmatch(bare)


def _prose(text: str) -> str:
    """The text without code, headings, pictures and lines that only draw."""
    lines = [line for code, part in pieces(text) if not code for line in part.split("\n")]
    return "\n".join("" if re.match(r"\s{0,3}#{1,6}(?:\s|$)|\[Picture \d+\]$", line) else line for line in lines)


def _template(words: str) -> str:
    if _LATIN.search(words):
        return "it has placeholder text (“lorem ipsum”) in it"
    blocks = [b.strip() for b in re.split(r"\n\s*\n", words) if re.search(r"\w", b)]
    tasks = [b for b in blocks if _BLANK.fullmatch(b[:300]) or _TASK.fullmatch(b[:500])]
    asked = [b for b in blocks if b not in tasks and (b.endswith("?") or _BLANK.fullmatch(b[b.find("?") + 1 :][:300]))]
    if tasks and (len(tasks) + len(asked) == len(blocks) or (len(tasks) > 1 and len(tasks) * 2 >= len(blocks))):
        return f"it is a template to fill in, not a text (“{tasks[0][:60]}”)"
    return ""


def _list_of_pages(text: str) -> str:
    """A page that does nothing but lead to others."""
    links = _LIST_LINK.findall(text)
    beside = re.sub(r"[^\w\s]", " ", _LIST_LINK.sub(" ", _prose(text))).split()
    return "it only lists other pages" if len(links) > 2 and len(beside) < 4 * len(links) else ""
