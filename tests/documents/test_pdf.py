"""Papers as PDF: what people wrote is words whatever it looks like, nothing is cut within a sentence, and the child has limits."""

import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.documents.markdown import render
from forum.documents.pdf import typeset
from forum.documents.pdf.child import MISSING
from forum.documents.pdf.elements import (
    Document,
    Element,
    Section,
    heading,
    listing,
    long,
    paragraph,
    picture,
    run,
    split,
    table,
    whole,
)
from forum.documents.pdf.fitting import length, lines_of, shortened
from forum.documents.pdf.html_elements import from_html
from forum.documents.pdf.typeset import NotMade, pdf
from forum.kernel.errors import Busy

FONTS = Path(__file__).resolve().parents[2] / "static/vendor/fonts/papers"
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><circle cx="5" cy="5" r="4"/></svg>'
HOSTILE = (
    '#import "@preview/cetz:0.3.0"', "#read(\"/etc/passwd\")", "#while true {}", "$ x^2 $", "\\ \\u{41}", "@ref <label>", "[[[", "]]] ))) }}}",
    "*not strong*", "_not emphasis_", "= no heading", "- no list", "`raw", "// no comment", "/* nor this", "~ -- ---", "'quotes' \"too\"",
    "#let x = 1", "#sys.inputs", "{{ 7 * 7 }}", "<script>alert(1)</script>", "https://example.org/?a=b&c=d",
)  # fmt: skip


def paper(inside: Sequence[Element], most: int | None = None, title: str = "A paper", **more: object) -> Document:
    return Document(
        title, [Section([[heading(1, title), *inside]], most=most)], ["Ada"], "About it", ["word"], date(2026, 1, 2), **more
    )  # type: ignore[arg-type]


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(data))


def text_of(data: bytes) -> str:
    """The words of all pages, without their feet and the places where a long word may be broken."""
    pages = [re.sub(r"\s*\d+ of \d+\s*$", "", page.extract_text()) for page in read(data).pages]
    found = " ".join(pages).replace("\u200b", "")
    return " ".join(unicodedata.normalize("NFC", found).split())


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_it_is_tagged_titled_and_of_a_language() -> None:
    found = read(pdf(paper([paragraph("Some words."), picture(DOT, "A dot")], title="Title & <co>"), FONTS))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert found.metadata is not None
    assert (found.metadata.title, found.metadata.author) == ("Title & <co>", "Ada")
    assert re.search(rb"pdfuaid:part>1<", root["/Metadata"].get_data())
    fonts = [font.get_object() for font in found.pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "/FontFile3" in (d := font["/DescendantFonts"][0]["/FontDescriptor"]) or "/FontFile2" in d, "letters are inside"


def test_it_is_refused_where_something_has_no_words() -> None:
    """The engine's own check of PDF/UA: headings that skip a level."""
    with pytest.raises(NotMade, match="printed from your browser"):
        pdf(paper([heading(4, "Too deep")]), FONTS)


def test_markup_is_words() -> None:
    inside = [e for words in HOSTILE for e in (paragraph(words), whole(run(words, "b")), listing([[paragraph(words)]]))]
    found = squeezed(
        text_of(pdf(paper([*inside, table(["a", *HOSTILE[:2]], [[[paragraph(words)] for words in HOSTILE[:3]]])]), FONTS))
    )
    for words in HOSTILE:
        assert found.count(squeezed(words)) >= 3, words


def test_every_alphabet_and_sign_is_set_or_named() -> None:
    text = "Ελληνικά Кириллица Türkçe Łódź naïve ½ £ ≥ → ✓ العربية עברית 漢字 ไทย हिन्दी 😀 👍🏽 👨‍👩‍👧 \u202eturned e\u0301 \ufb01 \ue000 \x07"
    found = text_of(pdf(paper([paragraph(text)], title="漢字 😀 on top"), FONTS))
    for words in ("Ελληνικά", "Кириллица", "Türkçe", "Łódź", "naïve", "½", "≥", "→", "✓", "[grinning face]", "é", "turned"):
        assert words in found, words
    assert MISSING * 2 in found
    assert "[thumbs up sign]" in found


def test_words_longer_than_the_page_are_all_there() -> None:
    for word in ("x" * 10_000, "ab/" * 3_000, "ß" * 500):
        found = text_of(
            pdf(paper([paragraph(f"Before. {word} After."), table(["a", "b"], [[[paragraph(word[:400])]] * 2])]), FONTS)
        )
        assert squeezed(found).count(word) >= 1
        assert "After." in found


def test_nothing_is_a_paper_too() -> None:
    assert len(read(pdf(paper([]), FONTS)).pages) == 1
    assert from_html("", 2) == []
    assert from_html("<hr>", 2) == []


def test_lists_tables_quotes_and_strong_words_stay() -> None:
    text = "**Run-in.** Words.\n\n3. three\n4. four\n    - deep `code`\n\n| a | b |\n|---|---|\n| 1 | **2** |\n\n> said\n\n# Head\n\n- [x] done"
    found = from_html(render(text), 2)
    assert [e["is"] for e in found] == ["p", "list", "table", "quote", "heading", "list"]
    assert found[0]["sentences"] == [[("Run-in.", "b", ""), (" ", "", "")], [("Words.", "", "")]]
    assert found[1]["start"] == 3
    assert found[1]["items"][1][1]["items"] == [[paragraph(run("deep "), run("code", "c"))]]
    assert found[2]["heads"] == ["a", "b"]
    assert found[2]["rows"] == [[[paragraph("1")], [paragraph(run("2", "b"))]]]
    assert found[4]["level"] == 3
    assert lines_of(found)[-1] == "• ☑ done"
    words = text_of(pdf(paper([heading(2, "Above"), *found]), FONTS))
    assert "3. three" in words
    assert "4. four" in words


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.text("aB .!?:\n1“”é", max_size=30), st.sampled_from(["", "b", "i"])), max_size=6))
def test_sentences_put_together_are_the_text(runs: list[tuple[str, str]]) -> None:
    found = split([run(words, marks) for words, marks in runs])
    flat = [r for sentence in found for r in sentence]
    assert "".join(words for words, _, _ in flat) == "".join(words for words, _ in runs)
    assert [(c, marks) for words, marks, _ in flat for c in words] == [(c, marks) for words, marks in runs for c in words]


