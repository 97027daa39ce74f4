"""Similar practice: computed by the worker, kept as ids, and shown to each reader as far as they may see it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.kernel.db import db, transaction
from forum.kernel.outbox import SiteVersion
from forum.search.indexing import rebuild
from forum.search.service import search_parts
from forum.searches import similar
from forum.searches.models import Similar
from forum.worker import Worker
from tests.counting import counted
from tests.page import Person
from tests.stories import CASE, CONFIRMED, published

ROUND = {
    "title": "A weekly ward round with one GP in a care home",
    "summary": "The GP comes on Wednesdays and calls at night fell.",
}
LIKE = {"title": "One GP for a care home and a weekly ward round", "summary": "Calls at night fell once the GP came on Wednesdays."}
OTHER = {
    "title": "Wombats in the car park",
    "summary": "Feeding them at dawn kept ambulances moving.",
    "problem": "Burrows under tarmac.",
    "actions": "Hay.",
    "results": "Fewer holes.",
    "advice": "Ask a keeper.",
}


@pytest.fixture(autouse=True)
def indexed(app: Flask) -> None:
    with app.app_context():
        rebuild()


def look(app: Flask, worker: Worker, at: datetime | None = None) -> None:
    """The index takes up what there is, and what is near is computed until nothing is due."""
    worker.until_empty()
    with app.app_context():
        for _ in range(10):
            if not similar.refresh_similar(at):
                return
    raise AssertionError("there is always more to do")


def found(app: Flask) -> dict[int, list[int]]:
    with app.app_context():
        return {row.case_study_id: row.found for row in db.session.query(Similar)}


def shown(reader: Person, url: str) -> str:
    """The section of the page, "" where there is none."""
    page = reader.get(url).text
    return page.partition('id="similar"')[2].partition("</section>")[0]


def test_what_is_near_is_shown_on_each_others_page(
    app: Flask, author: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    first = published(author, moderator, **ROUND)
    odd = published(author, moderator, **OTHER)
    second = published(author, moderator, **LIKE)
    assert shown(visitor, first) == "", "nothing is computed for a reader"
    look(app, worker)
    assert found(app) == {1: [3], 2: [], 3: [1]}
    assert f'href="{second}"' in shown(visitor, first), "also where the page was kept without it"
    assert f'href="{first}"' in shown(visitor, second)
    assert LIKE["title"] in shown(visitor, first)
    assert shown(visitor, odd) == ""


def test_a_care_model_in_common_makes_near(app: Flask, author: Person, moderator: Person, worker: Worker) -> None:
    """A word in common is enough with it, and not without it."""
    words = {"problem": "Nothing.", "actions": "Something.", "results": "Better.", "advice": "Go."}
    for title, summary, model in (
        ("Tablets for people with frailty, in nursing homes and theirs", "Fewer admissions at weekends.", "virtual-ward"),
        ("Antibiotics by drip in a living room, also in nursing homes", "Half as many stayed.", "virtual-ward"),
        ("Rounds by a dentist once a month, also in nursing homes", "Teeth last.", "enhanced-health-in-care-homes"),
    ):
        published(author, moderator, title=title, summary=summary, care_models=[model], **words)
    look(app, worker)
    assert found(app)[1] == [2]


def test_the_same_title_makes_nothing_else_near(app: Flask, worker: Worker) -> None:
    """Search puts first what has the title that was typed, by a score of its own, which must not be the measure of others."""
    with app.app_context():
        ids = [_copy(0, title=title, summary="") for title in ("Ward huddle falls", "Ward huddle falls", "Soup on a ward")]
        rebuild()
    look(app, worker)
    assert found(app)[ids[0]] == [ids[1]]


@pytest.mark.parametrize("verb", ["hide", "withdraw"])
def test_what_is_no_longer_out_is_not_shown_to_anybody(
    app: Flask, author: Person, moderator: Person, visitor: Person, worker: Worker, verb: str
) -> None:
    first = published(author, moderator, **ROUND)
    second = published(author, moderator, **LIKE)
    look(app, worker)
    assert shown(visitor, first)
    if verb == "hide":
        moderator.post(f"{second}/review", {"verb": "hide", "reason": "Somebody could be identified"})
    else:
        author.post(f"{second}/withdraw")
    for reader in (visitor, author, moderator):
        assert shown(reader, first) == "", "at once, before the worker looks"
    look(app, worker)
    assert found(app) == {1: []}, "its row goes, and its neighbours are looked at again"


def test_a_visitor_is_not_shown_what_is_for_members(
    app: Flask, author: Person, moderator: Person, other: Person, visitor: Person, worker: Worker
) -> None:
    first = published(author, moderator, **ROUND)
    published(author, moderator, **LIKE)
    with app.app_context(), transaction():
        case = db.session.get_one(CaseStudy, 2)
        case.visibility, case.record = "members", {**case.record, "visibility": "members"}
    with app.app_context():
        rebuild()
    look(app, worker)
    assert found(app)[1] == [2]
    assert LIKE["title"] in shown(other, first)
    assert shown(visitor, first) == ""


def test_four_are_shown_of_twelve_kept(app: Flask, author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    with app.app_context():
        ids = [_copy(number) for number in range(16)]
        rebuild()
    look(app, worker)
    assert {len(some) for some in found(app).values()} == {12}
    assert all(id_ not in some for id_, some in found(app).items()), "never itself"
    with app.app_context():
        url = db.session.get_one(CaseStudy, ids[0]).url
    assert shown(visitor, url).count("<article") == 4


def _copy(number: int, **changes: str) -> int:
    """One more published case study, as an import makes them."""
    at = datetime.now(UTC)
    record = {**ROUND, "title": f"{ROUND['title']} {number}", "results": "Calls fell.", **changes}
    with transaction():
        case = CaseStudy(
            record=record, html={}, title=record["title"], summary=record["summary"], member_id=1, status="published",
            created_at=at, saved_at=at, published_at=at,
        )  # fmt: skip
        db.session.add(case)
        db.session.flush()
        return case.id


def test_so_many_in_one_go(app: Flask, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "BATCH", 3)
    with app.app_context():
        for number in range(5):
            _copy(number)
        rebuild()
    worker.until_empty()
    with app.app_context():
        assert similar.refresh_similar()
        assert db.session.query(Similar).count() == 3
        assert similar.refresh_similar()
        assert db.session.query(Similar).count() == 5


def test_nothing_is_computed_where_nothing_is_due(app: Flask, author: Person, moderator: Person, worker: Worker) -> None:
    for texts in (ROUND, LIKE, OTHER):
        published(author, moderator, **texts)
    look(app, worker)
    with app.app_context():
        version = db.session.query(SiteVersion.number).scalar()
        with counted() as said:
            assert similar.refresh_similar() is False
        assert len(said) == 2
    week = datetime.now(UTC) + timedelta(days=7, minutes=1)
    look(app, worker, week)
    with app.app_context():
        assert {row.at for row in db.session.query(Similar)} == {week}, "all are looked at again"
        assert db.session.query(SiteVersion.number).scalar() == version, "and no page is made old where nothing changed"


def test_a_change_is_followed(app: Flask, author: Person, moderator: Person, worker: Worker) -> None:
    published(author, moderator, **ROUND)
    url = published(author, moderator, **LIKE)
    look(app, worker)
    assert found(app) == {1: [2], 2: [1]}
    author.post(f"{url}/edit/quick-share", {**CASE, **OTHER, "action": "preview"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    look(app, worker)
    assert found(app) == {1: [], 2: []}, "also on the page of the one that it was near to"


def test_nothing_is_lost_while_the_index_is_behind_or_gone(app: Flask, author: Person, moderator: Person, worker: Worker) -> None:
    published(author, moderator, **ROUND)
    published(author, moderator, **LIKE)
    with app.app_context():
        assert similar.refresh_similar() is True, "the index has not taken them up: soon again"
        assert db.session.query(Similar).count() == 0
    worker.until_empty()
    with app.app_context():
        current = search_parts().index.root / "current"  # type: ignore[attr-defined]
        if not current.exists():
            pytest.skip("an index in the database has no files to lose")
        current.unlink()
        assert similar.refresh_similar() is False
        assert db.session.query(Similar).count() == 0
        rebuild()
    look(app, worker)
    assert found(app) == {1: [2], 2: [1]}


def test_what_the_index_lacks_is_tried_again(app: Flask, worker: Worker) -> None:
    at = datetime.now(UTC)
    worker.until_empty()
    with app.app_context():
        id_ = _copy(1)
        assert similar.refresh_similar(at) is True
        assert db.session.get_one(Similar, id_).due_at == at + similar.SOON
        rebuild()
        _copy(2)
        rebuild()
    look(app, worker, at + similar.SOON)
    assert found(app) == {id_: [id_ + 1], id_ + 1: [id_]}


def test_the_page_asks_no_more_for_more(app: Flask, visitor: Person, worker: Worker) -> None:
    counts = []
    for more in (2, 10):
        with app.app_context():
            for number in range(more):
                _copy(number)
            url = db.session.get_one(CaseStudy, 1).url
            rebuild()
        look(app, worker)
        shown(visitor, "/case-studies")
        with counted() as said:
            assert shown(visitor, url)
        counts.append(len(said))
    assert counts[0] == counts[1]
