"""Texts as people type them: words stand as typed, and lists, tables and links are what whoever typed them meant."""

from pathlib import Path

import lxml.html
import pytest
from click.testing import CliRunner

from forum.cli import main
from forum.documents.markdown import render
from tests.cases import cases


def shown(text: str) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(render(text), create_parent="div")


def words(text: str) -> str:
    return " ".join(shown(text).text_content().split())


def items(text: str) -> list[str]:
    """What each item says itself, without the lists in it."""
    return [
        (" ".join(li.xpath("string(text()[1])").split()) or " ".join(li.xpath("string(p)").split()))
        for li in shown(text).iter("li")
    ]


def table(text: str) -> list[list[str]]:
    return [[str(cell.text_content()) for cell in row] for row in shown(text).iter("tr")]


def links(text: str) -> list[str]:
    return [str(a.get("href")) for a in shown(text).iter("a")]


def test_the_given_cases() -> None:
    for case in cases("text/markdown"):
        text, said = case["text"], shown(case["text"]).text_content()
        assert all(word in said for word in case.get("words", ())), text
        assert not any(word in said for word in case.get("not", ())), text
        assert items(text) == case.get("items", items(text))
        assert table(text) == case.get("table", table(text))
        assert set(case.get("links", ())) <= set(links(text)), text
        if case.get("nested"):
            assert shown(text).xpath(".//li//li"), text
        if case.get("no_heading"):
            assert not shown(text).xpath(".//h3|.//h4|.//h5|.//h6"), text


@pytest.mark.parametrize(
    "text",
    [
        "Give if K+<3.5 or Na+>150, and p<0.05 for a<b>c",
        "<!-- a remark --> and <![CDATA[some data]]> and <?a call?> and <!doctype of it>",
        "<script>alert('these words')</script> <style>and these</style> <title>a title</title>",
        "List<String> and Map<String, List<Integer>>",
        "Grade <A> or <b>, <i> to <s>",
        "<b never closed, </b never opened>, <em and </em>",
        "<div class=note>pasted <span>from a page</span></div>",
        "<img src=x alt='beds by a window'>",
        "[note]: not an address, [1]: https://example.org nobody refers to it",
        "array[i](j) and f(x)[y] and [patients](n=12) and [a](javascript:alert)",
        "R&D, AT&T; A&E &notaname; &ltd",
        "snake_case_name, 2*3*4, 5*, then 4*, __ and ** alone, *one",
        "C:\\new\\table\\<name> and \\\\server\\share\\file",
        "[^7]: a note that nothing refers to",
        "///Footnotes Go Here///",
        "~~~ never closed",
        "```never closed",
        "wzxhzdk:0 klzzwxh:0000",
        "*[HTML]: an abbreviation",
        "term {#id .class} {: title='x'}",
    ],
)
def test_words_stand_as_they_were_typed(text: str) -> None:
    assert text in words(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("&lt;name&gt; &amp; caf&eacute;", "<name> & café"),
        ("10<sup>6</sup> m<sub>2</sub> <b>bold</b> <i>slanted <b>both</b></i>", "106 m2 bold slanted both"),
        ('<a href="javascript:alert(1)">these words</a>', "these words"),
        ('[x](https://example.org "and its title")', "x (and its title)"),
        ("[x][1]\n\n[1]: https://example.org 'its title'", "x (its title)"),
        ("![](https://example.org/x.png)", "https://example.org/x.png"),
        ("# C#\n\n## F# ##", "C# F#"),
        ("####### seven", "####### seven"),
        ("1986. A good year", "1986. A good year"),
        ("We saw in\n30. It was late", "We saw in 30. It was late"),
        ("+44 113 496 0000", "+44 113 496 0000"),
        (">6 weeks", ">6 weeks"),
        ("> 65 years", "> 65 years"),
        ("- >6 weeks", ">6 weeks"),
        ("    an indented paragraph", "an indented paragraph"),
        ("```the first line\nthe second\n```", "the first line the second"),
        ("a\x0bb\x0cc\x85d\u2028e\x1ff", "a b c d e f"),
        ("&#x202e;turned &#8203;x", "turned x"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 a\u200bb \u202ec", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 ab c"),
        ("[^1]: once\n[^1]: and again\n\nsee[^1]", "[^1]: and again see1 once ↩"),
    ],
)  # fmt: skip
def test_what_is_shown(text: str, said: str) -> None:
    assert words(text) == said