STORY = (
    "One. Two is e.g. longer, by Dr. Khan. Three!\n\nThese are the rules:\n\n- first rule. It has two sentences.\n- second rule\n\n"
    "## A heading\n\nAfter it.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\nLast of **all** of them."
)


def test_what_is_shortened_ends_with_a_whole_sentence() -> None:
    every = from_html(render(STORY), 2)
    whole_text = "".join(lines_of(every))
    ends = set()
    for room in range(length(every) + 2):
        kept, _, all_of_it = shortened(every, room)
        said = lines_of(kept)
        assert length(kept) <= room
        assert whole_text.startswith("".join(said).rstrip()) or said[-1] == "1 · 2", "from the beginning"
        assert all_of_it == (room >= length(every))
        ends.add(said[-1].rstrip() if said else "")
    assert ends == {
        "", "One.", "One. Two is e.g. longer, by Dr. Khan.", "One. Two is e.g. longer, by Dr. Khan. Three!",
        "• first rule. It has two sentences.", "• second rule", "After it.", "1 · 2", "3 · 4", "Last of all of them.",
    }  # fmt: skip


def test_it_keeps_to_its_pages_and_says_where_the_rest_is() -> None:
    sentences = [f"Sentence {n} says something that somebody meant to be read. " for n in range(600)]
    text = long([paragraph("".join(sentences))], "Continues at x", "https://example.org/x")
    for most in (1, 2):
        data = pdf(paper([text, paragraph("The end.")], most), FONTS)
        found = text_of(data)
        assert len(read(data).pages) == most
        assert found.index("Continues at x") < found.index("The end.")
        numbers = [int(n) for n in re.findall(r"Sentence (\d+) says something that somebody meant to be read\.", found)]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > 30 * most
        assert found.count("Sentence") == len(numbers), "none is cut"


def test_a_child_that_is_slow_or_fails_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "PATIENCE", 0.01)
    with pytest.raises(Busy, match="Try again in a minute"):
        pdf(paper([paragraph("Some words.")]), FONTS)
    monkeypatch.undo()
    with pytest.raises(NotMade):
        pdf(paper([paragraph("Some words.")]), FONTS / "nowhere")


def test_the_child_opens_no_file_and_no_socket_once_it_has_its_letters() -> None:
    """What would be tried if a template ever ran what somebody wrote."""
    tries = f"""
import io, json, resource, socket, sys
from pathlib import Path
from forum.documents.pdf import child
press = child.Press(Path({str(FONTS)!r}))
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
for attempt in (lambda: open("/etc/hostname"), lambda: socket.socket(), lambda: child.os.pipe()):
    try:
        attempt()
    except OSError:
        continue
    sys.exit(1)
for source in (b'#read("/etc/passwd")', b'#import "@preview/cetz:0.3.0"'):
    try:
        press._set(source, {{}}, format="pdf")
    except child.typst.TypstError:
        continue
    sys.exit(2)
print("none")
"""
    done = subprocess.run([sys.executable, "-c", tries], capture_output=True, text=True, check=False)
    assert done.stdout == "none\n", done.stderr
    main = (Path(typeset.__file__).with_name("child.py")).read_text("utf-8")
    assert "eval" not in Path(typeset.__file__).with_name("paper.typ").read_text("utf-8").replace("evaluates", "")
    assert main.index("RLIMIT_NOFILE, (3, 3)") < main.index("make(press, asked"), "before anything of somebody's is set"
