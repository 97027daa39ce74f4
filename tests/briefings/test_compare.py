"""Case studies side by side: which are shown to whom, what the rows say, and that the address says it all."""

import re

from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.case_studies.record.values import fingerprint
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.outbox import touch_site
from forum.searches.models import Similar
from forum.worker import Worker
from tests.adoptions.steps import share
from tests.counting import counted
from tests.measures.steps import measure
from tests.page import Page, Person
from tests.searches.steps import EVIL, full, members_only, number, several
from tests.stories import draft, published


def address(*urls: str) -> str:
    return "/compare?" + "&".join(f"case={number(url)}" for url in urls)


def row(page: str, head: str) -> list[str]:
    """The words of the cells of one row, without the names of whose they are."""
    found = re.search(rf'<tr[^>]*><th scope="row" role="rowheader">{head}</th>(.*?)</tr>', page, re.S)
    assert found, head
    cells = re.findall(r"<td role=\"cell\">(.*?)</td>", found.group(1), re.S)
    cells = [re.sub(r'<span class="app-compare__whose".*?</span>[^<]*</span>', "", cell, flags=re.S) for cell in cells]
    return [" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in cells]


def test_without_a_choice_it_says_how_to_choose(author: Person, moderator: Person, visitor: Person) -> None:
    assert "There is nothing to compare yet" in visitor.get("/compare").text
    one, two = several(author, moderator, 2)
    page = visitor.page("/compare")
    form = page.form("/compare")
    assert form["method"] == "get"
    assert {i["value"] for i in page.inputs if i.get("name") == "case"} == {number(one), number(two)}
    chosen = visitor.page(address(one))
    assert chosen.form("/compare")["fields"] == {"case": number(one)}
    assert "What do you want to compare it with?" in chosen.html
    assert "Compare 2 case studies" in visitor.get(address(one, two)).text


def test_two_stand_beside_each_other(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    setting = {
        "practice_status": "running",
        "started": "2024-03",
        "population": "About 50 people a year",
        "care_models": ["virtual-ward"],
    }
    more: dict[str, dict[str, object]] = {
        "setting": setting,
        "costs": {"costs-0-kind": "one-off", "costs-0-amount": "£12,000", "costs-0-year": "2024", "costs-0-note": "From reserves"},
        "involvement": {"involvement-0-key": "planning", "involvement-0-level": "co-designed"},
    }
    one = full(author, moderator, more, title="The one that says it all")
    two = published(author, moderator, title="The one that says little")
    measure(author, one)
    share(other, one)
    page = visitor.get(address(one, two)).text
    assert row(page, "Current status")[0].startswith("Running, since March 2024 Still running after")
    assert "Published on" in row(page, "Current status")[0]
    assert row(page, "Who receives it") == ["About 50 people a year", "Not said"]
    assert row(page, "What it took") == ["Money, one-off: £12,000 (2024) From reserves", "Not said"]
    assert row(page, "Patients and carers were") == ["Co-designed", "Not said"]
    assert row(page, "Care model")[1] == "Not said"
    assert row(page, "Across the whole system") == ["Outcome Balancing: Not measured", "Not measured"]
    assert "Better since the change" in row(page, "Measures")[0]
    assert row(page, "Measures")[1] == "No measure over time yet"
    assert row(page, "Tried elsewhere") == ["1 team tried it 1 adopted or adapted it", "Nobody has told us yet"]
    assert "It got better" in row(page, "Evidence")[0]
    assert "Not assessed yet" in row(page, "Evidence")[0]
    assert row(page, "Contact")[1] == "Ada Author Nurse, Anytown Surgery Write to Ada Author"
    picture = re.search(r'src="([^"]+/chart-narrow\.svg\?v=1)"', page)
    assert picture
    assert visitor.get(picture.group(1)).mimetype == "image/svg+xml"


def test_rows_in_which_nobody_says_anything_are_left_out(author: Person, moderator: Person, visitor: Person) -> None:
    page = visitor.get(address(*several(author, moderator, 2))).text
    assert re.findall(r'role="rowheader">([^<]*)<', page) == [
        "Result in one line", "Where", "Leadership elements", "Current status", "Evidence", "Contact",
    ]  # fmt: skip


def test_four_fit_and_more_are_said(author: Person, moderator: Person, visitor: Person) -> None:
    urls = several(author, moderator, 5)
    page = visitor.get(address(*urls)).text
    assert "Compare 4 case studies" in page
    assert "Only 4 fit side by side" in page
    assert "1 more was left out" in page
    assert "Number 5" not in page
    four = visitor.get(address(*urls[:4])).text
    assert "left out" not in four
    assert "Add another" not in four
    assert len(row(four, "Where")) == 4
    three = visitor.get(address(*urls[:3])).text
    links = [href.replace("&amp;", "&") for href in re.findall(r'href="(/compare\?[^"]+)"', three)]
    assert address(*urls[:2]) in links, "take one out"
    assert address(*urls[:4]) in links, "add another"
    assert f'value="http://localhost{address(*urls[:3])}"'.replace("&", "&amp;") in three
    for link in links:
        visitor.get(link)


def test_odd_addresses(author: Person, moderator: Person, visitor: Person) -> None:
    one, two = several(author, moderator, 2)
    twice = visitor.get(f"{address(one, one, two)}&case=0{number(two)}").text
    assert "Compare 2 case studies" in twice
    for odd in ("zz", "", "-1", "1.5", "9" * 400, "²", "1'--", "<script>", "999"):
        page = visitor.client.get("/compare", query_string={"case": [number(one), number(two), odd]}).text
        assert "Compare 2 case studies" in page, odd
        assert "1 could not be shown" in page, odd
        assert "<script>" not in page
    assert "2 could not be shown" in visitor.get("/compare?case=zz&case=888").text
    assert visitor.client.get("/compare?" + "&".join(f"case={n}" for n in range(500))).status_code == 200


def test_what_one_may_not_see_is_not_beside_the_others(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    open_, second = several(author, moderator, 2)
    hers = draft(author, title="A draft about a quokka in Anytown")
    closed = members_only(author, moderator, title="Only members read of the wombat")
    away = published(author, moderator, title="The numbat that was hidden again")
    moderator.post(f"{away}/review", {"verb": "hide", "reason": "A name stands in it"})
    asked = address(open_, hers, closed, away)
    for reader, seen in ((visitor, ""), (other, "wombat"), (author, "quokka wombat numbat"), (moderator, "wombat numbat")):
        page = reader.get(asked).text
        for word in ("quokka", "wombat", "numbat"):
            assert (word in page) == (word in seen), (word, seen)
        gone = 3 - len(seen.split())
        assert (f"{gone} could not be shown" in page) == bool(gone)
    assert "Draft" in author.get(asked).text
    assert "Write to Ada" not in author.get(asked).text
    for page in (visitor.get(address(open_, second)).text, visitor.get("/compare").text):
        assert "wombat" not in page
        assert "numbat" not in page


def test_withheld_texts_stay_withheld(author: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    story = "The tall gardener slept at the tulip house."
    one, two = several(author, moderator, 2, summary=story)
    assert visitor.get(address(one, two)).text.count("tulip") == 2
    with app.app_context(), transaction():
        db.session.get_one(CaseStudy, int(number(one))).withheld = {"summary": [fingerprint(story)]}
        touch_site()
    assert row(visitor.get(address(one, two)).text, "Result in one line")[0].startswith("Not said")


def test_hostile_texts_are_words(author: Person, moderator: Person, visitor: Person) -> None:
    more: dict[str, dict[str, object]] = {
        "setting": {"population": EVIL},
        "costs": {"costs-0-kind": "other", "costs-0-amount": EVIL},
    }
    urls = [full(author, moderator, more, title=f"Title {n} {EVIL}", summary=EVIL, **{"organisations-0": EVIL}) for n in (1, 2)]
    measure(author, urls[0], name=EVIL, interpretation=EVIL)
    page = visitor.get(address(*urls)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in row(page, "What it took")[0]


def test_the_number_of_queries_does_not_grow(author: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    urls = several(author, moderator, 6)
    for url in urls[:4]:
        measure(author, url)
    visitor.get(address(*urls[:4]))
    found = []
    for count in (2, 3, 4):
        with app.app_context(), transaction():
            touch_site()  # or what was looked up for the page before is kept for this one
        with counted() as said:
            visitor.get(address(*urls[:count]))
        found.append(len(said))
    # Four leave no room for another: those that could be added are not looked up.
    assert found[0] == found[1] >= found[2]
    assert found[0] <= 22, found


def boxes(page: Page) -> dict[str, bool]:
    """The number of each case study with a box to tick, and whether it is ticked."""
    ticks = {i["value"]: "checked" in i for i in page.inputs if i.get("name") == "case" and i.get("type") == "checkbox"}
    assert len(ticks) == sum(i.get("name") == "case" and i.get("type") == "checkbox" for i in page.inputs), "each once"
    return {str(value): ticked for value, ticked in ticks.items()}


def test_cards_can_be_ticked_and_every_case_study_leads_there(author: Person, moderator: Person, visitor: Person) -> None:
    one, two = several(author, moderator, 2)
    page = visitor.page("/case-studies")
    assert boxes(page) == {number(one): False, number(two): False}
    assert [f["action"] for f in page.forms] == ["/search", "/case-studies"], "none within another"
    assert 'formaction="/compare"' in page.html
    assert f'href="/compare?case={number(one)}"' in visitor.get(one).text
    # The form of the list brings its own arguments along.
    sent = visitor.client.get(f"/compare?sort=newest&element=resilience&case={number(one)}&case={number(two)}")
    assert (sent.status_code, sent.location) == (303, address(one, two))
    assert visitor.client.get("/compare?sort=newest").location == "/compare"
    odd = visitor.client.get("/compare", query_string={"q": "x", "case": [number(one), "a&b=<c>"]})
    assert odd.location == f"/compare?case={number(one)}&case=a%26b%3D%3Cc%3E"


def test_ticks_stay_while_one_searches_on(author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    one = published(author, moderator, title="A possum on every ward in Anytown")
    two = published(author, moderator, title="A wallaby in every lift in Anytown")
    worker.until_empty()
    page = visitor.page("/search?q=possum")
    assert boxes(page) == {number(one): False}
    # Ticked and sent with the next search, whichever of the two boxes it is typed in.
    page = visitor.page(f"/search?q=wallaby&case={number(one)}")
    assert boxes(page) == {number(two): False, number(one): True}
    assert "Also chosen to compare" in page.html
    assert page.form("/search")["fields"]["case"] == number(one), "the box of the header carries it"
    link = f"/case-studies?case={number(one)}"
    assert f'href="{link}"' in page.html
    assert boxes(visitor.page(link)) == {number(two): False, number(one): True}
    assert "Also chosen to compare" not in visitor.get(link).text
    # Filters, chips and the next page keep it; a search that finds nothing keeps it too.
    page = visitor.page(f"/search?q=wallaby&kind=case-study&case={number(one)}")
    chip = re.search(r'href="([^"]+)"><span class="nhsuk-u-visually-hidden">Remove the filter', page.html)
    assert chip
    assert chip[1].replace("&amp;", "&") == f"/search?q=wallaby&case={number(one)}"
    page = visitor.page(f"/search?q=zebra&case={number(one)}")
    assert boxes(page) == {number(one): True}
    assert 'formaction="/compare"' in page.html
    page = visitor.page(f"/search?q=wallaby&case={number(one)}&case={number(two)}")
    assert boxes(page) == {number(one): True, number(two): True}


def test_what_one_may_not_see_or_no_number_is_not_carried(author: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    urls = several(author, moderator, 5)
    hers = draft(author, title="A draft about a quokka in Anytown")
    for path in ("/search", "/case-studies"):
        page = visitor.client.get(path, query_string={"case": [number(hers), "zz", EVIL, "9" * 400, "²"]}).text
        assert "quokka" not in page
        assert "<script>alert" not in page
        assert "Also chosen" not in page
    everything = visitor.page(f"/case-studies?{'&'.join(f'case={number(url)}' for url in urls)}")
    assert sum(boxes(everything).values()) == 4, "more than four do not fit"
    visitor.get("/case-studies")
    found = []
    for query in ("?sort=newest", f"?case={number(urls[0])}", f"?{'&'.join(f'case={number(url)}' for url in urls[:4])}"):
        with counted() as said:
            visitor.get(f"/case-studies{query}")
        found.append(len(said))
    assert found[1] == found[2] <= found[0] + 1, found


def test_what_is_offered_is_on_the_same_matter_and_has_figures(
    author: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    ward: dict[str, dict[str, object]] = {"setting": {"care_models": ["virtual-ward"]}}
    first = full(author, moderator, ward, title="Number one on a virtual ward")
    plain = full(author, moderator, ward, title="Number two on a virtual ward")
    measured = full(author, moderator, ward, title="Number three on a virtual ward")
    near = published(author, moderator, title="What the search found to be near to it")
    later = [published(author, moderator, title=f"Something else altogether, number {n}") for n in range(12)]
    measure(author, measured)
    with app.app_context(), transaction():
        db.session.add(Similar(case_study_id=int(number(first)), found=[int(number(near))], at=now(), due_at=now()))
        touch_site()
    page = visitor.page(address(first))
    offered = [*boxes(page)]
    assert offered[:4] == [number(url) for url in (first, near, measured, plain)]
    beside = re.findall(r'href="/compare\?case=\d+&amp;case=\d+&amp;case=(\d+)">', visitor.get(address(first, later[0])).text)
    assert beside[:3] == [number(url) for url in (near, measured, plain)]
    assert "Figures of 1 measure" in page.html or "Figures for" in page.html
