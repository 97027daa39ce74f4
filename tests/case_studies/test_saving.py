"""Saving value by value: whoever saves when, no text is lost, and only two versions of one value need a choice."""

import re
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.access.actors import Member
from forum.case_studies import queries
from forum.case_studies.editing import actions
from forum.case_studies.editing.actions import REASON, Typed, saved_value
from forum.case_studies.models import Authorship, Clash
from forum.case_studies.record.completeness import meter, state_of
from forum.case_studies.record.sections import BY_SLUG, SECTIONS
from forum.case_studies.record.values import fingerprint
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Invalid
from tests.page import Person
from tests.stories import CASE, draft, published

NAMES = ["problem", "advice", "costs", REASON + "equity"]
VALUES: dict[str, list[Any]] = {
    "costs": [
        [],
        [{"kind": "staff", "amount": "1 WTE"}],
        [{"kind": "it", "amount": "not known"}],
        [{"kind": "other", "amount": "£5"}],
    ],
}
STEP = st.tuples(st.integers(0, 2), st.sampled_from(NAMES), st.integers(0, 3), st.booleans())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=2, max_size=14))
def test_whoever_saves_when_no_text_is_lost(context: Flask, members: dict[str, Member], steps: list[Any]) -> None:
    """Three open pages of two people; at each step one of them saves a value, perhaps after loading the page anew."""
    ada, olu = members["ada"], members["olu"]
    with transaction():
        case = actions.begin(ada, {"title": "Saved by three pages"})
        row = Authorship(case_study_id=case.id, member_id=olu.id, email="olu@example.org", role="co-author", invited_by=ada.id)
        row.invited_at = row.accepted_at = now()
        db.session.add(row)
    people, seen = [ada, olu, ada], [dict.fromkeys(NAMES, fingerprint("")) for _ in range(3)]
    last: dict[str, int] = {}
    for number, (page, name, choice, reload) in enumerate(steps):
        values = queries.draft_of(queries.get(ada, case.id))
        if reload:
            seen[page] = {n: fingerprint(saved_value(values, n)) for n in NAMES}
        new = VALUES[name][choice] if name in VALUES else f"text {choice} of {number}"
        before = saved_value(values, name)
        with transaction():
            saved, clashes = actions.save(people[page], case.id, {name: Typed(new, seen[page][name])}, f"page-{page}")
        after = saved_value(queries.draft_of(saved), name)
        kept = [c.value for c in db.session.query(Clash).filter_by(case_study_id=case.id, name=name)]
        unchanged = fingerprint(new) == seen[page][name] and last.get(name) != page
        assert fingerprint(new) in {fingerprint(after), *(fingerprint(v) for v in kept)} or unchanged
        known = fingerprint(before) == seen[page][name] or last.get(name) == page
        if not known and fingerprint(new) != fingerprint(before):
            assert after == before, "nobody's unseen text is written over"
            assert clashes == [name] or unchanged
        if fingerprint(after) != fingerprint(before):
            last[name] = page
        if not clashes:
            seen[page][name] = fingerprint(after)


def test_the_same_page_saved_twice_is_no_conflict_with_itself(context: Flask, members: dict[str, Member]) -> None:
    """The answer to a save got lost on a train: the page sends more, from the mark that it still has."""
    ada = members["ada"]
    with transaction():
        case = actions.begin(ada, {})
    for text in ("We", "We had", "We had a problem"):
        with transaction():
            saved, clashes = actions.save(ada, case.id, {"problem": Typed(text, fingerprint(""))}, "one-page")
        assert not clashes
        assert saved.working == {"problem": text}


def test_choosing_twice_and_choosing_what_cannot_be_joined(context: Flask, members: dict[str, Member]) -> None:
    ada = members["ada"]
    with transaction():
        case = actions.begin(ada, {"practice_status": "running"})
    with transaction():
        _, clashes = actions.save(ada, case.id, {"practice_status": Typed("stopped", fingerprint(""))}, "other-page")
    assert clashes == ["practice_status"]
    clash = queries.clashes(case)[0]
    assert not actions.can_join(clash.name)
    seen = actions.versions_fingerprint("running", "stopped")
    for keep, what in (("", seen), ("other", actions.versions_fingerprint("planning", "stopped"))):
        with pytest.raises(Invalid, match="has changed since"), transaction():
            actions.choose(ada, case.id, clash.id, keep, what)
    with transaction():
        actions.choose(ada, case.id, clash.id, "other", seen)
    assert case.working == {"practice_status": "stopped"}
    with pytest.raises(Invalid, match="chosen already"), transaction():
        actions.choose(ada, case.id, clash.id, "saved", seen)


def test_keeping_both_of_an_emptied_list_keeps_the_other(context: Flask, members: dict[str, Member]) -> None:
    ada, rows = members["ada"], [{"kind": "it", "amount": "£5"}]
    with transaction():
        case = actions.begin(ada, {"costs": [{"kind": "staff", "amount": "1 WTE"}]})
    base = fingerprint(saved_value(queries.draft_of(case), "costs"))
    with transaction():
        actions.save(ada, case.id, {"costs": Typed([], base)}, "one")
    with transaction():
        _, clashes = actions.save(ada, case.id, {"costs": Typed(rows, base)}, "two")
    assert clashes == ["costs"]
    with transaction():
        actions.choose(ada, case.id, queries.clashes(case)[0].id, "both", actions.versions_fingerprint("", rows))
    assert case.working == {"costs": rows}


