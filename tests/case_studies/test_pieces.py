"""165 real texts brought in through the browser's way: each word of each is in a piece, and in the record that comes of it."""

import re
import unicodedata
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.case_studies.record.fields import BY_NAME
from forum.case_studies.record.values import flat, normal
from forum.case_studies.transfer.pieces import Piece, Unreadable, cut_up, placed
from tests.case_studies.real_texts import NAMES, count, seen_by_readers


def heading_over(name: str) -> str:
    """What stands over a text on the page, where the file has it too: a text is not told its own heading twice."""
    return BY_NAME[name].heading if name in BY_NAME else ""


def test_no_word_of_165_real_texts_is_lost_on_the_way_through_the_pieces(context: Flask, shared: Path) -> None:
    files = sorted(f for f in (shared / "data/real-texts").rglob("*.md") if f.parent.name != "real-texts")
    assert len(files) == 165
    for file in files:
        raw = file.read_bytes()
        found = cut_up(raw, file.name)
        record = normal(placed(found.title, found.summary, [(p.guess, p.heading, p.text) for p in found.pieces]))
        lost = seen_by_readers(raw.decode("utf-8-sig")) - count(*(f"{heading_over(n)} {flat(n, v)}" for n, v in record.items()))
        # Of a date its day is kept; the hour and the zone are not.
        assert set(lost) <= NAMES | {w for w in lost if w.isdigit() or re.fullmatch(r"\d\dt\d\d|\d*z", w)}, (file.name, lost)


PIECE = st.sampled_from(["# One", "## Results", "### Deep", "text here", "---", "```", "| a | b |", "- x", "\n", "\n\n", "Title\n=====", "  ", "&amp;", "<p>x</p>", "{% y %}", "[a](b)", "[^x]", "[^x]: note", "1. One", "2.1 Two", "**Bold**", "> [!NOTE]", "!!! tip", "    in", "::: x", ":::", "<table><tr><td>c</td></tr></table>", "<details>", "[r]: http://r.org", "[text][r]"])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(PIECE, st.text(st.characters(categories=["L", "N", "Zs", "P"]), max_size=10)), max_size=14).map("\n".join)
)
@example("---\n# One\n---\n0")
@example("+++\n# One\n+++\n0")
@example("---\n\n---\nTwo")
def test_no_word_of_any_text_is_lost(text: str) -> None:
    try:
        found = cut_up(text.encode(), "a-file.md")
    except Unreadable:
        return
    record = normal(placed(found.title, found.summary, [(p.guess, p.heading, p.text) for p in found.pieces]))
    text = re.sub(r"^\S+\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?|heic)\s*$", "", text, flags=re.I | re.M)
    lost = count(unicodedata.normalize("NFC", text)) - count(*(f"{heading_over(n)} {flat(n, v)}" for n, v in record.items()))
    assert set(lost) <= {"p", "amp", "table", "tr", "td", "details", "x", "y", "r", "b", "http", "org"}, lost


@pytest.mark.parametrize("size", [2_000_001, 12_000_000])
def test_a_huge_file_is_refused_with_words(size: int) -> None:
    with pytest.raises(Unreadable, match="too large"):
        cut_up(b"x " * (size // 2 + 1), "huge.txt")


def test_many_headings_travel_together() -> None:
    found = cut_up("\n\n".join(f"# Part {n}\n\nword{n}" for n in range(200)).encode(), "many.md")
    assert len(found.pieces) == 60
    assert "word199" in found.pieces[-1].text


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("- subtitle: A project\n- Ann Example, *physio*", "subtitle: A project; Ann Example, physio"),
        ("Seven falls.\n\n*Picture: Figure 1. Falls*", "Seven falls. Picture: Figure 1. Falls"),
        ("**Bold** start\n\n## Next\n\na [link](http://x.org)", "Bold start; Next a link"),
        ("2 * 3 is 6\n* a\n* b", "2 * 3 is 6; a; b"),
        ("", ""),
        ("word " * 100, "word " * 31 + "word…"),
    ],
)
def test_a_piece_is_shown_by_its_first_words_without_marks(text: str, begins: str) -> None:
    assert Piece("", text, "rest").begins == begins