def test_typed_lines_look_as_meant() -> None:
    assert not shown("    indented\n\n\tand this").xpath(".//pre")
    assert [h.tag for h in shown("# One\n#2 two\n#three\n## Four\nfive")] == ["h3", "p", "h4", "p"]
    assert [e.tag for e in shown("Total\n-\n\nAim\n---\nwords\n\n- a\n---\nb")] == ["p", "h4", "p", "ul", "hr", "p"]
    assert [e.tag for e in shown("> quoted\n> again\nmy answer")] == ["blockquote", "p"]
    assert len(shown("a) one\nb) two\n(3) three").xpath(".//br")) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We did:\n* one\n* two", ["one", "two"]),
        ("We did\n+ one\n+ two\nThen we stopped.", ["one", "two"]),
        ("- one that goes\non here\n- two", ["one that goes on here", "two"]),
        ("1)\tone\n2)\ttwo", ["one", "two"]),
        ("Steps:\n3. three\n4. four", ["three", "four"]),
        ("•one\n• two\n•\u00a0three", ["one", "two", "three"]),
        ("\uf0b7\tone\n\uf0b7\ttwo", ["one", "two"]),
        ("–\tone\n–\ttwo", ["one", "two"]),
        ("– one\n– two", ["one", "two"]),
        ("o one\no two", ["one", "two"]),
        ("o\u00a0one", ["one"]),
        ("- one\n\n- two\n\n\n- three", ["one", "two", "three"]),
        ("   - one\n   - two", ["one", "two"]),
        ("- [ ] one\n- [x] two", ["one", "two"]),
        ("-one\n-two", ["one", "two"]),
        ("−\tone\n−\ttwo", ["one", "two"]),
        ("1.one\n2.two", ["one", "two"]),
        ("1.one only", []),
        ("-ve result", []),
        ("-5\n-6", []),
        ("o bother", []),
        ("— a sigh", []),
        ("-5 degrees", []),
        ("12.5 mg", []),
    ],
)
def test_lists_as_typed(text: str, found: list[str]) -> None:
    assert items(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "1. one\n  - a\n  - b\n2. two",
        "1. one\n   - a\n   - b\n2. two",
        "1. one\n    - a\n    - b\n2. two",
        "1. one\n\t- a\n\t- b\n2. two",
        "1) one\n   • a\n   • b\n2) two",
        "1. one\n- a\n- b\n2. two",
        "- one\n  - a\n  - b\n- two",
        "* one\n  1. a\n  2. b\n* two",
        "•\tone\no\ta\no\tb\n•\ttwo",
        "•\tone\n\no\ta\n\no\tb\n\n•\ttwo",
        "1. one\n\n   - a\n   - b\n\n2. two",
        "Text:\n1. one\n   - a\n   - b\n2. two\nMore",
    ],
)
def test_lists_in_lists(text: str) -> None:
    assert items(text) == ["one", "a", "b", "two"]
    outer = shown(text).xpath("./ul|./ol")
    assert len(outer) == 1
    assert len(outer[0].xpath("./li")) == 2
    assert len(outer[0].xpath("./li[1]/*/li")) == 2


