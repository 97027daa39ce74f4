"""The pack for a meeting as a Word file: who may have it, what stands in it, and how one comes to it from saved things."""

import re
from io import BytesIO

import docx
from docx.document import Document

from forum.documents.uploads import accept
from tests.measures.steps import measure
from tests.page import Page, Person
from tests.searches.steps import EVIL, members_only, number, several
from tests.stories import draft, published


def pack(by: Person, *urls: str) -> Document:
    answer = by.get("/compare/pack.docx?" + "&".join(f"case={number(url)}" for url in urls))
    assert answer.mimetype.endswith("wordprocessingml.document")
    assert accept(answer.data, "pack.docx").kind == "docx"
    return docx.Document(BytesIO(answer.data))


def test_the_comparison_comes_first_and_each_case_study_begins_a_page(author: Person, moderator: Person, visitor: Person) -> None:
    urls = several(author, moderator, 3)
    measure(author, urls[0])
    to = "&".join(f"case={number(url)}" for url in urls)
    assert f'href="/compare/pack.docx?{to}"' in visitor.get(f"/compare?{to}").text.replace("&amp;", "&")
    file = pack(visitor, *urls)
    heads = [cell.text for cell in file.tables[0].rows[0].cells]
    assert [re.sub(r"^(\d).*", r"\1", head) for head in heads] == ["", "1", "2", "3"]
    begins = [p.text for p in file.paragraphs if p.paragraph_format.page_break_before]
    assert [text[:2] for text in begins] == ["1.", "2.", "3."]
    words = [p.text for p in file.paragraphs]
    assert words.count("What this would mean here") == 3
    assert "Falls a month on the frailty ward" in words
    (chart,) = file.inline_shapes
    assert "Chart of Falls a month on the frailty ward" in chart._inline.docPr.get("descr")


def test_only_what_one_may_read_is_in_it_and_hostile_words_are_words(
    author: Person, other: Person, moderator: Person, visitor: Person
) -> None:
    closed = members_only(author, moderator, title="Only members read of the wombat")
    hostile = published(author, moderator, title="A title \u202e with signs", problem=EVIL)
    to = f"case={number(closed)}&case={number(hostile)}"
    assert visitor.client.get(f"/compare/pack.docx?{to}").status_code == 303
    assert "wombat" in " ".join(p.text for p in pack(other, closed, hostile).paragraphs)
    hers = draft(author)
    assert other.client.get(f"/compare/pack.docx?case={number(hers)}&case={number(closed)}").status_code == 303
    assert pack(author, hers, closed).tables


def test_saved_case_studies_are_ticked_and_compared(author: Person, other: Person, moderator: Person) -> None:
    urls = several(author, moderator, 2)
    for n, url in enumerate(urls):
        other.post(f"/marks/saved/case-study/{number(url)}", {"on": 1}, on="/account")
        page = Page(other.get("/saved").text)
        assert ("Compare those that are ticked" in page.html) == bool(n), "one alone cannot be compared"
    ids = re.findall(r'name="case"\s+value="(\d+)" form="compare"', page.html)
    assert sorted(ids) == sorted(map(number, urls))
    compared = other.get("/compare?" + "&".join(f"case={id_}" for id_ in ids)).text
    assert "Compare 2 case studies" in compared
