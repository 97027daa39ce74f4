"""Papers to take away: who may have them, what they say, the pack for a meeting, and which measure leads."""

import re
from io import BytesIO

import pypdf
from pptx import Presentation

from forum.case_studies.record.presentation import WITHHELD
from tests.case_studies.uploads import agree, end
from tests.documents.test_pdf import read, squeezed, text_of
from tests.measures.steps import AFTER, BEFORE, lines, measure
from tests.page import Person
from tests.searches.steps import EVIL, full, members_only, number, several
from tests.stories import CASE, draft, published

FILES = ("paper.pdf", "board.pdf", "slide.pdf", "slide.pptx", "board.png")
SETTING: dict[str, dict[str, object]] = {
    "setting": {"practice_status": "running", "started": "2024-02", "population": "About 50 people a year"},
    "costs": {"costs-0-kind": "one-off", "costs-0-amount": "£12,000", "costs-0-year": "2024", "costs-0-note": "From reserves"},
}
#: Nothing after the change is unusual, however long it is watched.
FLAT = lines([(5, 7, 6, 4, 6)[n % 5] for n in range(30)])


def pdf(by: Person, path: str) -> str:
    answer = by.get(path)
    assert answer.mimetype == "application/pdf"
    assert read(answer.data).trailer["/Root"]["/MarkInfo"]["/Marked"]
    return text_of(answer.data)


def pages(by: Person, path: str) -> list[pypdf.PageObject]:
    return list(read(by.get(path).data).pages)