def test_what_stands_in_an_item() -> None:
    one = shown("1. one\n   ```\n   if a<b:\n     stop\n   ```\n2. two")
    assert [pre.text_content() for pre in one.xpath("./ol/li[1]//pre")] == ["if a<b:\n  stop\n"]
    assert len(one.xpath("./ol/li")) == 2
    assert shown("- ```\n  code\n  ```\n- two").xpath("string(.//li[1]//pre)") == "code\n"
    assert shown("- one\n\n  more of it\n- two").xpath("string(./ul/li[1]/p[2])") == "more of it"
    assert shown("- one\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n- two").xpath("string(./ul/li[1]//td[2])") == "2"
    assert shown("3. three\n4. four").xpath("./ol/@start") == ["3"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Falls:\n| a | b |\n|---|---|\n| 1 | 2 |\nafter", [["a", "b"], ["1", "2"]]),
        ("a | b\n---|---\n| 1 | 2 |", [["a", "b"], ["1", "2"]]),
        ("| a | b |\n|---|\n| 1 | 2 | 3 |\n| 4 |", [["a", "b", ""], ["1", "2", "3"], ["4", "", ""]]),
        ("| a | b |\n| 1 | 2 |", [["a", "b"], ["1", "2"]]),
        ("| `x|y` | b |\n|---|---|\n| 1 | 2 |", [["x|y", "b"], ["1", "2"]]),
        ("Month\tFalls\tBeds\nJan\t\t5\nFeb\t7", [["Month", "Falls", "Beds"], ["Jan", "", "5"], ["Feb", "7", ""]]),
        ("Jan\tFeb\nFalls\t5\t7", [["", "Jan", "Feb"], ["Falls", "5", "7"]]),
        ("x\na|b\t1\nc\t<2>", [["a|b", "1"], ["c", "<2>"]]),
        ("one line\twith a tab", []),
        ("1.\tone\n2.\ttwo", []),
    ],
)
def test_tables_as_typed(text: str, rows: list[list[str]]) -> None:
    assert table(text) == rows


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("www.nice.org.uk/x.", ["https://www.nice.org.uk/x"]),
        ("(https://a.example/b_(c)) and https://a.example/d_e*f,", ["https://a.example/b_(c)", "https://a.example/d_e*f"]),
        ("‘https://a.example/x’ \"https://a.example/y\" «www.b.example»", ["https://a.example/x", "https://a.example/y", "https://www.b.example"]),
        ("https://a.example/c's page", ["https://a.example/c"]),
        ("[a]( https://a.example/my file.pdf )", ["https://a.example/my%20file.pdf"]),
        ("[a](“https://a.example”) [b](nice.org.uk/ng1)", ["https://a.example", "https://nice.org.uk/ng1"]),
        ("[a](tel:0113 496 (0000)) tel:+441134960000", ["tel:01134960000", "tel:+441134960000"]),
        ("Website:www.a.example Mail:me@example.org tel:0113 496 0000 2 times", ["https://www.a.example", "mailto:me@example.org", "tel:01134960000"]),
        ("[a](me@example.org) me@example.org. <you@example.org>", ["mailto:me@example.org"] * 2 + ["mailto:you@example.org"]),
        ("<https://a.example/x> [b](/case-studies) [c](#part)", ["https://a.example/x", "/case-studies", "#ugc-part"]),
        ("![a chart](https://a.example/x.png)", ["https://a.example/x.png"]),
        ("`https://a.example` [a](file.docx) [b](tel:ward) www. https://", []),
    ],
)  # fmt: skip
def test_links_as_typed(text: str, leads: list[str]) -> None:
    assert links(text) == leads


def test_the_command(tmp_path: Path) -> None:
    def run(*arguments: str, given: str | bytes = "") -> tuple[int, str]:
        result = CliRunner().invoke(main, ["text", "render", *arguments], input=given)
        return result.exit_code, result.output

    assert run("-", given="**Mean** <SD>\n- a") == (0, "<p><strong>Mean</strong> &lt;SD&gt;</p>\n<ul>\n<li>a</li>\n</ul>\n")
    (tmp_path / "a.md").write_text("a\x0bb", "utf-8")
    assert run(str(tmp_path / "a.md")) == (0, "<p>a\nb</p>\n")
    assert run("-", given="[" * 300)[0] == 1
    assert run("-", given="a\x00b") == (1, "The text has characters that cannot be stored. Remove them and try again.\n")
    assert run("-", given=b"\xff\xfe")[0] == 1
