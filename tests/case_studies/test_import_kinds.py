"""Kinds of text that other sites have: how each reads here, and what is no case study."""

import re
from datetime import date
from pathlib import Path

import pytest

from forum.case_studies.transfer.front_matter import split
from forum.case_studies.transfer.headings import field_of, into_fields
from forum.case_studies.transfer.markup.readable import plain_line, readable
from forum.case_studies.transfer.read_file import read_file
from forum.documents.markdown import plain, render
from tests.case_studies.test_importing import write


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("What we learned", "results"),
        ("**Research findings**", "results"),
        ("Next steps", "advice"),
        ("What’s next?", "advice"),
        ("1. Background", "problem"),
        ("2.1 Method", "actions"),
        ("Step 3: Results", "results"),
        ("Outcomes and lessons learned", "results"),
        ("What did we do to meet this challenge?", "actions"),
        ("What we did – a rota for the night", "actions"),
        ("Limitations", "limitations"),
        ("A day in the life of a ward clerk", ""),
        ("Getting nurses to start their reading early", ""),
        ("Setting up the clinic room", ""),
    ],
)
def test_a_heading_speaks_of_a_field_or_tells_its_own_story(heading: str, field: str) -> None:
    assert field_of(heading) == field


def test_headings_one_level_deeper_count_and_what_is_beside_them_stays() -> None:
    fields, rest = into_fields(
        "## Our ward\n\n### Background\n\nLong waits were usual.\n\n### What we learned\n\nWaits fell by half.\n\n"
        "## Thanks\n\nTo all.\n\n### Next steps\n\nGo on with it."
    )
    assert fields["problem"] == "# Our ward\n\n## Background\n\nLong waits were usual."
    assert "Waits fell" in fields["results"]
    assert "Go on" in fields["advice"]
    assert rest == "# Thanks\n\nTo all."


def test_a_text_whose_headings_speak_of_nothing_stays_whole_and_in_its_order() -> None:
    text = "Beginning.\n\n## The red door\n\nOne two three four five.\n\n## Results\n\nSix.\n\n## The green door\n\nSeven eight nine ten."
    fields, rest = into_fields(text)
    assert fields == {}
    assert re.findall(r"Beginning|One|Six|Seven", rest) == ["Beginning", "One", "Six", "Seven"]


@pytest.mark.parametrize("text", ["Two sentences. And no heading.\n\nA paragraph.", "- a list\n- of words", "> A quotation alone."])
def test_a_text_without_sections_is_read_as_it_is(text: str) -> None:
    assert into_fields(text) == ({}, text)


@pytest.mark.parametrize(
    "text",
    [
        "## 1. Background\n\nAlpha.\n\n## 2. Method\n\nBravo.\n\n## 2.1 Sample\n\nCharlie.\n\n## 3. Results\n\nDelta.\n\n## 4. Limits\n\nEcho.\n\n## 5. Next steps\n\nFoxtrot.",
        "# 1 Background\n\nAlpha.\n\n# 2 Results\n\nBravo Charlie Delta.\n\n# 3 Method\n\nEcho.\n\n# 4 Our rota\n\nFoxtrot.",
        "1. Background\n\nAlpha.\n\n2. Method\n\nBravo Charlie.\n\n2.1 Sample\n\nDelta Echo.\n\n3. Results\n\nFoxtrot.",
        "## What we did\n\nAlpha.\n\n## 1. Results of others\n\nBravo.\n\n## 2. A new rota\n\nCharlie Delta.\n\n## 3. Challenges\n\nEcho.\n\n## Results\n\nFoxtrot.",
    ],
)  # fmt: skip
def test_numbered_headings_keep_their_order(text: str) -> None:
    fields, rest = into_fields(text)
    order = ["problem", "actions", "results", "advice", "limitations"]
    page = "\n".join([*(fields[name] for name in order if name in fields), rest])
    assert re.findall("Alpha|Bravo|Charlie|Delta|Echo|Foxtrot", page) == ["Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot"]
    assert fields