def test_the_two_page_paper_says_it_all(author: Person, moderator: Person, visitor: Person) -> None:
    url = full(author, moderator, SETTING)
    measure(author, url)
    measure(author, url, name="Calls for help at night", kind="balancing", interpretation="Nobody rang more.")
    found = pdf(visitor, f"{url}/paper.pdf")
    for words in (
        CASE["title"], CASE["summary"], CASE["problem"], "The same GP came every Wednesday.", CASE["results"], CASE["advice"],
        "Money, one-off", "£12,000", "From reserves", "About 50 people a year", "Falls a month on the frailty ward",
        "Balancing: Calls for help at night", "Nobody rang more.", "Better since the change.", "What this would mean here",
        "Not assessed yet.", "Stable core team", "Contact: Ada Author", "How to cite this: Ada Author", "Licence: CC BY 4.0",
        "http://localhost/case-studies/1",
    ):  # fmt: skip
        assert squeezed(str(words)) in squeezed(found), words
    assert "demonstration" not in found
    assert len(pages(visitor, f"{url}/paper.pdf")) <= 2
    answer = visitor.get(f"{url}/paper.pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="weekly-ward-round-in-a-care-home-in-anytown-paper.pdf"'
    again = visitor.client.get(f"{url}/paper.pdf", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_pages_lead_to_them(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    for page, files in (("", FILES), ("/print", FILES[:1]), ("/board", FILES[1:])):
        text = visitor.get(f"{url}{page}").text
        for file in files:
            assert f'href="{url}/{file}"' in text, (page, file)


def test_as_long_as_everything_may_be_it_keeps_to_its_pages(author: Person, moderator: Person, visitor: Person) -> None:
    long = "Practice nurses and pharmacists went through every list together, until nobody was left out. "
    texts = {"problem": long * 8, "actions": long * 15, "results": long * 8, "advice": long * 6}
    places = {f"organisations-{n}": f"The {n}th community partnership with a long name" for n in range(6)}
    costs = {f"costs-{n}-{k}": v for n in range(9) for k, v in (("kind", "other"), ("amount", "x y " * 19), ("note", long * 4))}
    more = {**SETTING, "costs": costs, "findings": {"limitations": long * 6, "unintended": long * 6}}
    url = full(author, moderator, more, title="A title as long as it may be " * 3, summary=long[:140], **texts, **places)
    for kind in ("outcome", "balancing", "process"):
        measure(author, url, kind=kind, name="A measure with a name as long as any of them may be", interpretation=(long * 3)[:300])
    for file, most in (("paper.pdf", 2), ("board.pdf", 1), ("slide.pdf", 1)):
        found = pdf(visitor, f"{url}/{file}")
        assert len(pages(visitor, f"{url}/{file}")) <= most, file
        if file != "slide.pdf":
            assert "Continues at http://localhost/case-studies/" in found
            left = found.replace(long.strip(), "")
            assert not re.search("Practice nurses|pharmacists|left out", left), f"{file}: every sentence is whole"
    wide, high = pages(visitor, f"{url}/slide.pdf")[0].mediabox[2:]
    assert abs(wide / high - 16 / 9) < 0.01


def test_only_for_those_who_may_read_it(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    hers, closed = draft(author), members_only(author, moderator, title="Only members read of the wombat")
    away, gone = (published(author, moderator, title=f"The numbat that was {what} again") for what in ("hidden", "withdrawn"))
    moderator.post(f"{away}/review", {"verb": "hide", "reason": "A name stands in it"})
    author.post(f"{gone}/withdraw", {"reason": "It is out of date"})
    allowed = ((hers, [author]), (closed, [author, other, moderator]), (away, [author, moderator]), (gone, [author, moderator]))
    for url, some in allowed:
        for reader in (author, other, moderator, visitor):
            seen = reader.client.get(url).status_code == 200
            assert seen == (reader in some), url
            for file in FILES[:2] if url != hers else FILES:
                reader.client.environ_base = {**reader.client.environ_base, "REMOTE_ADDR": f"192.0.2.{number(url)}"}
                reader.get(f"{url}/{file}", 200 if reader in some else 404)
    assert "Not published: Draft." in pdf(author, f"{hers}/board.pdf")
    both = f"case={number(closed)}&case={number(published(author, moderator))}"
    assert "wombat" in pdf(other, f"/compare.pdf?{both}")
    answer = visitor.client.get(f"/compare/pack.pdf?{both}")
    assert (answer.status_code, "wombat" in answer.text) == (303, False)


def test_withheld_texts_stay_withheld(author: Person, moderator: Person, visitor: Person) -> None:
    story = "A tall gardener slept at the tulip house."
    url = published(author, moderator, problem=story, actions=story)
    assert pdf(visitor, f"{url}/paper.pdf").count("tulip") == 2
    end(author, url, agree(author, url, names=["problem", "actions"]))
    for file in FILES[:3]:
        found = pdf(visitor, f"{url}/{file}")
        assert "tulip" not in found
        assert WITHHELD in found
    assert b"tulip" not in visitor.get(f"{url}/slide.pptx").data


def test_hostile_texts_are_words(author: Person, moderator: Person, visitor: Person) -> None:
    evil = f'{EVIL} #import "x" $a$ \\ @b ] *c* 漢字 😀'
    url = published(author, moderator, title=f"A title {evil}", summary=evil, problem=evil, **{"organisations-0": evil})
    measure(author, url, name=evil, interpretation=evil)
    for file in FILES[:3]:
        assert squeezed(f'{EVIL} #import "x" $a$').replace("'", "") in squeezed(pdf(visitor, f"{url}/{file}")).replace("'", "")
    for file in FILES[3:]:
        assert len(visitor.get(f"{url}/{file}").data) > 10_000


def test_the_slide_as_powerpoint_has_real_text(author: Person, moderator: Person, visitor: Person) -> None:
    url = full(author, moderator, SETTING)
    without = Presentation(BytesIO(visitor.get(f"{url}/slide.pptx").data))
    words = " ".join(s.text_frame.text for s in without.slides[0].shapes if s.has_text_frame)
    assert str(CASE["problem"]) in words
    assert "No measure over time yet" in words
    assert not [
        s for s in without.slides[0].shapes if s.has_text_frame and not s.text_frame.text and s.name != "Ground of the title"
    ]
    measure(author, url)
    deck = Presentation(BytesIO(visitor.get(f"{url}/slide.pptx").data))
    (page,) = deck.slides
    assert abs(deck.slide_width / deck.slide_height - 16 / 9) < 0.01
    assert page.shapes.title.text_frame.text == CASE["title"]
    (picture,) = [s for s in page.shapes if s.shape_type == 13]
    assert picture._element.nvPicPr.cNvPr.get("descr").startswith("Chart of Falls a month on the frailty ward. ")
    words = " ".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
    assert str(CASE["summary"]) in words
    assert "Falls went down once the huddle began." in words
    assert str(CASE["problem"]) in page.notes_slide.notes_text_frame.text
    assert deck.core_properties.title == CASE["title"]


def test_the_pack_is_the_comparison_and_a_page_each(author: Person, moderator: Person, visitor: Person) -> None:
    urls = several(author, moderator, 5)
    measure(author, urls[0])
    to = "&".join(f"case={number(url)}" for url in urls[:3])
    page = visitor.get(f"/compare?{to}").text.replace("&amp;", "&")
    assert f'href="/compare/pack.pdf?{to}"' in page
    assert f'href="/compare.pdf?{to}"' in page
    side = pages(visitor, f"/compare.pdf?{to}")
    packed = pages(visitor, f"/compare/pack.pdf?{to}")
    assert len(packed) == len(side) + 3
    assert float(packed[0].mediabox[2]) > float(packed[0].mediabox[3]), "the comparison is across"
    assert float(packed[-1].mediabox[2]) < float(packed[-1].mediabox[3])
    for n, sheet in enumerate(packed[-3:], 1):
        assert f"Number {n} of the case studies" in sheet.extract_text()
    words = pdf(visitor, f"/compare.pdf?{to}")
    assert "Compare 3 case studies" in words
    assert words.count("Number 2 of the case studies") >= 1
    assert "Falls a month on the frailty ward" in words
    four = pages(visitor, f"/compare/pack.pdf?{to}&case={number(urls[3])}&case={number(urls[4])}")
    assert "Number 5" not in " ".join(sheet.extract_text() for sheet in four)
    for few in ("", f"?case={number(urls[0])}", "?case=zz&case=99999"):
        for path in ("/compare.pdf", "/compare/pack.pdf", "/compare/pack.docx"):
            assert visitor.client.get(f"{path}{few}").status_code == 303


def test_the_measure_that_says_most_leads_or_the_one_its_authors_choose(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    measure(author, url, name="Longest, and nothing happens", figures=FLAT, interpretation="Nothing happens.")
    assert "Nothing happens." in visitor.get(f"{url}/board").text
    measure(author, url, name="A change is seen", figures=lines(BEFORE + AFTER), interpretation="It is seen.")
    assert "It is seen." in visitor.get(f"{url}/board").text, "a special cause says more than many months"
    flat = f"{url}/measures/1"
    manage = author.get(f"{url}/measures").text
    assert manage.count("Lead the papers with this") == 2
    author.post(f"{flat}/lead", on=f"{url}/measures")
    assert "Nothing happens." in visitor.get(f"{url}/board").text
    assert "Nothing happens." in pdf(visitor, f"{url}/board.pdf")
    manage = author.get(f"{url}/measures").text
    assert "Leads the papers" in manage
    assert manage.count("Lead the papers with this") == 1
    author.post(f"{url}/measures/2/lead", on=f"{url}/measures")
    assert author.get(f"{url}/measures").text.count("Leads the papers") == 1, "one at most"
    author.post(f"{url}/measures/2/let-site-choose", on=f"{url}/measures")
    assert "Leads the papers" not in author.get(f"{url}/measures").text
    assert "It is seen." in visitor.get(f"{url}/board").text


def test_downloads_end_somewhere(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    visitor.client.environ_base = {**visitor.client.environ_base, "REMOTE_ADDR": "192.0.2.77"}
    codes = [visitor.client.get(f"{url}/board.pdf").status_code for _ in range(31)]
    assert codes == [*[200] * 30, 429]
    assert re.search("many downloads", visitor.client.get("/compare.pdf").text)
