"""What a result says before anybody opens it: what came of it, what decides, and what else stands in its thread."""

import re
from html import unescape

from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.case_studies.record.values import fingerprint
from forum.kernel.db import db, transaction
from forum.kernel.outbox import touch_site
from forum.worker import Worker
from tests.adoptions.steps import STOPPED as ENDED
from tests.adoptions.steps import share
from tests.counting import counted
from tests.measures.steps import measure
from tests.page import Person
from tests.searches.steps import EVIL, full, number
from tests.stories import published, reply, thread

RUNNING = {"setting": {"practice_status": "running", "started": "2024-03"}}
STOPPED = {"setting": {"practice_status": "stopped", "started": "2024-03", "stopped": "2024-09"}}


def articles(page: str) -> list[str]:
    return re.findall(r'<article class="app-result">(.*?)</article>', page, re.S)


def facts(article: str) -> list[str]:
    """What its row of facts says, in order."""
    row = re.search(r'<ul class="app-result__facts">(.*?)</ul>', article, re.S)
    said = re.findall(r"<li>(.*?)</li>", row[1], re.S) if row else []
    return [unescape(" ".join(re.sub("<[^>]*>", " ", one).split())) for one in said]


def test_what_decides_stands_before_the_quiet_facts(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    told = full(author, moderator, RUNNING, title="A quokka on every ward", summary="Quokkas calm four wards in five.")
    measure(author, told)
    share(other, told)
    share(other, told, **{**ENDED, "organisations": "Westville Surgery"})
    full(author, moderator, STOPPED, title="A quokka in the boardroom", summary="The quokka left after half a year.")
    worker.until_empty()
    pages = articles(visitor.get("/search?q=quokka+kind:case-study").text)
    first, second = sorted(pages, key=lambda article: "boardroom" in article)
    assert "<mark>Quokkas</mark> calm four wards in five." in first
    said = facts(first)
    assert any(re.fullmatch(r"Figures for \d+ months? after the change", fact) for fact in said), said
    assert any(re.fullmatch(r"Still running after \d+ months", fact) for fact in said), said
    assert "Elsewhere: 2 teams tried it, 1 adopted or adapted it, 1 stopped" in said
    assert "Stopped" in facts(second)
    assert not any("Figures" in fact or "Elsewhere" in fact for fact in facts(second))
    for article in pages:
        order = [article.index(f"app-result__{part}") for part in ("line", "facts", "quiet")]
        assert order == sorted(order)


def test_an_entry_tells_what_happened_there(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    made = share(other, published(author, moderator), message="A bandicoot would have helped.")
    measure(other, made)
    worker.until_empty()
    (article,) = articles(visitor.get("/search?q=bandicoot").text)
    assert facts(article)[:2] == ["Adopted", "It got better"]
    assert facts(article)[2].startswith("Figures ")


def test_a_question_says_whether_it_waits(author: Person, other: Person, visitor: Person, worker: Worker) -> None:
    url = thread(author, title="A wombat question")
    reply(other, url, "Somebody knows a badger.")
    worker.until_empty()
    (article,) = articles(visitor.get("/search?q=wombat").text)
    assert facts(article) == ["Not answered yet", "1 reply"]


def test_replies_of_one_thread_stand_together(author: Person, other: Person, visitor: Person, worker: Worker) -> None:
    url = thread(author, title="Who keeps a numbat?", text="We would like to have a numbat.")
    replies = [reply(other, url, f"Our numbat number {n} <b>sleeps</b>.") for n in range(3)]
    alone = thread(author, title="Another animal", text="Nothing of that kind.")
    two = [reply(other, alone, f"A numbat again, {n}.") for n in range(2)]
    worker.until_empty()
    page = visitor.get("/search?q=numbat").text
    assert "<strong>6</strong> results" in page, "each is counted"
    groups = {re.search(r'<h2[^>]*><a href="([^"#]+)', a)[1]: a for a in articles(page)}  # type: ignore[index]
    assert set(groups) == {url, alone}
    assert "Also in this thread: 3 replies" in groups[url]
    assert all(f'href="{place}"' in groups[url] for place in replies)
    assert "Also in this thread: 1 more reply" in groups[alone]
    assert all(f'href="{place}"' in groups[alone] for place in two)
    assert "<b>" not in page


def test_replies_about_a_case_study_stand_with_it(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    case = published(author, moderator, title="A potoroo in every pharmacy")
    beside = re.search(r'href="(/discussions/[^"]+)">Start the discussion', visitor.get(case).text)
    assert beside
    reply(other, beside[1], "Our potoroo bites.")
    worker.until_empty()
    (article,) = articles(visitor.get("/search?q=potoroo").text)
    assert "Also in its discussion: 1 reply" in article
    assert f'href="{case}"' in article


def test_the_excerpt_is_from_sentences_and_repeats_nothing(
    author: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    line = "A virtual kiwi looks after forty people at home."
    sections = {"setting": {"care_models": ["virtual-ward"], "population": "Everybody on the virtual ward (hospital at home)"}}
    actions = f"{line}\n\n### The virtual ward\n\n- Virtual ward: yes\n\nEvery day a nurse rings those on the virtual ward."
    full(author, moderator, sections, title="A kiwi beside the bed", summary=line, actions=actions)
    worker.until_empty()
    for words in ("virtual+ward", "virtual+ward+kiwi"):
        (article,) = articles(visitor.get(f"/search?q={words}").text)
        excerpt = re.search(r'<p class="app-result__excerpt">(.*?) <a', article, re.S)
        assert excerpt, article
        assert re.sub("<[^>]*>", "", excerpt[1]) == "Every day a nurse rings those on the virtual ward.", words


def test_a_withheld_line_is_not_shown(author: Person, moderator: Person, visitor: Person, app: Flask, worker: Worker) -> None:
    story = "The tall gardener slept at the tulip house."
    url = published(author, moderator, title="A garden for everyone in Anytown", summary=story)
    worker.until_empty()
    assert "tulip" in visitor.get("/search?q=garden").text
    with app.app_context(), transaction():
        db.session.get_one(CaseStudy, int(number(url))).withheld = {"summary": [fingerprint(story)]}
        touch_site()
    assert "tulip" not in visitor.get("/search?q=garden").text


def test_what_others_wrote_is_words(author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    published(author, moderator, title=f"A bilby in the lift {EVIL}", summary=f"The bilby {EVIL} rides.")
    worker.until_empty()
    page = visitor.get("/search?q=bilby").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_more_results_take_no_more_queries(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    numbers = []
    for n in range(2):
        url = full(author, moderator, RUNNING, title=f"A dunnart for every practice {n}")
        measure(author, url)
        measure(other, share(other, url, message="The dunnart came."))
        asked = thread(author, title=f"Where does a dunnart live? {n}")
        reply(other, asked, "A dunnart lives here.")
        worker.until_empty()
        visitor.get("/search?q=dunnart")
        with counted() as said:
            visitor.get("/search?q=dunnart")
        numbers.append(len(said))
    assert numbers[0] == numbers[1], numbers