def test_strong_lines_are_the_headings_of_a_text_that_marks_none() -> None:
    fields, rest = into_fields("**Background**\nLong waits.\n\n**What happened**\n\nShorter ones.")
    assert ("Long waits." in fields["problem"], fields["results"], rest) == (True, "Shorter ones.", "")


def test_a_footnote_goes_where_its_mark_is() -> None:
    fields, _ = into_fields(
        "## Background\n\nLong.[^a]\n\n## Results\n\nShort.[^b] Again.[^a]\n\n[^a]: Of all\n    wards.\n[^b]: Of ours.[^c]\n\n[^c]: Two.\n[^d]: Idle."
    )
    assert re.findall(r"^\[\^(\w)\]:", fields["problem"], re.M) == ["a"]
    assert re.findall(r"^\[\^(\w)\]:", fields["results"], re.M) == ["b", "a", "c"]
    assert "wards." in fields["problem"]
    assert "Idle." in fields["results"]


@pytest.mark.parametrize(
    ("text", "words", "gone"),
    [
        ("> [!NOTE]\n> Mind this.", "Note Mind this.", "[!"),
        ("> [!warning]- Wet floor\n> Mind this.", "Warning: Wet floor Mind this.", "[!"),
        ('!!! tip "Take care"\n    Wet floor.\n\n    And ice.\n\nAfter.', "Tip: Take care Wet floor. And ice. After.", "!!!"),
        ("???+ note\n    Inside.\n", "Note Inside.", "???"),
        ('=== "First"\n\n    One.\n\n=== "Second"\n\n    Two.', "First One. Second Two.", "==="),
        ("::: warning Mind\nInside.\n:::", "Warning: Mind Inside.", ":::"),
        ("```{note}\nInside.\n```", "Note Inside.", "```"),
        ("[[toc]]\n\nA.", "A.", "toc"),
        ("[TOC]\n\nA.", "A.", "TOC"),
        ("* Contents of this\n{:toc}\n\nA.", "A.", "Contents"),
        ("A{:/} b {::nomarkdown}c{:/}.", "A b c.", "{"),
        ("A.\n{: .box #id}", "A.", "box"),
        ("## A {#anchor .big}", "A", "anchor"),
        ("A {{ site.name }}b {% include x.html %}c.", "A b c.", "{"),
        ('{% include chart.html caption="Waits of a year" src="a/b.png" %}', "Waits of a year", "png"),
        ('{{< figure src="b.png" alt="Second chart shown" >}}', "Second chart shown", "png"),
        ("A <!-- hidden --> b.", "A b.", "hidden"),
        ("[comment]: <> (hidden)\nA.", "A.", "hidden"),
        ("![Chart of waits](../images/waits.png)", "Picture: Chart of waits", "images"),
        ('![Chart [of] waits](a%20b.png "Fewer waits"){ width="300" }', "Picture: Chart [of] waits: Fewer waits", "png"),
        ("![](x.png)", "Picture: see the original", "png"),
        ("![[ward.png|The ward]]", "Picture: The ward", "png"),
        ("images/x.png\n\nA.", "A.", "png"),
        (
            '<figure markdown><img src="x.png" alt="A ward"><figcaption>Caption</figcaption></figure>',
            "Picture: A ward Caption",
            "<",
        ),
        ("<details><summary>More</summary>\n\nWords.\n\n</details>", "More Words.", "<"),
        ('<div class="x"><span>Words</span> <b>b</b></div>', "Words b", "<"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2<br>3</td></tr></table>", "A B 1 2 3", "<td"),
        ("<blockquote>Said.</blockquote>", "Said.", "<"),
        ("<script>alert(1)</script>A.", "A.", "alert"),
        ('import Tabs from "@theme/Tabs";\n\n<Tabs groupId="x y">Words</Tabs>', "x y Words", "theme"),
        ("[the other page](/posts/x/) and [a]({% link b.md %})", "the other page and a", "posts"),
        ("*[NHS]: National Health Service", "NHS: National Health Service", "*["),
        (":material-home: Home", "Home", "material"),
    ],
)
def test_the_words_of_a_kind_of_markup_stay_and_its_marks_go(text: str, words: str, gone: str) -> None:
    found, _ = readable(text)
    assert " ".join(plain(render(found)).split()) == words
    assert gone not in found


def test_code_and_what_only_looks_like_markup_stay() -> None:
    text = "`{{ name }}` and `<div>`\n\n```html\n<div>{% x %}</div>\n```\n\nIf a < b and c > d, or {x}, ask <the nurse>."
    assert readable(text) == (text, 0)


def test_a_link_that_is_named_at_the_end_goes_with_its_words() -> None:
    fields, _ = into_fields(
        readable('## Background\n\nSee [this][r].\n\n## Results\n\nFine.\n\n[r]: https://a.example/x "Title"')[0]
    )
    assert "[this](https://a.example/x) (Title)" in fields["problem"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Three things\n- one\n  - deep\n- two", "<ul> <li>one<ul> <li>deep</li> </ul> </li> <li>two</li> </ul>"),
        ("Steps\n1) one\n2) two", "<ol> <li>one</li> <li>two</li> </ol>"),
        ("Rows\n| a | b |\n|---|---|\n| 1 | 2 |", "<td>2</td>"),
        ("- one\n\n  more of it\n- two", "<p>more of it</p> </li>"),
        ("one\\\ntwo", "one<br>"),
        ("It was in\n2020. Then more.", "<p>It was in 2020. Then more.</p>"),
    ],
)
def test_blocks_of_commonmark_are_read_as_such(text: str, html: str) -> None:
    assert html in " ".join(render(readable(text)[0]).split())


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Using `epma` **now** _well_", "Using epma now well"),
        ("[A link](https://a.example) &amp; more {#id}", "A link & more"),
        ("snake_case and 2 * 3 * 4", "snake_case and 2 * 3 * 4"),
        ("A note[^1] <em>of</em> ~~old~~ things", "A note of old things"),
    ],
)
def test_a_title_is_plain_words(title: str, words: str) -> None:
    assert plain_line(title) == words


