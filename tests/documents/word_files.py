"""Word files for tests: a title, facts, and each heading with its Markdown."""

from collections.abc import Sequence

from forum.documents.word_file import WordFile


def word_file(
    blocks: Sequence[tuple[str, str]], title: str = "Title", facts: Sequence[tuple[str, str]] = (), footer: str = ""
) -> bytes:
    file = WordFile(title, footer)
    file.facts(facts)
    for heading, text in blocks:
        file.heading(heading)
        file.markdown(text)
    return file.data()