def test_what_a_page_saved_it_can_put_back(context: Flask, members: dict[str, Member]) -> None:
    """Somebody types a number that identifies, saves, goes back to the page as it was, and empties the field."""
    ada = members["ada"]
    with transaction():
        case = actions.begin(ada, {})
    for text in ("NHS number 943 476 5919", ""):
        with transaction():
            actions.save(ada, case.id, {"problem": Typed(text, fingerprint(""))}, "one-page")
    assert case.working == {}


def test_every_section_is_a_page_that_keeps_what_is_typed(author: Person) -> None:
    url = draft(author)
    for section in SECTIONS:
        page = f"{url}/edit/{section.slug}"
        fields = author.page(page).form(page)["fields"]
        typed = {n: f"Typed here {i}" for i, n in enumerate(_texts(author.get(page).text))}
        assert author.client.post(page, data={**fields, **typed, "action": "save"}).status_code == 303
        kept = author.get(page).text
        assert kept.count("Typed here") >= len(typed), section.slug


def _texts(html: str) -> list[str]:
    """Names of empty inputs that take any words: no months, and nothing that was answered."""
    lines = re.findall(
        r'<input class="nhsuk-input[^>]*name="([^"]+)"[^>]*value=""|<textarea[^>]*name="([^"]+)"[^>]*>\n</textarea>', html
    )
    skip = ("from", "to", "started", "stopped", "expected")
    return [name for pair in lines for name in pair if name and not name.endswith(skip)]


def test_a_grid_a_list_and_a_reason_come_back(author: Person) -> None:
    url = draft(author)
    author.post(
        f"{url}/edit/involvement",
        {"involvement-0-key": "planning", "involvement-0-level": "co-designed", "na:gripp2": "", "action": "save"},
    )
    author.post(
        f"{url}/edit/costs",
        {
            "costs-0-kind": "staff",
            "costs-0-amount": "0.4 WTE",
            "costs-3-kind": "it",
            "costs-3-amount": "not known",
            "action": "more:costs",
        },
    )
    page = author.get(f"{url}/edit/costs?more=costs").text
    assert page.count('class="app-row"') == 5, "two rows that are filled, and three to fill"
    author.post(f"{url}/edit/findings", {"na:equity": "Too few people to tell", "limitations": "One ward.", "action": "save"})
    tasks = author.get(f"{url}/edit").text
    assert "1 of 4 answers" not in tasks
    shown = author.get(f"{url}/preview").text
    assert "Co-designed" in shown
    assert "0.4 WTE" in shown
    assert "One ward." in shown


def test_a_record_grows_and_the_meter_says_what_is_next(context: Flask) -> None:
    quick = {k: v for k, v in CASE.items() if k in BY_SLUG["quick-share"].names} | {"organisations": ["Anytown Surgery"]}
    empty, filled = meter({}), meter(quick)
    assert (empty.badge, empty.done) == ("Quick share", 0)
    assert (filled.badge, filled.next) == ("Quick share", "Case study")
    assert filled.steps[0].section == "plain-summary"
    assert state_of(quick, BY_SLUG["quick-share"]) == "done"
    reasons = {"not_applicable": dict.fromkeys(BY_SLUG["tests"].names, "There were none")}
    assert state_of(quick | reasons, BY_SLUG["tests"]) == "not applicable"


def test_an_earlier_version_is_restored_and_sent_like_any_change(author: Person, moderator: Person, visitor: Person) -> None:
    from tests.stories import CONFIRMED

    url = published(author, moderator)
    author.post(f"{url}/edit/quick-share", {**CASE, "results": "Calls fell to 4.", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    author.post(f"{url}/restore/1", on=f"{url}/history")
    assert "Calls fell from 9" in author.get(f"{url}/preview").text
    assert "Calls fell to 4." in visitor.get(url).text
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "Back to what it was"}, on=f"{url}/preview")
    assert "Calls fell from 9" in visitor.get(url).text
    assert moderator.client.post(f"{url}/restore/9", data=moderator.hidden(f"{url}/review", f"{url}/review")).status_code == 404


def test_what_is_far_too_long_is_refused_with_words_and_comes_back(author: Person) -> None:
    url = draft(author)
    page = f"{url}/edit/quick-share"
    fields = author.page(page).form(page)["fields"]
    answer = author.client.post(page, data={**fields, "problem": "x" * 70_000, "action": "save"})
    assert answer.status_code == 422
    assert "far too long" in answer.text
    assert "x" * 70_000 in answer.text


def test_a_cell_that_is_far_too_long_is_named_in_the_summary(author: Person) -> None:
    url = draft(author)
    data = {"costs-0-kind": "staff", "costs-0-amount": "y" * 70_000, "action": "save"}
    answer = author.post(f"{url}/edit/costs", data, status=422)
    assert '<a href="#costs">This is far too long' in answer.text
    assert "y" * 70_000 in answer.text
