"""Code that a text carries to be run, as R Markdown and Quarto write it: taken out of the reading, and kept whole beside it."""

import re

#: The endings of files whose fences with a language in braces are code to run.
ENDINGS = frozenset({".rmd", ".qmd"})
_CHUNK = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[ \t]*\{(?P<language>[A-Za-z]\w*)[^}\n]*\}[ \t]*\n"
    r"(?P<code>.*?)"
    r"(?:^ {0,3}(?P=fence)[`~]*[ \t]*(?:\n|\Z)|\Z)",
    re.S | re.M,
)


def folded(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without its chunks of code, and each chunk as a plain block of code; a chunk that is never closed ends the text."""
    found = tuple(f"{m['fence']}{m['language']}\n{m['code'].rstrip()}\n{m['fence']}" for m in _CHUNK.finditer(text))
    return re.sub(r"\n{3,}", "\n\n", _CHUNK.sub("\n", text)) if found else text, found