@pytest.mark.parametrize(
    ("name", "top", "day"),
    [
        ("2021-3-7-a-title.md", "", date(2021, 3, 7)),
        ("posts/2021_03_17_title.md", "", date(2021, 3, 17)),
        ("team_2025_07_2025-07-03-title.md", "", date(2025, 7, 3)),
        ("x.md", "date: 2021-3-7", date(2021, 3, 7)),
        ("x.md", "date: 2019-04-26 07:16:01 -0500", date(2019, 4, 26)),
        ("x.md", "date: 7 March 2021", date(2021, 3, 7)),
        ("x.md", "date: Sunday, March 7th, 2021", date(2021, 3, 7)),
        ("x.md", "date: 07/03/2021", date(2021, 3, 7)),
        ("2021-13-45-x.md", "", None),
        ("version-1-2-3.md", "date: soon", None),
    ],
)
def test_the_date_of_the_source(name: str, top: str, day: date | None) -> None:
    assert split(f"---\ntitle: T\n{top}\n---\nWords.", name)[0].published == day


def test_facts_in_toml_are_read() -> None:
    facts, body = split('+++\ntitle = "A `title`"\ndate = 2021-03-07\n+++\nWords.', "x.md")
    assert (facts.title, facts.published, body) == ("A title", date(2021, 3, 7), "Words.")


def test_a_text_in_the_facts_is_read_with_the_text(tmp_path: Path) -> None:
    long = "a longer tale of what was seen on the ward at night and in the day, with all that was said of it by nurses and others"
    file = write(
        tmp_path,
        "x.md",
        f"---\ntitle: T of some words\nscreens:\n  - text: Lists\n    src: a.png\n    caption: {long}\n---\n\nWords.",
    )
    read = read_file(file, tmp_path, {})
    assert f"# Screens\n\n- Lists: {long}" in read.rest
    assert "png" not in read.rest + read.about
