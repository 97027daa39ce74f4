"""The real texts that tests read, and what of each its own readers saw: taken out in the plainest way, apart from how the site
reads them."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from forum.case_studies.transfer.read_file import ImportedText, find_files, read_catalogue, read_file

WORD = re.compile(r"[^\W_]+")
#: Templates, attributes, comments, tags, addresses that lead nowhere from here, paths of pictures, contents made by the other site.
UNSEEN = (
    r"\{%.*?%\}",
    r"\{\{.*?\}\}",
    r"\{:[^}\n]*\}",
    r"\{[ \t]*[.#][^}\n]*\}",
    r"<!--.*?-->",
    r"</?[a-z][^<>]*>",
    r"(?<=\]\()(?!https?:|mailto:)[^)\"'\n]*",
    r"^ *[\w-]+: *\S+\.(?:png|jpe?g|svg|gif|webp)\s*$",
    r"^ *-? *id: .*$",
    r"^\[\[toc\]\]$",
    r"^\[comment\]: <> \(.*\)$",
)
#: Names of entries in the block of facts: what they hold is kept, they themselves are not words of the text.
NAMES = {
    "title",
    "items",
    "id",
    "text",
    "caption",
    "description",
    "author",
    "summary",
    "date",
    "tags",
    "opengraphimage",
    "alt",
    "origin",
}


def count(*texts: str) -> Counter[str]:
    """How often each word stands in the texts."""
    return Counter(w.casefold() for text in texts for w in WORD.findall(text))


def seen_by_readers(text: str) -> Counter[str]:
    """The words of a Markdown text that a reader of its own site saw; a picture's title that repeats its words counts once."""
    for pattern in UNSEEN:
        text = re.sub(pattern, " ", text, flags=re.M | re.I | (re.S if ".*?" in pattern else 0))
    return count(re.sub(r"!\[([^\]]*)\]\(\s*(?:[\"']([^\n]*?)[\"']\s*)?\)(?=\s*([^\n]*))", _once, text))


def _once(found: re.Match[str]) -> str:
    alt, title, after = found.group(1), found.group(2) or "", found.group(3)
    return " ".join(words for words in dict.fromkeys((alt, title)) if not after.startswith(words))


def real_texts(shared: Path) -> Iterator[tuple[Path, ImportedText]]:
    """Each of the 165 with what it is read as."""
    root = shared / "data/real-texts"
    catalogue = read_catalogue(root)
    for file in find_files([root]):
        yield file, read_file(file, root, catalogue)
