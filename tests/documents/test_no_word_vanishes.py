"""No word that somebody types vanishes, whichever marks stand around it and wherever it is read; and no text takes long."""

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.case_studies.record.markdown_file import About
from forum.case_studies.record.markdown_file import from_markdown as record_of
from forum.case_studies.record.markdown_file import to_markdown as file_of
from forum.documents.markdown import TooComplex, plain, render, says_nothing
from forum.documents.markdown_links import address, labels
from forum.documents.markdown_typed import typed
from forum.documents.word_reading import to_markdown
from forum.kernel.text import clean
from tests.documents.hostile import SHAPES
from tests.documents.hostile import text as hostile
from tests.documents.test_markdown_typed import words
from tests.documents.word_files import word_file


@given(st.lists(st.sampled_from(["*", "**", "***", "_", "__", "~~", "a", "c", " ", "."]), min_size=4, max_size=18).map("".join))
@settings(deadline=None, max_examples=400)
def test_marks_that_cross_lose_no_letter(text: str) -> None:
    assert re.sub(r"[^ac]", "", words(text)) == re.sub(r"[^ac]", "", text)


#: Pieces of text with places for words that must be seen. None hides a word in an address, where it is no word.
PIECES = (
    "{w}", "<{w}>", "<<{w}>>", "<{w}>{w}</{w}>", "{w}<{w} then {w}>6", "<b>{w}</b>", "<a>{w}</a>", '<a href="/x">{w}</a>', "<!-- {w} -->", "<script>{w}</script>",
    "<style>{w}", "<select><option>{w}</option></select>", "<textarea>{w}</textarea>", "<?{w}?>", "<![CDATA[{w}]]>", "<!{w}>", '<img alt="{w}" src=x>', "<{w}", "{w}>",
    "![{w}](https://e.example/x.png)", '[{w}](https://e.example "{w}")', "[{w}]({w} {w})", "[{w}]: {w}", "[^{w}]: {w}", "{w}[^1]", "[^1]: {w}", "[{w}][{w}]", "[{w}", "{w}]",
    "- {w}", "* {w}", "1. {w}", "2) {w}", "1986. {w}", "•\t{w}", "o\t{w}", "o {w}", "– {w}", "  - {w}", "   1. {w}", "    {w}", "\t{w}", "- [ ] {w}", "a) {w}", "- ```{w}",
    "# {w}", "#{w}", "## {w} #", "{w}\n---", "{w}\n===", "---", "> {w}", "> - {w}", ">{w}", ">6 {w}", "| {w} | {w} |", "{w}\t{w}\n{w}\t{w}", "{w}\t{w}",
    "| {w} | {w} |\n|---|---|\n| {w} | {w} | {w} |", "{w} | {w}\n---|---\n{w}", "```\n{w}\n```", "```{w} {w}\n{w}\n```", "~~~\n{w}", "`{w}`", "``{w}", "**{w}**", "*{w}", "_{w}_",
    "~~{w}~~", "{w}*{w}*{w}", "\\{w}", "\\\\{w}", "&{w};", "&lt;{w}&gt;", "“www.e.example” {w}", "<https://e.example> {w}", "{w}\x0b{w}", "<br>{w}", "<sup>{w}</sup>", "{w} {{#{w}}}",
    "`", "```", "*", "_", "[", "<", ">", "&", "|", "\\", "  ",
)  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A text, and the words in it."""
    said: list[str] = []

    def word(_: object) -> str:
        said.append(f"w{len(said)}ord")
        return said[-1]

    found = ""
    for piece in draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12)):
        found += re.sub(r"\{w\}", word, piece).replace("{{", "{").replace("}}", "}") + draw(
            st.sampled_from(["\n", "\n\n", " ", ""])
        )
    return found, said


@given(texts())
@settings(deadline=None, max_examples=300)
def test_no_word_vanishes(typed_: tuple[str, list[str]]) -> None:
    text, said = typed_
    found = words(text)
    assert [word for word in said if word not in found] == []
    assert [word for word in said if word not in plain(render(text))] == []


@given(st.lists(texts(), min_size=6, max_size=12))
@settings(deadline=None, max_examples=4)
def test_all_readings_agree(several: list[tuple[str, list[str]]]) -> None:
    """The page, the index, a Word file, and the Markdown that is taken away and brought back."""
    cleaned = [(clean(text).strip(), said) for text, said in several]
    file = word_file([(f"Part {n}", text) for n, (text, _) in enumerate(cleaned)])
    parts = re.split(r"^# Part \d+$", to_markdown(file), flags=re.M)[1:]
    for (text, said), part in zip(cleaned, parts, strict=True):
        for found in (plain(render(text)), plain(render(part, 400_000))):
            assert [word for word in said if word not in found] == []
        record = record_of(file_of({"problem": text}, About("Ada Author (2026). A title.", "http://localhost/case-studies/1")))
        assert (record or {}).get("problem", "") == text


NOTHING = ["<!-- note -->", "> ", ">", "[](https://example.org)", "![](https://example.org/x.png)", "&nbsp;", "&#8203; &shy;", "<script>x</script>",
           "<style>a{}</style>", "<b></b><br>", "- ", "---", "***", "#", "|  |\n|---|", "```\n```", "<!-- never closed", "\u2800"]  # fmt: skip
SOMETHING = ["?", "👍", "5", "<name of trust>", "https://example.org", "[^1]: note", "<select><option>Ward A</option></select>",
             "```\n<script>x</script>\n```", "`<br>`", "م", "a <!-- note -->", "![beds](https://example.org/x.png)"]  # fmt: skip


def test_what_says_nothing() -> None:
    assert [text for text in NOTHING if not says_nothing(text)] == []
    assert [text for text in SOMETHING if says_nothing(text)] == []


def test_hostile_sizes_end() -> None:
    more = [("", piece) for piece in ("- a\n", "  - a\n", "> ", ">\n", "|\n", "|a|b|\n", "a\tb\n", "```a\n", "~~~\n", "[^1]: ", "[a]: b\n", "o a\n", "12. a\n", "<a href=", "<script", "a@", "tel:0", "# ")]  # fmt: skip
    for shape in (*SHAPES, *more):
        text = hostile(shape, 60_000)
        for reading in (typed, says_nothing, labels, address):
            start = process_time()
            reading(text)
            assert process_time() - start < 5, (shape, reading)


def test_depth_ends() -> None:
    lists = "".join(f"{' ' * 2 * n}- x{n}\n" for n in range(39))
    assert all(f"x{n}" in words(lists) for n in range(39))
    assert "w" in words("> " * 20 + "w")
    with pytest.raises(TooComplex):
        render("> " * 30 + "w")
